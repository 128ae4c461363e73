"""The least cost of a plan over an invented network, by another formulation and another solver.

Reads a folder that the benchmark of plans wrote, from its rulebook and its files alone: a variable
for each person and training, one for each person and requirement, one for each opportunity. HiGHS
finds the least cost. Prints one JSON object.

It holds for what the benchmark generates: one goal a year ahead without reviews that matter, and
trainings that stay valid until then. A prerequisite that is held and lapses on the way is taken to
be good for one examination that can be passed before; no network of the benchmark needs more.

    python climb.py FOLDER
"""

import csv
import datetime
import json
import sys
import time
import tomllib
from pathlib import Path

import highspy

AS_OF = datetime.date(2026, 6, 30)
GOAL = datetime.date(2027, 6, 30)


def plus_months(day, months):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)).day
    return datetime.date(year, month, min(day.day, last))


def rows(folder, name):
    with (folder / name).open(newline="") as file:
        yield from csv.DictReader(file)


def main():
    folder = Path(sys.argv[1])
    book = tomllib.loads((folder / "rulebook.toml").read_text())
    costs = tomllib.loads((folder / "costs.toml").read_text())
    credentials = {one["id"]: one for one in book["credentials"]}
    trainings = book["training"]
    by_credential = {one["leads_to"]: at for at, one in enumerate(trainings)}
    tier = book["paths"][0]["tiers"][-1]
    measures = {one["id"]: one for one in book["measures"]}

    people = []
    for row in rows(folder, "individuals.csv"):
        left = row["left_on"]
        if not left or datetime.date.fromisoformat(left) >= GOAL:
            people.append(row["id"])
    ever, now, then = ({person: {} for person in people} for _ in range(3))
    for row in rows(folder, "credentials.csv"):
        person, credential = row["individual"], row["credential"]
        if person not in ever:
            continue
        issued = datetime.date.fromisoformat(row["issued_on"])
        end = plus_months(issued, credentials[credential]["validity_months"])
        ever[person][credential] = True
        if issued <= AS_OF < end:
            now[person][credential] = max(end, now[person].get(credential, end))
        if end >= GOAL:
            then[person][credential] = True

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)
    total = 0
    takes = {}
    for person in people:
        for at, training in enumerate(trainings):
            takes[person, at] = solver.addBinary()
            total = total + training["cost"] * takes[person, at]
        solver.addConstr(
            sum(one["days"] * takes[person, at] for at, one in enumerate(trainings))
            <= (GOAL - AS_OF).days
        )
        for at, training in enumerate(trainings):
            if training["leads_to"] in ever[person]:
                continue
            for required in training.get("requires", []):
                end = now[person].get(required)
                if end and end >= AS_OF + datetime.timedelta(training["days"]):
                    continue
                solver.addConstr(takes[person, at] <= takes[person, by_credential[required]])

    price = {one["id"]: one["cost"] for one in costs["opportunities"]}
    launches, revenue = {}, {}
    for row in rows(folder, "opportunities.csv"):
        launches[row["id"]] = solver.addBinary()
        revenue[row["id"]] = int(row["expected_mrr"])
        total = total + price[row["id"]] * launches[row["id"]]

    for name, bar in tier["requires"].items():
        measure = measures[name]
        if measure["kind"] == "count":
            solver.addConstr(sum(launches.values()) >= bar)
            continue
        if measure["kind"] == "sum":
            solver.addConstr(sum(revenue[of] * one for of, one in launches.items()) >= bar)
            continue
        counting = set(measure.get("credentials", []))
        levels = set(measure.get("highest_level", []))
        counting |= {one for one, of in credentials.items() if of["level"] in levels}
        held = sum(1 for person in people if counting & then[person].keys())
        new = []
        for person in people:
            if not counting & then[person].keys():
                counts = solver.addVariable(0, 1)
                ways = [takes[person, by_credential[one]] for one in sorted(counting)]
                solver.addConstr(counts <= sum(ways))
                new.append(counts)
        if bar > held:
            solver.addConstr(sum(new) >= bar - held)

    begin = time.monotonic()
    solver.minimize(total)
    seconds = time.monotonic() - begin
    is_optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    cost = round(solver.getInfo().objective_function_value) if is_optimal else None
    print(json.dumps({"cost": cost, "seconds": round(seconds, 3)}))


main()
