"""Coming in, going out, one's own account."""

from __future__ import annotations

import re

from browser import Browser
from demonstration import code_of
from world import AUDITOR, CUSTOMER, LEAD, MANAGER, OPERATOR, PARTNER, TEAM, World, journey


@journey("signing in with a second factor")
def second_factor(world: World) -> None:
    browser = world.somebody()
    browser.open("/")
    browser.expect_path("/sign-in?next=%2F")
    assert browser.heading == "Sign in"
    browser.fill("E-mail address", LEAD)
    browser.fill("Password", "not the password at all")
    browser.press("Sign in")
    browser.see("The e-mail address or the password is wrong")
    assert browser.field("E-mail address").get_attribute("value") == LEAD, "it stays as typed"
    browser.fill("Password", world.demo.password)
    browser.press("Sign in")
    browser.expect_path("/sign-in/code")
    assert browser.heading == "Second factor"
    browser.fill("Six-digit code", "000000")
    browser.press("Continue")
    browser.see("code is wrong")
    assert browser.has("#problem-code"), "the problem stands beside the field"
    # Half signed in is not in.
    browser.open(f"/partners/{PARTNER}/scorecard")
    browser.expect_path("/sign-in/code?next=")
    browser.prove(LEAD)
    browser.expect_path(f"/partners/{PARTNER}/scorecard")
    browser.see("Farida Nazarova")


@journey("an invitation, and a second factor that the role asks for")
def invitation(world: World) -> None:
    email = "ana@vendor.example"
    link = world.demo.invitation(email, "partner_development_manager")
    browser = world.somebody()
    browser.open(link)
    assert browser.heading == "Welcome"
    browser.fill("Your name", "Ana Lindqvist")
    browser.fill("New password", "short")
    browser.fill("New password again", "short")
    browser.press("Join")
    assert browser.has("#problem-password")
    assert browser.field("Your name").get_attribute("value") == "Ana Lindqvist"
    browser.fill("New password", "nine patient lanterns")
    browser.fill("New password again", "nine patient lantern")
    browser.press("Join")
    browser.see("The two passwords are not the same")
    browser.fill("New password", "nine patient lanterns")
    browser.fill("New password again", "nine patient lanterns")
    browser.press("Join")
    browser.expect_path("/me/second-factor")
    # Nothing else opens before it is set up.
    browser.open("/me/tokens")
    browser.expect_path("/me/second-factor")
    browser.press("Set it up")
    secret = browser.css("code.secret").text
    browser.fill("Six-digit code", "12345")
    browser.click(browser.css("form[action$=confirm] button"))
    browser.see("code is wrong")
    secret = browser.css("code.secret").text
    browser.fill("Six-digit code", code_of(secret))
    browser.click(browser.css("form[action$=confirm] button"))
    codes = [code.text for code in browser.all(".codes code")]
    assert len(codes) == 10, codes
    browser.click(browser.css("a.button.primary"))
    browser.see("Ana Lindqvist")
    # A recovery code stands in for the phone, once.
    _sign_out(browser)
    for attempt in range(2):
        browser.open("/sign-in")
        browser.fill("E-mail address", email)
        browser.fill("Password", "nine patient lanterns")
        browser.press("Sign in")
        browser.unfold("No phone at hand?")
        browser.fill("Recovery code", codes[0])
        browser.press("Continue")
        if attempt == 0:
            browser.see("Ana Lindqvist")
            _sign_out(browser)
    assert browser.has("#problem-recovery_code, #problem-code, .problem.box")
    # The link has done its work.
    browser.open(link)
    browser.fill("Your name", "Mallory")
    browser.fill("New password", "nine patient lanterns")
    browser.fill("New password again", "nine patient lanterns")
    browser.press("Join")
    assert browser.has(".problem"), "a link works once"


def _sign_out(browser: Browser) -> None:
    browser.click(browser.css(".who summary"))
    browser.press("Sign out")
    browser.expect_path("/sign-in")
    browser.see("You are signed out.")


@journey("signing out ends the session")
def signing_out(world: World) -> None:
    browser = world.person(TEAM, "/me")
    cookies = browser.cookies()
    assert world.demo.ask("/me", headers={"cookie": cookies}).status == 200
    _sign_out(browser)
    browser.open("/me")
    browser.expect_path("/sign-in?next=%2Fme")
    kept = world.demo.ask("/me", headers={"cookie": cookies})
    assert kept.status == 303, "the cookie that somebody kept is of no use"
    assert kept.headers["location"].startswith("/sign-in")


@journey("an expired session returns to where one was, with the form as typed")
def expired(world: World) -> None:
    browser = world.person(TEAM, "/me/tokens")
    browser.fill("Name", "reports for the board")
    browser.fill("Last day", "2031-05-06")
    world.demo.move_back(TEAM, "seen_at", 45)
    browser.press("Make")
    browser.expect_path("/sign-in?next=")
    browser.fill("E-mail address", TEAM)
    browser.fill("Password", world.demo.password)
    browser.press("Sign in")
    browser.expect_path("/me/tokens")
    assert browser.field("Name").get_attribute("value") == "reports for the board"
    assert browser.field("Last day").get_attribute("value") == "2031-05-06"


@journey("a link in next leads to no other site")
def open_redirect(world: World) -> None:
    for evil in ("//evil.example", "https://evil.example/", "/\\evil.example", "/%5Cevil.example"):
        browser = world.somebody()
        browser.open(f"/sign-in?next={evil}")
        browser.fill("E-mail address", TEAM)
        browser.fill("Password", world.demo.password)
        browser.press("Sign in")
        assert browser.driver.current_url.startswith(world.demo.base + "/"), evil
        browser.see("Duc Pham")
        # Also for whoever is in already.
        browser.open(f"/sign-in?next={evil}")
        assert browser.driver.current_url.startswith(world.demo.base + "/"), evil


@journey("a form that another site sends is refused")
def forged(world: World) -> None:
    browser = world.person(TEAM, "/me/tokens")
    browser.driver.execute_script("document.querySelectorAll('[name=token]').forEach(it => it.remove())")
    browser.fill("Name", "forged")
    browser.press("Make")
    browser.see("out of date")
    form = {"content-type": "application/x-www-form-urlencoded", "cookie": browser.cookies()}
    for body in (b"name=forged&scope=read", b"name=forged&scope=read&token=" + b"0" * 32):
        answer = world.demo.ask("/me/tokens", method="POST", body=body, headers=form)
        assert 400 <= answer.status < 500, answer.status
    browser.open("/me/tokens")
    token = browser.css("[name=token]").get_attribute("value") or ""
    cross = form | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    body = f"name=forged&scope=read&token={token}".encode()
    answer = world.demo.ask("/me/tokens", method="POST", body=body, headers=cross)
    assert 400 <= answer.status < 500, answer.status
    browser.open("/me/tokens")
    browser.see_not("forged")


@journey("an API token, made here and used by a program")
def api_token(world: World) -> None:
    browser = world.person(TEAM, "/me")
    browser.follow("API tokens")
    browser.fill("Name", "laptop")
    browser.press("Make")
    secret = browser.css("code.secret").text
    assert re.fullmatch(r"gh_\S+", secret), secret
    path = f"/api/v1/partners/{PARTNER}/scorecard"
    bearer = {"authorization": f"Bearer {secret}"}
    answer = world.demo.ask(path, headers=bearer)
    assert answer.status == 200, answer.text
    assert world.demo.ask(path).status == 401
    assert world.demo.ask("/api/v1/partners/harakeke/scorecard", headers=bearer).status == 404
    # A token is no session, and one that reads does not write.
    cookie = {"cookie": f"guildhall_session={secret}"}
    assert world.demo.ask("/me", headers=cookie).status == 303
    browser.open("/me/tokens")
    browser.see("laptop")
    assert secret not in browser.driver.page_source, "it is shown once"
    browser.press("Revoke")
    assert world.demo.ask(path, headers=bearer).status == 401


@journey("a password is changed, and other sessions end")
def password(world: World) -> None:
    one, other = world.person(TEAM, "/me"), world.somebody_else()
    other.sign_in(TEAM, "/me")
    one.follow("Password")
    one.fill("Password so far", "not it, sorry")
    one.fill("New password", "nine patient lanterns")
    one.fill("New password again", "nine patient lanterns")
    one.press("Set the password")
    assert one.has(".problem")
    one.fill("Password so far", world.demo.password)
    one.fill("New password", "nine patient lanterns")
    one.fill("New password again", "nine patient lanterns")
    one.press("Set the password")
    one.expect_path("/me")
    other.open("/me/sessions")
    other.expect_path("/sign-in")
    one.follow("Sessions")
    assert len(one.all("tbody tr")) == 1


@journey("a forgotten password")
def forgotten(world: World) -> None:
    browser = world.somebody()
    browser.open("/sign-in")
    browser.follow("Forgotten your password?")
    said = []
    for email in (TEAM, "nobody@nowhere.example"):
        browser.open("/password-resets")
        browser.fill("E-mail address", email)
        browser.press("Send the link")
        said.append(browser.css("main").text)
    assert said[0] == said[1], "nobody learns who is a user"
    browser.open("/password-resets/not-a-secret")
    browser.fill("New password", "nine patient lanterns")
    browser.fill("New password again", "nine patient lanterns")
    browser.press("Set the password")
    assert browser.has(".problem")


@journey("the language of the browser")
def language(world: World) -> None:
    for accepted in ("en-NZ,en;q=0.9", "mi,sm;q=0.8", "de-CH", "*", ""):
        answer = world.demo.ask("/sign-in", headers={"accept-language": accepted})
        assert answer.status == 200, accepted
        assert '<html lang="en">' in answer.text, "a language that is not there is English, and says so"
        assert "accept-language" in answer.headers["vary"].lower()
    browser = world.somebody()
    browser.languages("mi")
    browser.open("/sign-in")
    assert browser.heading == "Sign in"
    browser.languages("en")


@journey("every role has a first page, and ways to go")
def first_pages(world: World) -> None:
    for email, first in {
        MANAGER: "/waiting",
        OPERATOR: "/users",
        AUDITOR: "/network",
        LEAD: f"/partners/{PARTNER}/scorecard",
        CUSTOMER: "/customers/tamarua-digital",
    }.items():
        browser = world.person(email)
        browser.expect_path(first)
        browser.see_not("There is no such page")
        ways = [way.get_attribute("href") or "" for way in browser.all(".ways a")]
        assert ways, f"{email} has nowhere to go"
        for way in ways:
            browser.open(way.removeprefix(world.demo.base))
            browser.see_not("There is no such page", "You may not do this", "Something broke")
            assert browser.has("[aria-current=page]"), f"{way} is not marked as where one is"
