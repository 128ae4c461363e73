"""Chromium as a person uses it: addresses, labels, buttons, links.

Every page at which a person arrives is looked at once (`checks.py`). Elements are found by what is
written on them, not by how they are marked up; `css` is for what has no words.
"""

from __future__ import annotations

import base64
import tempfile
import time
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import (
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from checks import Checks
from demonstration import Demonstration

DESKTOP = (1280, 900)
PHONE = (390, 844)
PATIENCE_SECONDS = 20

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    # Nothing but this machine is reached.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Browser:
    """A browser of one person at a time."""

    def __init__(self, checks: Checks, *, has_script: bool = True) -> None:
        self._profile = tempfile.mkdtemp(prefix="guildhall-chromium-")
        self._checks = checks
        self._has_script = has_script
        options = Options()
        options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
        for flag in FLAGS:
            options.add_argument(flag)
        options.add_argument(f"--user-data-dir={self._profile}")
        options.add_argument(f"--window-size={DESKTOP[0]},{DESKTOP[1]}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not has_script:
            content = {"profile.managed_default_content_settings.javascript": 2}
            options.add_experimental_option("prefs", content)
        driver = shutil.which("chromedriver") or "/usr/bin/chromedriver"
        self.driver = webdriver.Chrome(options=options, service=Service(driver))
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(60)
        self.size(DESKTOP)
        self._demo: Demonstration | None = None
        self.is_checking = has_script

    # --- Whose browser it is ---

    def begin(self, demo: Demonstration) -> None:
        """A person sits down who has never been here."""
        self._demo = demo
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.size(DESKTOP)
        self.scheme("light")
        self.is_checking = self._has_script

    @property
    def demo(self) -> Demonstration:
        assert self._demo is not None
        return self._demo

    def sign_in(self, email: str, path: str = "/") -> None:
        """Signs in by the page, with the code where one is asked for, and goes on to a path."""
        self.open(path)
        self.expect_path("/sign-in")
        self.fill("E-mail address", email)
        self.fill("Password", self.demo.password)
        self.press("Sign in")
        if self.demo.asks_code[email]:
            self.expect_path("/sign-in/code")
            self.prove(email)

    def prove(self, email: str) -> None:
        """Enters the code of the app."""
        self.fill("Six-digit code", self.demo.code(email))
        self.press("Continue")

    def cookies(self) -> str:
        """The cookies, as a header."""
        return "; ".join(f"{it['name']}={it['value']}" for it in self.driver.get_cookies())

    # --- Going ---

    def open(self, path: str) -> None:
        self.driver.get(self.demo.base + path)
        self.arrived()

    def back(self) -> None:
        self.driver.back()
        self.arrived()

    def arrived(self) -> None:
        """Looks at the page, unless it was looked at as it is."""
        if self.is_checking:
            self._checks.page(self)

    @property
    def path(self) -> str:
        """Path and query."""
        parts = urlsplit(self.driver.current_url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def expect_path(self, begin: str) -> None:
        self.wait(lambda: self.path.startswith(begin), lambda: f"{self.path} is not {begin}")

    # --- Seeing ---

    @property
    def text(self) -> str:
        """Everything written on the page that is visible."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def heading(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "h1").text

    def see(self, *texts: str) -> None:
        for text in texts:
            self.wait(
                lambda: text.casefold() in self.text.casefold(),
                lambda: f"`{text}` is not on {self.path}, which says: {self.text[-3000:]}",
            )

    def see_not(self, *texts: str) -> None:
        for text in texts:
            assert text.casefold() not in self.text.casefold(), f"`{text}` is on {self.path}"

    def has(self, css: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, css))

    def css(self, css: str) -> WebElement:
        self.wait(lambda: self.has(css), lambda: f"{css} is not on {self.path}")
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def link(self, text: str) -> WebElement:
        """The first visible link that reads so, or else begins so."""
        return self._first(
            f"//a[normalize-space()={_quoted(text)}]",
            f"//a[starts-with(normalize-space(), {_quoted(text)})]",
            f"//a[contains(normalize-space(), {_quoted(text)})]",
            what=f"a link `{text}`",
        )

    def has_link(self, text: str) -> bool:
        found = self.driver.find_elements(By.XPATH, f"//a[normalize-space()={_quoted(text)}]")
        return any(link.is_displayed() for link in found)

    def button(self, text: str) -> WebElement:
        return self._first(
            f"//button[normalize-space()={_quoted(text)}]",
            f"//button[starts-with(normalize-space(), {_quoted(text)})]",
            what=f"a button `{text}`",
        )

    def has_button(self, text: str) -> bool:
        found = self.driver.find_elements(By.XPATH, f"//button[normalize-space()={_quoted(text)}]")
        return any(button.is_displayed() for button in found)

    def field(self, label: str) -> WebElement:
        """The field with this label; `*` and hints behind it do not matter."""
        label_element = self._first(
            f"//main//label[normalize-space()={_quoted(label)}]",
            f"//main//label[starts-with(normalize-space(), {_quoted(label)})]",
            f"//label[starts-with(normalize-space(), {_quoted(label)})]",
            what=f"a field `{label}`",
        )
        target = label_element.get_attribute("for")
        if target:
            return self.driver.find_element(By.ID, target)
        return label_element.find_element(By.CSS_SELECTOR, "input, select, textarea")

    # --- Doing ---

    def follow(self, text: str) -> None:
        self.click(self.link(text))

    def press(self, text: str) -> None:
        """Presses a button, once what it stands in has settled: a part may just be on its way."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.click(self.button(text))
                return
            except StaleElementReferenceException:
                assert time.monotonic() < until, f"`{text}` is never at rest"

    def click(self, element: WebElement) -> None:
        self._into_view(element)
        element.click()
        self.arrived()

    def unfold(self, text: str) -> None:
        """Opens what is folded behind these words."""
        summary = self._first(
            f"//summary[contains(normalize-space(), {_quoted(text)})]", what=f"a fold `{text}`"
        )
        self.open_fold(summary)

    def settled(self) -> None:
        """Waits until no part of the page is on its way."""
        self.wait(
            lambda: not self.has(".htmx-request, .htmx-settling, .htmx-swapping"),
            lambda: f"a part of {self.path} never comes",
        )

    def open_fold(self, summary: WebElement) -> None:
        self._into_view(summary)
        summary.click()

    def fill(self, label: str, value: str) -> None:
        self.type_into(self.field(label), value)

    def type_into(self, field: WebElement, value: str) -> None:
        if field.tag_name == "select":
            Select(field).select_by_value(value)
            return
        if field.get_attribute("type") in ("date", "datetime-local"):
            # Typing a day depends on the language of the browser.
            self.driver.execute_script("arguments[0].value = arguments[1]", field, value)
            return
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(Keys.DELETE)
        field.send_keys(value)

    def choose(self, label: str) -> None:
        """Ticks a box, or chooses one of several."""
        field = self.field(label)
        if not field.is_selected():
            self._into_view(field)
            field.click()

    def keys(self, *keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(*keys)

    # --- The window ---

    def size(self, size: tuple[int, int], *, is_phone: bool = False) -> None:
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": is_phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def scheme(self, scheme: str) -> None:
        """`light` or `dark`."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def languages(self, accepted: str) -> None:
        agent = self.driver.execute_script("return navigator.userAgent")
        override = {"userAgent": agent, "acceptLanguage": accepted}
        self.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", override)

    def picture(self, path: Path, *, height: int | None = None) -> None:
        """A picture of the page, at most so high."""
        extent = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {
            "x": 0,
            "y": 0,
            "width": extent["width"],
            "height": min(extent["height"], height or extent["height"]),
            "scale": 1,
        }
        given = {"clip": clip, "captureBeyondViewport": True}
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", given)
        path.write_bytes(base64.b64decode(taken["data"]))

    def pdf(self) -> bytes:
        """The page as it is printed."""
        given = {"preferCSSPageSize": True, "printBackground": False}
        return base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", given)["data"])

    def close(self) -> None:
        try:
            self.driver.quit()
        finally:
            shutil.rmtree(self._profile, ignore_errors=True)

    # --- Parts ---

    def wait(self, is_so: Callable[[], bool], otherwise: Callable[[], str]) -> None:
        """Waits until something is so, at most so long as a person would."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if is_so():
                    return
            except (StaleElementReferenceException, NoSuchElementException):
                # The page was just changing.
                pass
            assert time.monotonic() < until, otherwise()
            time.sleep(0.05)

    def _first(self, *paths: str, what: str) -> WebElement:
        until = time.monotonic() + PATIENCE_SECONDS / 2
        while True:
            for path in paths:
                for element in self.driver.find_elements(By.XPATH, path):
                    try:
                        if element.is_displayed():
                            return element
                    except StaleElementReferenceException:
                        pass
            assert time.monotonic() < until, (
                f"{what} is not on {self.path}, which says: {self.text[-3000:]}"
            )
            time.sleep(0.05)

    def _into_view(self, element: WebElement) -> None:
        try:
            self.driver.execute_script(
                "arguments[0].scrollIntoView({block: 'center'})", element
            )
        except ElementNotInteractableException:
            pass


def _quoted(text: str) -> str:
    """A text as XPath writes it."""
    return f'"{text}"' if '"' not in text else f"'{text}'"
