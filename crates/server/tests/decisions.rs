//! Tier reviews and decisions: proposed, confirmed, published, recomputed.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "shared/book.rs"]
mod book;
#[expect(dead_code, reason = "shared by several tests")]
#[path = "../../store/tests/shared/databases.rs"]
mod databases;

use book::{TILES, found, lead, manager, moment, record, review, roof, spoil, unproved};
use databases::Database;
use guildhall_server::ops::decisions::{self, Declaration};
use guildhall_server::ops::reviews::{self, Confirmation, ProposalRequest, ReviewShown};
use guildhall_server::ops::standing::{self, Viewpoint};
use guildhall_server::{App, Caller, Error};
use guildhall_store::{Entry, Store};

const NOW: &str = "2026-05-20T12:00:00Z";

fn propose(app: &App, partner: &str) -> ReviewShown {
    ask(app, partner, "review").unwrap()
}

fn ask(app: &App, partner: &str, kind: &str) -> Result<ReviewShown, Error> {
    let request = ProposalRequest { partner: partner.to_owned(), kind: Some(kind.to_owned()) };
    reviews::propose(app, &manager(), &request)
}

fn confirm(app: &App, number: i64) -> ReviewShown {
    reviews::confirm(app, &manager(), number, None, &Confirmation::default()).unwrap()
}

fn publish(app: &App, partner: &str) -> ReviewShown {
    let proposed = propose(app, partner);
    confirm(app, proposed.number);
    reviews::publish(app, &manager(), proposed.number, None).unwrap()
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> &'static str {
    outcome.unwrap_err().kind().1
}

fn codes(store: &Store) -> Vec<(&'static str, String)> {
    let verified = decisions::verify(store).unwrap();
    verified.problems.into_iter().map(|fault| (fault.code, fault.place)).collect()
}

fn tier(app: &App, partner: &str, day: &str) -> (Option<String>, String) {
    let viewpoint = Viewpoint {
        as_of: guildhall_rules::day::Day::parse(day.as_bytes()),
        ..Viewpoint::default()
    };
    let card = standing::scorecard(app, &manager(), partner, &viewpoint).unwrap();
    (card.tier, card.review.due_on.map(|day| day.to_string()).unwrap_or_default())
}

#[test]
fn a_renewal_is_proposed_confirmed_published_and_recomputed_after_a_restart() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let proposed = propose(&app, "ada");
        assert_eq!((proposed.outcome.as_str(), proposed.as_of.as_str()), ("renew", "2026-06-01"));
        assert_eq!(proposed.to_tier.as_deref(), Some("expert"));
        assert_eq!(proposed.evidence.len(), 7);
        assert_eq!(
            code(reviews::publish(&app, &manager(), proposed.number, None)),
            "not-confirmed"
        );
        confirm(&app, proposed.number);
        let published =
            reviews::publish(&app, &manager(), proposed.number, Some("\"v2\"")).unwrap();
        assert_eq!(published.state, "published");
        let decision = decisions::get(&app, &manager(), published.decision.unwrap()).unwrap();
        let body = decision.decision.unwrap();
        assert_eq!(body["edition"]["id"], "tiles-2025");
        assert_eq!(body["scorecard"]["renewal"]["met"], true);
        assert_eq!(body["known_at"], NOW);
        assert_eq!(tier(&app, "ada", "2026-06-02"), (Some("expert".into()), "2027-06-01".into()));
        assert_eq!(code(ask(&app, "ada", "review")), "already-decided");
        // Later facts do not touch what was published.
        app.clock.set(moment("2026-07-01T00:00:00Z"));
        record(&app.store, "2026-06-20T00:00:00Z", &[roof("o-1", "ada", "2020-01-01")]);
        drop(app);
        let store = Store::open(&database.url).unwrap();
        assert_eq!(codes(&store), []);
        assert_eq!(decisions::verify(&store).unwrap().decisions, 1);
        store.seal(moment(NOW)).unwrap();
        assert_eq!(store.verify(None).unwrap().problems, []);
    }
}

#[test]
fn what_changed_since_the_proposal_is_in_the_way_of_publishing() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let first = propose(&app, "ada");
        confirm(&app, first.number);
        app.clock.set(moment("2026-05-21T12:00:00Z"));
        record(&app.store, "2026-05-21T00:00:00Z", &[roof("o-3", "ada", "2026-05-01")]);
        let error = reviews::publish(&app, &manager(), first.number, None).unwrap_err();
        assert_eq!(error.kind().1, "facts-changed");
        assert!(error.to_string().contains("opportunities `o-3`"), "{error}");
        let second = propose(&app, "ada");
        assert_eq!(reviews::get(&app, &manager(), first.number).unwrap().state, "replaced");
        confirm(&app, second.number);
        let text = TILES
            .replace("tiles-2025", "tiles-2026")
            .replace("2024-11-01", "2026-05-21")
            .replace("in_force_from = 2025-01-01", "in_force_from = 2026-06-01");
        let done: Result<_, guildhall_store::Error> = app.store.write(|tx| {
            let mut entry = Entry::new(app.clock.now(), "mara", "publish_edition", "tiles-2026");
            tx.adopt_editions(&mut entry, "tiles", &[("tiles-2026".to_owned(), text.clone())])?;
            tx.commit(entry)
        });
        done.unwrap();
        let outcome = reviews::publish(&app, &manager(), second.number, None);
        assert_eq!(code(outcome), "edition-changed");
        let third = publish(&app, "ada");
        assert_eq!(third.edition, "tiles-2026");
        assert_eq!(codes(&app.store), []);
    }
}

#[test]
fn the_second_who_confirms_is_told_so() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let proposed = propose(&app, "ada");
        let confirmation = Confirmation::default();
        let confirm = |tag: Option<&str>| {
            reviews::confirm(&app, &manager(), proposed.number, tag, &confirmation)
        };
        std::thread::scope(|scope| {
            let both = [scope.spawn(|| confirm(None)), scope.spawn(|| confirm(None))];
            let outcomes = both.map(|thread| thread.join().unwrap());
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
            let loser = outcomes.into_iter().find(Result::is_err).unwrap();
            assert_eq!(code(loser), "not-open");
        });
        assert_eq!(code(confirm(Some("\"v1\""))), "changed");
    }
}

#[test]
fn a_review_may_be_decided_otherwise_with_a_reason() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let proposed = propose(&app, "ada");
        let decide = |outcome: &str, to_tier: &str, reason: Option<&str>| {
            let confirmation = Confirmation {
                outcome: Some(outcome.to_owned()),
                to_tier: Some(to_tier.to_owned()),
                grace_until: None,
                reason: reason.map(str::to_owned),
            };
            reviews::confirm(&app, &manager(), proposed.number, None, &confirmation)
        };
        assert_eq!(code(decide("downgrade", "member", None)), "invalid");
        assert_eq!(code(decide("downgrade", "nothing", Some("so"))), "invalid");
        assert_eq!(code(decide("downgrade", "master", Some("so"))), "invalid");
        assert_eq!(code(decide("downgrade", "member", Some("a\0b"))), "invalid");
        decide("downgrade", "member", Some("They asked for it.")).unwrap();
        reviews::publish(&app, &manager(), proposed.number, None).unwrap();
        assert_eq!(tier(&app, "ada", "2026-06-02"), (Some("member".into()), "2027-06-01".into()));
        assert_eq!(codes(&app.store), []);
    }
}

#[test]
fn a_grace_resets_nothing_and_what_remains_is_proposed_when_it_is_over() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let grace = publish(&app, "bob");
        assert_eq!((grace.outcome.as_str(), grace.to_tier.as_deref()), ("grace", Some("expert")));
        assert_eq!(grace.grace_until.as_deref(), Some("2026-07-30"));
        assert_eq!(tier(&app, "bob", "2026-06-01"), (Some("expert".into()), "2026-05-01".into()));
        let due = reviews::due(&app, &manager(), 90, None, 10).unwrap();
        let bob = due.iter().find(|due| due.partner == "bob").unwrap();
        assert_eq!((bob.kind.as_str(), bob.due_on.as_str()), ("grace_end", "2026-07-31"));
        app.clock.set(moment("2026-08-02T00:00:00Z"));
        let end = publish(&app, "bob");
        assert_eq!((end.kind.as_str(), end.outcome.as_str()), ("grace_end", "downgrade"));
        let decision = decisions::get(&app, &manager(), end.decision.unwrap()).unwrap();
        assert_eq!(decision.supersedes, grace.decision);
        assert_eq!(tier(&app, "bob", "2026-08-03"), (Some("member".into()), "2027-08-02".into()));
        assert_eq!(codes(&app.store), []);
    }
}

#[test]
fn a_byte_that_was_changed_is_found_with_its_place() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let number = publish(&app, "ada").decision.unwrap();
        let url = &database.url;
        let place = format!("decisions {number}");
        let fact = |day: &str| {
            spoil(
                url,
                &format!(
                    "update \"opportunities\" set \"launched_on\" = '{day}' where \"id\" = 'o-1'"
                ),
            );
        };
        fact("2025-09-02");
        let found = codes(&app.store);
        assert!(found.contains(&("changed-evidence", place.clone())), "{found:?}");
        fact("2020-09-01");
        let found = codes(&app.store);
        assert!(found.contains(&("recomputed-otherwise", place.clone())), "{found:?}");
        assert!(found.contains(&("known-otherwise", place.clone())), "{found:?}");
        fact("2025-09-01");
        assert_eq!(codes(&app.store), []);
        let body = |from: &str, to: &str| {
            spoil(
                url,
                &format!("update \"decisions\" set \"body\" = replace(\"body\", '{from}', '{to}')"),
            );
        };
        body("expert", "exqert");
        assert_eq!(codes(&app.store), [("changed-decision", place.clone())]);
        body("exqert", "expert");
        let edition = |from: &str, to: &str| {
            spoil(
                url,
                &format!("update \"editions\" set \"text\" = replace(\"text\", '{from}', '{to}')"),
            );
        };
        edition("Roofs finished", "Roofs Finished");
        assert_eq!(codes(&app.store), [("changed-edition", place.clone())]);
        edition("Roofs Finished", "Roofs finished");
        spoil(url, "delete from \"credentials\" where \"id\" = 'c-1'");
        assert!(codes(&app.store).contains(&("missing-evidence", place.clone())));
        spoil(url, "delete from \"decisions\"");
        assert_eq!(codes(&app.store), [("missing-decision", place)]);
    }
}

#[test]
fn nothing_differs_when_a_person_was_erased() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        publish(&app, "ada");
        let done: Result<_, guildhall_store::Error> = app.store.write(|tx| {
            let mut entry = Entry::new(app.clock.now(), "mara", "erase_person", "i-1");
            tx.erase_person(&mut entry, "i-1")?;
            tx.commit(entry)
        });
        done.unwrap();
        assert_eq!(codes(&app.store), []);
    }
}

#[test]
fn partners_see_what_is_published_and_strangers_nothing() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let proposed = propose(&app, "ada");
        let number = proposed.number;
        let (ada, bob, nobody) = (lead("ada"), lead("bob"), Caller::nobody());
        let confirmation = Confirmation::default();
        assert_eq!(code(reviews::get(&app, &ada, number)), "not-found");
        assert_eq!(code(reviews::confirm(&app, &ada, number, None, &confirmation)), "not-found");
        assert_eq!(code(reviews::get(&app, &nobody, number)), "sign-in-first");
        assert_eq!(reviews::list(&app, &ada, None, None, 10).unwrap().len(), 0);
        confirm(&app, number);
        assert_eq!(code(reviews::publish(&app, &unproved(), number, None)), "denied");
        let decision = reviews::publish(&app, &manager(), number, None).unwrap().decision.unwrap();
        assert_eq!(reviews::get(&app, &ada, number).unwrap().state, "published");
        assert_eq!(reviews::list(&app, &ada, None, None, 10).unwrap().len(), 1);
        assert_eq!(decisions::get(&app, &ada, decision).unwrap().kind, "renew");
        assert_eq!(decisions::list(&app, &ada, None, None, 10).unwrap().len(), 1);
        for other in [number, number + 1] {
            assert_eq!(code(reviews::get(&app, &bob, other)), "not-found");
        }
        for other in [decision, decision + 1] {
            assert_eq!(code(decisions::get(&app, &bob, other)), "not-found");
            assert_eq!(code(decisions::get(&app, &nobody, other)), "sign-in-first");
        }
        assert_eq!(decisions::list(&app, &bob, None, None, 10).unwrap().len(), 0);
        assert_eq!(decisions::list(&app, &bob, Some("ada"), None, 10).unwrap().len(), 0);
        assert_eq!(code(reviews::due(&app, &bob, 90, None, 10)), "not-found");
    }
}

#[test]
fn suspensions_executive_reviews_and_discounts_are_decisions_too() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        let declare = |kind: &str, until: Option<&str>| {
            let declaration = Declaration {
                partner: "cid".to_owned(),
                kind: kind.to_owned(),
                on: None,
                valid_until: until.map(str::to_owned),
                reason: "So it was decided.".to_owned(),
            };
            decisions::declare(&app, &manager(), &declaration)
        };
        let before = tier(&app, "cid", "2026-05-20");
        assert_eq!(before, (Some("expert".into()), "2026-07-01".into()));
        let first = decisions::publish_discount(&app, &manager(), "cid", "2026-H1").unwrap();
        let body = first.decision.unwrap();
        assert_eq!(body["statement"]["percent"], "25");
        app.clock.set(moment("2026-05-21T12:00:00Z"));
        declare("suspended", Some("2026-12-31")).unwrap();
        // What the partner's row tells in short was written out.
        assert_eq!(tier(&app, "cid", "2026-05-21"), before);
        app.clock.set(moment("2026-05-22T12:00:00Z"));
        declare("reinstated", None).unwrap();
        app.clock.set(moment("2026-05-23T12:00:00Z"));
        declare("executive_review", Some("2027-05-22")).unwrap();
        let second = decisions::publish_discount(&app, &manager(), "cid", "2026-H1").unwrap();
        assert_eq!(second.supersedes, Some(first.number));
        assert_eq!(code(declare("suspended", Some("2020-01-01"))), "invalid");
        assert_eq!(code(declare("praised", None)), "invalid");
        assert_eq!(code(decisions::publish_discount(&app, &manager(), "cid", "2026")), "invalid");
        assert_eq!(
            code(decisions::publish_discount(&app, &manager(), "zoe", "2026-H1")),
            "not-found"
        );
        assert_eq!(codes(&app.store), []);
        assert_eq!(decisions::verify(&app.store).unwrap().decisions, 5);
    }
}

#[test]
fn an_upgrade_is_proposed_when_its_column_is_met() {
    for database in Database::both() {
        let app = found(&database.url, NOW);
        assert_eq!(code(ask(&app, "ada", "upgrade")), "upgrade-not-met");
        record(&app.store, "2026-05-20T00:00:00Z", &[roof("o-3", "ada", "2026-05-01")]);
        let proposed = ask(&app, "ada", "upgrade").unwrap();
        confirm(&app, proposed.number);
        reviews::publish(&app, &manager(), proposed.number, None).unwrap();
        assert_eq!(tier(&app, "ada", "2026-05-20"), (Some("master".into()), "2026-06-01".into()));
        assert_eq!(codes(&app.store), []);
    }
}

#[test]
fn due_reviews_come_in_pages_and_notices_once() {
    for database in Database::both() {
        let app = found(&database.url, "2026-05-10T00:00:00Z");
        record(
            &app.store,
            "2026-05-09T00:00:00Z",
            &[review("r-9", "bob", "2025-06-01", "review", "expert")],
        );
        let page = reviews::due(&app, &manager(), 90, None, 1).unwrap();
        assert_eq!(page.len(), 2);
        assert_eq!((page[0].partner.as_str(), page[0].due_on.as_str()), ("ada", "2026-06-01"));
        let rest = reviews::due(&app, &manager(), 90, Some(&page[0].place()), 10).unwrap();
        let partners: Vec<&str> = rest.iter().map(|due| due.partner.as_str()).collect();
        assert_eq!(partners, ["bob", "cid"]);
        assert_eq!(reviews::due(&app, &manager(), 5, None, 10).unwrap().len(), 0);
        assert_eq!(reviews::notices(&app).unwrap(), 3);
        assert_eq!(reviews::notices(&app).unwrap(), 0);
        // Ada and bob were told 30 days ahead; of cid the last notice is to come.
        app.clock.set(moment("2026-06-01T00:00:00Z"));
        assert_eq!(reviews::notices(&app).unwrap(), 1);
        let owed: Result<_, guildhall_store::Error> = app.store.read(|tx| tx.owed_notices(0, 10));
        let owed = owed.unwrap();
        assert_eq!(owed.len(), 4);
        assert_eq!(owed[0].organization.as_deref(), Some("ada"));
    }
}
