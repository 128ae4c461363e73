"""Plans: the cheapest way up, accepted, and followed as facts arrive."""

from __future__ import annotations

import datetime

import printed
from browser import Browser
from world import DEVELOPMENT, LEAD, PARTNER, TEAM, World, journey

PLANS = f"/partners/{PARTNER}/plans"


def _day(ahead: int) -> str:
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=ahead)).isoformat()


def _make(browser: Browser, goal: str, ahead: int) -> None:
    browser.open(PLANS)
    browser.fill("Goal", goal)
    browser.fill("By", _day(ahead))
    browser.press("Make a plan")


@journey("the cheapest way up: made, accepted, shown to the vendor, followed, ended")
def plan(world: World) -> None:
    browser, vendor = world.person(LEAD), world.somebody_else()
    browser.follow("Plans")
    browser.expect_path(PLANS)
    _make(browser, "tier:advanced", 180)
    # What it costs beside the obvious choice, who does what, and where that leads.
    browser.see("Proved: nothing costs less", "The obvious choice", "Who does what", "9 of 9 met")
    browser.see("the cheapest, the fastest, the one that asks the fewest people", "Reviews on the way")
    figures = [figure.text for figure in browser.all(".panels .figure")]
    cost, greedy = (float(text.split()[0].replace(",", "")) for text in figures[:2])
    assert cost < greedy, f"{cost} is not less than {greedy}"
    people = [link.text for link in browser.all(".lanes th a")]
    assert people, "people are named"
    assert browser.has("svg.lane[role=img][aria-label]"), "lines of time have words"
    browser.press("Accept this plan")
    browser.see("is accepted.", "on the way", "0 / ")
    accepted = browser.path
    # It is the partner's own until it is shown.
    vendor.sign_in(DEVELOPMENT, accepted)
    vendor.see_not("Who does what")
    browser.press("Show it to the vendor")
    browser.see("The vendor sees this plan, with what it costs.")
    vendor.open(accepted)
    vendor.see("Who does what", figures[0])
    assert not vendor.has_button("End it"), "the vendor ends no plan of a partner"
    # The first of those who are asked passes the examination: a fact as any other.
    browser.follow(people[0])
    browser.see("Asked to take", "open")
    browser.follow("Add a credential")
    browser.fill("Credential", "cloud-practitioner")
    browser.fill("Issued", _day(0))
    browser.press("Show the effect")
    browser.press("Add: Credential")
    browser.open(accepted)
    browser.see("1 / ", "done on", "One fact came of a step")
    # Whoever made it may end it, and says why.
    browser.fill("Why", "We chose another way.")
    browser.press("End it")
    browser.see("is ended.", "We chose another way.")


@journey("a goal out of reach, and one that is met already")
def no_way(world: World) -> None:
    browser = world.person(TEAM)
    _make(browser, "tier:premier", 30)
    browser.see("There is no way", "cannot be met", "Why")
    assert not browser.has_button("Accept this plan")
    _make(browser, "tier:select", 30)
    browser.see("the goal is met on its day")
    browser.open(f"{PLANS}/new?goal=tier:advanced&by=2025-01-01")
    browser.see("Choose a day after today")


@journey("own costs change the plan, and their mistakes are told with their lines")
def costs(world: World) -> None:
    browser = world.person(LEAD, f"{PLANS}/costs")
    browser.unfold("A beginning: the rulebook’s figures")
    browser.see("cloud-practitioner-exam")
    browser.fill("Costs file (TOML)", '[[efforts]]\nid = "new-opportunity"\ncost = 1\n')
    browser.press("Check and save")
    browser.see("costs:3:")
    text = 'currency = "USD"\n[[efforts]]\nid = "new-opportunity"\ncost = 1\n'
    browser.fill("Costs file (TOML)", text)
    browser.press("Check and save")
    browser.see("Your costs are saved.")
    _make(browser, "tier:advanced", 180)
    browser.see("your own costs")


@journey("a plan on paper, without script and on a phone")
def sheet(world: World) -> None:
    browser = world.without_script()
    browser.sign_in(LEAD, f"{PLANS}/new?goal=tier:advanced&by={_day(180)}")
    document = printed.read(browser.pdf())
    printed.look(document, world.out / "printed-plan")
    for word in ("Who does what", "Yusuf Karaca", "Steps by days"):
        assert word in document.text, f"`{word}` is not printed: {document.text[:600]}"
    browser.press("Accept this plan")
    browser.see("is accepted.")
    cookie = {"cookie": browser.cookies()}
    file = world.demo.ask(f"{browser.path}/sheet.html", headers=cookie)
    assert file.status == 200 and "☐" in file.text and "/static/" not in file.text


@journey("what I hold, and what I am asked to take")
def learning(world: World) -> None:
    browser = world.person(LEAD, "/me/learning")
    browser.see("My learning", "What is held")
    browser.follow("Training catalogue")
    browser.see("AWS Certified Cloud Practitioner: examination", "100", "15 days", "assumed")
