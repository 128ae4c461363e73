"""What people decide: reviews, disputes, enrolments, and whether a decision is what it was."""

from __future__ import annotations

from world import DEVELOPMENT, LEAD, MANAGER, PARTNER, TEAM, World, journey


@journey("a review: confirmed, published with a fresh second factor, recomputed")
def review(world: World) -> None:
    browser = world.person(DEVELOPMENT, "/waiting")
    browser.see("Civic Works")
    browser.click(browser.css("main a[href^='/reviews/']"))
    browser.open("/reviews")
    at = _review_of(world, "civic-works", browser.cookies())
    browser.open(at)
    browser.see("Civic Works", "Proposed")
    # To decide otherwise needs a reason.
    browser.unfold("Decide otherwise")
    browser.fill("Outcome", "grace")
    browser.css("#reason").send_keys(" ")
    browser.press("Confirm this")
    assert browser.has(".problem"), "a reason is asked for"
    assert browser.field("Outcome").get_attribute("value") == "grace", "it stays as typed"
    browser.open(at)
    browser.press("Confirm")
    browser.see("Confirmed. The partner sees it when it is published.")
    other = world.somebody_else()
    other.sign_in(MANAGER, at)
    # The proof of the morning is not fresh in the afternoon.
    world.demo.move_back(MANAGER, "proved_at", 20)
    other.press("Publish")
    other.expect_path("/sign-in/code?next=")
    other.see("needs a proof that it is you")
    other.prove(MANAGER)
    other.expect_path(at)
    other.press("Publish")
    other.expect_path("/decisions/")
    other.see("Published.")
    other.see("Civic Works", "facts behind it")
    other.press("Recompute")
    other.see("Comes to the same.")
    other.arrived()


def _review_of(world: World, partner: str, cookies: str) -> str:
    from re import findall

    listed = world.demo.ask("/waiting", headers={"cookie": cookies}).text
    listed += world.demo.ask("/reviews?state=proposed", headers={"cookie": cookies}).text
    for path in dict.fromkeys(findall(r'href="(/reviews/\d+)"', listed)):
        if partner in world.demo.ask(path, headers={"cookie": cookies}).text:
            return path
    raise AssertionError(f"no review of {partner} is listed")


@journey("a dispute: opened by the partner, answered by the vendor")
def dispute(world: World) -> None:
    claim = "The cost review was rejected, though the customer signed it off in July."
    browser = world.person(TEAM, "/facts/opportunities/guru-opp-55")
    browser.follow("Open a dispute")
    browser.expect_path("/disputes/new")
    assert browser.field("Id of the fact").get_attribute("value") == "guru-opp-55"
    browser.fill("Why", claim)
    browser.click(browser.css("main form button.primary"))
    browser.see(claim)
    at = browser.path.split("?")[0]
    vendor = world.somebody_else()
    vendor.sign_in(DEVELOPMENT, "/disputes")
    vendor.see("Web Services Guru")
    vendor.open(at)
    vendor.see(claim, "Duc Pham")
    vendor.css("#text").send_keys("We look into it.")
    vendor.press("Send")
    vendor.see("We look into it.")
    # To reject needs a reason.
    vendor.css("form[action$=reject] textarea").send_keys(" ")
    vendor.press("Reject")
    assert vendor.has(".problem"), "a reason is asked for"
    vendor.open(at)
    vendor.follow("Uphold")
    vendor.type_into(vendor.css("[name=cell-review]"), "Approved")
    vendor.css("textarea[name=reason]").send_keys("The sheet was in the wrong folder.")
    vendor.press("Uphold")
    vendor.see("The sheet was in the wrong folder.")
    browser.open(at)
    browser.see("The sheet was in the wrong folder.", "the vendor")
    # It counts now.
    browser.open("/facts/opportunities/guru-opp-55")
    browser.see("upheld")


@journey("an enrolment is approved")
def enrolment(world: World) -> None:
    browser = world.person(DEVELOPMENT, "/enrolments")
    browser.see("Lantern Row Studio")
    browser.follow("Lantern Row Studio")
    browser.see("ada@lantern-row.example")
    browser.press("Approve")
    browser.open("/partners/lantern-row/scorecard")
    browser.see("Lantern Row Studio")


@journey("the rulebook, for a partner and for the vendor")
def rulebook(world: World) -> None:
    browser = world.person(LEAD, "/rulebook")
    browser.see("July 2024")
    browser.see_not("Draft for the demonstration")
    browser.follow("AWS Partner Network, tier requirements of July 2024")
    browser.see("Tiers side by side", "Registered", "Select", "Advanced", "Premier", "assumed")
    browser.open("/rulebook/apn-2024-07/examples")
    browser.see("Worked examples")
    browser.open("/rulebook/diff?old=apn-2021-01&new=apn-2024-07")
    browser.see("change")
    vendor = world.somebody()
    vendor.sign_in(MANAGER, "/rulebook")
    vendor.see("Draft for the demonstration")
    vendor.follow("Draft for the demonstration")
    vendor.open("/rulebook/diff?old=apn-2024-07&new=apn-draft")
    vendor.see("16", "12000")
    vendor.open("/rulebook/upload")
    vendor.see("Bring in an edition")


@journey("people, customers, users, the journal")
def others(world: World) -> None:
    browser = world.person(LEAD, f"/partners/{PARTNER}/people")
    browser.see("Tomasz Wilk")
    browser.follow("Tomasz Wilk")
    browser.expect_path("/people/")
    browser.open(f"/partners/{PARTNER}")
    browser.see("Web Services Guru Ltd")
    browser.open("/users")
    browser.see("duc@webservicesguru.example")
    browser.open("/users/invite")
    manager = world.somebody()
    manager.sign_in(MANAGER, "/journal")
    manager.see("Moana Tuilagi")
    customer = world.somebody()
    customer.sign_in("sefa@tamarua.example")
    customer.expect_path("/customers/tamarua-digital")
    customer.see("Harakeke Cloud", "Berth booking")
