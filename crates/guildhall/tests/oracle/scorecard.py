#!/usr/bin/env python3
"""Independent oracle for the network `apn` (editions apn-2021-01 and apn-2024-07).

Written from design/INTERFACES.md sections 1-4 and 6 only.  Slow and obvious on purpose.
Reads a VALID folder of facts; validates nothing.

  scorecard.py --data DIR --as-of 2021-06-30 [--known-at T] [--rulebook ID] [--partner ID]
  scorecard.py --data DIR --discount 2021-H1 [--known-at T] [--rulebook ID] [--partner ID]
"""
import argparse
import calendar
import csv
import json
import os
import re
import sys
from datetime import date, timedelta
from fractions import Fraction

csv.field_size_limit(16 * 1024 * 1024)

# --------------------------------------------------------------------------- the rulebooks

EDITIONS = [  # id, published_at, in_force_from
    ("apn-2021-01", "2020-12-01T00:00:00Z", date(2021, 1, 1)),
    ("apn-2024-07", "2024-07-09T00:00:00Z", date(2024, 7, 10)),
]

CURRENCY = "USD"

SERVICES_TIERS = ["registered", "select", "advanced", "premier"]
SOFTWARE_TIERS = ["registered", "validated", "differentiated"]

LEVEL_RANK = {"accreditation": 0, "foundational": 1, "associate": 2, "professional": 3, "specialty": 3}

CREDENTIALS_2021 = {
    "accreditation-technical": "accreditation",
    "accreditation-business": "accreditation",
    "accreditation-cloud-economics": "accreditation",
    "cloud-practitioner": "foundational",
    "solutions-architect-associate": "associate",
    "developer-associate": "associate",
    "sysops-administrator-associate": "associate",
    "solutions-architect-professional": "professional",
    "devops-engineer-professional": "professional",
    "advanced-networking-specialty": "specialty",
    "security-specialty": "specialty",
    "machine-learning-specialty": "specialty",
    "database-specialty": "specialty",
    "data-analytics-specialty": "specialty",
    "sap-specialty": "specialty",
}
CREDENTIALS_2024 = dict(CREDENTIALS_2021)
CREDENTIALS_2024.update({
    "ai-practitioner": "foundational",
    "data-engineer-associate": "associate",
    "machine-learning-engineer-associate": "associate",
})

PROGRAM_CATEGORY = {
    "msp": "validation", "devops": "validation", "cloudops": "validation", "migration": "validation",
    "security": "validation", "data-analytics": "validation", "machine-learning": "validation",
    "ftr": "software", "solution_provider": "enrolment", "distribution": "enrolment",
}
ONE_OF_GROUP = ["msp", "devops", "cloudops"]

COMPONENT = {
    "accredited": "knowledge", "accredited_technical": "knowledge", "accredited_business": "knowledge",
    "foundational_certified": "knowledge", "technical_certified": "knowledge", "professional_certified": "knowledge",
    "launched_opportunities": "experience", "launched_mrr": "experience", "business_plan": "experience",
    "public_references": "customer_success", "csat_responses": "customer_success",
    "validations": "experience", "validations_named": "experience", "executive_review": "experience",
    "sustained_months": "experience", "ftr": "experience",
}

# targets: measure -> one value per tier (0 asks nothing)
SERVICES_2021 = [
    ("accredited",             [0, 4, 8, 20]),
    ("accredited_technical",   [0, 2, 4, 10]),
    ("accredited_business",    [0, 2, 4, 10]),
    ("foundational_certified", [0, 2, 4, 10]),
    ("technical_certified",    [0, 2, 6, 25]),
    ("professional_certified", [0, 0, 3, 10]),
    ("launched_opportunities", [0, 3, 20, 50]),
    ("launched_mrr",           [0, 1500, 10000, 50000]),
    ("business_plan",          [0, 0, 1, 1]),
    ("public_references",      [0, 1, 2, 6]),
    ("csat_responses",         [0, 5, 20, 30]),
    ("validations",            [0, 0, 0, 3]),
    ("executive_review",       [0, 0, 0, 1]),
    ("sustained_months",       [0, 0, 0, 6]),      # upgrade column only
]
SERVICES_2024 = [
    ("accredited",             [0, 4, 8, 20]),
    ("accredited_technical",   [0, 2, 4, 10]),
    ("accredited_business",    [0, 2, 4, 10]),
    ("foundational_certified", [0, 2, 4, 10]),
    ("technical_certified",    [0, 2, 6, 25]),
    ("professional_certified", [0, 0, 3, 10]),
    ("launched_opportunities", [0, 3, 20, 50]),
    ("launched_mrr",           [0, 1500, 10000, 50000]),
    ("business_plan",          [0, 0, 1, 1]),
    ("validations",            [0, 0, 0, 3]),
    ("validations_named",      [0, 0, 0, 1]),
    ("executive_review",       [0, 0, 0, 1]),
    ("sustained_months",       [0, 0, 0, 6]),      # upgrade column only
]
SOFTWARE = [
    ("ftr",         [0, 1, 1]),
    ("validations", [0, 0, 1]),
]

SINCE_REVIEW_IN_BOTH = ["public_references", "csat_responses"]
RENEWAL_OR_UPGRADE_WINDOW = ["launched_opportunities", "launched_mrr"]

GRACE_DAYS = 90

REASON_ORDER = ["unknown_to_edition", "no_consent", "not_yet_joined", "left", "not_yet_issued", "expired",
                "not_launched", "not_approved", "not_public", "withdrawn", "not_validated", "outside_window",
                "other_currency", "other_desk", "other_support", "lower_level_than_counted", "duplicate_person"]


def catalogue(edition):
    return CREDENTIALS_2021 if edition == "apn-2021-01" else CREDENTIALS_2024


def tiers_of(path):
    return SERVICES_TIERS if path == "services" else SOFTWARE_TIERS


def requirements(edition, path):
    if path == "software":
        return SOFTWARE
    return SERVICES_2021 if edition == "apn-2021-01" else SERVICES_2024


def measures_of(edition, path):
    return [m for (m, targets) in requirements(edition, path)]


def target_of(edition, path, measure, tier, column):
    """Fraction, or None where the column has no tier or the tier asks nothing."""
    if tier is None:
        return None
    if measure == "sustained_months" and column == "renewal":
        return None
    for (m, targets) in requirements(edition, path):
        if m == measure:
            t = targets[tiers_of(path).index(tier)]
            return None if t == 0 else Fraction(t)
    raise KeyError(measure)


# --------------------------------------------------------------------------- dates, times, numbers

def parse_date(text):
    return date(int(text[0:4]), int(text[5:7]), int(text[8:10]))


def opt_date(text):
    return parse_date(text) if text else None


def add_months(d, n):
    """n may be negative; clamps to the last day of a shorter month."""
    k = d.year * 12 + (d.month - 1) + n
    year, month = k // 12, k % 12 + 1
    return date(year, month, min(d.day, calendar.monthrange(year, month)[1]))


def days(n):
    return timedelta(days=n)


def parse_time(text):
    """RFC 3339 -> an exact comparable Fraction of seconds."""
    m = re.match(r"^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$", text)
    if not m:
        raise ValueError("not a timestamp: %r" % text)
    seconds = date(int(m[1]), int(m[2]), int(m[3])).toordinal() * 86400 + int(m[4]) * 3600 + int(m[5]) * 60 + int(m[6])
    t = Fraction(seconds)
    if m[7]:
        t += Fraction(int(m[7]), 10 ** len(m[7]))
    if m[8] not in ("Z", "z"):
        sign = 1 if m[8][0] == "+" else -1
        t -= sign * (int(m[8][1:3]) * 3600 + int(m[8][4:6]) * 60)
    return t


def show(value):
    """Exact if terminating, else six decimals, half away from zero; never trailing zeros."""
    value = Fraction(value)
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest == 1:
        places = max(twos, fives)
        scaled = abs(value.numerator) * 10 ** places // value.denominator
    else:
        places = 6
        scaled = (2 * abs(value.numerator) * 10 ** 6 + value.denominator) // (2 * value.denominator)
    digits = str(scaled).rjust(places + 1, "0")
    text = digits[:len(digits) - places]
    if places:
        frac = digits[len(digits) - places:].rstrip("0")
        if frac:
            text += "." + frac
    return ("-" if value < 0 and scaled else "") + text


def show_date(d):
    return None if d is None else d.isoformat()


# --------------------------------------------------------------------------- reading

FILES = ["partners", "reviews", "affiliations", "individuals", "credentials", "opportunities", "references", "ratings",
         "business_plans", "validations", "cases", "survey_responses", "events"]


def known(row, k):
    """k None is the end of time."""
    recorded, retracted = row.get("recorded_at", ""), row.get("retracted_at", "")
    if k is None:
        return not retracted
    if recorded and parse_time(recorded) > k:
        return False
    if retracted and parse_time(retracted) <= k:
        return False
    return True


class Row(dict):
    def __missing__(self, key):
        return ""


def read_folder(folder, k):
    facts = {}
    for name in FILES:
        facts[name] = []
        path = os.path.join(folder, name + ".csv")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8-sig", newline="") as f:
            reader = csv.reader(f, strict=True)
            header = next(reader)
            for cells in reader:
                if not cells:
                    continue
                row = Row(zip(header, cells))
                if known(row, k):
                    facts[name].append(row)
    # a credential belongs to the person of the row it was recorded for
    person_of_row = {r["id"]: (r["person"] or r["id"]) for r in facts["individuals"]}
    facts["credentials_of"] = {}
    for c in facts["credentials"]:
        if c["individual"] in person_of_row:
            facts["credentials_of"].setdefault(person_of_row[c["individual"]], []).append(c)
    facts["cache"] = {}                          # nothing but speed
    return facts


def of_partner(facts, name, partner):
    return [r for r in facts[name] if r["partner"] == partner["id"]]


def of_companies(facts, name, partner, moment):
    """Rows of the partner and of those that are its subsidiaries on the day: one level, each once."""
    ids = [partner["id"]]
    for a in facts["affiliations"]:
        until = opt_date(a["until"])
        if a["primary"] == partner["id"] and moment.begun(parse_date(a["from"])) and (until is None or moment.at < until):
            ids.append(a["subsidiary"])
    return [r for r in facts[name] if r["partner"] in ids]


# --------------------------------------------------------------------------- the moment of looking
#
# `at`      the day as of which everything is evaluated
# `horizon` nothing that begins after this day exists (= at, but in the review forecast min(at, D))

class Moment:
    def __init__(self, at, horizon=None):
        self.at = at
        self.horizon = at if horizon is None else min(at, horizon)

    def begun(self, d):
        return d <= self.horizon

    def over(self, last_day):
        return last_day is not None and last_day < self.at


# --------------------------------------------------------------------------- reviews and tiers

KIND_ORDER = ["enrolment", "review", "renewal", "upgrade", "downgrade", "executive_review", "suspended", "reinstated"]


def review_key(row):
    return (parse_date(row["on"]), KIND_ORDER.index(row["kind"]), row["id"])


def has_review_rows(facts, partner):
    return len(of_partner(facts, "reviews", partner)) > 0


def path_reviews(facts, partner):
    rows = [r for r in of_partner(facts, "reviews", partner) if r["path"] == partner["path"]]
    return sorted(rows, key=review_key)


def tier_on(facts, partner, moment):
    """('tier', id) or ('none', None) or ('unknown', None)."""
    if has_review_rows(facts, partner):
        rows = path_reviews(facts, partner)
        latest = None
        for r in rows:
            if r["tier"] and moment.begun(parse_date(r["on"])):
                latest = r
        if latest is not None:
            return ("tier", latest["tier"])
        if not rows or rows[0]["kind"] == "enrolment":
            return ("none", None)
        return ("unknown", None)
    since = opt_date(partner["tier_since"])
    if since is not None and not moment.begun(since):
        return ("unknown", None)
    if partner["tier"]:
        return ("tier", partner["tier"])
    return ("none", None)


def dates_of_last(facts, partner, moment, kinds):
    if has_review_rows(facts, partner):
        all_dates = [parse_date(r["on"]) for r in path_reviews(facts, partner) if r["kind"] in kinds]
    else:
        all_dates = [opt_date(partner["last_" + kind + "_on"]) for kind in kinds if kind != "enrolment"]
    return [d for d in all_dates if d is not None and moment.begun(d)]


def renewal_window_start(facts, partner, moment):
    """The latest enrolment, review, renewal or upgrade on or before the day; None if there is none."""
    found = dates_of_last(facts, partner, moment, ["enrolment", "review", "renewal", "upgrade"])
    return max(found) if found else None


def last_review_or_renewal(facts, partner, moment):
    found = dates_of_last(facts, partner, moment, ["review", "renewal"])
    return max(found) if found else None


def suspended_on(facts, partner, moment):
    if not has_review_rows(facts, partner):
        return partner["standing"] == "suspended"
    rows = sorted(of_partner(facts, "reviews", partner), key=review_key)   # whatever the path
    for r in rows:
        if r["kind"] != "suspended" or not moment.begun(parse_date(r["on"])):
            continue
        if moment.over(opt_date(r["valid_until"])):
            continue
        lifted = False
        for other in rows:
            if other["kind"] == "reinstated" and review_key(other) > review_key(r) and moment.begun(parse_date(other["on"])):
                lifted = True
        if not lifted:
            return True
    return False


# --------------------------------------------------------------------------- windows

def window_of(facts, partner, measure, column, moment):
    """('day', None, None), ('window', from, until) or ('no_beginning', None, until)."""
    until = moment.at + days(1)
    if measure in SINCE_REVIEW_IN_BOTH or (measure in RENEWAL_OR_UPGRADE_WINDOW and column == "renewal"):
        start = renewal_window_start(facts, partner, moment)
        if start is None:
            return ("no_beginning", None, until)
        return ("window", start, until)
    if measure in RENEWAL_OR_UPGRADE_WINDOW:
        return ("window", add_months(until, -12), until)
    return ("day", None, None)


def in_window(d, window, moment):
    what, start, until = window
    if what == "no_beginning":
        return False
    return start <= d < until and moment.begun(d)


# --------------------------------------------------------------------------- measuring
#
# Every measuring function gives (value, counted, not_counted):
#   counted     [(fact, kind, subject)]
#   not_counted [(fact, kind, subject, reason)]

def measure_people(facts, edition, partner, measure, moment):
    levels = catalogue(edition)

    def selected(credential):
        if measure == "accredited":
            return credential in ("accreditation-technical", "accreditation-business")
        if measure == "accredited_technical":
            return credential == "accreditation-technical"
        if measure == "accredited_business":
            return credential == "accreditation-business"
        if measure == "foundational_certified":
            return credential == "cloud-practitioner"
        if credential not in levels:              # listed as unknown_to_edition in the rows by level
            return True
        if measure == "technical_certified":
            return levels[credential] in ("associate", "professional", "specialty")
        if measure == "professional_certified":
            return levels[credential] in ("professional", "specialty")
        raise KeyError(measure)

    def person_of(row):
        return row["person"] or row["id"]

    # the persons who have any row at this partner or at a subsidiary
    persons = []
    rows = of_companies(facts, "individuals", partner, moment)
    for r in rows:
        if person_of(r) not in persons:
            persons.append(person_of(r))

    value, counted, not_counted = 0, [], []
    for person in persons:
        # --- does the person count at the partner?
        row_reasons = []
        for r in rows:
            if person_of(r) != person:
                continue
            joined, left = opt_date(r["joined_on"]), opt_date(r["left_on"])
            if (r["consent"] or "yes") != "yes":
                row_reasons.append("no_consent")
            elif joined is not None and not moment.begun(joined):
                row_reasons.append("not_yet_joined")
            elif moment.over(left):
                row_reasons.append("left")
            else:
                row_reasons.append(None)
        person_reason = None
        if None not in row_reasons:
            person_reason = min(row_reasons, key=REASON_ORDER.index)

        # --- the credentials of the person, wherever they were recorded
        candidates = []
        for c in facts["credentials_of"].get(person, []):
            if not selected(c["credential"]):
                continue
            issued, last = parse_date(c["issued_on"]), opt_date(c["expires_on"])
            level = levels.get(c["credential"])
            if last is None and level is not None and level != "accreditation":
                last = add_months(issued, 36)
            if level is None:
                reason = "unknown_to_edition"
            elif person_reason is not None:
                reason = person_reason
            elif not moment.begun(issued):
                reason = "not_yet_issued"
            elif moment.over(last):
                reason = "expired"
            else:
                reason = None
            if reason is not None:
                not_counted.append((c["id"], "credential", person, reason))
            else:
                candidates.append((c["id"], LEVEL_RANK[level], last or date.max))

        if not candidates:
            continue
        # --- the highest level, then the latest last day, then the smallest id
        best = candidates[0]
        for c in candidates[1:]:
            if c[1] > best[1]:
                best = c
            elif c[1] == best[1] and c[2] > best[2]:
                best = c
            elif c[1] == best[1] and c[2] == best[2] and c[0] < best[0]:
                best = c
        value += 1
        counted.append((best[0], "credential", person))
        for c in candidates:
            if c[0] != best[0]:
                reason = "lower_level_than_counted" if c[1] < best[1] else "duplicate_person"
                not_counted.append((c[0], "credential", person, reason))
    return Fraction(value), counted, not_counted


def measure_opportunities(facts, partner, measure, moment, window):
    value, counted, not_counted = Fraction(0), [], []
    for o in of_partner(facts, "opportunities", partner):
        reason = None
        if o["stage"] != "Launched":
            reason = "not_launched"
        elif (o["review"] or "Approved") != "Approved":
            reason = "not_approved"
        elif not in_window(parse_date(o["launched_on"]), window, moment):
            reason = "outside_window"
        elif measure == "launched_mrr" and o["currency"] != CURRENCY:
            reason = "other_currency"
        if reason is not None:
            not_counted.append((o["id"], "opportunity", o["id"], reason))
        else:
            counted.append((o["id"], "opportunity", o["id"]))
            value += Fraction(o["expected_mrr"]) if measure == "launched_mrr" else 1
    return value, counted, not_counted


def measure_references(facts, partner, moment, window):
    counted, not_counted = [], []
    for r in of_partner(facts, "references", partner):
        withdrawn = opt_date(r["withdrawn_on"])
        reason = None
        if (r["kind"] or "public") != "public":
            reason = "not_public"
        elif withdrawn is not None and withdrawn <= moment.at:
            reason = "withdrawn"
        elif not in_window(parse_date(r["published_on"]), window, moment):
            reason = "outside_window"
        if reason is not None:
            not_counted.append((r["id"], "reference", r["id"], reason))
        else:
            counted.append((r["id"], "reference", r["id"]))
    return Fraction(len(counted)), counted, not_counted


def measure_ratings(facts, partner, moment, window):
    counted, not_counted = [], []
    for r in of_partner(facts, "ratings", partner):
        if in_window(parse_date(r["rated_on"]), window, moment):
            counted.append((r["id"], "rating", r["id"]))
        else:
            not_counted.append((r["id"], "rating", r["id"], "outside_window"))
    return Fraction(len(counted)), counted, not_counted


def measure_plan(facts, partner, moment):
    counted, not_counted = [], []
    for p in of_partner(facts, "business_plans", partner):
        validated, last = opt_date(p["validated_on"]), opt_date(p["valid_until"])
        if last is None and validated is not None:
            last = add_months(validated, 12)
        reason = None
        if moment.over(last):                    # documented order: expired stands before not_validated
            reason = "expired"
        elif validated is None or not moment.begun(validated):
            reason = "not_validated"
        if reason is not None:
            not_counted.append((p["id"], "business_plan", p["id"], reason))
        else:
            counted.append((p["id"], "business_plan", p["id"]))
    return Fraction(1 if counted else 0), counted, not_counted


def measure_validations(facts, partner, measure, moment):
    programs, counted, not_counted = [], [], []
    for v in of_companies(facts, "validations", partner, moment):
        program = v["program"]
        if measure == "ftr":
            mine = program == "ftr"
        elif measure == "validations_named":
            mine = program in ONE_OF_GROUP
        else:
            mine = program not in PROGRAM_CATEGORY or PROGRAM_CATEGORY[program] == "validation"
        if not mine:
            continue
        reason = None
        if program not in PROGRAM_CATEGORY:
            reason = "unknown_to_edition"
        elif not moment.begun(parse_date(v["granted_on"])):
            reason = "not_yet_issued"
        elif moment.over(opt_date(v["expires_on"])):
            reason = "expired"
        if reason is not None:
            not_counted.append((v["id"], "validation", v["id"], reason))
        else:
            counted.append((v["id"], "validation", v["id"]))
            if program not in programs or measure == "ftr":      # one for each offering
                programs.append(program)
    return Fraction(len(programs)), counted, not_counted


def measure_executive_review(facts, partner, moment):
    counted, not_counted = [], []
    for r in path_reviews(facts, partner):
        if r["kind"] != "executive_review":
            continue
        reason = None
        if not moment.begun(parse_date(r["on"])):
            reason = "not_yet_issued"
        elif moment.over(opt_date(r["valid_until"])):
            reason = "expired"
        if reason is not None:
            not_counted.append((r["id"], "review", r["id"], reason))
        else:
            counted.append((r["id"], "review", r["id"]))
    return Fraction(1 if counted else 0), counted, not_counted


def measure_sustained(facts, edition, partner, moment):
    """Largest n <= 12 such that on D and on D minus 1..n months all other Premier requirements were met."""
    n = 0
    if not premier_without_review_rows(facts, edition, partner, moment):
        return Fraction(0), [], []
    while n < 12:
        day = add_months(moment.at, -(n + 1))
        if not premier_without_review_rows(facts, edition, partner, Moment(day, moment.horizon)):
            break
        n += 1
    return Fraction(n), [], []


def premier_without_review_rows(facts, edition, partner, moment):
    for measure in measures_of(edition, partner["path"]):
        if measure == "sustained_months" or measure in SINCE_REVIEW_IN_BOTH:
            continue
        target = target_of(edition, partner["path"], measure, "premier", "upgrade")
        if target is None:
            continue
        value, _, _, _ = measure_in_column(facts, edition, partner, measure, "upgrade", moment)
        if value < target:
            return False
    return True


def measure_in_column(facts, edition, partner, measure, column, moment):
    """(value, window, counted, not_counted)"""
    key = (edition, partner["id"], measure, column, moment.at, moment.horizon)
    if key not in facts["cache"]:
        facts["cache"][key] = measure_in_column_(facts, edition, partner, measure, column, moment)
    return facts["cache"][key]


def measure_in_column_(facts, edition, partner, measure, column, moment):
    window = window_of(facts, partner, measure, column, moment)
    if COMPONENT[measure] == "knowledge":
        got = measure_people(facts, edition, partner, measure, moment)
    elif measure in ("launched_opportunities", "launched_mrr"):
        got = measure_opportunities(facts, partner, measure, moment, window)
    elif measure == "business_plan":
        got = measure_plan(facts, partner, moment)
    elif measure == "public_references":
        got = measure_references(facts, partner, moment, window)
    elif measure == "csat_responses":
        got = measure_ratings(facts, partner, moment, window)
    elif measure in ("validations", "validations_named", "ftr"):
        got = measure_validations(facts, partner, measure, moment)
    elif measure == "executive_review":
        got = measure_executive_review(facts, partner, moment)
    elif measure == "sustained_months":
        got = measure_sustained(facts, edition, partner, moment)
    else:
        raise KeyError(measure)
    return got[0], window, got[1], got[2]


def cell(facts, edition, partner, measure, column, tier, moment):
    value, window, counted, not_counted = measure_in_column(facts, edition, partner, measure, column, moment)
    target = target_of(edition, partner["path"], measure, tier, column)
    if target is None:
        state = "not_required"
    elif window[0] == "no_beginning":
        state = "unknown"
    elif value >= target:
        state = "met"
    else:
        state = "not_met"
    shown = {"value": show(value), "target": None if target is None else show(target), "state": state,
             "from": show_date(window[1]), "until": show_date(window[2])}
    return shown, counted, not_counted


def column_met(facts, edition, partner, column, tier, moment):
    """None when the column has no tier."""
    if tier is None:
        return None
    for measure in measures_of(edition, partner["path"]):
        if target_of(edition, partner["path"], measure, tier, column) is None:
            continue                             # not_required never blocks
        shown, _, _ = cell(facts, edition, partner, measure, column, tier, moment)
        if shown["state"] in ("not_met", "unknown"):
            return False
    return True


def merge_lists(per_column):
    """[(column, [entry tuples])] -> [dict with columns], one per distinct entry, sorted."""
    out = []
    for (column, entries) in per_column:
        for e in entries:
            for already in out:
                if already[0] == e:
                    already[1].append(column)
                    break
            else:
                out.append((e, [column]))
    result = []
    for (e, columns) in out:
        d = {"fact": e[0], "kind": e[1], "subject": e[2], "columns": columns}
        if len(e) == 4:
            d["reason"] = e[3]
        result.append(d)
    return sorted(result, key=lambda d: (d["fact"], d["columns"][0]))


# --------------------------------------------------------------------------- the scorecard

def next_tier(path, status, tier):
    tiers = tiers_of(path)
    if status == "unknown":
        return None
    if status == "none":
        return tiers[0]
    i = tiers.index(tier)
    return tiers[i + 1] if i + 1 < len(tiers) else None


def attained(facts, edition, partner, moment):
    best = None
    for tier in tiers_of(partner["path"]):
        if not column_met(facts, edition, partner, "upgrade", tier, moment):
            break
        best = tier
    return best


def review_forecast(facts, edition, partner, day):
    today = Moment(day)
    last = last_review_or_renewal(facts, partner, today)
    result = {"last_on": show_date(last), "due_on": None, "outcome": None, "to_tier": None, "grace_until": None}
    if last is None:
        return result
    due = add_months(last, 12)
    result["due_on"] = show_date(due)
    moment = Moment(due - days(1), day)           # nothing that begins after D is looked at
    status, tier = tier_on(facts, partner, today)   # the tier at stake is the one held now
    if status != "tier":
        return result
    result["to_tier"] = tier
    if column_met(facts, edition, partner, "renewal", tier, moment):
        result["outcome"] = "renew"
    else:
        result["outcome"] = "grace"
        result["grace_until"] = show_date(due + days(GRACE_DAYS))
    return result


def scorecard(facts, edition, partner, day, known_at_text):
    path, moment = partner["path"], Moment(day)
    status, held = tier_on(facts, partner, moment)
    above = next_tier(path, status, held)
    rows = []
    for measure in measures_of(edition, path):
        r_cell, r_counted, r_not = cell(facts, edition, partner, measure, "renewal", held, moment)
        u_cell, u_counted, u_not = cell(facts, edition, partner, measure, "upgrade", above, moment)
        rows.append({
            "measure": measure, "title": measure, "component": COMPONENT[measure],
            "renewal": r_cell, "upgrade": u_cell,
            "counted": merge_lists([("renewal", r_counted), ("upgrade", u_counted)]),
            "not_counted": merge_lists([("renewal", r_not), ("upgrade", u_not)]),
        })
    return {
        "partner": partner["id"], "network": "apn", "rulebook": edition, "as_of": day.isoformat(),
        "known_at": known_at_text, "path": path, "tier": held,
        "renewal": {"tier": held, "met": column_met(facts, edition, partner, "renewal", held, moment)},
        "upgrade": {"tier": above, "met": column_met(facts, edition, partner, "upgrade", above, moment)},
        "attained": attained(facts, edition, partner, moment),
        "review": review_forecast(facts, edition, partner, day),
        "support_discount": discount(facts, edition, partner, period_of(day)),
        "rows": rows,
    }


# --------------------------------------------------------------------------- the discount statement

def period_of(day):
    return "%04d-H%d" % (day.year, 1 if day.month <= 6 else 2)


def period_first_day(period):
    m = re.match(r"^(\d{4})-H([12])$", period)
    if not m:
        raise ValueError("not a period: %r" % period)
    return date(int(m[1]), 1 if m[2] == "1" else 7, 1)


def discount(facts, edition, partner, period):
    first = period_first_day(period)
    start, until = add_months(first, -6), first
    moment = Moment(first)

    # --- eligibility, on the first day of the period
    status, tier = tier_on(facts, partner, moment)
    eligibility = [{"rule": "path", "state": "met" if partner["path"] == "services" else "not_met"}]
    if status == "unknown":
        eligibility.append({"rule": "tier", "state": "unknown"})
    elif status == "none":
        eligibility.append({"rule": "tier", "state": "not_met"})
    else:
        eligibility.append({"rule": "tier", "state": "met" if tier in ("advanced", "premier") else "not_met", "detail": tier})
    eligibility.append({"rule": "standing", "state": "not_met" if suspended_on(facts, partner, moment) else "met"})
    enrolled = False
    for v in of_partner(facts, "validations", partner):
        if v["program"] == "solution_provider" and moment.begun(parse_date(v["granted_on"])) and not moment.over(opt_date(v["expires_on"])):
            enrolled = True
    eligibility.append({"rule": "solution_provider", "state": "met" if enrolled else "not_met"})
    eligible = all(e["state"] == "met" for e in eligibility)

    # --- cases: one denominator for both shares
    counted, not_counted, general, by_customer = [], [], 0, 0
    for c in of_partner(facts, "cases", partner):
        entry = {"fact": c["id"], "kind": "case", "subject": c["id"]}
        if not (start <= parse_date(c["opened_on"]) < until):
            not_counted.append(dict(entry, reason="outside_window"))
        elif (c["desk"] or "vendor") != "vendor":
            not_counted.append(dict(entry, reason="other_desk"))
        elif (c["support"] or "partner_led") != "partner_led":
            not_counted.append(dict(entry, reason="other_support"))
        else:
            counted.append(entry)
            general += c["resolution_code"] == "general-guidance"
            by_customer += c["opened_by"] == "customer"

    def by_fact(entries):
        return sorted([dict(e) for e in entries], key=lambda e: e["fact"])

    def share(measure, numerator, target):
        n = len(counted)
        value = Fraction(numerator, n) if n else Fraction(0)
        state = "unknown" if n == 0 else ("met" if value <= target else "not_met")
        return {"measure": measure, "value": show(value), "target": show(target), "n": n, "state": state,
                "points": "5" if state == "met" else "0", "counted": by_fact(counted), "not_counted": by_fact(not_counted)}

    measures = [share("case_quality", general, Fraction(10, 100)), share("case_ownership", by_customer, Fraction(5, 100))]

    # --- the survey: the mean of the responses' means
    s_counted, s_not, means = [], [], []
    for s in of_partner(facts, "survey_responses", partner):
        entry = {"fact": s["id"], "kind": "survey_response", "subject": s["id"]}
        if start <= parse_date(s["responded_on"]) < until:
            scores = [Fraction(x) for x in s["scores"].split(";")]
            means.append(sum(scores) / len(scores))
            s_counted.append(entry)
        else:
            s_not.append(dict(entry, reason="outside_window"))
    value = sum(means) / len(means) if means else Fraction(0)
    if not means:
        state = "unknown"
    elif len(means) < 10:
        state = "not_met"
    else:
        state = "met" if value >= Fraction(45, 10) else "not_met"
    measures.append({"measure": "quality_survey", "value": show(value), "target": "4.5", "n": len(means), "min_n": 10,
                     "state": state, "points": "5" if state == "met" else "0",
                     "counted": by_fact(s_counted), "not_counted": by_fact(s_not)})

    percent = 0
    if eligible:
        percent = min(40, 25 + sum(int(m["points"]) for m in measures))
    return {"partner": partner["id"], "network": "apn", "rulebook": edition, "period": period,
            "from": start.isoformat(), "until": until.isoformat(), "eligible": eligible, "eligibility": eligibility,
            "base_percent": "25", "measures": measures, "percent": str(percent)}


# --------------------------------------------------------------------------- command line

def edition_for(day, k):
    best = None
    for (name, published, in_force) in EDITIONS:
        if in_force <= day and (k is None or parse_time(published) <= k):
            best = name
    return best


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--as-of")
    p.add_argument("--known-at")
    p.add_argument("--rulebook", choices=[e[0] for e in EDITIONS])
    p.add_argument("--partner")
    p.add_argument("--discount", metavar="PERIOD")
    a = p.parse_args()
    if not a.as_of and not a.discount:
        p.error("--as-of or --discount is needed")
    k = parse_time(a.known_at) if a.known_at else None
    facts = read_folder(a.data, k)
    day = period_first_day(a.discount) if a.discount else parse_date(a.as_of)
    edition = a.rulebook or edition_for(day, k)
    if edition is None:
        print("no edition of apn is in force on %s as known at %s" % (day, a.known_at), file=sys.stderr)
        return 1
    partners = sorted(facts["partners"], key=lambda r: r["id"])
    if a.partner is not None:
        partners = [r for r in partners if r["id"] == a.partner]
        if not partners:
            print("no such partner", file=sys.stderr)
            return 1
    for partner in partners:
        if a.discount:
            out = discount(facts, edition, partner, a.discount)
        else:
            out = scorecard(facts, edition, partner, day, a.known_at)
        print(json.dumps(out, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
