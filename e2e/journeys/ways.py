"""Ways to use the pages: by keyboard alone, on a phone, looking for what is large enough."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys

from browser import PHONE, Browser
from world import LEAD, PARTNER, TEAM, World, journey

SCORECARD = f"/partners/{PARTNER}/scorecard"

FOCUS = """
const at = document.activeElement;
if (!at || at === document.body) return null;
const box = at.getBoundingClientRect(), style = getComputedStyle(at);
return {
  name: at.tagName.toLowerCase() + " " + (at.name || "") + " " + at.textContent.trim().slice(0, 120),
  href: at.getAttribute('href') || '',
  isSeen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
    && box.right > 0 && box.left < innerWidth,
  isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
};
"""


def _tab(browser: Browser) -> dict[str, object]:
    browser.keys(Keys.TAB)
    focus = browser.driver.execute_script(FOCUS)
    return focus or {"name": "", "href": "", "isSeen": True, "isMarked": True}


def _tab_to(browser: Browser, word: str, *, at_most: int = 120) -> None:
    """Goes from one thing to the next until this one is reached; each is seen and marked."""
    passed = []
    for _ in range(at_most):
        focus = _tab(browser)
        passed.append(str(focus["name"]))
        assert focus["isSeen"], f"the focus is on {focus['name']}, which is out of sight"
        assert focus["isMarked"], f"the focus is on {focus['name']}, which does not show it"
        if word in passed[-1] or word in str(focus["href"]):
            return
    raise AssertionError(f"{word} is not reached, but {passed}")


@journey("by keyboard alone: signing in, a number opened, a fact corrected, signing out")
def keyboard(world: World) -> None:
    browser = world.somebody()
    browser.open("/")
    # The first field has the focus already.
    browser.keys(TEAM)
    browser.keys(Keys.TAB)
    browser.keys(world.demo.password)
    browser.keys(Keys.ENTER)
    browser.expect_path(SCORECARD)
    first = _tab(browser)
    assert "Skip to the content" in str(first["name"]), first
    assert first["isSeen"] and first["isMarked"], "the way past the navigation is seen"
    browser.keys(Keys.ENTER)
    browser.wait(
        lambda: browser.driver.execute_script("return document.activeElement.id") == "content",
        lambda: "the focus did not go to the content",
    )
    _tab_to(browser, "Monthly recurring revenue minimum, the facts")
    browser.keys(Keys.ENTER)
    browser.see("guru-opp-43")
    _tab_to(browser, "guru-opp-43")
    browser.keys(Keys.ENTER)
    browser.expect_path("/facts/opportunities/guru-opp-43")
    browser.open("/facts/opportunities/guru-opp-51")
    _tab_to(browser, "/correct")
    browser.keys(Keys.ENTER)
    browser.expect_path("/facts/opportunities/guru-opp-51/correct")
    _tab_to(browser, "expected_mrr")
    browser.keys(Keys.CONTROL, "a")
    browser.keys("1239.75")
    browser.see("becomes met")
    _tab_to(browser, "Save the correction")
    browser.keys(Keys.ENTER)
    browser.see("corrected. What it said before")
    browser.driver.execute_script("document.activeElement.blur()")
    browser.open(SCORECARD)
    _tab_to(browser, "Duc Pham")
    browser.keys(Keys.ENTER)
    _tab_to(browser, "Sign out")
    browser.keys(Keys.ENTER)
    browser.see("You are signed out.")


@journey("on a phone: the way from the scorecard to a fact and back")
def phone(world: World) -> None:
    browser = world.person(LEAD)
    browser.is_checking = False
    browser.size(PHONE, is_phone=True)
    for path in (
        SCORECARD,
        f"{SCORECARD}/launched_mrr",
        "/facts/opportunities/guru-opp-43",
        "/facts/opportunities/guru-opp-43/correct",
        f"/partners/{PARTNER}/history",
        f"/partners/{PARTNER}/people",
        "/disputes",
        "/rulebook/apn-2024-07",
    ):
        browser.open(path)
        width = browser.driver.execute_script("return document.scrollingElement.scrollWidth")
        assert width <= PHONE[0], f"{path} is {width} wide"
        small = browser.driver.execute_script(SMALL)
        assert not small, f"{path}: too small for a finger: {small}"


# Buttons, fields and ways: at least 24 by 24 pixels (WCAG 2.2, 2.5.8).
SMALL = """
return [...document.querySelectorAll(
    'button, input:not([type=hidden]), select, summary, .ways a, .tabs a, a.button')]
  .filter(it => it.offsetWidth > 1 && !it.closest('[inert]'))
  .map(it => [it, (it.closest('label') || it).getBoundingClientRect()])
  .filter(([it, box]) => box.height < 24 || box.width < 24)
  .map(([it, box]) => it.tagName.toLowerCase() + ' ' + it.textContent.trim().slice(0, 30)
    + ' ' + Math.round(box.width) + '×' + Math.round(box.height));
"""
