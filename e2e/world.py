"""What a journey is given, and how journeys are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from browser import Browser
from checks import Checks
from demonstration import Demonstration


@dataclass
class Browsers:
    """Browsers, started when they are first needed and used by one journey after the other."""

    checks: Checks
    _by_name: dict[str, Browser] = field(default_factory=dict)

    def get(self, name: str, demo: Demonstration, *, has_script: bool = True) -> Browser:
        if name not in self._by_name:
            self._by_name[name] = Browser(self.checks, has_script=has_script)
        browser = self._by_name[name]
        browser.begin(demo)
        return browser

    def shown(self) -> dict[str, Browser]:
        return self._by_name

    def close(self) -> None:
        for browser in self._by_name.values():
            browser.close()
        self._by_name.clear()


@dataclass
class World:
    """A demonstration of its own, and the browsers of those who take part."""

    demo: Demonstration
    browsers: Browsers
    out: Path

    def somebody(self) -> Browser:
        """A person at a desk, not signed in."""
        return self.browsers.get("one", self.demo)

    def somebody_else(self) -> Browser:
        """A second person at another desk."""
        return self.browsers.get("two", self.demo)

    def without_script(self) -> Browser:
        """A person whose browser runs no script."""
        return self.browsers.get("no script", self.demo, has_script=False)

    def person(self, email: str, path: str = "/") -> Browser:
        """A person at a desk, signed in, at a path."""
        browser = self.somebody()
        browser.sign_in(email, path)
        return browser


Journey = Callable[[World], None]
JOURNEYS: list[tuple[str, Journey]] = []


def journey(name: str) -> Callable[[Journey], Journey]:
    """Puts a function among the journeys."""

    def put(run: Journey) -> Journey:
        JOURNEYS.append((name, run))
        return run

    return put


# Who takes part. The story is in examples/demo-network.
LEAD = "farida@webservicesguru.example"
TEAM = "duc@webservicesguru.example"
DELIVERY = "lucia@webservicesguru.example"
MANAGER = "moana@vendor.example"
DEVELOPMENT = "devi@vendor.example"
OPERATOR = "nils@vendor.example"
AUDITOR = "ruth@vendor.example"
SUPPORT = "elif@webservicesguru.example"
CUSTOMER = "sefa@tamarua.example"
PARTNER = "web-services-guru"
