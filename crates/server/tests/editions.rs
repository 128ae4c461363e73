//! Editions in a running network, and disputes: brought in, checked, published, answered.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "shared/book.rs"]
#[expect(dead_code, reason = "shared by several tests")]
mod book;
#[path = "../../store/tests/shared/databases.rs"]
#[expect(dead_code, reason = "shared by several tests")]
mod databases;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use book::{TILES, found, lead, manager, moment, spoil};
use databases::Database;
use guildhall_access::{Role, Side};
use guildhall_rules::facts::File;
use guildhall_server::ops::disputes::{self, Answer, DisputeShown, Objection};
use guildhall_server::ops::editions::{self, Example, Upload};
use guildhall_server::ops::users::{self, NewUser};
use guildhall_server::ops::{by_hand, notices, reviews};
use guildhall_server::{App, Caller, Error, rest};
use guildhall_store::Kind;
use tower::ServiceExt;

const NOW: &str = "2026-05-20T12:00:00Z";

fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.unwrap_err().kind().1
}

fn next() -> String {
    TILES
        .replace("tiles-2025", "tiles-2026")
        .replace("2024-11-01", "2026-05-21")
        .replace("in_force_from = 2025-01-01", "in_force_from = 2026-07-01")
        .replace("roofs = 3", "roofs = 4")
}

fn upload(app: &App, caller: &Caller, text: &str) -> Result<editions::EditionShown, Error> {
    editions::upload(app, caller, &Upload { text: text.to_owned(), examples: Vec::new() })
}

fn problems(outcome: Result<editions::EditionShown, Error>) -> Vec<&'static str> {
    match outcome {
        Err(Error::Invalid(problems)) => problems.shown().iter().map(|one| one.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_edition_is_brought_in_looked_at_and_published_by_its_digest() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        assert_eq!(code(upload(&app, &lead("ada"), &next())), "denied");
        let draft = upload(&app, &manager(), &next()).unwrap();
        assert_eq!((draft.state.as_str(), draft.in_force_from.as_str()), ("draft", "2026-07-01"));
        assert_eq!(code(editions::get(&app, &lead("ada"), "tiles-2026")), "not-found");
        assert_eq!(code(editions::get(&app, &Caller::nobody(), "tiles-2026")), "sign-in-first");
        assert_eq!(editions::list(&app, &lead("ada")).unwrap().len(), 1);
        assert_eq!(editions::list(&app, &manager()).unwrap().len(), 2);
        let diff = editions::diff(&app, &manager(), "tiles-2026", None).unwrap();
        assert!(diff.changes.iter().any(|change| change.sentence.contains('4')), "{diff:?}");
        let again = upload(&app, &manager(), &next().replace("roofs = 4", "roofs = 5")).unwrap();
        let outcome = editions::publish(&app, &manager(), "tiles-2026", &draft.sha256);
        assert_eq!(code(outcome), "other-text");
        assert_eq!(editions::check_again(&app, &manager(), "tiles-2026").unwrap().state, "draft");
        let publish = || editions::publish(&app, &manager(), "tiles-2026", &again.sha256);
        std::thread::scope(|scope| {
            let both = [scope.spawn(publish), scope.spawn(publish)];
            let outcomes = both.map(|thread| thread.join().unwrap());
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
            let loser = outcomes.into_iter().find(Result::is_err).unwrap();
            assert_eq!(code(loser), "already-published");
        });
        assert_eq!(editions::get(&app, &lead("ada"), "tiles-2026").unwrap().state, "published");
        assert_eq!(problems(upload(&app, &manager(), &next()))[0], "id-used-twice");
        app.store.seal(moment(NOW)).unwrap();
        assert_eq!(app.store.verify(None).unwrap().problems, []);
        let change =
            "update \"editions\" set \"text\" = replace(\"text\", 'roofs = 5', 'roofs = 6')";
        spoil(&database.url, change);
        let verified = app.store.verify(None).unwrap();
        assert_eq!(verified.problems[0].place, "editions `tiles-2026`");
    }
}

#[test]
fn all_problems_of_a_draft_are_told_at_once() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let text = next().replace("\"tiles\"", "\"slates\"").replace("2026-05-21", "2026-05-19");
        let codes = problems(upload(&app, &manager(), &text));
        assert_eq!(codes, ["other-network", "published-in-the-past"]);
        let text = next().replace("2026-07-01", "2026-02-01");
        assert_eq!(problems(upload(&app, &manager(), &text)), ["in-force-in-the-past"]);
        let correction = next().replace("in_force_from = 2026-07-01", "in_force_from = 2025-01-01");
        upload(&app, &manager(), &correction).unwrap();
        assert!(!problems(upload(&app, &manager(), "id = 1")).is_empty());
        assert_eq!(code(upload(&app, &manager(), "id = \"\0\"")), "invalid");
        let examples =
            vec![Example { name: "a.md".into(), text: "# A\n\n```scorecrd x\n```\n".into() }];
        let outcome = editions::upload(&app, &manager(), &Upload { text: next(), examples });
        assert_eq!(problems(outcome), ["bad-example"]);
    }
}

fn object(app: &App, caller: &Caller, fact: Option<&str>) -> Result<DisputeShown, Error> {
    let objection = Objection {
        partner: "ada".to_owned(),
        kind: "opportunities".to_owned(),
        fact: fact.map(str::to_owned),
        missing: fact.is_none().then(|| "the roof of the town hall".to_owned()),
        claim: "It was finished a year later.".to_owned(),
    };
    disputes::open(app, caller, &objection)
}

fn answer(outcome: &str, cells: &[(&str, &str)]) -> Answer {
    let cell = |(name, value): &(&str, &str)| ((*name).to_owned(), Some((*value).to_owned()));
    let cells: BTreeMap<_, _> = cells.iter().map(cell).collect();
    Answer { outcome: outcome.to_owned(), reason: "We looked it up.".to_owned(), cells }
}

#[test]
fn a_dispute_that_is_upheld_changes_the_fact_with_the_answer() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        assert_eq!(code(object(&app, &lead("bob"), Some("o-1"))), "not-found");
        assert_eq!(code(object(&app, &lead("ada"), Some("o-9"))), "not-found");
        let dispute = object(&app, &lead("ada"), Some("o-1")).unwrap();
        // Ten working days behind a Wednesday.
        assert_eq!(dispute.due_on, "2026-06-03");
        let number = dispute.number;
        assert_eq!(code(disputes::get(&app, &lead("bob"), number)), "not-found");
        assert_eq!(code(disputes::get(&app, &Caller::nobody(), number)), "sign-in-first");
        disputes::write(&app, &manager(), number, "Which paper shows it?").unwrap();
        disputes::write(&app, &lead("ada"), number, "The bill of August.").unwrap();
        app.clock.set(moment("2026-06-04T12:00:00Z"));
        let shown = disputes::get(&app, &lead("ada"), number).unwrap();
        assert_eq!((shown.messages.len(), shown.working_days_elapsed), (2, 11));
        assert!(shown.is_overdue);
        let answers = |answer: &Answer, tag: Option<&str>| {
            disputes::answer(&app, &manager(), number, tag, answer)
        };
        assert_eq!(code(answers(&answer("upheld", &[]), None)), "invalid");
        assert_eq!(code(answers(&answer("upheld", &[("launched_on", "soon")]), None)), "invalid");
        assert_eq!(code(answers(&answer("upheld", &[("partner", "bob")]), None)), "invalid");
        let good = answer("upheld", &[("launched_on", "2026-05-02")]);
        assert_eq!(code(answers(&good, Some("\"v7\""))), "changed");
        let outcome = disputes::answer(&app, &lead("ada"), number, None, &good);
        assert_eq!(code(outcome), "denied");
        assert_eq!(answers(&good, Some("\"v1\"")).unwrap().state, "upheld");
        assert_eq!(code(answers(&good, None)), "not-open");
        let held: Result<_, Error> =
            app.store.read(|tx| Ok(tx.current(Kind::Fact(File::Opportunities), "o-1")?));
        assert_eq!(held.unwrap().unwrap().draft.cell("launched_on"), Some("2026-05-02"));
        assert_eq!(disputes::list(&app, &lead("ada"), None, None, 10).unwrap().len(), 1);
        assert_eq!(disputes::list(&app, &lead("bob"), None, None, 10).unwrap().len(), 0);
    }
}

#[test]
fn a_missing_fact_is_added_and_a_dispute_is_rejected_or_withdrawn() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let first = object(&app, &lead("ada"), None).unwrap().number;
        let cells = [
            ("id", "o-7"),
            ("partner", "ada"),
            ("customer", "town"),
            ("stage", "Launched"),
            ("expected_mrr", "1"),
            ("currency", "EUR"),
            ("launched_on", "2026-05-01"),
        ];
        disputes::answer(&app, &manager(), first, None, &answer("upheld", &cells)).unwrap();
        let second = object(&app, &lead("ada"), Some("o-7")).unwrap().number;
        let rejected = disputes::answer(&app, &manager(), second, None, &answer("rejected", &[]));
        assert_eq!(rejected.unwrap().state, "rejected");
        let third = object(&app, &lead("ada"), Some("o-1")).unwrap().number;
        assert_eq!(code(disputes::withdraw(&app, &manager(), third, None)), "denied");
        assert_eq!(disputes::withdraw(&app, &lead("ada"), third, None).unwrap().state, "withdrawn");
        app.store.seal(moment(NOW)).unwrap();
        assert_eq!(app.store.verify(None).unwrap().problems, []);
    }
}

#[tokio::test]
async fn every_route_asks_strangers_to_sign_in_and_takes_no_nonsense() {
    let database = Database::sqlite();
    let router = rest::router(Arc::new(found(&database.url, NOW)), 1 << 20);
    let ask = async |method: &str, path: &str, body: &str| {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        router.clone().oneshot(request).await.unwrap().status()
    };
    for path in [
        "/reviews",
        "/reviews/due",
        "/reviews/1",
        "/decisions",
        "/decisions/1",
        "/disputes",
        "/disputes/1",
        "/editions",
        "/editions/tiles-2025",
        "/editions/tiles-2025/diff",
    ] {
        assert_eq!(ask("GET", path, "").await, StatusCode::UNAUTHORIZED, "{path}");
    }
    let posts = [
        ("/reviews", r#"{"partner": "ada"}"#),
        ("/reviews/1/confirm", "{}"),
        ("/reviews/1/publish", ""),
        ("/decisions", r#"{"partner": "ada", "kind": "suspended", "reason": "so"}"#),
        ("/decisions/discounts", r#"{"partner": "ada", "period": "2026-H1"}"#),
        ("/editions", r#"{"text": ""}"#),
        ("/editions/tiles-2025/publish", r#"{"sha256": ""}"#),
        ("/editions/tiles-2025/check", ""),
        ("/disputes", r#"{"partner": "ada", "kind": "cases", "fact": "x", "claim": "y"}"#),
        ("/disputes/1/messages", r#"{"text": "x"}"#),
        ("/disputes/1/answer", r#"{"outcome": "rejected", "reason": "x"}"#),
        ("/disputes/1/withdraw", ""),
    ];
    for (path, body) in posts {
        assert_eq!(ask("POST", path, body).await, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(ask("GET", "/reviews/x", "").await, StatusCode::NOT_FOUND);
    assert_eq!(ask("GET", "/decisions/99999999999999999999", "").await, StatusCode::NOT_FOUND);
    let nul = r#"{"partner": "a\u0000b"}"#;
    assert_eq!(ask("POST", "/reviews", nul).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask("POST", "/reviews", "{").await, StatusCode::BAD_REQUEST);
}

/// A user with an API token: the token.
fn user(app: &App, email: &str, side: Side, organization: &str, role: Role) -> String {
    let organization = Some((side, organization.to_owned()));
    let new =
        NewUser { email: email.to_owned(), name: "X".into(), organization, roles: vec![role] };
    users::create_first(app, &new, "three grey herons").unwrap();
    by_hand::token(app, email, "test", &["admin".to_owned()], None).unwrap()
}

type Shown = (StatusCode, axum::http::HeaderMap, serde_json::Value);

#[test]
fn reviews_and_disputes_are_had_over_rest_with_a_token() {
    for database in Database::both() {
        let app = Arc::new(found(&database.url, NOW));
        let mara = user(&app, "mara@tiles.example", Side::Vendor, "tiles", Role::ProgramManager);
        let lead = user(&app, "lea@ada.example", Side::Partner, "ada", Role::AllianceLead);
        let router = rest::router(Arc::clone(&app), 1 << 20);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let ask = |token: &str, method: &str, path: &str, tag: &str, body: &str| -> Shown {
            let request = Request::builder()
                .method(method)
                .uri(format!("/api/v1{path}"))
                .header("content-type", "application/json")
                .header("authorization", format!("Bearer {token}"))
                .header("if-match", tag)
                .body(Body::from(body.to_owned()))
                .unwrap();
            runtime.block_on(async {
                let response = router.clone().oneshot(request).await.unwrap();
                let (parts, body) = response.into_parts();
                let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let json = serde_json::from_slice(&bytes).unwrap_or_default();
                (parts.status, parts.headers, json)
            })
        };
        let get = |token: &str, path: &str| ask(token, "GET", path, "*", "");
        let (status, headers, proposed) =
            ask(&mara, "POST", "/reviews", "*", r#"{"partner": "ada"}"#);
        assert_eq!(status, StatusCode::CREATED, "{proposed}");
        assert_eq!(
            (headers["etag"].to_str().unwrap(), &proposed["outcome"]),
            ("\"v1\"", &"renew".into())
        );
        let path = format!("/reviews/{}", proposed["number"]);
        assert_eq!(headers["location"], format!("/api/v1{path}"));
        assert_eq!(get(&lead, &path).0, StatusCode::NOT_FOUND);
        let confirm = format!("{path}/confirm");
        assert_eq!(ask(&mara, "POST", &confirm, "\"v9\"", "{}").0, StatusCode::PRECONDITION_FAILED);
        assert_eq!(ask(&mara, "POST", &confirm, "\"v1\"", "{}").0, StatusCode::OK);
        // A token never proves a second factor.
        assert_eq!(
            ask(&mara, "POST", &format!("{path}/publish"), "*", "").0,
            StatusCode::FORBIDDEN
        );
        let (status, _, due) = get(&mara, "/reviews/due?days=90&limit=1");
        assert_eq!((status, &due["items"][0]["partner"]), (StatusCode::OK, &"bob".into()));
        let next = due["next"].as_str().unwrap();
        let (_, _, due) = get(&mara, &format!("/reviews/due?days=90&cursor={next}"));
        assert_eq!(due["items"][0]["partner"], "ada");
        assert_eq!(get(&mara, "/reviews/due?limit=0").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(get(&mara, "/reviews?cursor=eHg").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(get(&mara, "/decisions?partner=a%00").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(get(&mara, "/editions/a%00").0, StatusCode::NOT_FOUND);
        let body = r#"{"partner": "ada", "kind": "opportunities", "fact": "o-1", "claim": "No."}"#;
        let (status, _, dispute) = ask(&lead, "POST", "/disputes", "*", body);
        assert_eq!(status, StatusCode::CREATED, "{dispute}");
        assert_eq!(get(&mara, "/disputes").2["items"][0]["number"], dispute["number"]);
        assert_eq!(get(&lead, "/editions").2["items"][0]["id"], "tiles-2025");
        // Ada's lead and the vendor's manager get letters; nobody is there to read bob's and cid's.
        reviews::notices(&app).unwrap();
        assert_eq!(notices::deliver(&app).unwrap(), 2);
        assert_eq!(notices::deliver(&app).unwrap(), 0);
        let letters = app.store.read(|tx| tx.waiting_letters(10)).unwrap();
        let mut to: Vec<&str> = letters.iter().map(|(to, _)| to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["lea@ada.example", "mara@tiles.example"]);
    }
}
