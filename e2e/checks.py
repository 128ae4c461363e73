"""What holds of every page at which a journey arrives, whatever it shows.

axe finds nothing to complain about in light, in dark and on a phone; nothing is cut off or scrolls
sideways on a phone; the browser itself does not complain; the page is light.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from browser import Browser

# WCAG 2.0 and 2.1, A and AA, and what is good practice beyond them.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
LARGEST_PAGE_BYTES = 100_000
PHONE = (390, 844)
DESKTOP = (1280, 900)

# What the browser says about pages that are as they should be: of a status, and of a day that was
# typed into an address and is none.
EXPECTED = ["the server responded with a status of 4", "does not conform to the required format"]

# A page's shape: which kinds of elements stand within which, whatever their number and texts.
SHAPE = """
const shapes = new Set();
for (const element of document.querySelectorAll('body *')) {
  let shape = '';
  for (let at = element, n = 0; at && n < 3; at = at.parentElement, n++)
    shape += at.tagName + '.' + (at.getAttribute('class') || '') + '>';
  shapes.add(shape + (element.getAttribute('type') || '') + element.hasAttribute('open'));
}
return [...shapes].sort().join('|');
"""

AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, arguments[0]).then(
  found => done(found.violations.map(it => ({
    id: it.id, impact: it.impact, help: it.help,
    nodes: it.nodes.slice(0, 5).map(node => node.target.join(' ') + ' — ' + node.failureSummary)
  }))),
  error => done([{id: 'axe', impact: 'broken', help: String(error), nodes: []}])
);
"""

SIDEWAYS = """
const width = document.documentElement.clientWidth;
if (document.scrollingElement.scrollWidth <= width) return [];
const isScrolled = at => {
  for (let it = at.parentElement; it && it !== document.body; it = it.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(it).overflowX)) return true;
  return false;
};
const wide = [...document.querySelectorAll('body *')].filter(it => {
  const box = it.getBoundingClientRect();
  return box.width > 0 && box.right > width + 1 && !isScrolled(it);
});
return ['the page is ' + document.scrollingElement.scrollWidth + ' wide'].concat(
  wide.slice(-3).map(it => it.tagName.toLowerCase() + '.' + (it.getAttribute('class') || '')
    + ' ' + it.textContent.trim().slice(0, 40)));
"""

CUT = """
return [...document.querySelectorAll('main td, main th, main p, main a, main button, main dd')]
  .filter(it => it.offsetWidth > 0 && it.scrollWidth > it.clientWidth + 1
    && getComputedStyle(it).overflowX === 'hidden'
    && getComputedStyle(it).textOverflow !== 'ellipsis')
  .filter(it => !it.classList.contains('hidden'))
  .map(it => it.tagName.toLowerCase() + ' ' + it.textContent.trim().slice(0, 40));
"""


@dataclass
class Checks:
    """What was looked at so far, and what was found."""

    axe: str
    pages: int = 0
    problems: list[str] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _told: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    @staticmethod
    def with_axe(file: Path) -> Checks:
        return Checks(axe=file.read_text("utf-8"))

    def page(self, browser: Browser) -> None:
        """Looks at the page that is shown, once for each address and shape."""
        driver = browser.driver
        shape: str = driver.execute_script(SHAPE)
        key = (browser.path, shape)
        if key in self._seen:
            return
        self._seen.add(key)
        self.kinds.add(_kind(browser.path))
        self.pages += 1
        self._complaints(browser)
        self._weight(browser)
        has_axe = driver.execute_script("return typeof window.axe === 'object'")
        if not has_axe:
            driver.execute_script(self.axe)
        tags = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
        contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
        self._axe(browser, "in light", tags)
        browser.scheme("dark")
        self._axe(browser, "in dark", contrast)
        browser.scheme("light")
        browser.size(PHONE, is_phone=True)
        self._axe(browser, "on a phone", tags | {"rules": {"target-size": {"enabled": True}}})
        for what in driver.execute_script(SIDEWAYS):
            self._tell(browser, f"scrolls sideways on a phone: {what}")
        for what in driver.execute_script(CUT):
            self._tell(browser, f"is cut on a phone: {what}")
        browser.size(DESKTOP)

    def _axe(self, browser: Browser, how: str, options: dict[str, Any]) -> None:
        for found in browser.driver.execute_async_script(AXE, options):
            where = "".join("\n      " + " ".join(node.split()) for node in found["nodes"])
            kind = f"{found['id']} ({found['impact']}): {found['help']}"
            self._tell(browser, f"axe {how}: {kind}{where}")

    def _complaints(self, browser: Browser) -> None:
        """What the browser itself complains about, as styles that the policy forbids."""
        for entry in browser.driver.get_log("browser"):
            is_expected = any(word in entry["message"] for word in EXPECTED)
            if entry["level"] in ("SEVERE", "WARNING") and not is_expected:
                self._tell(browser, f"the browser complains: {entry['message'][:300]}")

    def _weight(self, browser: Browser) -> None:
        size = browser.driver.execute_script(
            "return performance.getEntriesByType('navigation')[0].decodedBodySize"
        )
        if size > LARGEST_PAGE_BYTES:
            self._tell(browser, f"has {size} bytes, more than {LARGEST_PAGE_BYTES}")

    def _tell(self, browser: Browser, what: str) -> None:
        # Once: the same mistake in the frame or on all partners is one mistake.
        if what in self._told:
            return
        self._told.add(what)
        self.problems.append(f"{browser.path} {what}")

    def take(self) -> list[str]:
        """The problems since the last time."""
        problems, self.problems = self.problems, []
        return problems


def _kind(path: str) -> str:
    """A path without what names single things."""
    plain = path.split("?")[0]
    plain = re.sub(r"^/partners/[^/]+", "/partners/…", plain)
    plain = re.sub(r"^/(people|customers|users|invitations|enrolments)/[^/]+", r"/\1/…", plain)
    plain = re.sub(r"^/facts/([^/]+)/(?!new)[^/]+", r"/facts/\1/…", plain)
    return re.sub(r"/\d+", "/…", plain)


