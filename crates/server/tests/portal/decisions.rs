//! Reviews, decisions, notices and disputes, as a browser without script meets them.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use guildhall_access::{Actor, Role, Side};
use guildhall_server::ops::{demo, disputes};
use guildhall_server::{Caller, ops};
use jiff::SignedDuration;

use crate::browser::{Browser, Page, World};
use crate::databases::Database;

/// The world in spring, when the reviews of `bob` (1 May) and `ada` (1 June) are near.
fn spring(test: impl Fn(&World)) {
    for database in Database::both() {
        let world = World::new(&database.url);
        world.pass(SignedDuration::from_hours(76 * 24));
        test(&world);
    }
}

/// Sends a form and says where it leads to.
#[track_caller]
fn goes(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let page = browser.post(path, fields);
    assert_eq!(page.status, 303, "{}", page.text);
    page.location().to_owned()
}

fn propose(browser: &mut Browser<'_>, partner: &str) -> String {
    browser.get("/reviews");
    goes(browser, "/reviews", &[("partner", partner), ("kind", "review")])
}

/// Sends a form as htmx does.
fn sent_as_part(browser: &mut Browser<'_>, path: &str) -> Page {
    let body = format!("token={}", browser.token);
    let request = Request::post(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("hx-request", "true");
    browser.send(request.body(Body::from(body)).unwrap())
}

/// Proves the second factor afresh, as the page of an action asked for.
fn prove(world: &World, browser: &mut Browser<'_>, email: &str, asked: &str) -> Page {
    let code = demo::code(&world.app, email).unwrap().unwrap();
    browser.get(asked);
    let (_, next) = asked.split_once("next=").unwrap();
    let next: String = form_urlencoded::parse(format!("next={next}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap();
    browser.post("/sign-in/code", &[("code", &code), ("next", &next)])
}

#[test]
fn what_waits_for_a_decision_is_the_first_page_of_those_who_decide() {
    spring(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        assert_eq!(mia.get("/").location(), "/waiting");
        let page = mia.get("/waiting");
        page.says("bob").says("in 30 days").says("Grace").says("Renewal");
        page.says_not("Proposals to confirm</h2>").says_not("Disputes to answer</h2>");
        let to = propose(&mut mia, "bob");
        mia.get("/waiting").says("Proposals to confirm</h2>").says(&to);
        mia.get("/reviews?days=30").says("bob").says_not("<bdi>ada</bdi>");
        mia.get("/reviews?state=proposed").says(&to);
        let unknown = mia.post("/reviews", &[("partner", "nobody"), ("kind", "review")]);
        assert_eq!(unknown.status, 422);
        unknown.says("There is no partner “nobody”").says("value=\"nobody\"");
        let early = mia.post("/reviews", &[("partner", "ada"), ("kind", "upgrade")]);
        assert_eq!(early.status, 409);
        early.says("upgrade column");
    });
}

#[test]
fn a_review_is_proposed_decided_published_and_recomputed() {
    spring(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        let review = propose(&mut mia, "bob");
        mia.get(&review).says("Keeps Expert until 30 Jul 2026").says("Roofs finished");
        let confirm = format!("{review}/confirm");
        let stale = mia.post(&confirm, &[("version", "7"), ("back", &review)]);
        assert_eq!(stale.status, 412);
        stale.says("Somebody else changed it");
        let otherwise = [
            ("version", "1"),
            ("back", review.as_str()),
            ("outcome", "downgrade"),
            ("to_tier", "member"),
            ("grace_until", "2026-07-30"),
        ];
        let page = mia.post(&confirm, &otherwise);
        assert_eq!(page.status, 422);
        page.says("needs a reason").says("<option value=\"downgrade\" selected>");
        let mut with_reason = otherwise.to_vec();
        with_reason.push(("reason", "They asked <for> it."));
        assert_eq!(goes(&mut mia, &confirm, &with_reason), review);
        let page = mia.get(&review);
        page.says("Decided instead")
            .says("Goes down to Member")
            .says("They asked &#60;for&#62; it.");
        assert_eq!(mia.post(&confirm, &[("version", "2"), ("back", &review)]).status, 409);
        // Nobody but the vendor sees it before it is published.
        assert_eq!(world.signed_in("ben@bob.example").get(&review).status, 404);
        world.pass(SignedDuration::from_mins(6));
        let publish = format!("{review}/publish");
        let fields = [("version", "2"), ("back", review.as_str())];
        let asked = goes(&mut mia, &publish, &fields);
        assert!(asked.starts_with("/sign-in/code?next="), "{asked}");
        let back = prove(world, &mut mia, "mia@tiles.example", &asked).location().to_owned();
        assert!(back.starts_with(&review), "{back}");
        mia.get(&back);
        let decision = goes(&mut mia, &publish, &fields);
        let page = mia.get(&decision);
        page.says("Goes down to Member").says("SHA-256 of the decision").says("/facts/reviews/r-3");
        page.says("Published. The partner is told").says("They asked &#60;for&#62; it.");
        let verify = format!("{decision}/verify");
        mia.post(&verify, &[("back", &decision)]).says("Comes to the same.").says("<html");
        sent_as_part(&mut mia, &verify).says("Comes to the same.").says_not("<html");
        mia.get("/decisions").says(&decision).says("Downgrade");
        mia.get("/decisions?partner=ada").says_not(&decision);
        let mut ben = world.signed_in("ben@bob.example");
        ben.get(&decision).says("Goes down to Member").says("the vendor");
        ben.get(&review).says("Published").says_not("Propose anew");
        ben.get("/reviews").says(&review);
        ben.post(&verify, &[]).says("Comes to the same.");
        ben.get("/partners/bob/notices").says("Published: Downgrade").says(&decision);
        let mut lea = world.signed_in("lea@ada.example");
        for path in [&review, &decision, &"/partners/bob/notices".to_owned()] {
            assert_eq!(lea.get(path).status, 404, "{path}");
        }
        assert_eq!(lea.post(&verify, &[]).status, 404);
    });
}

#[test]
fn facts_that_change_behind_a_proposal_are_in_the_way_of_its_publication() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    world.pass(SignedDuration::from_hours(76 * 24));
    let mut mia = world.signed_in("mia@tiles.example");
    let review = propose(&mut mia, "bob");
    mia.get(&review);
    let fields = [("version", "1"), ("back", review.as_str())];
    assert_eq!(goes(&mut mia, &format!("{review}/confirm"), &fields), review);
    let roof = crate::book::roof("o-9", "bob", "2026-03-01");
    crate::book::record(&world.app.store, "2026-04-01T09:00:00Z", &[roof]);
    let fields = [("version", "2"), ("back", review.as_str())];
    let page = mia.post(&format!("{review}/publish"), &fields);
    assert_eq!(page.status, 409);
    page.says("acts changed since the proposal").says("Propose anew");
    let anew = goes(&mut mia, "/reviews", &[("partner", "bob")]);
    mia.get(&review).says("A later proposal has taken the place");
    mia.get(&anew).says("Confirm as proposed");
}

#[test]
fn a_partner_is_told_in_the_portal_what_is_mailed() {
    spring(|world| {
        ops::reviews::notices(&world.app).unwrap();
        let mut ben = world.signed_in("ben@bob.example");
        let page = ben.get("/partners/bob/notices");
        page.says("The tier review is due in 30 days, on 1 May 2026.");
        page.says("Tier review due on 1 May 2026").says("Grace");
        world.pass(SignedDuration::from_hours(40 * 24));
        let mut ben = world.signed_in("ben@bob.example");
        ben.get("/partners/bob/notices").says("The tier review was due 10 days ago");
    });
}

fn number(path: &str) -> i64 {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

#[test]
fn a_dispute_is_seen_whole_by_both_sides_and_upheld_with_the_new_version() {
    spring(|world| {
        let mut lea = world.signed_in("lea@ada.example");
        let new = "/disputes/new?partner=ada&kind=opportunities&fact=o-1&measure=roofs";
        lea.get(new).says("value=\"o-1\"").says("<option value=\"roofs\" selected>");
        let mut fields = vec![
            ("partner", "ada"),
            ("kind", "opportunities"),
            ("fact", "o-9"),
            ("measure", "roofs"),
            ("claim", "We <finished> it in time."),
        ];
        let page = lea.post("/disputes/new", &fields);
        assert_eq!(page.status, 422);
        page.says("There is no fact “o-9”").says("We &#60;finished&#62; it in time.");
        fields[2] = ("fact", "o-1");
        let dispute = goes(&mut lea, "/disputes/new", &fields);
        lea.get(&dispute).says("Should have counted in: Roofs finished").says("working days left");
        let message = [("text", "Here is the bill."), ("back", dispute.as_str())];
        assert_eq!(goes(&mut lea, &format!("{dispute}/messages"), &message), dispute);
        assert_eq!(world.signed_in("ben@bob.example").get(&dispute).status, 404);
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/waiting").says("Disputes to answer</h2>").says(&dispute);
        mia.get(&dispute).says("Here is the bill.").says("/facts/opportunities/o-1");
        let reject = format!("{dispute}/reject");
        let page = mia.post(&reject, &[("version", "1"), ("reason", ""), ("back", &dispute)]);
        assert_eq!(page.status, 422);
        let stale = [("version", "4"), ("reason", "No."), ("back", dispute.as_str())];
        assert_eq!(mia.post(&reject, &stale).status, 412);
        let uphold = format!("{dispute}/uphold");
        assert_eq!(lea.get(&uphold).status, 403);
        let form = mia.get(&uphold);
        form.says("name=\"cell-launched_on\" value=\"2025-09-01\"");
        let unchanged = [("version", "1"), ("reason", "It is right."), ("cell-id", "o-1")];
        assert_eq!(mia.post(&uphold, &unchanged).status, 422);
        let fields = [
            ("version", "1"),
            ("reason", "It was finished in November."),
            ("cell-id", "o-1"),
            ("cell-launched_on", "2025-11-30"),
        ];
        let wrong = [fields[0], fields[1], fields[2], ("cell-launched_on", "soon")];
        let page = mia.post(&uphold, &wrong);
        assert_eq!(page.status, 422);
        page.says("id=\"problem-cell-launched_on\"").says("value=\"soon\"");
        assert_eq!(goes(&mut mia, &uphold, &fields), dispute);
        lea.get(&dispute).says("Upheld").says("It was finished in November.").says("30 Nov 2025");
        lea.get("/disputes?state=upheld").says(&dispute);
        lea.get("/disputes?state=open").says("There is none.");
        lea.get("/partners/ada/notices").says("about o-1: Upheld");
        assert_eq!(lea.post(&format!("{dispute}/withdraw"), &[("back", &dispute)]).status, 409);
    });
}

#[test]
fn a_dispute_is_rejected_with_a_reason_or_taken_back() {
    spring(|world| {
        let mut lea = world.signed_in("lea@ada.example");
        lea.get("/disputes/new");
        let fields = [
            ("partner", "ada"),
            ("kind", "opportunities"),
            ("missing", "The roof of the mill"),
            ("claim", "It is finished."),
        ];
        let first = goes(&mut lea, "/disputes/new", &fields);
        let second = goes(&mut lea, "/disputes/new", &fields);
        let taken = [("version", "1"), ("back", second.as_str())];
        assert_eq!(goes(&mut lea, &format!("{second}/withdraw"), &taken), second);
        lea.get(&second).says("Withdrawn").says_not("Take it back");
        world.pass(SignedDuration::from_hours(20 * 24));
        let mut mia = world.signed_in("mia@tiles.example");
        mia.get("/waiting").says("overdue, was due");
        mia.get(&format!("{first}/uphold")).says("Enter the fact that is missing");
        let answer = [("version", "1"), ("reason", "No such roof."), ("back", first.as_str())];
        assert_eq!(goes(&mut mia, &format!("{first}/reject"), &answer), first);
        mia.get(&first).says("Rejected").says("No such roof.").says_not("Uphold");
    });
}

#[test]
fn nobody_answers_their_own_dispute() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut mia = world.signed_in("mia@tiles.example");
    let user = world.app.store.read(|tx| tx.user_by_email("mia@tiles.example")).unwrap().unwrap();
    // Mia worked for the partner when she opened it.
    let lead = Caller::acting(Actor {
        user: Some(user.id),
        organization: Some((Side::Partner, "ada".to_owned())),
        roles: vec![Role::AllianceLead],
        second_factor_age_seconds: Some(10),
        scopes: None,
    });
    let objection = disputes::Objection {
        partner: "ada".to_owned(),
        kind: "opportunities".to_owned(),
        fact: Some("o-1".to_owned()),
        missing: None,
        claim: "It counts.".to_owned(),
    };
    let opened = disputes::open(&world.app, &lead, &objection).unwrap();
    let path = format!("/disputes/{}", opened.number);
    assert_eq!(number(&path), opened.number);
    mia.get(&path).says("It counts.");
    assert_eq!(mia.get(&format!("{path}/uphold")).status, 403);
    let answer = [("version", "1"), ("reason", "I agree."), ("back", path.as_str())];
    let page = mia.post(&format!("{path}/reject"), &answer);
    assert_eq!(page.status, 403);
    page.says("Nobody decides about what they asked for themselves.");
}

#[test]
fn a_stranger_finds_nothing() {
    spring(|world| {
        let mut mia = world.signed_in("mia@tiles.example");
        let review = propose(&mut mia, "ada");
        let mut ben = world.signed_in("ben@bob.example");
        for path in [
            "/waiting",
            "/enrolments",
            "/enrolments/agreement",
            "/enrolments/e-1",
            "/journal",
            "/reviews/999999",
            "/reviews/nothing",
            "/decisions/999999",
            "/disputes/999999",
            "/disputes/1/uphold",
            "/disputes/new?partner=ada",
            "/partners/ada/notices",
            review.as_str(),
        ] {
            assert_eq!(ben.get(path).status, 404, "{path}");
        }
        for (path, fields) in [
            ("/reviews", vec![("partner", "bob")]),
            (&*format!("{review}/confirm"), vec![("version", "1")]),
            (&*format!("{review}/publish"), vec![("version", "1")]),
            ("/disputes/new", vec![("partner", "ada"), ("kind", "cases"), ("claim", "x")]),
        ] {
            let status = ben.post(path, &fields).status;
            assert_eq!(status, 404, "{path}");
        }
        ben.get("/decisions").says("Nothing has been decided yet.");
        let mut nobody = world.browser();
        for path in ["/waiting", "/reviews", "/decisions", "/disputes", "/disputes/1", "/users"] {
            let page = nobody.get(path);
            assert_eq!(page.status, 303, "{path}");
            assert!(page.location().starts_with("/sign-in?next="), "{path}");
        }
    });
}
