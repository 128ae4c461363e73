"""Writes the demonstration network beside this file: `python3 write.py`.

The same bytes every time, from what stands here and in ../web-services-guru. Days are counted back
from the last day of the story. README.md tells the story; a test holds the folder equal to what
this writes.
"""

import csv
import io
import sys
import unicodedata
from datetime import date, timedelta
from pathlib import Path

TODAY = date(2026, 11, 15)
HERE = Path(__file__).resolve().parent
GURU = HERE.parent / "web-services-guru"
# The day from which the older folder is looked at, so far from today.
LATER = TODAY - date(2026, 6, 30)
# Edges of windows, in days back: nothing happens within five days of one, so that months of other
# lengths, after the network is moved to another day, change no number.
CLEAR = 5

COLUMNS = {
    "partners": "id name path kinds country website domains parent",
    "reviews": "id partner path on kind tier valid_until",
    "affiliations": "id subsidiary primary from until",
    "individuals": "id partner person name emails joined_on left_on consent",
    "credentials": "id individual credential issued_on expires_on",
    "opportunities": "id partner customer title stage review expected_mrr currency launched_on closed_on "
    "use_case industry country",
    "references": "id partner customer opportunity kind published_on withdrawn_on",
    "ratings": "id partner customer score rated_on engagement consent consent_public comment",
    "business_plans": "id partner submitted_on validated_on valid_until",
    "validations": "id partner program granted_on expires_on",
    "cases": "id partner customer opened_on opened_by desk support severity resolved_on resolution_code",
    "survey_responses": "id partner customer responded_on scores",
    "events": "id partner kind subject on until amount currency attributes",
}
COLUMNS = {kind: names.split() + ["recorded_at", "retracted_at"] for kind, names in COLUMNS.items()}
# The day that dates a row, by which it is also known when the network learned of it.
DATED = {
    "reviews": "on", "affiliations": "from", "individuals": "joined_on",
    "credentials": "issued_on", "opportunities": "launched_on", "references": "published_on",
    "ratings": "rated_on", "business_plans": "submitted_on", "validations": "granted_on",
    "cases": "opened_on", "survey_responses": "responded_on", "events": "on",
}
rows = {kind: [] for kind in COLUMNS}


def back(days):
    """The day so many days before the last."""
    return TODAY - timedelta(days=days)


def add(kind, /, **cells):
    cells = {name.rstrip("_"): value for name, value in cells.items()}
    unknown = set(cells) - set(COLUMNS[kind])
    assert not unknown, unknown
    rows[kind].append(cells)
    return cells


def moment(days, hour=9, minute=0, second=0):
    return f"{back(days)}T{hour:02}:{minute:02}:{second:02}Z"


def correct(kind, id, found, wrong, entered=None):
    """A row was entered with wrong cells, and put right so many days ago."""
    right = next(row for row in rows[kind] if row["id"] == id)
    version = dict(right, **wrong)
    if entered is not None:
        version["recorded_at"] = moment(entered, 10, 42)
    version["retracted_at"] = right["recorded_at"] = moment(found, 14, 3, 10)
    rows[kind].insert(rows[kind].index(right), version)


# --- Words ----------------------------------------------------------------------------------------

FIRST = """Aiko Bram Chidi Dalia Emre Freya Goran Hana Idris Jolene Kofi Lena Mateo Nadia Otieno Petra Quentin
Rania Sione Tova Umar Vera Wiremu Ximena Yara Zoltan Anouk Bolaji Cato Devi Eero Fatou Gwen Hiro Ines
Jomo Katja Luan Mina Nils Olga Pavel""".split()
LAST = """Abara Bergstrom Castellanos Dlamini Eriksen Fonseca Ghosh Haddad Ibarra Jansen Kimani Lindqvist Moreau
Ngata Okafor Petrov Quispe Ranaweera Silva Tanaka Ueda Vargas Whaanga Xiong Yildiz Zhou Amsel Banerjee Cruz
Duarte Eklund Faraday Grau Holm Iyer Jarvi Koroma""".split()
CUSTOMERS = """amber-cycles bay-orchards cedar-bank delta-museum ember-freight flint-foods grove-clinics
heron-press iris-retail jasper-mining kestrel-air lagoon-hotels maple-schools north-council orchid-energy
pine-insurance quay-logistics reed-textiles slate-housing thistle-media umber-telecom vale-university
willow-care yarrow-farms""".split()
INDUSTRY = """retail food finance culture logistics food health media retail mining transport travel education
government energy insurance logistics retail housing media telecom education health food""".split()
WORK = [
    ("Web shop", "web-shop-migration"), ("Databases", "database-migration"),
    ("Leave the data centre", "data-centre-exit"), ("Landing zone", "landing-zone"),
    ("Delivery pipelines", "devops"), ("Off-site backup", "backup"),
    ("Reports and analytics", "analytics"), ("Back office", "erp-migration"),
    ("WordPress site", "wordpress-migration"), ("Virtual desktops", "desktop-migration"),
]
COMMENTS = {
    5: ["Quiet nights since the move.", "They asked what we feared, and began there.",
        "Our own people run it now.", "Every invoice could be explained.", ""],
    4: ["Good work; the plan came late.", "Would ask them again.", "Friendly, and a little slow on Fridays.", ""],
    3: ["Fine in the end, after two attempts.", "The handover notes were thin."],
    2: ["We waited three weeks for an answer."],
}
ASSOCIATE = ["solutions-architect-associate", "developer-associate", "sysops-administrator-associate",
             "data-engineer-associate"]
HIGH = ["solutions-architect-professional", "devops-engineer-professional", "security-specialty",
        "advanced-networking-specialty"]

people = 0


def plain(text):
    text = unicodedata.normalize("NFKD", text.replace("ı", "i")).encode("ascii", "ignore").decode()
    return text.lower().replace(" ", "-").replace("'", "")


def name():
    global people
    first = FIRST[people % len(FIRST)]
    last = LAST[(people // len(FIRST) * 11 + people * 5) % len(LAST)]
    people += 1
    return f"{first} {last}"


# --- A partner from its figures -------------------------------------------------------------------


def clear(days, edges):
    """Moves a day away from the edges of windows."""
    for edge in edges:
        if edge - CLEAR < days <= edge:
            return edge - CLEAR
        if edge < days < edge + CLEAR:
            return edge + CLEAR
    return days


def staff(id, domain, technical, high, foundational, accredited, lapsing=()):
    """People with certificates first, those of sales last. `accredited` is (technical, business)."""
    count = max(technical + 1, accredited[0] + accredited[1], foundational)
    for index in range(count):
        who, row = name(), f"{id}-{index + 1:02}"
        add("individuals", id=row, partner=id, name=who,
            emails=f"{plain(who).replace('-', '.')}@{domain}",
            joined_on=back(700 + (index * 331 + len(id) * 53) % 1900))
        if index < accredited[0]:
            add("credentials", id=f"{row}-at", individual=row, credential="accreditation-technical",
                issued_on=back(200 + (index * 97) % 430))
        if index >= count - accredited[1]:
            add("credentials", id=f"{row}-ab", individual=row, credential="accreditation-business",
                issued_on=back(220 + (index * 83) % 410))
        if index >= count - foundational:
            ago = 190 + (index * 113) % 480
            if count - index - 1 < len(lapsing):
                ago = 1096 - lapsing[count - index - 1]
            add("credentials", id=f"{row}-cp", individual=row, credential="cloud-practitioner",
                issued_on=back(ago))
        if index < technical:
            what = ASSOCIATE[(index + len(id)) % len(ASSOCIATE)]
            add("credentials", id=f"{row}-as", individual=row, credential=what,
                issued_on=back(150 + (index * 131) % 510))
        if index < high:
            what = HIGH[(index + len(id)) % len(HIGH)]
            add("credentials", id=f"{row}-hi", individual=row, credential=what,
                issued_on=back(130 + (index * 149) % 500))


def launches(id, country, a_year, mrr, edges, years=2, customers=CUSTOMERS):
    """So many launches a year, back from ten days ago, with pipeline behind them."""
    if not a_year:
        return
    each = 365 / a_year
    number = int((365 * years - 10) / each)
    for index in range(number):
        days = clear(int(8 + (number - 1 - index) * each), [365, *edges])
        at = (index * 7 + len(id)) % len(customers)
        title, use = WORK[(index * 3 + len(id)) % len(WORK)]
        add("opportunities", id=f"{id}-opp-{index + 1:03}", partner=id, customer=customers[at], title=title,
            stage="Launched", review="Approved", expected_mrr=mrr + (index * 37) % 90 * 5 - 220,
            currency="USD", launched_on=back(days), use_case=use,
            industry=INDUSTRY[CUSTOMERS.index(customers[at])] if customers[at] in CUSTOMERS else "nonprofit",
            country=country)


STAGES = [
    ("Prospect", "Pending Submission"), ("Qualified", "Submitted"), ("Technical Validation", "In review"),
    ("Business Validation", "Approved"), ("Committed", "Approved"), ("Closed Lost", "Approved"),
    ("Closed Lost", "Rejected"),
]


def pipeline(id, country, count, mrr):
    for index in range(count):
        stage, review = STAGES[(index + len(id)) % len(STAGES)]
        at = (index * 5 + len(id) * 3) % len(CUSTOMERS)
        title, use = WORK[(index * 3 + 1 + len(id)) % len(WORK)]
        add("opportunities", id=f"{id}-lead-{index + 1}", partner=id, customer=CUSTOMERS[at], title=title,
            stage=stage, review=review, expected_mrr=mrr + index * 60, currency="USD",
            closed_on=back(40 + index * 50) if stage == "Closed Lost" else "", use_case=use,
            industry=INDUSTRY[at], country=country)


def voices(id, count, scores):
    """Ratings and references, spread over the year."""
    for index in range(count):
        score = scores[index % len(scores)]
        comments = COMMENTS[score]
        days = 20 + (count - 1 - index) * (330 // max(count, 1))
        consent = (index + len(id)) % 3 != 0
        customer = CUSTOMERS[(index * 7 + len(id)) % len(CUSTOMERS)]
        add("ratings", id=f"{id}-rat-{index + 1}", partner=id, customer=customer, score=score,
            rated_on=back(days), consent="yes" if consent else "no",
            consent_public="yes" if consent and index % 2 == 0 else "no",
            comment=comments[(index + len(id)) % len(comments)])
        if index % 2 == 0:
            add("references", id=f"{id}-ref-{index // 2 + 1}", partner=id, customer=customer,
                kind="private" if index % 4 == 2 else "public", published_on=back(max(days - 15, 6)))


def desk(id, guidance, opened, survey):
    """Twenty-one months of cases, five a month, and of survey responses, as many on each stretch.

    `guidance` and `opened`: one case in so many is general guidance, or opened by a customer.
    `survey` is how many answers there are in ten weeks, and their scores in turn.
    """
    codes = ["configuration", "service-issue", "limit-increase", "billing", "configuration", "no-response",
             "feature-request"]
    severities = ["normal", "low", "normal", "high", "normal", "urgent", "low"]
    count = 640 // 6
    for index in range(count):
        days = 4 + (count - 1 - index) * 6
        add("cases", id=f"{id}-case-{index + 1:03}", partner=id,
            customer=CUSTOMERS[(index * 5 + len(id)) % len(CUSTOMERS)], opened_on=back(days),
            opened_by="customer" if opened and index % opened == 1 else "partner",
            desk="vendor", support="partner_led", severity=severities[index % len(severities)],
            resolved_on=back(days - 1 - index % 3),
            resolution_code="general-guidance" if guidance and index % guidance == 3
            else codes[index % len(codes)])
    every, scores = survey
    count = 640 // every
    for index in range(count):
        add("survey_responses", id=f"{id}-sur-{index + 1:02}", partner=id,
            customer=CUSTOMERS[(index * 3 + len(id)) % len(CUSTOMERS)],
            responded_on=back(6 + (count - 1 - index) * every), scores=scores[index % len(scores)])


def charges(id, amount):
    """What Partner-Led Support cost, month by month for twenty-one months."""
    for index in range(21):
        add("events", id=f"{id}-charge-{index + 1:02}", partner=id, kind="support-charge",
            on=back(10 + (20 - index) * 30), amount=f"{amount + index * 7 + index * index % 40}.{index * 5 % 100:02}",
            currency="USD")


def history(id, path, *steps):
    for index, (days, kind, tier, *until) in enumerate(steps):
        add("reviews", id=f"{id}-rev-{index + 1}", partner=id, path=path, on=back(days), kind=kind,
            tier=tier, valid_until=back(until[0]) if until else "")


def partner(id, title, path, country, kinds="", parent=""):
    domain = f"{id}.example"
    add("partners", id=id, name=title, path=path, kinds=kinds, country=country,
        website=f"https://{domain}", domains=domain, parent=parent)
    return domain


def services(id, title, country, kinds, steps, people, work, plan=(), programs=(), lapsing=(), parent="",
             customers=CUSTOMERS):
    """A partner on the services path. `people` is (technical, high, foundational, (accredited)),
    `work` (launches a year, mean revenue, leads)."""
    domain = partner(id, title, "services", country, kinds, parent)
    history(id, "services", *steps)
    staff(id, domain, *people, lapsing=lapsing)
    last = [days for days, kind, *_ in steps if kind in ("enrolment", "review", "renewal", "upgrade")]
    launches(id, country, work[0], work[1], last[-1:], customers=customers)
    pipeline(id, country, work[2], work[1])
    for index, days in enumerate(plan):
        add("business_plans", id=f"{id}-plan-{index + 1}", partner=id, submitted_on=back(days + 21),
            validated_on=back(days))
    grants(id, programs)


def grants(id, programs):
    for program, granted, *until in programs:
        same = sum(row["partner"] == id and row["program"] == program for row in rows["validations"])
        add("validations", id=f"{id}-{program}{f'-{same + 1}' if same else ''}", partner=id,
            program=program, granted_on=back(granted), expires_on=back(until[0]) if until else "")


def software(id, title, country, steps, programs=()):
    domain = partner(id, title, "software", country)
    history(id, "software", *steps)
    staff(id, domain, 2, 0, 1, (2, 1))
    launches(id, country, 5, 900, [])
    grants(id, programs)


# --- The partner in the middle --------------------------------------------------------------------

GOVERNMENT = "tamarua-digital"
UNITS = {
    "ministry-of-ports": "Ministry of Ports", "ministry-of-archives": "Ministry of Archives",
    "ministry-of-fisheries": "Ministry of Fisheries", "ministry-of-rural-roads": "Ministry of Rural Roads",
    "land-registry-tamarua": "Land Registry", "agency-for-school-meals": "Agency for School Meals",
}


def moved(text):
    """A day or moment of the older folder, moved to this one."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return str(day + LATER) + text[10:] if len(text) in (10, 20) else text


def guru():
    """Web Services Guru four and a half months after the day of its own folder. What its ministries
    asked for is asked by the agency that runs their IT."""
    for kind in COLUMNS:
        path = GURU / f"{kind}.csv"
        if not path.exists():
            continue
        for row in csv.DictReader(path.open(encoding="utf-8")):
            row = {name: moved(value) for name, value in row.items()}
            unit = UNITS.get(row.get("customer"))
            if unit:
                row["customer"] = GOVERNMENT
                if "title" in row:
                    row["title"] += f" ({unit})"
                    row["country"] = ""
            if kind != "partners":
                for name in ("id", "individual", "opportunity", "engagement"):
                    if row.get(name):
                        row[name] = f"guru-{row[name]}"
            if kind != "reviews":
                rows[kind].append(row)
    # The year in which the four reviews fell is another one: the next is due in eighty days.
    history("web-services-guru", "services", (1480, "enrolment", "registered"), (1020, "upgrade", "select"),
            (650, "review", "select"), (285, "renewal", "select"))
    one = {row["id"]: row for kind in rows for row in rows[kind]}
    # Away from the edges of windows.
    one["guru-opp-33"]["launched_on"] = back(374)
    one["guru-opp-34"]["launched_on"] = back(354)
    one["guru-opp-50"]["launched_on"] = back(30)
    one["guru-opp-51"]["launched_on"] = back(9)
    # Nothing but what is planned lies ahead.
    one["guru-opp-56"].update(stage="Committed", launched_on="")
    one["guru-rat-20"]["rated_on"] = back(12)
    one["guru-val-3"]["granted_on"] = back(18)
    one["guru-val-3"]["expires_on"] = back(18 - 1095)
    # Three who passed together lapse a week before the review.
    one["guru-cred-21"]["issued_on"] = one["guru-cred-20"]["issued_on"]
    one["guru-plan-2025"]["valid_until"] = back(-70)
    # One renewed early, so that two certificates stand for one person.
    add("credentials", id="guru-cred-43", individual="guru-ind-06",
        credential="sysops-administrator-associate", issued_on=back(44))
    add("affiliations", id="guru-blueheron", subsidiary="blue-heron", primary="web-services-guru",
        from_=back(300), until="")


# --- The network ----------------------------------------------------------------------------------


def network():
    guru()
    services("harakeke", "Harakeke Cloud", "NZ", "msp",
             [(2600, "enrolment", "registered"), (1500, "upgrade", "advanced"), (695, "renewal", "advanced"),
              (330, "renewal", "advanced")],
             (9, 4, 6, (6, 6)), (26, 720, 6), plan=(700, 340), lapsing=(41,),
             programs=[("msp", 700, -395), ("cloudops", 500, -595), ("solution_provider", 900)])
    # Handed over by Web Services Guru.
    for index, (unit, days, mrr) in enumerate([("Ministry of Ports", 140, 640), ("Ministry of Archives", 72, 510),
                                               ("Land Registry", 27, 880)]):
        add("opportunities", id=f"harakeke-gov-{index + 1}", partner="harakeke", customer=GOVERNMENT,
            title=f"Daily operations ({unit})", stage="Launched", review="Approved", expected_mrr=mrr,
            currency="USD", launched_on=back(days), use_case="managed-operations", industry="government")
    add("ratings", id="harakeke-rat-gov", partner="harakeke", customer=GOVERNMENT, score=5, rated_on=back(33),
        engagement="harakeke-gov-1", consent="yes", consent_public="yes",
        comment="They ring before we notice.")
    add("references", id="harakeke-ref-gov", partner="harakeke", customer=GOVERNMENT,
        opportunity="harakeke-gov-1", kind="public", published_on=back(24))
    desk("harakeke", 15, 0, (9, ["5;5;4", "5;5;5", "4;5;5"]))
    charges("harakeke", 690)

    services("grand-meridian", "Grand Meridian", "US", "si;consultancy",
             [(3400, "enrolment", "registered"), (2300, "upgrade", "advanced"), (1200, "executive_review", "", 450),
              (1190, "upgrade", "premier"), (470, "executive_review", "", -250), (700, "renewal", "premier"),
              (335, "renewal", "premier")],
             (29, 13, 12, (13, 12)), (62, 1020, 9), plan=(640, 275), lapsing=(70,),
             programs=[("migration", 900, -190), ("devops", 640, -455), ("security", 500, -590),
                       ("solution_provider", 1200)])
    desk("grand-meridian", 15, 0, (8, ["5;4;5", "5;5;5", "5;5;4"]))
    charges("grand-meridian", 4200)
    services("tidewater-group", "Tidewater Group", "GB", "si",
             [(3000, "enrolment", "registered"), (2100, "upgrade", "advanced"), (800, "executive_review", "", -20),
              (790, "upgrade", "premier"), (320, "renewal", "premier")],
             (25, 11, 10, (11, 10)), (52, 1010, 5), plan=(710, 345), lapsing=(28, 36),
             programs=[("migration", 800, -48), ("cloudops", 600, -495), ("data-analytics", 480, -615),
                       ("solution_provider", 1100)])
    desk("tidewater-group", 15, 5, (8, ["5;4;5", "5;5;5", "5;5;4"]))

    services("monsoon-stack", "Monsoon Stack", "IN", "si;msp",
             [(2000, "enrolment", "registered"), (900, "upgrade", "advanced"), (545, "renewal", "advanced"),
              (180, "renewal", "advanced")],
             (10, 4, 5, (6, 5)), (30, 640, 5), plan=(560, 195),
             programs=[("machine-learning", 300, -795), ("solution_provider", 700)])
    desk("monsoon-stack", 15, 5, (9, ["5;5;4", "5;5;5", "4;5;5"]))
    services("ledgerline", "Ledgerline Resale", "NL", "var",
             [(2200, "enrolment", "registered"), (1100, "upgrade", "advanced"), (610, "renewal", "advanced"),
              (245, "renewal", "advanced")],
             (7, 3, 5, (5, 6)), (24, 560, 4), plan=(590, 228), programs=[("solution_provider", 1000)])
    desk("ledgerline", 4, 0, (30, ["5;4;5", "4;5;5"]))
    services("nordlys", "Nordlys Consulting", "NO", "consultancy",
             [(1900, "enrolment", "registered"), (820, "upgrade", "advanced"), (340, "renewal", "advanced")],
             (7, 3, 4, (4, 5)), (23, 610, 5), plan=(680, 315), lapsing=(52,),
             programs=[("migration", 400, -700), ("solution_provider", 640)])
    desk("nordlys", 4, 5, (9, ["4;4;4", "5;4;4", "4;3;5"]))
    charges("nordlys", 310)
    services("fjord-and-field", "Fjord & Field", "DK", "consultancy;agency",
             [(1700, "enrolment", "registered"), (690, "upgrade", "advanced"), (310, "renewal", "advanced")],
             (8, 3, 5, (5, 4)), (25, 590, 4), plan=(340,), lapsing=(18,))
    services("quarry-bay", "Quarry Bay Systems", "SG", "si",
             [(2100, "enrolment", "registered"), (960, "upgrade", "advanced"), (595, "renewal", "advanced"),
              (230, "renewal", "advanced"), (215, "suspended", ""), (141, "reinstated", "")],
             (7, 4, 4, (5, 4)), (22, 600, 4), plan=(520, 160), programs=[("solution_provider", 800)])
    services("copperline", "Copperline Works", "ZA", "si",
             [(1300, "enrolment", "registered"), (800, "upgrade", "select"), (425, "renewal", "select"),
              (242, "upgrade", "advanced"), (61, "renewal", "advanced")],
             (7, 3, 4, (4, 4)), (27, 580, 5), plan=(240,), programs=[("solution_provider", 236)])
    desk("copperline", 15, 0, (30, ["5;5;5", "5;4;5"]))
    services("old-mill", "Old Mill Hosting", "PL", "msp",
             [(2000, "enrolment", "registered"), (1100, "upgrade", "advanced"), (520, "renewal", "advanced"),
              (64, "downgrade", "select"), (64, "review", "select")],
             (4, 1, 4, (4, 4)), (13, 540, 3), plan=(440,), programs=[("solution_provider", 900)])

    services("pipeline-foundry", "Pipeline Foundry", "IL", "consultancy",
             [(1200, "enrolment", "registered"), (700, "upgrade", "select"), (323, "renewal", "select")],
             (9, 4, 5, (5, 5)), (25, 560, 6), plan=(120,), programs=[("devops", 100, -995)])
    services("acacia-digital", "Acacia Digital", "KE", "consultancy",
             [(1000, "enrolment", "registered"), (620, "upgrade", "select"), (265, "renewal", "select")],
             (5, 2, 3, (4, 3)), (14, 420, 4), plan=(200,), lapsing=(33,))
    services("civic-works", "Civic Works", "FJ", "public_sector",
             [(1400, "enrolment", "registered"), (760, "upgrade", "select"), (342, "renewal", "select")],
             (3, 1, 3, (3, 3)), (9, 380, 3))
    services("delta-agile", "Delta Agile", "BR", "agency",
             [(1250, "enrolment", "registered"), (735, "upgrade", "select"), (371, "renewal", "select")],
             (4, 1, 3, (3, 3)), (10, 450, 3))
    services("sundial", "Sundial IT", "MX", "si",
             [(1500, "enrolment", "registered"), (770, "upgrade", "select"), (389, "renewal", "select")],
             (1, 0, 3, (3, 2)), (8, 400, 2))
    services("caravel-networks", "Caravel Networks", "PT", "var",
             [(2300, "enrolment", "registered"), (850, "upgrade", "select"), (280, "renewal", "select")],
             (5, 2, 3, (4, 4)), (24, 590, 4), plan=(150,), programs=[("distribution", 1100)])
    services("caravel-iberia", "Caravel Iberia", "ES", "si",
             [(700, "enrolment", "registered"), (220, "upgrade", "select")],
             (3, 1, 2, (2, 2)), (6, 410, 2), parent="caravel-networks")
    services("tamarack-data", "Tamarack Data", "CA", "consultancy",
             [(900, "enrolment", "registered"), (560, "upgrade", "select"), (205, "renewal", "select")],
             (6, 3, 4, (4, 4)), (21, 430, 4), plan=(90,), programs=[("data-analytics", 300, -790)])
    services("blue-ledger", "Blue Ledger", "IE", "consultancy",
             [(1600, "enrolment", "registered"), (840, "upgrade", "advanced"), (290, "renewal", "advanced"),
              (38, "suspended", "", -52)],
             (7, 3, 4, (4, 4)), (22, 560, 3), plan=(280,), programs=[("solution_provider", 600)])
    services("bright-harbour", "Bright Harbour Agency", "AU", "agency",
             [(118, "enrolment", "registered")],
             (1, 0, 2, (2, 1)), (0, 350, 4))
    services("blue-heron", "Blue Heron", "NZ", "consultancy",
             [(1100, "enrolment", "registered"), (190, "renewal", "registered")],
             (1, 0, 0, (1, 1)), (2, 300, 1), parent="web-services-guru")
    services("kitestring", "Kitestring Labs", "EE", "consultancy", [],
             (2, 0, 1, (2, 1)), (3, 320, 2))

    software("pressroom", "Pressroom Software", "DE",
             [(900, "enrolment", "registered"), (500, "upgrade", "validated"), (299, "renewal", "validated")],
             [("ftr", 510, -580)])
    software("thriftmeter", "Thriftmeter", "US",
             [(1400, "enrolment", "registered"), (800, "upgrade", "validated"), (430, "upgrade", "differentiated"),
              (160, "renewal", "differentiated")],
             [("ftr", 1300, 210), ("ftr", 220, -870), ("cloudops", 440, -650)])
    software("solo-suite", "Solo Suite", "SE",
             [(260, "enrolment", "registered")], [])
    software("lumen-forms", "Lumen Forms", "JP",
             [(1000, "enrolment", "registered"), (700, "upgrade", "validated"), (350, "renewal", "validated")],
             [("ftr", 1060, -34)])
    software("quiet-signal", "Quiet Signal", "CH",
             [(1700, "enrolment", "registered"), (640, "upgrade", "differentiated"), (275, "renewal", "differentiated")],
             [("ftr", 650, -440), ("security", 1040, -56)])

    for id, count, scores in [
        ("harakeke", 5, [5, 5, 4]), ("grand-meridian", 9, [5, 4, 5, 3]), ("tidewater-group", 7, [4, 3, 5]),
        ("monsoon-stack", 5, [5, 4]), ("ledgerline", 4, [4, 3]), ("nordlys", 5, [3, 4, 2]),
        ("fjord-and-field", 4, [5, 4]), ("copperline", 5, [5, 5, 4]), ("old-mill", 4, [3, 2]),
        ("pipeline-foundry", 7, [5, 5, 4]), ("acacia-digital", 4, [5, 4]), ("civic-works", 3, [4]),
        ("delta-agile", 3, [4, 5]), ("tamarack-data", 4, [5, 4]), ("thriftmeter", 3, [5]),
        ("quiet-signal", 2, [4]),
    ]:
        voices(id, count, scores)
    non_profit()
    comings_and_goings()
    affiliations()
    twists()


def non_profit():
    """One non-profit, a partner for each continent and a reseller for the bills."""
    customer = "wells-and-bridges"
    for id, country, title, days, mrr in [
        ("nordlys", "NO", "Donations platform (Europe)", 210, 780), ("nordlys", "DE", "Member registry (Europe)", 66, 640),
        ("acacia-digital", "KE", "Field reports (East Africa)", 190, 460),
        ("acacia-digital", "UG", "Well maintenance (East Africa)", 47, 380),
        ("ledgerline", "NL", "One bill for all franchises", 300, 1450),
    ]:
        same = sum(row["partner"] == id and row["customer"] == customer for row in rows["opportunities"])
        add("opportunities", id=f"{id}-wells-{same + 1}", partner=id, customer=customer, title=title,
            stage="Launched", review="Approved", expected_mrr=mrr, currency="USD", launched_on=back(days),
            use_case="nonprofit", industry="nonprofit", country=country)
    add("ratings", id="acacia-digital-rat-wells", partner="acacia-digital", customer=customer, score=5,
        rated_on=back(29), consent="yes", consent_public="yes",
        comment="Reports arrive from villages that had no line last year.")
    # The maker of a single-tenant suite keeps its customers' bills apart by a reseller.
    for index, tenant in enumerate(["slate-housing", "vale-university", "willow-care"]):
        add("opportunities", id=f"ledgerline-solo-{index + 1}", partner="ledgerline", customer="solo-suite",
            title=f"Account of its own: {tenant}", stage="Launched", review="Approved", expected_mrr=310 + index * 45,
            currency="USD", launched_on=back(250 - index * 90), use_case="resale", industry="software",
            country="SE")


def person(id, at, who, joined, left=None, emails=None, consent="yes", same=None):
    domain = next(row["domains"] for row in rows["partners"] if row["id"] == at).split(";")[0]
    add("individuals", id=id, partner=at, person=same or "", name=who,
        emails=emails or f"{plain(who).replace('-', '.')}@{domain}", joined_on=back(joined),
        left_on="" if left is None else back(left), consent=consent)


def holds(row, what, issued, until=None):
    number = sum(held["individual"] == row for held in rows["credentials"])
    add("credentials", id=f"{row}-c{number + 1}", individual=row, credential=what, issued_on=back(issued),
        expires_on="" if until is None else back(until))


def comings_and_goings():
    # The third professional of Old Mill went to Copperline, which became Advanced with her.
    person("old-mill-rosa", "old-mill", "Róża Wilczek", 1500, 262, same="roza-wilczek")
    person("copperline-rosa", "copperline", "Róża Wilczek", 255,
           emails="roza@copperline.example;roza.wilczek@mail.example", same="roza-wilczek")
    holds("old-mill-rosa", "solutions-architect-professional", 610)
    person("old-mill-piotr", "old-mill", "Piotr Zaremba", 1300, 97)
    holds("old-mill-piotr", "devops-engineer-professional", 540)
    # Sundial's second certified person left, and with him the review's outcome.
    person("sundial-left", "sundial", "Baltasar Quiroga", 1200, 45)
    holds("sundial-left", "solutions-architect-associate", 700)
    # Joiners.
    person("bright-harbour-new", "bright-harbour", "Tess Okonjo", 33)
    holds("bright-harbour-new", "cloud-practitioner", 15)
    person("fjord-and-field-soon", "fjord-and-field", "Asbjørn Toft", -16)
    holds("fjord-and-field-soon", "security-specialty", 380)
    # Who does not want to be counted.
    person("nordlys-quiet", "nordlys", "Sunniva Rask", 900, consent="no")
    holds("nordlys-quiet", "solutions-architect-professional", 420)
    person("tidewater-quiet", "tidewater-group", "Alasdair Munro", 1500, consent="no")
    holds("tidewater-quiet", "security-specialty", 300)
    # Renewed early, renewed late, and not at all.
    holds("harakeke-01", "solutions-architect-professional", 28)
    holds("nordlys-02", "developer-associate", 1130, 35)
    holds("nordlys-02", "developer-associate", 20)
    holds("monsoon-stack-03", "security-specialty", 1240, 145)
    holds("acacia-digital-02", "data-analytics-specialty", 1100, 6)
    holds("grand-meridian-05", "accreditation-cloud-economics", 200)
    holds("pipeline-foundry-06", "ai-practitioner", 90)


def affiliations():
    add("affiliations", id="caravel", subsidiary="caravel-iberia", primary="caravel-networks", from_=back(219))
    add("affiliations", id="caravel-before", subsidiary="bright-harbour", primary="caravel-networks",
        from_=back(110), until=back(52))


def twists():
    """What was entered wrongly, taken back, rejected, or not in dollars."""
    for number in range(3, 43, 4):
        row = next(row for row in rows["opportunities"] if row["id"] == f"tamarack-data-opp-{number:03}")
        row["currency"] = "EUR" if number % 8 == 3 else "CAD"
    for id, review in [("fjord-and-field-opp-048", "Rejected"), ("acacia-digital-opp-026", "Action Required"),
                       ("civic-works-opp-017", "Submitted"), ("caravel-networks-opp-046", "In review"),
                       ("bright-harbour-lead-1", "Rejected")]:
        next(row for row in rows["opportunities"] if row["id"] == id)["review"] = review
    for id, days in [("nordlys-ref-1", 90), ("grand-meridian-ref-2", 44), ("pipeline-foundry-ref-1", 120)]:
        next(row for row in rows["references"] if row["id"] == id)["withdrawn_on"] = back(days)
    add("business_plans", id="tidewater-group-plan-3", partner="tidewater-group", submitted_on=back(11))
    add("business_plans", id="caravel-iberia-plan-1", partner="caravel-iberia", submitted_on=back(26))
    # Put right in the course of the year.
    correct("opportunities", "monsoon-stack-opp-036", 262, {"expected_mrr": 6400}, 284)
    correct("opportunities", "copperline-opp-034", 240, {"review": "In review"}, 259)
    correct("opportunities", "pipeline-foundry-opp-041", 75, {"stage": "Committed", "launched_on": ""}, 130)
    correct("ratings", "nordlys-rat-2", 190, {"score": 1}, 250)
    correct("individuals", "monsoon-stack-04", 205, {"consent": "no"}, 400)
    correct("credentials", "ledgerline-02-as", 155, {"credential": "developer-associate"}, 350)
    correct("validations", "quiet-signal-security", 20, {"expires_on": back(4)}, 370)
    correct("cases", "grand-meridian-case-070", 170, {"resolution_code": "general-guidance"}, 215)
    correct("partners", "caravel-iberia", 215, {"name": "Caravel España", "parent": ""}, 700)
    # Taken back.
    add("opportunities", id="delta-agile-twice", partner="delta-agile", customer="cedar-bank",
        title="Databases (entered twice)", stage="Launched", review="Approved", expected_mrr=900, currency="USD",
        launched_on=back(160), use_case="database-migration", industry="finance", country="BR",
        recorded_at=moment(158, 8, 15), retracted_at=moment(131, 16, 48, 30))
    add("credentials", id="sundial-mistaken", individual="sundial-02", credential="solutions-architect-associate",
        issued_on=back(290), recorded_at=moment(285), retracted_at=moment(92, 11, 20))
    add("references", id="civic-works-taken-back", partner="civic-works", customer="north-council", kind="public",
        published_on=back(80), recorded_at=moment(79), retracted_at=moment(50, 15))
    add("survey_responses", id="tidewater-group-doubled", partner="tidewater-group", customer="cedar-bank",
        responded_on=back(140), scores="1;1;1", recorded_at=moment(139), retracted_at=moment(136, 9, 30))


# --- Writing --------------------------------------------------------------------------------------


def learned(kind, row, index):
    """When the network learned of a row of the last year: some days after it happened, and before
    the story ends. Older rows have always been known."""
    if kind not in DATED or row.get("recorded_at"):
        return row.get("recorded_at", "")
    day = row.get("resolved_on") or row.get(DATED[kind])
    if not day:
        return ""
    ago = (TODAY - date.fromisoformat(str(day))).days
    if ago > 395:
        return ""
    if ago < 0:
        return moment(20 + index % 9, 11, index % 60)
    return moment(max(ago - 1 - index % 4, 1), 8 + index % 9, index * 7 % 60, index * 13 % 60)


# What is only known of a row later, by the day that tells when: until then there is another version.
LATER_KNOWN = {
    "individuals": ("left_on", ["left_on"]),
    "references": ("withdrawn_on", ["withdrawn_on"]),
    "business_plans": ("validated_on", ["validated_on", "valid_until"]),
}


def versions(kind, row):
    """The row, or where its end was learned of in the last year, two versions of it."""
    column, hidden = LATER_KNOWN.get(kind, ("", []))
    day = str(row.get(column) or "")
    if not day or not 0 < (ago := (TODAY - date.fromisoformat(day)).days) <= 395:
        return [row]
    known = moment(ago - 1, 16, 5)
    assert row["recorded_at"] < known, row
    before = dict(row, retracted_at=known, **{name: "" for name in hidden})
    return [before, dict(row, recorded_at=known)]


def write(folder):
    for kind, columns in COLUMNS.items():
        text = io.StringIO()
        out = csv.writer(text, lineterminator="\n")
        out.writerow(columns)
        seen = {}
        for index, row in enumerate(rows[kind]):
            row["recorded_at"] = learned(kind, row, index)
            assert row["id"] not in seen or row["recorded_at"], row
            seen[row["id"]] = True
            for version in versions(kind, row):
                out.writerow([version.get(name, "") for name in columns])
        (folder / f"{kind}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")


network()
write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
