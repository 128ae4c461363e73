"""Takes the pictures of the README and of docs/portal.md: `cargo xtask pictures`.

    pictures.py --binary target/debug/guildhall --out docs/pictures [WORD …]

Each is one page of the demonstration as somebody sees it, in few colours so that it stays small.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Selenium downloads nothing.
os.environ["SE_OFFLINE"] = "true"

from PIL import Image  # noqa: E402

from browser import DESKTOP, PHONE, Browser  # noqa: E402
from checks import Checks  # noqa: E402
from demonstration import Demonstration  # noqa: E402
from world import CUSTOMER, DEVELOPMENT, LEAD, MANAGER, PARTNER  # noqa: E402

LARGEST_BYTES = 150_000
COLOURS = (256, 128, 64)
GURU = f"/partners/{PARTNER}"
FACT = "/facts/opportunities/guru-opp-51"


@dataclass
class Picture:
    """A page, who sees it, and how."""

    name: str
    who: str
    path: str
    height: int = 860
    scheme: str = "light"
    is_phone: bool = False
    before: Callable[[Browser], None] | None = None


def _ahead(days: int) -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    return (today + datetime.timedelta(days=days)).isoformat()


def _correct(browser: Browser) -> None:
    browser.fill("Expected monthly revenue", "1239.75")
    browser.see("becomes met")
    browser.driver.execute_script("document.activeElement.blur()")


def _recompute(browser: Browser) -> None:
    browser.see("Sundial")
    row = next(row for row in browser.all("main tbody tr") if "Sundial" in row.text)
    browser.click(row.find_element("css selector", "a"))
    browser.press("Recompute")
    browser.see("Comes to the same")
    browser.driver.execute_script("scrollTo(0, 0)")


PICTURES = [
    Picture("sign-in", "", "/sign-in", 620),
    Picture("scorecard", LEAD, f"{GURU}/scorecard", 1180),
    Picture("row", LEAD, f"{GURU}/scorecard/launched_mrr", 960),
    Picture("scorecard-phone", LEAD, f"{GURU}/scorecard", 1300, "dark", is_phone=True),
    Picture("correction", LEAD, f"{FACT}/correct", 900, before=_correct),
    Picture("history", LEAD, f"{GURU}/history", 1000),
    Picture("network", MANAGER, "/network?state=at_risk", 1400),
    Picture("waiting", DEVELOPMENT, "/waiting", 1000),
    Picture("decision", MANAGER, "/decisions", 1500, before=_recompute),
    Picture("rulebook", LEAD, "/rulebook/apn-2024-07", 1100, "dark"),
    Picture("plan", LEAD, f"{GURU}/plans/new?goal=tier:advanced&by={_ahead(180)}", 1000),
    Picture("person", LEAD, "/people/hemi", 1000, is_phone=True),
    Picture("customer", CUSTOMER, "/customers/tamarua-digital", 1000),
]


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--binary", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("words", nargs="*")
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    browser = Browser(Checks(axe=""))
    try:
        with Demonstration(given.binary) as demo:
            for picture in PICTURES:
                if not given.words or picture.name in given.words:
                    _take(browser, demo, picture, given.out)
    finally:
        browser.close()
    return 0


def _take(browser: Browser, demo: Demonstration, picture: Picture, out: Path) -> None:
    browser.begin(demo)
    browser.is_checking = False
    if picture.who:
        browser.sign_in(picture.who, picture.path)
        browser.expect_path(picture.path)
        browser.see_not("There is no such page")
    else:
        browser.open(picture.path)
    width = PHONE[0] if picture.is_phone else DESKTOP[0]
    browser.size((width, picture.height), is_phone=picture.is_phone)
    browser.scheme(picture.scheme)
    if picture.before:
        picture.before(browser)
    browser.settled()
    # The pointer and the focus are nowhere.
    browser.driver.execute_script("document.activeElement.blur(); scrollTo(0, 0)")
    file = out / f"{picture.name}.png"
    browser.picture(file, height=picture.height)
    _make_small(file)
    print(f"{file.name} {file.stat().st_size // 1000} kB", flush=True)


def _make_small(file: Path) -> None:
    taken = Image.open(file).convert("RGB")
    for colours in COLOURS:
        few = taken.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(file, optimize=True)
        if file.stat().st_size <= LARGEST_BYTES:
            return


if __name__ == "__main__":
    sys.exit(main())
