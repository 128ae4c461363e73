//! Decisions and tier reviews as they are kept.

use guildhall_store::{Entry, Error, Store, StoredDecision, TierReview};

use crate::databases::Database;
use crate::network::{moment, partner, record};

fn decision(number: i64) -> StoredDecision {
    StoredDecision {
        number,
        kind: "renew".to_owned(),
        partner: "ada".to_owned(),
        subject: "expert".to_owned(),
        published_at: String::new(),
        published_by: String::new(),
        supersedes: None,
        body: "{}".to_owned(),
        sha256: String::new(),
    }
}

fn review() -> TierReview {
    TierReview {
        number: 0,
        partner: "ada".to_owned(),
        kind: "review".to_owned(),
        state: "proposed".to_owned(),
        version: 1,
        due_on: None,
        known_at: "2026-01-01T00:00:00.000000000Z".to_owned(),
        proposal: "{}".to_owned(),
        proposed_at: "2026-01-01T00:00:00.000000000Z".to_owned(),
        proposed_by: "mara".to_owned(),
        outcome: "renew".to_owned(),
        to_tier: None,
        grace_until: None,
        reason: None,
        confirmed_at: None,
        confirmed_by: None,
        decision: None,
    }
}

#[test]
fn a_decision_is_named_in_the_journal_with_its_digests() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let stored: Result<_, Error> = store.write(|tx| {
            let mut entry = Entry::new(moment("2026-01-02T00:00:00Z"), "mara", "publish", "ada");
            let number = tx.decision_number()?;
            let stored = tx.publish_decision(&mut entry, decision(number))?;
            tx.commit(entry)?;
            Ok(stored)
        });
        let stored = stored.unwrap();
        let read: Result<_, Error> = store.read(|tx| {
            Ok((tx.decision(stored.number)?, tx.decision_digests()?, tx.decisions(None, None, 9)?))
        });
        let (one, digests, all) = read.unwrap();
        assert_eq!(one.as_ref(), Some(&stored));
        assert_eq!(digests[&stored.number], (stored.sha256.clone(), stored.computed()));
        assert_eq!(all, [stored]);
    }
}

#[test]
fn a_later_proposal_replaces_the_open_one_and_a_stale_change_is_refused() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        record(&store, "2026-01-01T00:00:00Z", &[partner("ada", "Ada")]);
        let numbers: Result<_, Error> = store.write(|tx| {
            Ok((tx.propose_tier_review(&review())?, tx.propose_tier_review(&review())?))
        });
        let (first, second) = numbers.unwrap();
        let held: Result<_, Error> =
            store.read(|tx| Ok((tx.tier_review(first)?, tx.tier_review(second)?)));
        let (first, second) = held.unwrap();
        assert_eq!(first.unwrap().state, "replaced");
        let second = second.unwrap();
        let update = || -> Result<bool, Error> { store.write(|tx| tx.update_tier_review(&second)) };
        assert!(update().unwrap());
        assert!(!update().unwrap());
    }
}

#[test]
fn a_notice_is_owed_and_delivered_once() {
    for database in Database::both() {
        let store = Store::open(&database.url).unwrap();
        let now = moment("2026-01-02T00:00:00Z");
        let owe = || -> Result<bool, Error> {
            store.write(|tx| tx.owe_notice("review ada", "partner", Some("ada"), "{}", now))
        };
        assert!(owe().unwrap());
        assert!(!owe().unwrap());
        let owed: Result<_, Error> = store.read(|tx| tx.owed_notices(0, 9));
        let owed = owed.unwrap();
        assert_eq!(owed.len(), 1);
        let deliver =
            || -> Result<bool, Error> { store.write(|tx| tx.deliver_notice(owed[0].number, now)) };
        assert!(deliver().unwrap());
        assert!(!deliver().unwrap());
    }
}
