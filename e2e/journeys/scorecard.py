"""Where a partner stands, and why: from a number down to a version of a fact."""

from __future__ import annotations

import csv
import io

import printed
from browser import Browser
from world import AUDITOR, LEAD, PARTNER, TEAM, World, journey

SCORECARD = f"/partners/{PARTNER}/scorecard"


@journey("a scorecard, read")
def scorecard(world: World) -> None:
    browser = world.person(LEAD)
    browser.expect_path(SCORECARD)
    browser.see("Web Services Guru", "Knowledge", "Experience")
    browser.see("Launched opportunities", "Select", "Advanced", "not met", "assumed")
    # Both columns, with numbers as people write them.
    browser.see("9,400.5", "10,000", "18", "20")
    # Windows are spelled out.
    browser.see("from")
    text = browser.text
    assert "{" not in text and "missing" not in text, "every word is there"


@journey("an explanation: a row, its facts, a fact, its versions")
def explanation(world: World) -> None:
    browser = world.person(TEAM, SCORECARD)
    # In place, and on a page of its own.
    row = browser.css("main tbody:has([hx-get*='/scorecard/launched_mrr'])")
    browser.open_fold(row.find_element("css selector", "summary"))
    browser.wait(lambda: "guru-opp-52" in row.text, lambda: f"the facts do not come: {row.text}")
    assert "not approved" in row.text and "review is Submitted" in row.text
    browser.arrived()
    browser.click(row.find_element("css selector", "a[href*='/scorecard/launched_mrr']"))
    browser.expect_path(f"{SCORECARD}/launched_mrr")
    # What counted and what did not, with the reason.
    browser.see("Counted", "Not counted: not approved", "This should have counted")
    browser.see("in another currency", "guru-opp-46", "EUR")
    browser.follow("Next facts")
    browser.see("outside the window")
    browser.follow("Previous facts")
    browser.click(browser.css("main a[href='/facts/opportunities/guru-opp-43']"))
    browser.expect_path("/facts/opportunities/guru-opp-43")
    # It was mistyped once, which is not forgotten.
    browser.see("Versions", "5,200", "520", "held now")
    browser.back()
    browser.expect_path(f"{SCORECARD}/launched_mrr")


@journey("a scorecard of another day and of another state of knowledge")
def standpoint(world: World) -> None:
    browser = world.person(LEAD, SCORECARD)
    now = browser.css("main").text
    browser.open(f"{SCORECARD}?as_of=2026-06-30")
    browser.see("30 Jun 2026")
    assert browser.css("main").text != now
    browser.open(f"{SCORECARD}?as_of=no-day")
    assert browser.has(".problem"), "a bad day is told beside the field"
    # The picker, as a person uses it.
    browser.open(SCORECARD)
    browser.unfold("Look from another day")
    browser.fill("As of", "2026-03-31")
    browser.press("Look")
    assert "as_of=2026-03-31" in browser.path
    browser.see("31 Mar 2026")
    browser.follow("Back to today")
    browser.expect_path(SCORECARD)
    # On that day it was known already that the people were there, and not yet that 5,200 was 520.
    browser.unfold("Look from another day")
    browser.fill("As of", "2026-08-01")
    browser.fill("Known at", "2026-08-01T12:00")
    browser.press("Look")
    browser.see("1 Aug 2026")


@journey("history, changes, what lapses, the discount")
def about(world: World) -> None:
    browser = world.person(LEAD, SCORECARD)
    for name in ("History", "Changes", "What lapses", "Discount"):
        browser.click(browser.css(f"nav.tabs a:nth-of-type({_place(browser, name)})"))
        assert browser.has("main h1")
        browser.see_not("Something broke")
        if name == "History":
            assert browser.has("svg[role=img][aria-label]"), "charts have words"
            assert browser.has("main table"), "and a table behind them"
    browser.open(f"/partners/{PARTNER}/changes?from=2026-01-01&to=2026-09-30")
    browser.see_not("Nothing moved.")
    browser.open(f"/partners/{PARTNER}/discount")
    browser.see("Not eligible")


def _place(browser: Browser, name: str) -> int:
    texts = [tab.text for tab in browser.all("nav.tabs a")]
    assert name in texts, f"{name} is not among {texts}"
    return texts.index(name) + 1


@journey("a scorecard as a spreadsheet and as one file")
def files(world: World) -> None:
    browser = world.person(LEAD, SCORECARD)
    cookie = {"cookie": browser.cookies()}
    sheet = world.demo.ask(f"{SCORECARD}.csv", headers=cookie)
    assert sheet.status == 200
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "attachment" in sheet.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert len(rows) > 10 and len({len(row) for row in rows}) == 1, rows[:3]
    for row in rows:
        for cell in row:
            assert cell[:1] not in ("=", "+", "@", "\t"), f"a spreadsheet computes {cell}"
    file = world.demo.ask(f"{SCORECARD}.html", headers=cookie)
    assert file.status == 200 and "attachment" in file.headers["content-disposition"]
    assert "/static/" not in file.text, "it needs no other file"


@journey("the print view")
def print_view(world: World) -> None:
    browser = world.person(LEAD, SCORECARD)
    document = printed.read(browser.pdf())
    assert 1 <= len(document.pages) <= 5, len(document.pages)
    printed.look(document, world.out / "printed-scorecard")
    for word in ("Web Services Guru", "Launched opportunities", "9,400.5", "Select", "Advanced"):
        assert word in document.text, f"`{word}` is not printed: {document.text[:600]}"
    for word in ("Sign out", "Search partners", "Skip to"):
        assert word not in document.text, f"`{word}` is printed"
    # Also from a dark desk it is printed on white.
    browser.scheme("dark")
    printed.look(printed.read(browser.pdf()), world.out / "printed-from-dark")
    browser.scheme("light")


@journey("a stranger finds nothing")
def stranger(world: World) -> None:
    browser = world.person(LEAD, SCORECARD)
    paths = [
        "/partners/harakeke",
        "/partners/harakeke/scorecard",
        "/partners/harakeke/scorecard.csv",
        "/partners/harakeke/history",
        "/partners/harakeke/lapses",
        "/partners/harakeke/discount",
        "/partners/harakeke/facts",
        "/partners/harakeke/facts/opportunities",
        "/partners/harakeke/people",
        "/facts/opportunities/acacia-digital-opp-026",
        "/facts/opportunities/acacia-digital-opp-026/correct",
        "/facts/opportunities/new?partner=harakeke",
        "/customers/wells-and-bridges",
        "/users/nobody",
        "/reviews/1",
        "/disputes/2",
        "/decisions/1",
        "/rulebook/apn-draft",
        "/partners/no-such-partner/scorecard",
        "/no/such/page",
    ]
    cookie = {"cookie": browser.cookies()}
    answers = {path: world.demo.ask(path, headers=cookie).status for path in paths}
    assert set(answers.values()) == {404}, {path for path in paths if answers[path] != 404}
    browser.open("/partners/harakeke/scorecard")
    assert browser.heading == "There is no such page"
    assert "Harakeke" not in browser.driver.page_source
    # The vendor's lists are not a partner's either.
    for path in ("/network", "/network.csv", "/journal", "/imports", "/enrolments"):
        assert world.demo.ask(path, headers=cookie).status in (403, 404), path
    # Nobody at all is asked to sign in first, whatever there is.
    for path in ("/partners/harakeke/scorecard", "/partners/no-such-partner/scorecard"):
        assert world.demo.ask(path).status == 303, path


@journey("the network, for the vendor")
def network(world: World) -> None:
    browser = world.person(AUDITOR, "/network")
    browser.see("Web Services Guru", "Tidewater Group")
    cookie = {"cookie": browser.cookies()}
    sheet = world.demo.ask("/network.csv", headers=cookie)
    assert sheet.status == 200
    rows = list(csv.reader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert len(rows) >= 28, len(rows)
    browser.click(browser.css("main a[href^='/partners/tidewater-group']"))
    browser.see("Tidewater Group")
