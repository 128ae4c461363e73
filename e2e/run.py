"""Walks the portal in Chromium: `cargo xtask browser` installs what is needed and runs this.

    run.py --binary target/debug/guildhall --axe axe.min.js --out DIR [WORD …]

runs the journeys whose names hold one of the words, or all. The last line is `N passed, N failed`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType

# Selenium downloads nothing.
os.environ["SE_OFFLINE"] = "true"

import journeys  # noqa: E402, F401
from checks import Checks  # noqa: E402
from demonstration import Demonstration  # noqa: E402
from world import JOURNEYS, Browsers, Journey, World  # noqa: E402

LONGEST_JOURNEY_SECONDS = 600


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--binary", type=Path, required=True)
    options.add_argument("--axe", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("words", nargs="*")
    given = options.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGTERM, _too_long)
    browsers = Browsers(Checks.with_axe(given.axe))
    passed, failed = 0, []
    try:
        for name, run in JOURNEYS:
            if given.words and not any(word in name for word in given.words):
                continue
            if _walk(name, run, given.binary, browsers, given.out):
                passed += 1
            else:
                failed.append(name)
    finally:
        browsers.close()
    checks = browsers.checks
    print(f"{checks.pages} pages of {len(checks.kinds)} kinds were looked at")
    for name in failed:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


def _walk(name: str, run: Journey, binary: Path, browsers: Browsers, out: Path) -> bool:
    begin = time.monotonic()
    signal.alarm(LONGEST_JOURNEY_SECONDS)
    problems: list[str] = []
    try:
        with Demonstration(binary) as demo:
            try:
                run(World(demo, browsers, out))
            except Exception as error:  # noqa: BLE001
                problems.append(_told(error))
                _keep(name, browsers, out)
            if log := demo.log():
                problems.append(f"the server complained: {log[:2000]}")
    except Exception as error:  # noqa: BLE001
        problems.append(_told(error))
    finally:
        signal.alarm(0)
    problems += browsers.checks.take()
    seconds = time.monotonic() - begin
    print(f"{'FAILED' if problems else 'ok    '} {name} ({seconds:.1f} s)", flush=True)
    for problem in problems:
        print(f"    {problem}", flush=True)
    return not problems


def _told(error: Exception) -> str:
    """An error and the lines of the journey that led to it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{Path(it.filename).name}:{it.lineno} {it.line}" for it in frames if "/e2e/" in it.filename]
    message = str(error).split("\nStacktrace:")[0].strip()
    kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    return kind + message + "".join(f"\n      at {it}" for it in ours[-4:])


def _keep(name: str, browsers: Browsers, out: Path) -> None:
    """Keeps what the browsers show, to be looked at."""
    for desk, browser in browsers.shown().items():
        place = out / f"{name} - {desk}".replace(" ", "-").replace("/", "-")
        try:
            browser.picture(place.with_suffix(".png"))
            place.with_suffix(".html").write_text(browser.driver.page_source)
        except Exception:  # noqa: BLE001, S110
            # A browser that has died shows nothing.
            pass


def _too_long(number: int, _frame: FrameType | None) -> None:
    if number == signal.SIGALRM:
        raise TimeoutError(f"it took more than {LONGEST_JOURNEY_SECONDS} seconds")
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
