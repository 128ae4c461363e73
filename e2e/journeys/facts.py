"""Facts: corrected with the effect in view, by two at a time, brought in by the folder."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from world import LEAD, MANAGER, PARTNER, TEAM, World, journey

FACT = "/facts/opportunities/guru-opp-51"
SCORECARD = f"/partners/{PARTNER}/scorecard"
REVENUE = "Expected monthly revenue"


@journey("a correction, with its effect before it is saved")
def correction(world: World) -> None:
    browser = world.person(TEAM, FACT)
    browser.follow("Correct")
    browser.expect_path(f"{FACT}/correct")
    assert browser.field(REVENUE).get_attribute("value") == "640.25"
    browser.fill(REVENUE, "a lot")
    browser.wait(lambda: browser.has("#effect .not-yet"), lambda: "the effect does not say why")
    browser.press("Show the effect")
    assert browser.has(".field.has-problem"), "the problem stands beside the field"
    assert browser.field(REVENUE).get_attribute("value") == "a lot", "it stays as typed"
    # The missing 599.50: the row is met from here on.
    browser.fill(REVENUE, "1239.75")
    browser.see("becomes met")
    browser.see("9,400.5", "10,000")
    browser.arrived()
    browser.press("Save the correction")
    browser.expect_path(FACT)
    browser.see("corrected. What it said before is in its history.", "640.25", "1,239.75")
    browser.see("Duc Pham")
    browser.open(SCORECARD)
    browser.see_not("9,400.5")


@journey("two people correct one fact, and the second sees the difference")
def conflict(world: World) -> None:
    one, other = world.person(LEAD, f"{FACT}/correct"), world.somebody_else()
    other.sign_in(TEAM, f"{FACT}/correct")
    other.fill(REVENUE, "700")
    other.press("Save the correction")
    other.expect_path(FACT)
    one.fill(REVENUE, "800")
    one.fill("Title", "File servers, and the map room")
    # It is told while typing, before anything is sent.
    one.see("somebody else changed this fact since you opened it")
    one.press("Show the difference")
    one.see("Somebody else changed this fact since you opened it")
    difference = one.css("table.conflict").text
    for value in ("640.25", "700", "800"):
        assert value in difference.replace(",", ""), difference
    assert one.field("Title").get_attribute("value") == "File servers, and the map room"
    # Theirs is right about the revenue, and the title stays as typed.
    row = one.css("table.conflict input[name='take.expected_mrr'][value=theirs]")
    one.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", row)
    row.click()
    one.press("Save the correction")
    one.expect_path(FACT)
    one.see("File servers, and the map room", "700")
    one.open(f"{FACT}/correct")
    assert one.field(REVENUE).get_attribute("value") == "700"


@journey("a fact is added and retracted")
def add_and_retract(world: World) -> None:
    browser = world.person(TEAM, f"/partners/{PARTNER}/facts")
    browser.follow("Opportunities")
    browser.follow("Add")
    browser.expect_path("/facts/opportunities/new")
    browser.fill("Id", "guru-opp-777")
    browser.fill("Customer", "village-wells")
    browser.fill("Title", "=1+1 <b>bold</b> “quoted”")
    browser.fill("Stage", "Prospect")
    browser.fill(REVENUE, "-5")
    browser.press("Show the effect")
    assert browser.has(".has-problem"), "less than nothing is no revenue"
    browser.fill(REVENUE, "250")
    browser.press("Add: Opportunity")
    browser.see("=1+1 <b>bold</b> “quoted”")
    cookie = {"cookie": browser.cookies()}
    sheet = world.demo.ask(f"/partners/{PARTNER}/facts/opportunities.csv", headers=cookie)
    if sheet.status == 200:
        assert ",=1+1" not in sheet.text and ',"=1+1' not in sheet.text, "no formula"
    browser.open("/facts/opportunities/guru-opp-777")
    browser.follow("Retract")
    browser.fill("Reason", "It was a trial.")
    browser.press("Retract it")
    browser.open("/facts/opportunities/guru-opp-777")
    browser.see("retracted", "It was a trial.")


@journey("search, and facts by kind")
def search(world: World) -> None:
    browser = world.person(LEAD)
    box = browser.css("header [name=q]")
    box.send_keys("weather")
    box.submit()
    browser.expect_path("/search?q=weather")
    browser.see("weather-bureau-south")
    browser.open("/search?q=Harakeke")
    browser.see_not("Harakeke Cloud")
    browser.open(f"/partners/{PARTNER}/facts")
    for link in [it.get_attribute("href") or "" for it in browser.all("main tbody th a")]:
        browser.open(link.removeprefix(world.demo.base))
        browser.see_not("Something broke")
    browser.open(f"/partners/{PARTNER}/facts/opportunities?q=ministry")
    browser.see("tamarua-digital")


@journey("a folder is tried and imported")
def import_folder(world: World) -> None:
    with TemporaryDirectory(prefix="guildhall-folder-") as folder:
        good, bad = _folder(Path(folder))
        browser = world.person(MANAGER, "/imports")
        browser.follow("New import")
        browser.css("input[type=file]").send_keys(str(bad))
        browser.press("Try")
        browser.see("opportunities.csv:3", "Nothing")
        browser.arrived()
        browser.open("/imports/new")
        browser.css("input[type=file]").send_keys(str(good))
        browser.press("Try")
        browser.see("What would be done")
        browser.arrived()
        browser.press("Import")
        browser.see("The folder is imported")
        browser.open("/facts/opportunities/harbour-import-1")
        browser.see("Booking of moorings")


def _folder(place: Path) -> tuple[Path, Path]:
    head = "id,partner,customer,title,stage,review,expected_mrr,currency,launched_on\n"
    row = "harbour-import-1,harakeke,moorings,Booking of moorings,Launched,Approved,410,USD,2026-10-01\n"
    wrong = "harbour-import-2,harakeke,moorings,Tides,Launched,Approved,a lot,USD,2026-13-01\n"
    (place / "good").mkdir()
    (place / "bad").mkdir()
    good, bad = place / "good/opportunities.csv", place / "bad/opportunities.csv"
    good.write_text(head + row)
    bad.write_text(head + row + wrong)
    return good, bad


@journey("no script at all: signing in, a correction, an import tried")
def no_script(world: World) -> None:
    browser = world.without_script()
    browser.sign_in(TEAM, SCORECARD)
    browser.see("Launched opportunities", "9,400.5")
    browser.open(FACT)
    browser.follow("Correct")
    assert not browser.has_button("Save the correction"), "the effect comes first"
    browser.fill(REVENUE, "1239.75")
    browser.press("Show the effect")
    browser.see("becomes met", "10,000")
    assert browser.field(REVENUE).get_attribute("value") == "1239.75"
    browser.press("Save the correction")
    browser.expect_path(FACT)
    browser.see("corrected. What it said before")
    browser.click(browser.css(".who summary"))
    browser.press("Sign out")
    browser.see("You are signed out.")
    with TemporaryDirectory(prefix="guildhall-folder-") as folder:
        good, bad = _folder(Path(folder))
        browser.sign_in(MANAGER, "/imports/new")
        browser.css("input[type=file]").send_keys(str(bad))
        browser.press("Try")
        browser.see("opportunities.csv:3")
        browser.open("/imports/new")
        browser.css("input[type=file]").send_keys(str(good))
        browser.press("Try")
        browser.see("What would be done")
        browser.open("/facts/opportunities/harbour-import-1")
        browser.see("There is no such page")
