"""What will be: a what-if with the slider, a calendar that a program subscribes to, the network."""

from __future__ import annotations

import re

from browser import PHONE, Browser
from world import LEAD, MANAGER, PARTNER, World, journey

LAPSES = f"/partners/{PARTNER}/lapses"
WHAT_IF = f"/partners/{PARTNER}/what-if"

MOVE = """
const slider = document.getElementById('ahead');
slider.value = arguments[0];
slider.dispatchEvent(new Event('input', {bubbles: true}));
"""


def _result(browser: Browser) -> str:
    return browser.css("#result").text


def _told(browser: Browser) -> None:
    """Waits until the days are there too, which come behind the result, and looks at the page."""
    browser.wait(lambda: not browser.has("#days[hx-get]"), lambda: "the days never come")
    browser.settled()
    browser.arrived()


@journey("what if somebody leaves: ticked, looked at with the slider, recorded by the form")
def what_if(world: World) -> None:
    browser = world.person(LEAD, LAPSES)
    browser.follow("What if …")
    browser.expect_path(WHAT_IF)
    browser.see("Nothing is supposed yet", "As things stand")
    day = browser.css("#looked-at").text
    # The slider fetches the result while it moves, and the address follows.
    browser.driver.execute_script(MOVE, "300")
    browser.wait(
        lambda: browser.css("#looked-at").text != day and "in 300 days" in _result(browser),
        lambda: f"the day stays {browser.css('#looked-at').text}",
    )
    assert "on=" in browser.path and "form=" not in browser.path, browser.path
    _told(browser)
    # A person is ticked; the same page tells what it would do, and nothing is stored.
    browser.click(browser.css("#people input[type=checkbox][value='leaves=guru-ind-13']"))
    browser.wait(
        lambda: "Chiamaka Eze leaves" in _result(browser), lambda: f"nothing: {_result(browser)}"
    )
    browser.see("Supposed, not stored.")
    _told(browser)
    assert "leaves=guru-ind-13" in browser.path, browser.path
    # The address holds it, for somebody else too.
    kept = browser.path
    browser.open(f"/partners/{PARTNER}/scorecard")
    browser.open(kept)
    browser.see("Chiamaka Eze leaves")
    # A credential is chosen, and somebody passes.
    select = browser.css("#credential")
    option = select.find_element("css selector", "option[value='cloud-practitioner']")
    browser.click(option)
    browser.wait(
        lambda: browser.has("#people input[value^='passes=']"), lambda: "nobody can pass"
    )
    _told(browser)
    browser.click(browser.css("#people input[value^='passes=']"))
    browser.wait(lambda: " passes " in _result(browser), lambda: _result(browser))
    _told(browser)
    # It is recorded by the usual form, with its effect before it is saved.
    browser.follow("Record it …")
    browser.expect_path("/facts/individuals/guru-ind-13/correct")
    assert browser.css("[name='left_on']").get_attribute("value"), "the last day is filled in"


@journey("what if, on a phone and without script")
def plainly(world: World) -> None:
    browser = world.without_script()
    browser.sign_in(LEAD, WHAT_IF)
    browser.click(browser.css("#people input[type=checkbox][value='leaves=guru-ind-13']"))
    browser.press("In 12 months")
    browser.see("Chiamaka Eze leaves", "Supposed, not stored.")
    assert "form=" not in browser.path, browser.path
    browser.press("Take away")
    browser.see("Nothing is supposed yet")
    phone = world.person(LEAD, WHAT_IF + "?on=2027-06-30&plan_validated=2027-01-01")
    phone.size(PHONE, is_phone=True)
    phone.open(WHAT_IF + "?on=2027-06-30&plan_validated=2027-01-01")
    phone.open(f"{LAPSES}?view=calendar")


@journey("a calendar program subscribes, and its address is ended")
def subscribe(world: World) -> None:
    browser = world.person(LEAD, LAPSES)
    browser.follow("Month by month")
    browser.see("Choose a day")
    browser.click(browser.css("table.month td a"))
    browser.expect_path(LAPSES)
    assert browser.has("#day .days li"), "the day is told"
    browser.follow("Subscribe in a calendar")
    browser.expect_path("/me/calendars")
    browser.press("Make an address")
    browser.see("It is shown once")
    address = browser.css("code.secret").text
    path = re.sub(r"^https?://[^/]+", "", address)
    feed = world.demo.ask(path)
    assert feed.status == 200 and feed.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VEVENT" in feed.text and "Web Services Guru" in feed.text
    same = world.demo.ask(path, headers={"if-none-match": feed.headers["etag"]})
    assert same.status == 304 and not same.body
    browser.open("/me/calendars")
    assert address not in browser.text, "it is shown once"
    browser.press("End")
    browser.see("its address works no more")
    assert world.demo.ask(path).status == 404
    browser.open("/me")
    browser.follow("Mail about what lapses")
    browser.choose("Once a month")
    browser.press("Save")
    browser.see("It is noted")


@journey("what turns for the network, by month and day")
def network(world: World) -> None:
    browser = world.person(MANAGER, "/network")
    browser.follow("What turns")
    browser.expect_path("/network/lapses")
    browser.click(browser.css(".turns-of-months td a"))
    assert "what=" in browser.path and "month=" in browser.path, browser.path
    browser.click(browser.css("table.month td a"))
    assert "day=" in browser.path, browser.path
    browser.click(browser.css("#turns tbody th a"))
    browser.see("What lapses")
    browser.size(PHONE, is_phone=True)
    browser.open("/network/lapses")
