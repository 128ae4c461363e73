"""What a change of rules does to the network, and one threshold varied."""

from __future__ import annotations

import csv
import io

from world import LEAD, MANAGER, World, journey

COMPARED = "old=apn-2021-01&new=apn-2024-07"


@journey("what a change of rules does: who is moved, why, the notice, a threshold varied")
def impact(world: World) -> None:
    browser = world.person(MANAGER, f"/rulebook/diff?{COMPARED}")
    browser.follow("What it does to the network")
    browser.expect_path("/rulebook/impact?")
    browser.see("attain a higher tier", "Tier by tier", "Partners that are moved")
    # Everybody who is moved, with why.
    browser.see("Acacia Digital", "no longer asked")
    partners = len(browser.all("main table.impact tbody tr"))
    # Narrowed in place.
    browser.fill("Name or id", "acacia")
    browser.press("Show")
    browser.wait(
        lambda: len(browser.all("main table.impact tbody tr")) == 1,
        lambda: f"the list is not narrowed: {browser.css('#moved').text}",
    )
    browser.arrived()
    browser.follow("Notice")
    browser.expect_path("/rulebook/impact/notice?")
    browser.see("Acacia Digital", "What the new rules change", "As a text file")
    browser.back()
    browser.open(f"/rulebook/impact?{COMPARED}")
    text = world.demo.ask(
        f"/rulebook/impact.csv?{COMPARED}", headers={"cookie": browser.cookies()}
    ).text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == partners, f"{len(rows)} rows, {partners} on the page"
    assert any(row["partner"] == "acacia-digital" and row["because"] for row in rows)
    sheet = world.demo.ask(
        f"/rulebook/impact/report.html?{COMPARED}", headers={"cookie": browser.cookies()}
    ).text
    assert "Acacia Digital" in sheet and "<script" not in sheet
    browser.follow("Vary a threshold")
    browser.expect_path("/rulebook/impact/sweep?")
    browser.press("Vary")
    browser.see("Attain it", "Hold and keep it", "now")
    assert browser.has("main svg.chart polyline"), "the curve is drawn"
    browser.arrived()


@journey("what a change of rules does is not for a partner's eyes")
def not_for_partners(world: World) -> None:
    browser = world.person(LEAD, f"/rulebook/diff?{COMPARED}")
    assert not browser.has_link("What it does to the network")
    browser.open(f"/rulebook/impact?{COMPARED}")
    assert "Tier by tier" not in browser.text
