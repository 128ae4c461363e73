#!/usr/bin/env python3
"""Small VALID random folders of facts for the network `apn`.

  random_folder.py --seed N --out DIR [--partners 4]

writes DIR/data/*.csv and DIR/as_of.txt (one "DATE[ KNOWN_AT]" a line).  Same seed and options, same bytes.
"""
import argparse
import calendar
import csv
import io
import os
import random
from datetime import date, timedelta

COLUMNS = {
    "partners": "id name path tier tier_since last_review_on last_renewal_on last_upgrade_on kinds country website domains standing parent",
    "reviews": "id partner path on kind tier valid_until",
    "affiliations": "id subsidiary primary from until",
    "individuals": "id partner person name emails joined_on left_on consent",
    "credentials": "id individual credential issued_on expires_on",
    "opportunities": "id partner customer title stage review expected_mrr currency launched_on closed_on use_case industry country",
    "references": "id partner customer opportunity kind published_on withdrawn_on",
    "ratings": "id partner customer score rated_on engagement consent consent_public comment",
    "business_plans": "id partner submitted_on validated_on valid_until",
    "validations": "id partner program granted_on expires_on",
    "cases": "id partner customer opened_on opened_by desk support severity resolved_on resolution_code",
    "survey_responses": "id partner customer responded_on scores",
    "events": "id partner kind subject on until amount currency attributes",
}
COLUMNS = {k: v.split() for k, v in COLUMNS.items()}
REQUIRED = {
    "partners": "id name path", "reviews": "id partner path on kind",
    "affiliations": "id subsidiary primary from", "individuals": "id partner name",
    "credentials": "id individual credential issued_on",
    "opportunities": "id partner customer stage expected_mrr currency", "references": "id partner customer published_on",
    "ratings": "id partner customer score rated_on", "business_plans": "id partner submitted_on",
    "validations": "id partner program granted_on", "cases": "id partner customer opened_on opened_by",
    "survey_responses": "id partner responded_on scores", "events": "id partner kind on",
}
REQUIRED = {k: v.split() for k, v in REQUIRED.items()}

TIERS = {"services": ["registered", "select", "advanced", "premier"],
         "software": ["registered", "validated", "differentiated"]}
ACCREDITATIONS = ["accreditation-technical", "accreditation-business", "accreditation-cloud-economics"]
FOUNDATIONAL = ["cloud-practitioner", "ai-practitioner"]
ASSOCIATE = ["solutions-architect-associate", "developer-associate", "sysops-administrator-associate",
             "data-engineer-associate", "machine-learning-engineer-associate"]
HIGH = ["solutions-architect-professional", "devops-engineer-professional", "advanced-networking-specialty",
        "security-specialty", "machine-learning-specialty", "database-specialty", "data-analytics-specialty", "sap-specialty"]
PROGRAMS = ["msp", "devops", "cloudops", "migration", "security", "data-analytics", "machine-learning"]
STAGES = ["Prospect", "Qualified", "Technical Validation", "Business Validation", "Committed", "Launched", "Closed Lost"]
REVIEWS = ["Pending Submission", "Submitted", "In review", "Action Required", "Approved", "Rejected"]
CODES = ["general-guidance", "configuration", "service-issue", "limit-increase", "billing", "feature-request", "no-response", "duplicate"]
KINDS = ["si", "consultancy", "agency", "msp", "var", "public_sector"]
TEXTS = ["", "plain", 'He said "yes", twice', "two\nlines", "comma, inside", "Grüße 東京 🚀", " spaces kept ", "semi;colon", "=1+1"]


def add_months(d, n):
    k = d.year * 12 + d.month - 1 + n
    y, m = k // 12, k % 12 + 1
    return date(y, m, min(d.day, calendar.monthrange(y, m)[1]))


def iso(d):
    return d.isoformat() if d else ""


class World:
    def __init__(self, seed, n_partners):
        self.r = random.Random(seed)
        r = self.r
        self.rows = {k: [] for k in COLUMNS}
        self.n_partners = n_partners
        self.serial = 0
        # columns dropped altogether in this folder (decided first: what is generated depends on it)
        self.dropped = {}
        for kind in COLUMNS:
            optional = [c for c in COLUMNS[kind] if c not in REQUIRED[kind]]
            p = r.choice([0, 0, 0, 0.15, 0.4])
            self.dropped[kind] = set(c for c in optional if r.random() < p)
        if "tier" in self.dropped["partners"]:
            self.dropped["partners"].add("tier_since")
        # the anchor: the main as-of day
        leap = [date(2024, 2, 29), date(2024, 2, 28), date(2024, 3, 1), date(2023, 2, 28), date(2025, 2, 28), date(2021, 2, 28)]
        ends = [date(y, m, calendar.monthrange(y, m)[1]) for y in range(2021, 2027) for m in range(1, 13)]
        rules = [date(2021, 1, 1), date(2024, 7, 9), date(2024, 7, 10), date(2024, 7, 11), date(2021, 7, 1), date(2022, 1, 1)]
        pick = r.random()
        if pick < 0.2:
            self.anchor = r.choice(leap)
        elif pick < 0.45:
            self.anchor = r.choice(ends)
        elif pick < 0.6:
            self.anchor = r.choice(rules)
        else:
            self.anchor = date(2021, 1, 1) + timedelta(days=r.randrange(0, 365 * 6))
        a = self.anchor
        half = date(a.year, 1 if a.month <= 6 else 7, 1)
        self.hot = [a, a, a, a + timedelta(1), a - timedelta(1), add_months(a + timedelta(1), -12),
                    add_months(a + timedelta(1), -12) - timedelta(1), add_months(a, -12), half, half - timedelta(1),
                    add_months(half, -6), add_months(half, -6) - timedelta(1), add_months(a, -6), add_months(a, 12),
                    date(2024, 2, 29), date(2020, 2, 29)]
        self.seen = []                      # dates at which something happens: candidates for as-of days
        # moments of knowledge
        self.clock = sorted("%sT%02d:%02d:%02dZ" % ((a + timedelta(days=r.randrange(-500, 120))).isoformat(),
                                                   r.randrange(24), r.randrange(60), r.randrange(60)) for _ in range(4))
        self.clock = [t for t in self.clock if t >= "2020-12-02"] or ["2020-12-05T00:00:00Z"]

    # ------------------------------------------------------------ helpers
    def id(self, prefix):
        self.serial += 1
        r = self.r
        style = r.randrange(6)
        return {0: "%s-%d", 1: "%s-%03d", 2: "%s%d", 3: "%s_%dA", 4: "%s.%d", 5: "%s-%d"}[style] % (
            prefix.upper() if style == 4 else prefix, self.serial)

    def has(self, kind, column):
        return column not in self.dropped[kind]

    def chance(self, p):
        return self.r.random() < p

    def near(self, spread=500, after=60):
        """A date: often hot, else somewhere before the anchor."""
        r = self.r
        p = r.random()
        if p < 0.25:
            d = r.choice(self.hot)
        elif p < 0.35:
            d = r.choice(self.hot) + timedelta(days=r.choice([-1, 1, 0, 2, -2]))
        else:
            d = self.anchor + timedelta(days=r.randrange(-spread, after))
        return d

    def within(self, lo, hi):
        return lo + timedelta(days=self.r.randrange(0, max(1, (hi - lo).days + 1)))

    def add(self, kind, row):
        for c in self.dropped[kind]:
            row.pop(c, None)
        self.rows[kind].append(row)
        return row

    # ------------------------------------------------------------ partners and their history
    def partners(self):
        r = self.r
        self.info = []
        for i in range(self.n_partners):
            pid = self.id(r.choice(["acme", "p", "Zeta", "north"]))
            path = "software" if self.chance(0.22) else "services"
            strength = r.choice([0, 1, 1, 2, 2, 3, 3])
            with_rows = self.chance(0.6)
            tiers = TIERS[path]
            clean_hint = strength > 0 and self.chance(0.4)
            row = {"id": pid, "name": "Partner %d%s" % (i, r.choice(["", ", Inc.", " \"x\""])), "path": path,
                   "kinds": ";".join(r.sample(KINDS, r.randrange(0, 3))), "country": r.choice(["", "DE", "IL", "US"]),
                   "website": r.choice(["", "https://example.com/%d" % i]),
                   "domains": r.choice(["", "d%d.example" % i, "d%d.example;e%d.example" % (i, i)]),
                   "parent": ""}
            if self.info and self.chance(0.2):
                row["parent"] = r.choice(self.info)["id"]
            if self.chance(0.85) or not with_rows:
                # shorthand (also beside review rows, where it must be ignored)
                row["tier"] = r.choice(["", tiers[min(len(tiers) - 1, strength)], r.choice(tiers)])
                if row["tier"]:
                    row["tier_since"] = iso(r.choice([None, self.near(1200), self.anchor - timedelta(r.randrange(400, 1500))]))
                if self.chance(0.75):
                    row["last_review_on"] = iso(self.review_day())
                if self.chance(0.4):
                    row["last_renewal_on"] = iso(self.review_day())
                if self.chance(0.3):
                    row["last_upgrade_on"] = iso(self.near(700))
                row["standing"] = r.choice(["", "good", "good", "suspended"])
                if clean_hint:
                    row["tier"], row["tier_since"], row["standing"] = tiers[min(len(tiers) - 1, r.choice([strength, max(0, strength - 1)]))], "", ""
                    row["last_review_on"] = iso(self.anchor - timedelta(days=r.randrange(150, 365)))
                    row["last_upgrade_on"] = ""
            self.add("partners", row)
            info = {"id": pid, "path": path, "strength": strength, "persons": [],
                    "clean": clean_hint}   # little noise: requirements get met
            self.info.append(info)
            if with_rows:
                self.history(info)

    def review_day(self):
        r = self.r
        p = r.random()
        if p < 0.25:
            return self.anchor - timedelta(days=r.choice([0, 0, 1, 364, 365, 366, 367, 364 + 90]))
        if p < 0.35:
            return add_months(self.anchor, -12) + timedelta(days=r.choice([-1, 0, 1]))
        if p < 0.42:
            return date(2024, 2, 29) if self.anchor >= date(2024, 1, 1) else date(2020, 2, 29)
        return self.near(800, 90)

    def history(self, info):
        r, path = self.r, info["path"]
        tiers = TIERS[path]

        def row(on, kind, tier="", valid_until=None, p=None):
            self.seen.append(on)
            self.add("reviews", {"id": self.id("rv"), "partner": info["id"], "path": p or path, "on": iso(on),
                                 "kind": kind, "tier": tier, "valid_until": iso(valid_until)})

        if self.chance(0.04):                 # rows of the other path only
            other = "software" if path == "services" else "services"
            row(self.near(1000), "enrolment", "registered", p=other)
            return
        if info["clean"]:
            goal = min(info["strength"], len(tiers) - 1)
            row(self.anchor - timedelta(days=r.randrange(1200, 1500)), "enrolment", tiers[0])
            row(self.anchor - timedelta(days=r.randrange(1000, 1100)), "upgrade", tiers[max(0, goal - r.choice([0, 1]))])
            row(self.anchor - timedelta(days=r.randrange(200, 365)), r.choice(["review", "renewal"]), "")
            on = self.anchor - timedelta(days=r.randrange(200, 1000))
            row(on, "executive_review", "", r.choice([None, None, max(on, self.anchor)]))
            return
        day = self.anchor - timedelta(days=r.randrange(200, 1500))
        if self.chance(0.08):
            day = self.near(100, 100)
        level = 0
        if self.chance(0.75):
            row(day, "enrolment", r.choice([tiers[0], tiers[0], ""]))
        goal = min(info["strength"], len(tiers) - 1)
        first = True
        for _ in range(r.randrange(0, 7)):
            day = day + timedelta(days=r.choice([0, 30, 180, 365, 366, r.randrange(1, 500)]))
            if day > self.anchor + timedelta(days=200):
                break
            kind = r.choice(["review", "renewal", "upgrade", "upgrade", "downgrade", "review"])
            if first and r.random() < 0.5 and level < goal:
                kind = "upgrade"
            first = False
            if kind == "upgrade":
                level = max(level, min(len(tiers) - 1, r.choice([level + 1, goal])))
            elif kind == "downgrade":
                level = max(0, level - 1)
            row(day, kind, r.choice([tiers[level], tiers[level], tiers[level], ""]) if kind in ("review", "renewal") else tiers[level])
            if self.chance(0.12):             # several rows on one day
                row(day, r.choice(["review", "renewal", "downgrade", "upgrade"]), tiers[r.randrange(len(tiers))])
        if self.chance(0.6):
            row(self.review_day(), r.choice(["review", "renewal"]), r.choice(["", tiers[goal]]))
        if self.chance(0.1):
            other = "software" if path == "services" else "services"
            row(self.near(), "enrolment", "registered", p=other)
        # decisions
        for _ in range(r.choice([0, 1, 1, 2]) if info["strength"] < 3 else r.choice([1, 2])):
            on = self.near(700)
            if info["strength"] == 3 and self.chance(0.7):
                on = self.anchor - timedelta(days=r.randrange(300, 900))
            row(on, "executive_review", "", r.choice([None, max(on, self.near(100, 300)), max(on, self.anchor), add_months(on, 12)]))
        used = set()
        for _ in range(r.choice([0, 0, 1, 2])):
            on = self.near(500)
            if on in used:
                continue
            used.add(on)
            row(on, "suspended", "", r.choice([None, None, max(on, self.near(100, 200)), on]))
            if self.chance(0.6):
                off = on + timedelta(days=r.choice([1, 2, 30, 90, 200]))
                if off not in used:
                    used.add(off)
                    row(off, "reinstated")

    # ------------------------------------------------------------ affiliations
    def affiliations(self):
        """Never a cycle: one way through the list of partners, or round only one after the other."""
        r = self.r
        ids = [info["id"] for info in self.info]
        if self.chance(0.5):
            ids.reverse()

        def row(subsidiary, primary, on, until):
            self.seen += [on] + ([until] if until else [])
            self.add("affiliations", {"id": self.id("af"), "subsidiary": subsidiary, "primary": primary,
                                      "from": iso(on), "until": iso(until)})

        if len(ids) < 2 or self.chance(0.25):
            return
        for _ in range(r.randrange(1, 2 + len(ids))):
            primary = r.randrange(0, len(ids) - 1)
            subsidiary = r.randrange(primary + 1, len(ids))
            on = r.choice([self.near(900), self.anchor - timedelta(days=r.randrange(400, 1500))])
            until = r.choice([None, None, on, max(on, self.near(200, 200)), max(on, self.anchor + timedelta(days=r.randrange(0, 2)))])
            row(ids[subsidiary], ids[primary], on, until)
        if self.has("affiliations", "until") and self.chance(0.2):
            # the first two change places, on a day before everything else
            first, turn = self.anchor - timedelta(days=4000), self.anchor - timedelta(days=3000)
            row(ids[0], ids[1], first, turn)
            row(ids[1], ids[0], turn, None)

    # ------------------------------------------------------------ people
    def people(self):
        r = self.r
        carriers = []                         # (person, partner) to reuse: same human elsewhere
        for info in self.info:
            n = {0: 0, 1: 10, 2: 18, 3: 46}[info["strength"]] if info["clean"] else {0: r.randrange(0, 5), 1: r.randrange(3, 9), 2: r.randrange(9, 18), 3: r.randrange(28, 50)}[info["strength"]]
            if info["path"] == "software":
                n = min(n, 6)
            steady = 0.97 if info["clean"] else 0.9 if info["strength"] >= 2 else 0.55
            for _ in range(n):
                iid = self.id("i")
                person = r.choice(["", "", "h-%d" % self.serial])
                if carriers and self.chance(0.06):
                    person = r.choice(carriers)
                ok = self.chance(steady)
                joined = self.near(900) if not ok else (self.anchor - timedelta(days=r.randrange(600, 1500)) if self.chance(0.8) else None)
                left = None
                if not ok and self.chance(0.5) or self.chance(0.03):
                    left = self.near(300, 200)
                    if joined and left < joined and self.has("individuals", "joined_on"):
                        left = joined + timedelta(days=r.choice([0, 1, 40]))
                consent = r.choice(["", "yes"]) if ok else r.choice(["", "yes", "yes", "no"])
                emails = r.choice(["", "%s@example.com" % iid, "%s@example.com;%s@corp.example" % (iid, iid)])
                self.add("individuals", {"id": iid, "partner": info["id"], "person": person, "name": r.choice(["Ana", "Bo", "José", "李"]) + " %d" % self.serial,
                                         "emails": emails, "joined_on": iso(joined), "left_on": iso(left), "consent": consent})
                info["persons"].append(iid)
                if person:
                    carriers.append(person)
                self.credentials(info, iid)
                # the same human: another row at the same partner, or a move to another one
                if self.chance(0.12):
                    second, human = self.id("i"), person
                    if not human:
                        human = iid           # `person` defaults to the id: a row may point at it
                    there = info if self.chance(0.5) else r.choice(self.info)
                    start = (left or self.near(300)) + timedelta(days=r.choice([-30, 0, 1, 1, 40]))
                    end = r.choice([None, None, start + timedelta(days=r.choice([0, 1, 100, 400]))])
                    self.add("individuals", {"id": second, "partner": there["id"], "person": human, "name": "Again %d" % self.serial,
                                             "emails": "", "joined_on": iso(start), "left_on": iso(end),
                                             "consent": r.choice(["", "yes", "yes", "no"])})
                    if self.chance(0.5):
                        self.credentials(there, second)

    def credentials(self, info, iid):
        r = self.r
        strong = {0: 0.3, 1: 0.55, 2: 0.75, 3: 0.93}[info["strength"]]
        if info["clean"]:
            strong = 0.97

        def give(credential, ok):
            if ok and self.chance(0.88):
                issued = self.anchor - timedelta(days=r.randrange(450, 1000))
            else:
                p = r.random()
                if p < 0.3:                   # expires by the catalogue around a hot day
                    issued = add_months(r.choice(self.hot), -36) + timedelta(days=r.choice([-1, 0, 0, 1]))
                else:
                    issued = self.near(1300, 60)
            expires = None
            p = r.random()
            if p < 0.1:
                expires = max(issued, r.choice(self.hot))
            elif p < 0.16:
                expires = max(issued, self.near(200, 400))
            elif p < 0.2:
                expires = add_months(issued, 36)
            self.add("credentials", {"id": self.id(r.choice(["cred", "c"])), "individual": iid, "credential": credential,
                                     "issued_on": iso(issued), "expires_on": iso(expires)})

        if self.chance(strong):
            which = r.choice([[0], [1], [0, 1], [0, 1]]) if info["strength"] < 3 else r.choice([[0, 1], [0, 1], [0]])
            for w in which:
                give(ACCREDITATIONS[w], True)
        if self.chance(0.08):
            give(ACCREDITATIONS[2], True)
        if self.chance(strong * 0.7):
            give("cloud-practitioner", True)
        if self.chance(0.07):
            give("ai-practitioner", True)
        if self.chance(strong):
            p = r.random()
            if p < 0.5:
                give(r.choice(ASSOCIATE[:3]), True)
            else:
                give(r.choice(HIGH), True)
                if self.chance(0.4):
                    give(r.choice(ASSOCIATE), True)
        if self.chance(0.1):
            give(r.choice(ASSOCIATE[3:]), True)
        if self.chance(0.18):
            give(r.choice(ASSOCIATE + HIGH + FOUNDATIONAL + ACCREDITATIONS), False)
        if self.chance(0.06):                 # twins: same credential, same day, ids decide
            twin = r.choice(ASSOCIATE + HIGH + FOUNDATIONAL + ACCREDITATIONS)
            day, end = self.near(900), r.choice([None, self.anchor + timedelta(days=r.randrange(0, 500))])
            for _ in range(2):
                self.add("credentials", {"id": self.id(r.choice(["cred", "c"])), "individual": iid, "credential": twin,
                                         "issued_on": iso(day), "expires_on": iso(max(day, end) if end else None)})

    # ------------------------------------------------------------ experience
    def mrr(self, strength):
        r = self.r
        if strength >= 3 and self.chance(0.8):
            return r.choice(["1200", "1000.5", "999.99", "1500", "2000"])
        return r.choice(["500", "500", "333.33", "0", "0.000000000000000001", "1234.5", "1500", "250.25", "1000", "99.999999999999999999"[:18]])

    def experience(self):
        r = self.r
        for info in self.info:
            s, soft = info["strength"], info["path"] == "software"
            n = {0: r.randrange(0, 4), 1: r.randrange(2, 9), 2: r.randrange(15, 34), 3: r.choice([60, 90, 150, 190, 210])}[s]
            if info["clean"]:
                n = {1: 9, 2: 50, 3: 215}[s]
            if soft:
                n = min(n, 4)
            opps = []
            for _ in range(n):
                good = self.chance(0.98 if info["clean"] else 0.93 if s >= 2 else 0.7) and self.has("opportunities", "launched_on")
                stage = "Launched" if good else r.choice(STAGES)
                if stage == "Launched" and not self.has("opportunities", "launched_on"):
                    stage = "Committed"
                if info["clean"] and s < 3 and self.chance(0.8):
                    launched = self.anchor - timedelta(days=r.randrange(0, 300))
                elif s == 3 and self.chance(0.9):
                    launched = self.anchor - timedelta(days=r.randrange(0, r.choice([366, 760, 760])))
                elif s == 2 and self.chance(0.6):
                    launched = self.anchor - timedelta(days=r.randrange(0, 380))
                else:
                    launched = self.near(500, 40)
                if stage != "Launched" and self.chance(0.7):
                    launched = None
                closed = None
                if stage == "Closed Lost" and not launched:
                    closed = self.near()
                elif launched and self.chance(0.1):
                    closed = launched + timedelta(days=r.randrange(0, 300))
                review = r.choice(["", "Approved"]) if self.chance(0.93 if s >= 2 else 0.8) else r.choice(REVIEWS)
                oid = self.id(r.choice(["opp", "o"]))
                opps.append(oid)
                self.add("opportunities", {
                    "id": oid, "partner": info["id"], "customer": "cust-%d" % r.randrange(30), "title": r.choice(TEXTS),
                    "stage": stage, "review": review, "expected_mrr": self.mrr(s),
                    "currency": "USD" if self.chance(0.94 if s >= 2 else 0.85) else r.choice(["EUR", "GBP", "ILS"]),
                    "launched_on": iso(launched), "closed_on": iso(closed), "use_case": r.choice(["", "AI"]),
                    "industry": r.choice(["", "Other"]), "country": r.choice(["", "FR"])})
            # references and ratings
            for _ in range(r.choice([0, 1, 2, 3]) + (r.randrange(0, 12) if s >= 2 else 0) + 5 * info["clean"]):
                pub = self.near(450, 40) if self.chance(0.5) else self.anchor - timedelta(days=r.randrange(0, 120))
                gone = None
                if self.chance(0.2):
                    gone = max(pub, self.near(100, 120))
                self.add("references", {"id": self.id("ref"), "partner": info["id"], "customer": "cust-%d" % r.randrange(30),
                                        "opportunity": r.choice(opps) if opps and self.chance(0.5) else "",
                                        "kind": r.choice(["", "public", "public", "public", "private"]),
                                        "published_on": iso(pub), "withdrawn_on": iso(gone)})
            for _ in range(r.choice([0, 3, 6, 7]) + (r.randrange(0, 50) if s >= 2 else 0) + 12 * s * info["clean"]):
                on = self.near(450, 40) if self.chance(0.5) else self.anchor - timedelta(days=r.randrange(0, 120))
                self.add("ratings", {"id": self.id("csat"), "partner": info["id"], "customer": "cust-%d" % r.randrange(30),
                                     "score": str(r.randrange(1, 6)), "rated_on": iso(on), "engagement": r.choice(["", "migration"]),
                                     "consent": r.choice(["", "yes", "no"]), "consent_public": r.choice(["", "yes", "no"]),
                                     "comment": r.choice(TEXTS)})
            # business plans
            plans = r.choice([0, 1, 1, 2]) if s < 2 else r.choice([1, 2, 2])
            if info["clean"] or s == 3 and self.chance(0.8):   # renewed every year without a gap
                day = self.anchor - timedelta(days=r.randrange(20, 350))
                for back in (0, 12, 24):
                    v = add_months(day, -back)
                    self.add("business_plans", {"id": self.id("bp"), "partner": info["id"], "submitted_on": iso(v - timedelta(days=9)),
                                                "validated_on": iso(v), "valid_until": ""})
            for _ in range(plans):
                sub = self.near(450, 20)
                if self.chance(0.25):
                    sub = add_months(self.anchor, -12) + timedelta(days=r.choice([-1, 0, 1]))
                val = r.choice([None, sub, sub, sub + timedelta(days=r.randrange(0, 40))])
                until = r.choice([None, None, max(val or sub, self.near(60, 300))])
                if val is None and self.chance(0.8):
                    until = None
                self.add("business_plans", {"id": self.id("bp"), "partner": info["id"], "submitted_on": iso(sub),
                                            "validated_on": iso(val), "valid_until": iso(until)})
            # validations
            programs = ["solution_provider"] * (info["clean"] and self.chance(0.8))
            programs += [r.choice(PROGRAMS + ["ftr", "solution_provider", "distribution"]) for _ in range(r.choice([0, 0, 1, 2]))]
            if s == 3:
                programs += r.sample(PROGRAMS, r.choice([4, 5, 6] if info["clean"] else [2, 3, 4, 5]))
            if not soft and s >= 2 and self.chance(0.75):
                programs.append("solution_provider")
            if soft and self.chance(0.85):
                programs += ["ftr"] * r.choice([1, 1, 2]) + (r.sample(PROGRAMS, 1) if s >= 2 else [])
            for program in programs:
                steady = self.chance(0.95 if info["clean"] else 0.65)
                on = self.anchor - timedelta(days=r.randrange(500, 1200)) if steady else self.near(700, 40)
                last = r.choice([None, None, None, max(on, r.choice(self.hot)), add_months(on, 24), max(on, self.near(60, 300))])
                if steady and s == 3 and self.chance(0.8):
                    last = None
                self.add("validations", {"id": self.id("val"), "partner": info["id"], "program": program, "granted_on": iso(on), "expires_on": iso(last)})

    # ------------------------------------------------------------ support
    def support(self):
        r = self.r
        a = self.anchor
        half = date(a.year, 1 if a.month <= 6 else 7, 1)
        lo, hi = add_months(half, -6), half - timedelta(1)
        for info in self.info:
            if self.chance(0.12):
                continue
            happy = r.choice([[5, 4], [5, 5, 4], [5, 5, 4], [5, 4, 3], [1, 2, 3, 4, 5]])
            n = r.choice([0, 3, 10, 20, 20, 21, 33, 40, 40])
            own, general = r.choice([0, 0.05, 0.15]), r.choice([0, 0.08, 0.1, 0.3])
            for k in range(n):
                exact = self.chance(0.85)
                on = self.within(lo, hi) if exact else r.choice([lo, hi, lo - timedelta(1), half, a, self.near()])
                done = on + timedelta(days=r.choice([0, 1, 5, 40])) if self.chance(0.7) else None
                code = "general-guidance" if k < general * n else r.choice([""] + CODES[1:])
                odd = self.chance(0.08)
                self.add("cases", {"id": self.id("case"), "partner": info["id"], "customer": "cust-%d" % r.randrange(30),
                                   "opened_on": iso(on), "opened_by": "customer" if k >= n - own * n else "partner",
                                   "desk": r.choice(["vendor", "partner"]) if odd else r.choice(["", "vendor"]),
                                   "support": r.choice(["partner_led", "resold", "direct"]) if odd else r.choice(["", "partner_led"]),
                                   "severity": r.choice(["", "low", "normal", "high", "urgent", "critical"]),
                                   "resolved_on": iso(done), "resolution_code": code})
            for _ in range(r.choice([0, 2, 9, 10, 11, 12, 14, 16])):
                on = self.within(lo, hi) if self.chance(0.9) else r.choice([lo, hi, lo - timedelta(1), half, self.near()])
                mood = happy
                scores = [str(r.choice(mood)) for _ in range(r.choice([1, 2, 3, 3, 6, 7]))]
                self.add("survey_responses", {"id": self.id("sr"), "partner": info["id"],
                                              "customer": r.choice(["", "cust-%d" % r.randrange(30)]),
                                              "responded_on": iso(on), "scores": ";".join(scores)})

    # ------------------------------------------------------------ versions
    def versions(self):
        r = self.r
        for kind in COLUMNS:
            if self.chance(0.4):
                self.dropped[kind].add("recorded_at")
                self.dropped[kind].add("retracted_at")
                continue
            p = r.choice([0.03, 0.1, 0.25])
            gentle = kind in ("partners", "individuals", "opportunities")   # others refer to them
            out = []
            for row in self.rows[kind]:
                if not self.chance(p):
                    out.append(row)
                    continue
                t = sorted(r.sample(self.clock, min(len(self.clock), r.choice([1, 1, 2]))))
                form = r.randrange(4)
                if gentle and form in (0, 1):
                    form = 2
                if form == 0:                 # learned late
                    out.append(dict(row, recorded_at=t[0], retracted_at=t[1] if len(t) > 1 and t[1] > t[0] else ""))
                elif form == 1:               # retracted
                    out.append(dict(row, recorded_at="", retracted_at=t[0]))
                else:                         # corrected: [start, t0) and [t0 or later, ...)
                    old = self.altered(kind, row)
                    out.append(dict(old, recorded_at="", retracted_at=t[0]))
                    again = t[1] if len(t) > 1 and not gentle else t[0]
                    out.append(dict(row, recorded_at=again, retracted_at=""))
            r.shuffle(out)
            self.rows[kind] = out

    def altered(self, kind, row):
        """The same id with another value; still valid."""
        r, row = self.r, dict(row)

        def d(c):
            v = row.get(c, "")
            return date.fromisoformat(v) if v else None

        if kind == "partners":
            row["name"] += " (old)"
            if self.has(kind, "tier"):
                row["tier"] = r.choice(["registered", row.get("tier", "")])
                if not row["tier"] and self.has(kind, "tier_since"):
                    row["tier_since"] = ""
            if self.has(kind, "last_review_on") and self.chance(0.5):
                row["last_review_on"] = iso(self.review_day())
        elif kind == "individuals":
            what = r.randrange(3)
            if what == 0 and self.has(kind, "consent"):
                row["consent"] = "no"
            elif what == 1 and self.has(kind, "left_on"):
                row["left_on"] = iso(max(d("joined_on") or date(2015, 1, 1), self.near(200, 30)))
            elif what == 2:
                row["partner"] = r.choice(self.info)["id"]
        elif kind == "credentials":
            row["credential"] = r.choice(ASSOCIATE + HIGH + FOUNDATIONAL + ACCREDITATIONS)
        elif kind == "opportunities":
            row["expected_mrr"] = r.choice(["1", "20000", "0.5"])
            if self.chance(0.5) and row.get("launched_on"):
                row["launched_on"] = iso(min(self.near(), d("closed_on") or date(2100, 1, 1)))
        elif kind == "references":
            row["published_on"] = iso(min(self.near(), d("withdrawn_on") or date(2100, 1, 1)))
        elif kind == "ratings":
            row["rated_on"] = iso(self.near())
        elif kind == "business_plans":
            row["submitted_on"] = iso(d("submitted_on") - timedelta(days=3))
            if self.has(kind, "valid_until"):
                row["valid_until"] = iso(max(d("validated_on") or d("submitted_on"), self.near(50, 300)))
        elif kind == "validations":
            row["program"] = r.choice(PROGRAMS + ["ftr", "solution_provider"])
        elif kind == "cases":
            row["opened_by"] = "partner" if row["opened_by"] == "customer" else "customer"
        elif kind == "survey_responses":
            row["scores"] = r.choice(["5", "4;5;5", "1"])
        elif kind == "affiliations":
            if self.has(kind, "until"):       # never longer, so that there is no cycle
                on = date.fromisoformat(row["from"])
                row["until"] = iso(min(d("until") or date(2100, 1, 1), max(on, self.near(300, 100))))
        elif kind == "reviews":
            if row["kind"] in ("review", "renewal", "upgrade"):
                row["on"] = iso(d("on") - timedelta(days=r.choice([1, 30])))
        return row

    # ------------------------------------------------------------ writing
    def as_of_lines(self):
        r = self.r
        days, lines = [self.anchor], []
        pool = list(self.hot) + self.seen
        for kind, column in (("partners", "last_review_on"), ("credentials", "expires_on"), ("validations", "expires_on"),
                             ("opportunities", "launched_on"), ("individuals", "left_on"), ("business_plans", "validated_on"),
                             ("reviews", "valid_until"), ("affiliations", "from"), ("affiliations", "until"), ("references", "withdrawn_on")):
            have = [row[column] for row in self.rows[kind] if row.get(column)]
            for v in r.sample(have, min(2, len(have))):
                d = date.fromisoformat(v)
                pool += [d, d, d + timedelta(1), d - timedelta(1)]
        for row in self.rows["credentials"]:
            if not row.get("expires_on") and self.chance(0.02):
                pool.append(add_months(date.fromisoformat(row["issued_on"]), 36) + timedelta(days=r.choice([0, 1])))
        r.shuffle(pool)
        near = [d for d in pool if abs((d - self.anchor).days) < 400]
        for d in near + pool:
            if d >= date(2021, 1, 1) and d not in days:
                days.append(d)
            if len(days) == 6:
                break
        for d in days:
            lines.append(d.isoformat())
        recorded = sorted(set(row[c] for kind in COLUMNS for row in self.rows[kind]
                              for c in ("recorded_at", "retracted_at") if row.get(c)))
        for t in r.sample(recorded, min(3, len(recorded))):
            lines.append("%s %s" % (r.choice(days[:3]).isoformat(), t))
        if recorded:
            lines.append("%s %s" % (self.anchor.isoformat(), "2020-12-01T00:00:00Z"))
        return lines

    def write(self, out):
        r = self.r
        data = os.path.join(out, "data")
        os.makedirs(data, exist_ok=True)
        for old in os.listdir(data):
            if old.endswith(".csv"):
                os.remove(os.path.join(data, old))
        for kind in COLUMNS:
            rows = self.rows[kind]
            if not rows and kind != "partners" and self.chance(0.7):
                continue
            header = [c for c in COLUMNS[kind] + ["recorded_at", "retracted_at"] if c not in self.dropped[kind]]
            if self.chance(0.5):
                r.shuffle(header)
            f = io.StringIO(newline="")
            w = csv.writer(f, lineterminator=r.choice(["\n", "\n", "\r\n"]),
                           quoting=csv.QUOTE_ALL if self.chance(0.15) else csv.QUOTE_MINIMAL)
            w.writerow(header)
            for row in rows:
                w.writerow([row.get(c, "") for c in header])
            with open(os.path.join(data, kind + ".csv"), "wb") as g:
                g.write((b"\xef\xbb\xbf" if self.chance(0.15) else b"") + f.getvalue().encode("utf-8"))
        with open(os.path.join(out, "as_of.txt"), "w") as g:
            g.write("\n".join(self.as_of_lines()) + "\n")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--partners", type=int, default=4)
    a = p.parse_args()
    w = World(a.seed, a.partners)
    w.partners()
    w.affiliations()
    w.people()
    w.experience()
    w.support()
    w.versions()
    w.write(a.out)


if __name__ == "__main__":
    main()
