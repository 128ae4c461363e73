"""The comparison side of the network benchmark: the same evaluation, written in SQL for DuckDB.

Evaluates the services path of the edition `apn-2021-01` for every partner of a folder of facts,
as of a day: all measures in both columns, their states, and the highest tier attained. Partners
on other paths are left out.

    network.py memory DIR --as-of 2026-06-30 [--repeat N] [--out FILE]
    network.py folder DIR --as-of 2026-06-30

`memory` loads once and evaluates again and again. What is prepared while loading favours the SQL
and depends neither on the day nor on any number of the rulebook: facts joined to their partner,
dense integer keys, one fact per credential and place where the person works, facts that can never
count left out, physical order, and for each person a bit in a word of 63 people of a partner, so
that counting people once is an OR and a population count instead of a second aggregation.
`folder` is one cold run: it reads the files, checks every column's type, unique ids and
references, and evaluates once.

Both print JSON: seconds, the number of rows, and the peak of resident memory in megabytes.
"""

import argparse
import calendar
import datetime
import json
import os
import resource
import time

import duckdb

THREADS = 2
ENDLESS = "DATE '9999-12-31'"

TIERS = ["registered", "select", "advanced", "premier"]

# Targets of select, advanced and premier; registered asks nothing.
TARGETS = {
    "accredited": (4, 8, 20),
    "accredited_technical": (2, 4, 10),
    "accredited_business": (2, 4, 10),
    "foundational_certified": (2, 4, 10),
    "technical_certified": (2, 6, 25),
    "professional_certified": (0, 3, 10),
    "launched_opportunities": (3, 20, 50),
    "launched_mrr": (1500, 10000, 50000),
    "business_plan": (0, 1, 1),
    "public_references": (1, 2, 6),
    "csat_responses": (5, 20, 30),
    "validations": (0, 0, 3),
    "executive_review": (0, 0, 1),
    "sustained_months": (0, 0, 6),
}
MEASURES = list(TARGETS)
SINCE_REVIEW = {"public_references", "csat_responses"}
WINDOWED = {
    "renewal": {"launched_opportunities", "launched_mrr"} | SINCE_REVIEW,
    "upgrade": SINCE_REVIEW,
}
UPGRADE_ONLY = {"sustained_months"}
# What makes a certificate a technical one, by its class.
TECHNICAL = "class >= 3"
SUSTAINED_UP_TO = 12
CERTIFICATE_MONTHS = 36
PLAN_MONTHS = 12
ROLLING_MONTHS = 12
CURRENCY = "USD"

# The bits of the programs that a later edition asks for by name.
NAMED = 0b111

# The kinds of dated facts that windows are laid over.
LAUNCH, RATING, REFERENCE = 0, 1, 2

# Classes of credentials: 0 technical accreditation, 1 business accreditation, 2 foundational,
# 3 associate, 4 professional or specialty.
CLASSES = {
    "accreditation-technical": 0,
    "accreditation-business": 1,
    "cloud-practitioner": 2,
    "solutions-architect-associate": 3,
    "developer-associate": 3,
    "sysops-administrator-associate": 3,
    "solutions-architect-professional": 4,
    "devops-engineer-professional": 4,
    "advanced-networking-specialty": 4,
    "security-specialty": 4,
    "machine-learning-specialty": 4,
    "database-specialty": 4,
    "data-analytics-specialty": 4,
    "sap-specialty": 4,
}
VALIDATIONS = [
    "msp",
    "devops",
    "cloudops",
    "migration",
    "security",
    "data-analytics",
    "machine-learning",
]

V, DAY, MOMENT = "VARCHAR", "DATE", "TIMESTAMP"
YES_NO = ("yes", "no")
SCHEMA = {
    "partners": {
        "id": V,
        "name": V,
        "path": ("services", "software"),
        "tier": V,
        "tier_since": DAY,
        "last_review_on": DAY,
        "last_renewal_on": DAY,
        "last_upgrade_on": DAY,
        "kinds": V,
        "country": V,
        "website": V,
        "domains": V,
        "standing": ("good", "suspended"),
        "parent": V,
    },
    "reviews": {
        "id": V,
        "partner": V,
        "path": ("services", "software"),
        "on": DAY,
        "kind": (
            "enrolment",
            "review",
            "renewal",
            "downgrade",
            "upgrade",
            "executive_review",
            "suspended",
            "reinstated",
        ),
        "tier": V,
        "valid_until": DAY,
    },
    "individuals": {
        "id": V,
        "partner": V,
        "person": V,
        "name": V,
        "emails": V,
        "joined_on": DAY,
        "left_on": DAY,
        "consent": YES_NO,
    },
    "credentials": {
        "id": V,
        "individual": V,
        "credential": V,
        "issued_on": DAY,
        "expires_on": DAY,
    },
    "opportunities": {
        "id": V,
        "partner": V,
        "customer": V,
        "title": V,
        "stage": (
            "Prospect",
            "Qualified",
            "Technical Validation",
            "Business Validation",
            "Committed",
            "Launched",
            "Closed Lost",
        ),
        "review": (
            "Pending Submission",
            "Submitted",
            "In review",
            "Action Required",
            "Approved",
            "Rejected",
        ),
        "expected_mrr": "DECIMAL(18, 4)",
        "currency": V,
        "launched_on": DAY,
        "closed_on": DAY,
        "use_case": V,
        "industry": V,
        "country": V,
    },
    "references": {
        "id": V,
        "partner": V,
        "customer": V,
        "opportunity": V,
        "kind": ("public", "private"),
        "published_on": DAY,
        "withdrawn_on": DAY,
    },
    "ratings": {
        "id": V,
        "partner": V,
        "customer": V,
        "score": "DECIMAL(18, 4)",
        "rated_on": DAY,
        "engagement": V,
        "consent": YES_NO,
        "consent_public": YES_NO,
        "comment": V,
    },
    "business_plans": {
        "id": V,
        "partner": V,
        "submitted_on": DAY,
        "validated_on": DAY,
        "valid_until": DAY,
    },
    "validations": {
        "id": V,
        "partner": V,
        "program": V,
        "granted_on": DAY,
        "expires_on": DAY,
    },
    "cases": {
        "id": V,
        "partner": V,
        "customer": V,
        "opened_on": DAY,
        "opened_by": ("partner", "customer"),
        "desk": ("vendor", "partner"),
        "support": ("partner_led", "resold", "direct"),
        "severity": ("low", "normal", "high", "urgent", "critical"),
        "resolved_on": DAY,
        "resolution_code": V,
    },
    "survey_responses": {
        "id": V,
        "partner": V,
        "customer": V,
        "responded_on": DAY,
        "scores": V,
    },
}


def as_date(day):
    return f"DATE '{day.isoformat()}'"


def plus_months(day, months):
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )


def earliest_still_valid(day, months):
    """The earliest day from which so many months, clamped, reach `day`."""
    start = plus_months(day, -months) - datetime.timedelta(days=4)
    while plus_months(start, months) < day:
        start += datetime.timedelta(days=1)
    return start


def quote(word):
    return "'" + word.replace("'", "''") + "'"


def file_columns(path):
    with open(path, encoding="utf-8-sig") as file:
        return file.readline().rstrip("\r\n").split(",")


def source(folder, stem):
    """A call of `read_csv` with the types of every column, nothing guessed."""
    path = os.path.join(folder, stem + ".csv")
    kinds = dict(SCHEMA[stem], recorded_at=MOMENT, retracted_at=MOMENT)

    def sql_type(kind):
        return kind if isinstance(kind, str) else f"ENUM({', '.join(map(quote, kind))})"

    columns = ", ".join(
        f"{quote(name)}: {quote(sql_type(kinds[name]))}" for name in file_columns(path)
    )
    return (
        f"read_csv({quote(path)}, header = true, auto_detect = false, delim = ',', quote = '\"', "
        f"escape = '\"', new_line = '\\n', columns = {{{columns}}})"
    )


def connect():
    """Two databases in memory: `small` has small groups of rows, so that even tables of a row per
    partner are worked on by both threads."""
    db = duckdb.connect()
    db.execute(f"SET threads = {THREADS}; SET preserve_insertion_order = false")
    db.execute("SET enable_progress_bar = false")
    db.execute("ATTACH ':memory:' AS small (ROW_GROUP_SIZE 16384)")
    return db


# Loading.


def read(db, folder):
    """One table per file. Ids become 64-bit hashes; plain text that nothing asks for is not kept."""
    rows = 0
    keys = {"id", "partner", "individual", "person", "opportunity", "parent"}
    words = {"credential", "program", "currency", "tier", "scores"}
    for stem, kinds in SCHEMA.items():
        if not os.path.exists(os.path.join(folder, stem + ".csv")):
            columns = ", ".join(
                f'"{name}" {"UBIGINT" if name in keys else kind if isinstance(kind, str) else V}'
                for name, kind in kinds.items()
            )
            db.execute(f'CREATE TABLE "{stem}" ({columns})')
            continue
        select = []
        for name in file_columns(os.path.join(folder, stem + ".csv")):
            if name in keys:
                # The hash of an absent value would not be absent.
                value = f'hash("{name}")'
                if name in {"person", "opportunity", "parent"}:
                    value = f'CASE WHEN "{name}" IS NOT NULL THEN {value} END'
                select.append(f'{value} AS "{name}"')
            elif kinds.get(name, MOMENT) != V or name in words:
                select.append(f'"{name}"')
        if stem == "partners":
            select.append('"id" AS word')
        db.execute(
            f'CREATE TABLE "{stem}" AS SELECT {", ".join(select)} FROM {source(folder, stem)}'
        )
        rows += db.execute(f'SELECT count(*) FROM "{stem}"').fetchone()[0]
    return rows


def check(db):
    """Unique ids, references, and the values that a column's type does not check."""
    problems = []

    def none(title, sql):
        found = db.execute(sql).fetchone()[0]
        if found:
            problems.append(f"{title}: {found}")

    for stem in SCHEMA:
        # Distinct hashes prove distinct ids.
        none(f"{stem}: repeated ids", f'SELECT count(*) - count(DISTINCT id) FROM "{stem}"')
    for stem, kinds in SCHEMA.items():
        if "partner" in kinds:
            none(
                f"{stem}: unknown partners",
                f'SELECT count(*) FROM "{stem}" ANTI JOIN partners ON partners.id = "{stem}".partner',
            )
    none(
        "credentials: unknown individuals",
        "SELECT count(*) FROM credentials c ANTI JOIN individuals i ON i.id = c.individual",
    )
    none(
        "references: unknown opportunities",
        'SELECT count(*) FROM (SELECT opportunity FROM "references" WHERE opportunity IS NOT NULL) r '
        "ANTI JOIN opportunities o ON o.id = r.opportunity",
    )
    none(
        "partners: unknown parents",
        "SELECT count(*) FROM (SELECT parent FROM partners WHERE parent IS NOT NULL) p "
        "ANTI JOIN partners q ON q.id = p.parent",
    )
    none("ratings: bad scores", "SELECT count(*) FROM ratings WHERE score NOT BETWEEN 1 AND 5")
    none(
        "survey_responses: bad scores",
        "SELECT count(*) FROM survey_responses "
        r"WHERE NOT regexp_full_match(scores, '[1-5](\.[0-9]+)?(;[1-5](\.[0-9]+)?)*')",
    )
    none("opportunities: negative", "SELECT count(*) FROM opportunities WHERE expected_mrr < 0")
    none(
        "opportunities: launched without a day",
        "SELECT count(*) FROM opportunities WHERE stage = 'Launched' AND launched_on IS NULL",
    )
    none("individuals: left early", "SELECT count(*) FROM individuals WHERE left_on < joined_on")
    return problems


def prepare(db, is_sorted):
    """Tables of the services path with dense keys. Nothing here knows the day or a number of the
    rulebook. `is_sorted` spends more on it: physical order, and a bit for each person."""
    classes = ", ".join(f"({quote(name)}, {number})" for name, number in CLASSES.items())
    programs = ", ".join(f"({quote(name)}, {1 << bit})" for bit, name in enumerate(VALIDATIONS))
    tiers = ", ".join(f"({quote(name)}, {rank})" for rank, name in enumerate(TIERS))

    def order(columns):
        return f"ORDER BY {columns}" if is_sorted else ""

    db.execute(f"""
        CREATE TABLE small.part AS
        SELECT (row_number() OVER (ORDER BY word) - 1)::INTEGER AS pkey, * FROM partners
        WHERE path = 'services' ORDER BY word;
        CREATE TABLE tier_rank AS SELECT * FROM (VALUES {tiers}) AS t(word, rank);
        CREATE TABLE class AS SELECT word, number::UTINYINT AS number
        FROM (VALUES {classes}) AS t(word, number);

        CREATE TABLE history AS
        SELECT p.pkey, r."on" AS on_, r.kind, t.rank::UTINYINT AS tier, r.valid_until,
            (row_number() OVER (ORDER BY r."on", r.kind, r.id))::INTEGER AS place
        FROM reviews r JOIN small.part p ON p.id = r.partner LEFT JOIN tier_rank t ON t.word = r.tier
        WHERE r.path = 'services';
        CREATE TABLE shorthand AS
        SELECT p.* FROM small.part p ANTI JOIN history h ON h.pkey = p.pkey;
        CREATE TABLE resets AS
        SELECT pkey, on_ FROM (
            SELECT pkey, on_ FROM history
            WHERE kind IN ('enrolment', 'review', 'renewal', 'upgrade')
            UNION ALL
            SELECT pkey, unnest([last_review_on, last_renewal_on, last_upgrade_on]) FROM shorthand)
        WHERE on_ IS NOT NULL {order("pkey")};
        CREATE TABLE tiers AS
        SELECT pkey, on_, place, tier FROM history WHERE tier IS NOT NULL
        UNION ALL
        SELECT pkey, coalesce(tier_since, DATE '0001-01-01'), 0, t.rank::UTINYINT
        FROM shorthand JOIN tier_rank t ON t.word = shorthand.tier;
        CREATE TABLE decisions AS
        SELECT pkey, on_, coalesce(valid_until, {ENDLESS}) AS until_ FROM history
        WHERE kind = 'executive_review';

        CREATE TABLE dated AS
        SELECT p.pkey, {LAUNCH}::UTINYINT AS kind, o.launched_on AS on_, {ENDLESS} AS until_,
            CASE WHEN o.currency = '{CURRENCY}' THEN o.expected_mrr ELSE 0 END::DECIMAL(18, 4) AS mrr
        FROM opportunities o JOIN small.part p ON p.id = o.partner
        WHERE o.stage = 'Launched' AND coalesce(o.review, 'Approved') = 'Approved'
        UNION ALL
        SELECT p.pkey, {RATING}, r.rated_on, {ENDLESS}, 0
        FROM ratings r JOIN small.part p ON p.id = r.partner
        UNION ALL
        SELECT p.pkey, {REFERENCE}, r.published_on, coalesce(r.withdrawn_on - 1, {ENDLESS}), 0
        FROM "references" r JOIN small.part p ON p.id = r.partner
        WHERE coalesce(r.kind, 'public') = 'public'
        {order("pkey, kind, on_")};
        CREATE TABLE plans AS
        SELECT p.pkey, b.validated_on, b.valid_until
        FROM business_plans b JOIN small.part p ON p.id = b.partner WHERE b.validated_on IS NOT NULL;
        CREATE TABLE granted AS
        SELECT p.pkey, g.bit::UTINYINT AS bit, v.granted_on, coalesce(v.expires_on, {ENDLESS}) AS until_
        FROM validations v JOIN small.part p ON p.id = v.partner
        JOIN (VALUES {programs}) AS g(word, bit) ON g.word = v.program;

        CREATE TABLE people AS
        SELECT p.pkey, coalesce(i.person, i.id) AS person,
            coalesce(i.joined_on, DATE '0001-01-01') AS joined_on,
            coalesce(i.left_on, {ENDLESS}) AS left_on
        FROM individuals i JOIN small.part p ON p.id = i.partner WHERE coalesce(i.consent, 'yes') = 'yes';
    """)
    # Where a person works at several places, or twice at one, a credential has a row for each.
    # `cat` is the day of issue where the catalogue decides how long it is valid.
    held = f"""
        SELECT w.pkey, w.person, k.number AS class, greatest(c.issued_on, w.joined_on) AS from_,
            least(coalesce(c.expires_on, {ENDLESS}), w.left_on) AS until_,
            CASE WHEN c.expires_on IS NULL THEN c.issued_on ELSE {ENDLESS} END AS cat
        FROM credentials c JOIN class k ON k.word = c.credential
        JOIN (SELECT id, coalesce(person, id) AS person FROM individuals) i ON i.id = c.individual
        JOIN people w ON w.person = i.person
    """
    if is_sorted:
        db.execute(f"""
            CREATE TABLE places AS
            SELECT pkey, person, (row_number() OVER (PARTITION BY pkey ORDER BY person) - 1) AS place
            FROM (SELECT DISTINCT pkey, person FROM people);
            CREATE TABLE words AS
            SELECT (row_number() OVER (ORDER BY pkey, part) - 1)::INTEGER AS word, pkey, part
            FROM (SELECT DISTINCT pkey, place // 63 AS part FROM places) ORDER BY word;
            CREATE TABLE spread AS
            SELECT o.word, o.pkey, (1::BIGINT << (p.place % 63)::BIGINT) AS bit, h.class, h.from_,
                h.until_, h.cat
            FROM ({held}) h JOIN places p ON p.pkey = h.pkey AND p.person = h.person
            JOIN words o ON o.pkey = p.pkey AND o.part = p.place // 63;
            CREATE TABLE accreditations AS
            SELECT * FROM spread WHERE class < 2 ORDER BY word, class;
            CREATE TABLE certificates AS
            SELECT * FROM spread WHERE class >= 2 ORDER BY word, class;
            DROP TABLE spread; DROP TABLE places; DROP TABLE people;
        """)
    else:
        db.execute(f"CREATE TABLE held AS {held}")
    for stem in SCHEMA:
        db.execute(f'DROP TABLE "{stem}"')
    db.execute("DROP TABLE history; DROP TABLE shorthand")


# Evaluating.


def in_force(day, certified):
    """What makes a row of credentials count: on one day, or on each day of the table `days`."""
    if day is None:
        on, earliest = "d.on_", "d.certified_from"
    else:
        on, earliest = as_date(day), as_date(earliest_still_valid(day, CERTIFICATE_MONTHS))
    condition = f"from_ <= {on} AND until_ >= {on}"
    return f"{condition} AND cat >= {earliest}" if certified else condition


def bits(condition):
    return f"bit_or(CASE WHEN {condition} THEN bit ELSE 0 END)"


def people_sql(day):
    """The six numbers of people by partner, from people as bits."""
    return f"""
        SELECT pkey, sum(bit_count(t | b))::INTEGER AS accredited,
            sum(bit_count(t))::INTEGER AS accredited_technical,
            sum(bit_count(b))::INTEGER AS accredited_business,
            sum(bit_count(f))::INTEGER AS foundational_certified,
            sum(bit_count(c))::INTEGER AS technical_certified,
            sum(bit_count(p))::INTEGER AS professional_certified
        FROM (
            SELECT word, {bits("class = 0")} AS t, {bits("class = 1")} AS b,
                {bits("class = 2")} AS f, {bits(TECHNICAL)} AS c, {bits("class = 4")} AS p
            FROM (
                SELECT word, class, bit FROM accreditations WHERE {in_force(day, False)}
                UNION ALL
                SELECT word, class, bit FROM certificates WHERE {in_force(day, True)})
            GROUP BY word) JOIN words USING (word)
        GROUP BY pkey"""


def grouped_people_sql(day):
    """The same numbers, by grouping twice. Without a day: for every day of `days`, and only for
    the candidates."""
    facts, key, nth = "held c", "", ""
    if day is None:
        facts = "(SELECT * FROM held SEMI JOIN candidates USING (pkey)) c, days d"
        key, nth = "d.nth, ", "nth, "
    return f"""
        SELECT {nth}pkey, count_if((flags & 3) <> 0)::INTEGER AS accredited,
            count_if((flags & 1) <> 0)::INTEGER AS accredited_technical,
            count_if((flags & 2) <> 0)::INTEGER AS accredited_business,
            count_if((flags & 4) <> 0)::INTEGER AS foundational_certified,
            count_if((flags & 24) <> 0)::INTEGER AS technical_certified,
            count_if((flags & 16) <> 0)::INTEGER AS professional_certified
        FROM (
            SELECT {key}pkey, person, bit_or((1 << class)::UTINYINT) AS flags
            FROM {facts}
            WHERE {in_force(day, False)} AND ({in_force(day, True)} OR class < 2)
            GROUP BY {key}pkey, person)
        GROUP BY {nth}pkey"""


def sustained_people_sql(day):
    """The same numbers for the candidates, on each of the days before. A column for each day is
    faster than a row for each day and credential."""
    columns = ", ".join(
        f"bit_or(CASE WHEN {in_force(then, False)} AND (class < 2 OR cat >= {since}) THEN bit ELSE 0 END)"
        for then, since in (
            (then, as_date(earliest_still_valid(then, CERTIFICATE_MONTHS)))
            for then in (plus_months(day, -nth) for nth in range(1, SUSTAINED_UP_TO + 1))
        )
    )

    return f"""
        SELECT nth, pkey, sum(bit_count(t | b)) AS accredited, sum(bit_count(t)) AS accredited_technical,
            sum(bit_count(b)) AS accredited_business, sum(bit_count(f)) AS foundational_certified,
            sum(bit_count(c)) AS technical_certified, sum(bit_count(p)) AS professional_certified
        FROM (
            SELECT nth, pkey, word, {bits("class = 0")} AS t, {bits("class = 1")} AS b,
                {bits("class = 2")} AS f, {bits(TECHNICAL)} AS c, {bits("class = 4")} AS p
            FROM (
                SELECT pkey, word, class, unnest(bits) AS bit, unnest(range(1, {SUSTAINED_UP_TO + 1})) AS nth
                FROM (
                    SELECT pkey, word, class, [{columns}] AS bits
                    FROM (
                        SELECT * FROM accreditations SEMI JOIN candidates USING (pkey)
                        UNION ALL
                        SELECT * FROM certificates SEMI JOIN candidates USING (pkey))
                    GROUP BY pkey, word, class))
            GROUP BY nth, pkey, word)
        GROUP BY nth, pkey"""


def since_review_columns():
    """The rows counted since the review in both columns, where the edition has them."""
    if not SINCE_REVIEW:
        return ""
    return (
        "coalesce(public_references, 0) AS public_references, "
        "coalesce(csat_responses, 0) AS csat_responses, "
    )


def since_review_counts(on):
    if not SINCE_REVIEW:
        return ""
    return f""", count_if(kind = {RATING} AND on_ >= reset_on)::INTEGER AS csat_responses,
                count_if(kind = {REFERENCE} AND on_ >= reset_on AND until_ >= {on})::INTEGER
                    AS public_references"""


def named_column():
    if "validations_named" not in TARGETS:
        return ""
    return "coalesce(validations_named, 0) AS validations_named,"


def evaluate(db, day, is_sorted, steps=None):
    """Fills `counted`, with the values, and `states`, with the states and the tier attained."""
    on = as_date(day)
    year_ago = as_date(plus_months(day + datetime.timedelta(days=1), -ROLLING_MONTHS))
    plan_from = as_date(earliest_still_valid(day, PLAN_MONTHS))

    def step(name, sql):
        started = time.perf_counter()
        db.execute(sql)
        if steps is not None:
            steps.setdefault(name, []).append(time.perf_counter() - started)

    step(
        "standing",
        f"""
        CREATE OR REPLACE TABLE small.standing AS
        SELECT p.pkey, reset_on, held
        FROM (SELECT pkey FROM small.part) p
        LEFT JOIN (SELECT pkey, max(on_) AS reset_on FROM resets WHERE on_ <= {on} GROUP BY pkey)
            USING (pkey)
        LEFT JOIN (SELECT pkey, arg_max(tier, place) AS held FROM tiers WHERE on_ <= {on}
            GROUP BY pkey) USING (pkey)""",
    )
    step(
        "counted",
        f"""
        CREATE OR REPLACE TABLE small.counted AS
        SELECT s.pkey, s.reset_on, s.held,
            coalesce(accredited, 0) AS accredited,
            coalesce(accredited_technical, 0) AS accredited_technical,
            coalesce(accredited_business, 0) AS accredited_business,
            coalesce(foundational_certified, 0) AS foundational_certified,
            coalesce(technical_certified, 0) AS technical_certified,
            coalesce(professional_certified, 0) AS professional_certified,
            coalesce(opportunities_renewal, 0) AS opportunities_renewal,
            coalesce(opportunities_upgrade, 0) AS opportunities_upgrade,
            coalesce(mrr_renewal, 0) AS mrr_renewal, coalesce(mrr_upgrade, 0) AS mrr_upgrade,
            coalesce(plan, 0) AS business_plan,
            {since_review_columns()}coalesce(validations, 0) AS validations, {named_column()}
            coalesce(decision, 0) AS executive_review
        FROM small.standing s
        LEFT JOIN ({people_sql(day) if is_sorted else grouped_people_sql(day)}) people ON people.pkey = s.pkey
        LEFT JOIN (
            SELECT d.pkey,
                count_if(kind = {LAUNCH} AND on_ >= reset_on)::INTEGER AS opportunities_renewal,
                count_if(kind = {LAUNCH} AND on_ >= {year_ago})::INTEGER AS opportunities_upgrade,
                sum(CASE WHEN on_ >= reset_on THEN mrr ELSE 0 END) AS mrr_renewal,
                sum(CASE WHEN on_ >= {year_ago} THEN mrr ELSE 0 END) AS mrr_upgrade
                {since_review_counts(on)}
            FROM dated d JOIN small.standing USING (pkey)
            WHERE on_ <= {on} {"" if SINCE_REVIEW else f"AND kind = {LAUNCH}"} GROUP BY d.pkey) dated ON dated.pkey = s.pkey
        LEFT JOIN (
            SELECT DISTINCT pkey, 1 AS plan FROM plans WHERE validated_on <= {on}
            AND (valid_until >= {on} OR valid_until IS NULL AND validated_on >= {plan_from})
            ) plans ON plans.pkey = s.pkey
        LEFT JOIN (
            SELECT pkey, bit_count(bit_or(bit))::INTEGER AS validations,
                bit_count(bit_or(bit) & {NAMED})::INTEGER AS validations_named FROM granted
            WHERE granted_on <= {on} AND until_ >= {on} GROUP BY pkey) v ON v.pkey = s.pkey
        LEFT JOIN (
            SELECT DISTINCT pkey, 1 AS decision FROM decisions
            WHERE on_ <= {on} AND until_ >= {on}) e ON e.pkey = s.pkey""",
    )
    sustained(db, day, is_sorted, step)
    step("states", f"CREATE OR REPLACE TABLE small.states AS {states_sql()}")


KEPT = {"sustained_months": "coalesce(sustained_months, 0)"}
RENEWAL_VALUE = {
    "launched_opportunities": "opportunities_renewal",
    "launched_mrr": "mrr_renewal",
} | KEPT
UPGRADE_VALUE = {
    "launched_opportunities": "opportunities_upgrade",
    "launched_mrr": "mrr_upgrade",
} | KEPT
VALUES = {"renewal": RENEWAL_VALUE, "upgrade": UPGRADE_VALUE}


def sustained(db, day, is_sorted, step):
    """The months for which the partners that could be Premier today have been so before."""
    asked = [m for m in MEASURES if m not in SINCE_REVIEW and m != "sustained_months"]
    needs = " AND ".join(f"{UPGRADE_VALUE.get(m, m)} >= {TARGETS[m][-1]}" for m in asked)
    days = []
    for nth in range(1, SUSTAINED_UP_TO + 1):
        then = plus_months(day, -nth)
        first_issued = earliest_still_valid(then, CERTIFICATE_MONTHS)
        first_launched = plus_months(then + datetime.timedelta(days=1), -ROLLING_MONTHS)
        first_validated = earliest_still_valid(then, PLAN_MONTHS)
        row = ", ".join(map(as_date, (then, first_issued, first_launched, first_validated)))
        days.append(f"({nth}, {row})")
    step(
        "candidates",
        f"""
        CREATE OR REPLACE TEMP TABLE days AS SELECT * FROM (VALUES {", ".join(days)})
            AS t(nth, on_, certified_from, year_from, plan_from);
        CREATE OR REPLACE TEMP TABLE candidates AS SELECT pkey FROM small.counted WHERE {needs}""",
    )
    met = " AND ".join(f"{m} >= {TARGETS[m][-1]}" for m in MEASURES[:6])
    people = sustained_people_sql(day) if is_sorted else grouped_people_sql(None)
    step(
        "sustained",
        f"""
        CREATE OR REPLACE TEMP TABLE kept AS
        WITH met AS (
            SELECT pkey, nth FROM ({people}) WHERE {met}
            INTERSECT
            SELECT l.pkey, d.nth
            FROM (SELECT * FROM dated SEMI JOIN candidates USING (pkey) WHERE kind = {LAUNCH}) l, days d
            WHERE l.on_ <= d.on_ AND l.on_ >= d.year_from GROUP BY ALL
            HAVING count(*) >= {TARGETS["launched_opportunities"][-1]}
            AND sum(mrr) >= {TARGETS["launched_mrr"][-1]}
            INTERSECT
            SELECT p.pkey, d.nth FROM (SELECT * FROM plans SEMI JOIN candidates USING (pkey)) p, days d
            WHERE p.validated_on <= d.on_
            AND (p.valid_until >= d.on_ OR p.valid_until IS NULL AND p.validated_on >= d.plan_from)
            INTERSECT
            SELECT g.pkey, d.nth FROM (SELECT * FROM granted SEMI JOIN candidates USING (pkey)) g, days d
            WHERE g.granted_on <= d.on_ AND g.until_ >= d.on_ GROUP BY ALL
            HAVING bit_count(bit_or(g.bit)) >= {TARGETS["validations"][-1]}
            AND bit_count(bit_or(g.bit) & {NAMED}) >= {TARGETS.get("validations_named", [0])[-1]}
            INTERSECT
            SELECT e.pkey, d.nth FROM (SELECT * FROM decisions SEMI JOIN candidates USING (pkey)) e, days d
            WHERE e.on_ <= d.on_ AND e.until_ >= d.on_)
        SELECT pkey, (min(nth) - 1)::INTEGER AS sustained_months
        FROM (SELECT pkey, unnest(range(1, {SUSTAINED_UP_TO + 2})) AS nth FROM candidates)
        ANTI JOIN met USING (pkey, nth) GROUP BY pkey""",
    )


def states_sql():
    """States and the tier attained; the values stand in `counted`. One branch for each tier held,
    so that targets are constants. A state is a BOOLEAN (NULL: not required), or, where it may be
    unknown, a number: 0 met, 1 not met, 2 unknown, 3 not required."""
    branches = []
    for held in [None, *range(len(TIERS))]:
        columns = []
        for measure, asked in TARGETS.items():
            by_rank = dict(enumerate(asked, start=1))
            targets = {
                "renewal": 0 if measure in UPGRADE_ONLY else by_rank.get(held, 0),
                "upgrade": 0 if held is None else by_rank.get(held + 1, 0),
            }
            for column, target in targets.items():
                condition = f"{VALUES[column].get(measure, measure)} >= {target}"
                if measure not in WINDOWED[column]:
                    state = condition if target else "NULL::BOOLEAN"
                elif target:
                    state = (
                        "CASE WHEN reset_on IS NULL THEN 2::UTINYINT "
                        f"WHEN {condition} THEN 0::UTINYINT ELSE 1::UTINYINT END"
                    )
                else:
                    state = "3::UTINYINT"
                columns.append(f"{state} AS {measure}_{column}_state")
        where = "held IS NULL" if held is None else f"held = {held}"
        branches.append(f"""
            SELECT counted.pkey, {", ".join(columns)}, {KEPT["sustained_months"]} AS sustained_months,
                CASE WHEN {"reset_on IS NULL OR " if SINCE_REVIEW else ""}NOT ({attains(0)}) THEN 0::UTINYINT
                    WHEN NOT ({attains(1)}) THEN 1::UTINYINT
                    WHEN NOT ({attains(2)}) THEN 2::UTINYINT ELSE 3::UTINYINT END AS attained
            FROM small.counted LEFT JOIN kept ON kept.pkey = counted.pkey WHERE {where}""")
    return " UNION ALL ".join(branches)


def attains(index):
    """Whether the upgrade column meets what a tier asks."""
    return " AND ".join(
        f"{UPGRADE_VALUE.get(m, m)} >= {asked[index]}"
        for m, asked in TARGETS.items()
        if asked[index]
    )


def write(db, path):
    """The numbers as CSV, by partner."""
    tiers = "[" + ", ".join(map(quote, TIERS)) + "]"
    columns = []
    for measure in MEASURES:
        for column in ("renewal", "upgrade"):
            name, value = f"{measure}_{column}", VALUES[column].get(measure, measure)
            if measure == "launched_mrr":
                value = f"CASE WHEN {value} = 0 THEN '0' ELSE rtrim(rtrim({value}::VARCHAR, '0'), '.') END"
            met, not_met = (0, 1) if measure in WINDOWED[column] else ("true", "false")
            unknown = "WHEN 2 THEN 'unknown' " if measure in WINDOWED[column] else ""
            columns.append(
                f"{value} AS {name}, CASE {name}_state WHEN {met} THEN 'met' WHEN {not_met} THEN 'not_met' "
                f"{unknown}ELSE 'not_required' END AS {name}_state"
            )
    db.execute(f"""
        COPY (SELECT part.word AS partner, {", ".join(columns)}, {tiers}[attained + 1] AS attained
            FROM small.counted JOIN small.states USING (pkey) JOIN small.part USING (pkey) ORDER BY partner)
        TO {quote(path)} (HEADER, DELIMITER ',')""")


# The two modes.


def peak_mb():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def seconds(started):
    return round(time.perf_counter() - started, 4)


def memory(arguments):
    db = connect()
    started = time.perf_counter()
    rows = read(db, arguments.dir)
    prepare(db, True)
    loaded, loaded_mb = seconds(started), peak_mb()
    runs, steps = [], {}
    for _ in range(arguments.repeat):
        started = time.perf_counter()
        evaluate(db, arguments.as_of, True, steps)
        runs.append(seconds(started))
    if arguments.out:
        write(db, arguments.out)
    partners = db.execute("SELECT count(*) FROM small.states").fetchone()[0]
    print(
        json.dumps(
            {
                "mode": "memory",
                "rows": rows,
                "partners": partners,
                "threads": THREADS,
                "load_and_prepare": loaded,
                "runs": runs,
                "best": min(runs),
                "median": sorted(runs)[len(runs) // 2],
                "steps": {name: round(min(times), 4) for name, times in steps.items()},
                "peak_mb_after_load": loaded_mb,
                "peak_mb": peak_mb(),
                "duckdb": duckdb.__version__,
            }
        )
    )


def folder(arguments):
    begun = time.perf_counter()
    db = connect()
    rows = read(db, arguments.dir)
    times = {"read": seconds(begun)}
    started = time.perf_counter()
    problems = check(db)
    times["checks"] = seconds(started)
    started = time.perf_counter()
    if not problems:
        prepare(db, False)
        times["prepare"] = seconds(started)
        evaluate(db, arguments.as_of, False)
        times["evaluation"] = seconds(started)
        if arguments.out:
            write(db, arguments.out)
    times["total"] = seconds(begun)
    print(
        json.dumps(
            {
                "mode": "folder",
                "rows": rows,
                "threads": THREADS,
                **times,
                "problems": problems,
                "peak_mb": peak_mb(),
                "duckdb": duckdb.__version__,
            }
        )
    )
    if problems:
        raise SystemExit(1)


def main():
    parser = argparse.ArgumentParser(description="The network benchmark in DuckDB.")
    parser.add_argument("mode", choices=["memory", "folder"])
    parser.add_argument("dir", metavar="DIR")
    parser.add_argument("--as-of", required=True, type=datetime.date.fromisoformat)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--out", metavar="FILE")
    arguments = parser.parse_args()
    (memory if arguments.mode == "memory" else folder)(arguments)


if __name__ == "__main__":
    main()
