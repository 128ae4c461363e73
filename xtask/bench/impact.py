"""The comparison side of the impact benchmark: two editions over one network, in SQL for DuckDB.

Evaluates the services path of `apn-2021-01` and of `apn-2024-07` for every partner of a folder of
facts, as of a day, and finds who attains another tier, whose renewal column turns and who comes
near the next tier. It builds on `network.py`, whose numbers of a rulebook it replaces; what the
second edition does not look at is not computed for it.

    impact.py DIR --as-of 2026-06-30 --database FILE [--repeat N] [--out FILE]

Facts are prepared once and kept in a database file. Measured are `memory`, with everything loaded,
and `file`: opening the file anew and evaluating, its pages in the system's cache.
"""

import argparse
import datetime
import json
import os
import time

import duckdb
import network as n

# Certificates that the first edition does not know; in the second they are of the associate level.
LATER = {"data-engineer-associate": 5, "machine-learning-engineer-associate": 5}

class Edition:
    """The numbers of a rulebook that `network.py` has as globals."""

    def __init__(self, name, targets, since_review, technical):
        self.name, self.targets, self.technical = name, targets, technical
        self.since_review = since_review

    def use(self):
        n.TARGETS, n.MEASURES, n.TECHNICAL = self.targets, list(self.targets), self.technical
        n.SINCE_REVIEW = self.since_review
        n.WINDOWED = {
            "renewal": {"launched_opportunities", "launched_mrr"} | self.since_review,
            "upgrade": self.since_review,
        }


OLD = Edition("old", dict(n.TARGETS), set(n.SINCE_REVIEW), "class IN (3, 4)")
_new = {m: asked for m, asked in n.TARGETS.items() if m not in n.SINCE_REVIEW}
_new = {k: _new[k] for k in list(_new)[:10]} | {
    "validations_named": (0, 0, 1),
    "executive_review": (0, 0, 1),
    "sustained_months": (0, 0, 6),
}
NEW = Edition("new", _new, set(), "class >= 3")


def evaluate(db, edition, day):
    edition.use()
    n.evaluate(db, day, True)


def brief_sql(edition):
    """For every partner the tier attained, and how many requirements are in the way."""
    ways = {}
    for column in ("renewal", "upgrade"):
        terms = []
        for measure in edition.targets:
            state = f"{measure}_{column}_state"
            if measure in n.WINDOWED[column]:
                terms.append(f"({state} IN (1, 2))::TINYINT")
            else:
                terms.append(f"coalesce(NOT {state}, false)::TINYINT")
        ways[column] = " + ".join(terms)
    return (
        f"CREATE OR REPLACE TABLE small.brief_{edition.name} AS SELECT pkey, attained, held, "
        f"{ways['renewal']} AS renewal_way, {ways['upgrade']} AS upgrade_way "
        "FROM small.states JOIN small.counted USING (pkey)"
    )


TOTALS = """
    SELECT count_if(w.attained > o.attained), count_if(w.attained < o.attained),
        count_if(o.held IS NOT NULL AND o.renewal_way = 0 AND w.renewal_way > 0),
        count_if(o.held IS NOT NULL AND o.renewal_way > 0 AND w.renewal_way = 0),
        count_if(coalesce(o.held, -1) < 3 AND w.upgrade_way = 1 AND o.upgrade_way > 1)
    FROM small.brief_old o JOIN small.brief_new w USING (pkey)"""
NAMES = ["gains", "loses", "endangered", "relieved", "comes_near"]

# How many hold, attain and keep each tier, under both editions.
TIERS = """
    SELECT '{0}', attained, held, count(*), count_if(renewal_way = 0), count_if(upgrade_way = 0)
    FROM small.brief_{0} GROUP BY ALL"""


def impact(db, day):
    for edition in (OLD, NEW):
        evaluate(db, edition, day)
        db.execute(brief_sql(edition))
        db.execute(TIERS.format(edition.name)).fetchall()
    return dict(zip(NAMES, db.execute(TOTALS).fetchone()))


def write(db, path):
    """One line for each partner, as the other side writes it."""
    sides = []
    for side in ("o", "w"):
        met = f"CASE WHEN {side}.held IS NULL THEN '' WHEN {side}.renewal_way = 0 THEN 'true' ELSE 'false' END"
        up = f"CASE WHEN {side}.held = 3 THEN '' WHEN {side}.upgrade_way = 0 THEN 'true' ELSE 'false' END"
        sides.append(f"{side}.attained, {met}, {up}")
    rows = db.execute(
        f"SELECT word, {', '.join(sides)} FROM small.brief_old o JOIN small.brief_new w USING (pkey) "
        "JOIN small.part USING (pkey) ORDER BY word"
    ).fetchall()
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(",".join(str(cell) for cell in row) + "\n")


def copy_of(db, path):
    """The prepared tables, kept in a file."""
    db.execute(f"ATTACH '{path}' AS kept (ROW_GROUP_SIZE 122880)")
    for name in ("resets", "tiers", "decisions", "dated", "plans", "granted", "words",
                 "accreditations", "certificates"):
        db.execute(f"CREATE TABLE kept.{name} AS SELECT * FROM {name}")
    db.execute("CREATE TABLE kept.part AS SELECT * FROM small.part")
    db.execute("DETACH kept")


def from_file(path, day):
    """Opens the file and evaluates; results go to memory."""
    db = duckdb.connect()
    db.execute(f"SET threads = {n.THREADS}; SET preserve_insertion_order = false")
    db.execute("ATTACH ':memory:' AS small (ROW_GROUP_SIZE 16384)")
    db.execute(f"ATTACH '{path}' AS kept (READ_ONLY)")
    for name in ("resets", "tiers", "decisions", "dated", "plans", "granted", "words",
                 "accreditations", "certificates"):
        db.execute(f"CREATE VIEW {name} AS SELECT * FROM kept.{name}")
    db.execute("CREATE VIEW small.part AS SELECT * FROM kept.part")
    return impact(db, day)


def main():
    parser = argparse.ArgumentParser(description="The impact benchmark in DuckDB.")
    parser.add_argument("dir", metavar="DIR")
    parser.add_argument("--as-of", required=True, type=datetime.date.fromisoformat)
    parser.add_argument("--database", required=True, metavar="FILE")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--out", metavar="FILE")
    arguments = parser.parse_args()
    n.CLASSES.update(LATER)
    db = n.connect()
    n.read(db, arguments.dir)
    n.prepare(db, True)
    if not os.path.exists(arguments.database):
        copy_of(db, arguments.database)
    memory, file, cpu, totals = [], [], [], {}
    for _ in range(arguments.repeat):
        started = time.perf_counter()
        totals = impact(db, arguments.as_of)
        memory.append(round(time.perf_counter() - started, 4))
        started, computed = time.perf_counter(), time.process_time()
        again = from_file(arguments.database, arguments.as_of)
        file.append(round(time.perf_counter() - started, 4))
        cpu.append(round(time.process_time() - computed, 4))
        assert again == totals, (again, totals)
    if arguments.out:
        write(db, arguments.out)
    print(json.dumps({"memory": memory, "file": file, "cpu": cpu, "totals": totals}))


if __name__ == "__main__":
    main()
