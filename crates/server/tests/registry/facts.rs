//! Facts as operations.

use guildhall_access::Role;
use guildhall_rules::facts::File;
use guildhall_server::ops::Record;
use guildhall_server::ops::facts::{self, Correction, Filter, Trial};
use guildhall_server::{App, Caller, Error, Idempotency};

use crate::network::{
    at_customer, at_partner, cells, code, manager, moment, on_both, record, stranger, vendor,
};

const LEAD: Role = Role::AllianceLead;

fn roof<'a>(id: &'a str, partner: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id", id),
        ("partner", partner),
        ("customer", "cathedral"),
        ("stage", "Launched"),
        ("review", "Approved"),
        ("expected_mrr", "10"),
        ("currency", "EUR"),
        ("launched_on", "2026-05-01"),
    ]
}

fn listed(app: &App, caller: &Caller, kind: &str) -> Vec<String> {
    let filter = Filter { limit: 50, ..Filter::default() };
    let found = facts::list(app, caller, kind, &filter).unwrap();
    found.into_iter().map(|record| record.id).collect()
}

fn change(values: &[(&str, &str)]) -> Correction {
    Correction { cells: cells(values), is_whole: false, if_match: None }
}

fn correct(
    app: &App,
    caller: &Caller,
    kind: &str,
    id: &str,
    values: &[(&str, &str)],
) -> Result<Record, Error> {
    facts::correct(app, caller, kind, id, &change(values))
}

#[test]
fn a_fact_is_added_corrected_and_retracted_and_every_version_stays() {
    on_both(|app| {
        let manager = manager();
        let added = facts::add(&app, &manager, "opportunities", &cells(&roof("o1", "ada")));
        let added = added.unwrap();
        assert_eq!(added.values["stage"], "Launched");
        app.clock.set(moment("2026-06-30T13:00:00Z"));
        let stale = Correction {
            cells: cells(&[("expected_mrr", "20.50")]),
            is_whole: false,
            if_match: Some("\"v1\"".to_owned()),
        };
        let refused = facts::correct(&app, &manager, "opportunities", "o1", &stale);
        assert_eq!(code(refused), "changed");
        let fresh = Correction { if_match: Some(added.tag()), ..stale };
        let corrected = facts::correct(&app, &manager, "opportunities", "o1", &fresh).unwrap();
        assert_eq!(corrected.values["customer"], "cathedral");
        assert_ne!(corrected.version, added.version);
        // What says the same makes no version.
        let same = correct(&app, &manager, "opportunities", "o1", &[("currency", "EUR")]);
        assert_eq!(same.unwrap().version, corrected.version);
        let gone = facts::retract(&app, &manager, "opportunities", "o1", "", None);
        assert_eq!(code(gone), "reason bad-value");
        app.clock.set(moment("2026-06-30T14:00:00Z"));
        facts::retract(&app, &manager, "opportunities", "o1", "was a dream", None).unwrap();
        assert_eq!(code(facts::read(&app, &manager, "opportunities", "o1")), "not-found");
        let versions = facts::versions(&app, &manager, "opportunities", "o1").unwrap();
        let told: Vec<_> = versions
            .iter()
            .map(|version| (version.action.as_str(), version.superseded_at.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("add_fact", Some("2026-06-30T13:00:00Z")),
                ("correct_fact", Some("2026-06-30T14:00:00Z"))
            ]
        );
        assert_eq!(versions[1].reason.as_deref(), Some("was a dream"));
        assert_eq!(versions[1].retracted_by.as_deref(), Some("victor"));
        let again = facts::add(&app, &manager, "opportunities", &cells(&roof("o1", "ada")));
        assert_eq!(code(again), "id-taken");
    });
}

#[test]
fn a_row_is_refused_for_what_a_folder_would_be_refused_for() {
    on_both(|app| {
        let add = |kind: &str, values: &[(&str, &str)]| {
            code(facts::add(&app, &manager(), kind, &cells(values)))
        };
        let with = |name: &'static str, value: &'static str| {
            let mut values = roof("o1", "ada");
            values.retain(|(known, _)| *known != name);
            values.push((name, value));
            add("opportunities", &values)
        };
        assert_eq!(with("partner", "nobody"), "partner unknown-reference");
        assert_eq!(with("expected_mrr", "a lot"), "expected_mrr bad-value");
        assert_eq!(with("stage", "Lunched"), "stage bad-value");
        assert_eq!(with("launched_on", ""), "launched_on launched-without-date");
        assert_eq!(with("colour", "red"), "colour unknown-column");
        assert_eq!(with("title", "a\0b"), "title nul");
        assert_eq!(with("currency", ""), "currency missing-value");
        assert_eq!(add("roofs", &[]), "not-found");
        assert_eq!(add("recorded_at", &[]), "not-found");
        let added = facts::add(&app, &manager(), "opportunities", &cells(&roof("", "ada")));
        assert!(added.unwrap().id.starts_with("opportunities-"));
    });
}

#[test]
fn two_people_of_a_partner_do_not_share_an_email() {
    on_both(|app| {
        let lead = at_partner("ada", LEAD);
        let add = |id: &str, emails: &str| {
            let person = [("id", id), ("partner", "ada"), ("name", "Somebody"), ("emails", emails)];
            facts::add(&app, &lead, "individuals", &cells(&person))
        };
        add("i1", "a@ada.example").unwrap();
        assert_eq!(code(add("i2", "b@ada.example;A@ada.example")), "emails shared-email");
        assert_eq!(code(facts::read(&app, &lead, "individuals", "i2")), "not-found");
        add("i2", "b@ada.example").unwrap();
        let shares = correct(&app, &lead, "individuals", "i2", &[("emails", "a@ada.example")]);
        assert_eq!(code(shares), "emails shared-email");
        let same = [("emails", "a@ada.example"), ("person", "i1")];
        correct(&app, &lead, "individuals", "i2", &same).unwrap();
    });
}

#[test]
fn affiliations_do_not_run_in_a_circle_with_what_is_held() {
    on_both(|app| {
        record(
            &app.store,
            &[(File::Partners, &[("id", "cleo"), ("name", "Cleo"), ("path", "setters")])],
        );
        let add = |id: &str, subsidiary: &str, primary: &str| {
            let row = [
                ("id", id),
                ("subsidiary", subsidiary),
                ("primary", primary),
                ("from", "2026-01-01"),
            ];
            facts::add(&app, &manager(), "affiliations", &cells(&row))
        };
        add("a1", "ada", "bea").unwrap();
        add("a2", "bea", "cleo").unwrap();
        assert_eq!(code(add("a3", "ada", "ada")), "primary affiliation-cycle");
        assert_eq!(code(add("a3", "bea", "ada")), "primary affiliation-cycle");
        assert_eq!(code(add("a3", "cleo", "ada")), "primary affiliation-cycle");
        let ended = [("until", "2026-03-01")];
        correct(&app, &manager(), "affiliations", "a1", &ended).unwrap();
        // Both partners see it, and nobody else.
        let lead = |partner| at_partner(partner, LEAD);
        assert_eq!(listed(&app, &lead("ada"), "affiliations"), ["a1"]);
        assert_eq!(listed(&app, &lead("bea"), "affiliations"), ["a1", "a2"]);
        facts::read(&app, &lead("ada"), "affiliations", "a1").unwrap();
        let others = facts::read(&app, &lead("ada"), "affiliations", "a2");
        assert_eq!(code(others), "not-found");
    });
}

#[test]
fn a_partner_neither_approves_nor_validates_its_own_work() {
    on_both(|app| {
        let lead = at_partner("ada", LEAD);
        let refused = facts::add(&app, &lead, "opportunities", &cells(&roof("o1", "ada")));
        // It is not there yet, but it would be seen.
        assert_eq!(code(refused), "denied decided_by_vendor");
        let mut silent = roof("o1", "ada");
        silent.retain(|(name, _)| *name != "review");
        let added = facts::add(&app, &lead, "opportunities", &cells(&silent)).unwrap();
        assert_eq!(added.values["review"], "Pending Submission");
        let set = |caller: &Caller, review: &str| {
            correct(&app, caller, "opportunities", "o1", &[("review", review)])
        };
        set(&lead, "Submitted").unwrap();
        for word in ["Approved", "", "In review"] {
            assert_eq!(code(set(&lead, word)), "denied decided_by_vendor", "{word}");
        }
        set(&manager(), "Approved").unwrap();
        correct(&app, &lead, "opportunities", "o1", &[("title", "The nave")]).unwrap();
        let plan = [("id", "p1"), ("partner", "ada"), ("submitted_on", "2026-02-01")];
        facts::add(&app, &lead, "business_plans", &cells(&plan)).unwrap();
        let validated = [("validated_on", "2026-02-02")];
        let refused = correct(&app, &lead, "business_plans", "p1", &validated);
        assert_eq!(code(refused), "denied decided_by_vendor");
        let row = [
            ("id", "r1"),
            ("partner", "ada"),
            ("path", "setters"),
            ("on", "2026-02-01"),
            ("kind", "upgrade"),
            ("tier", "expert"),
        ];
        let refused = facts::add(&app, &lead, "reviews", &cells(&row));
        assert!(code(refused).starts_with("denied"));
        let promoted = correct(&app, &lead, "partners", "ada", &[("tier", "expert")]);
        assert!(code(promoted).starts_with("denied"));
    });
}

#[test]
fn each_sees_their_own_and_the_rest_is_not_there() {
    on_both(|app| {
        let manager = manager();
        for (id, partner) in [("o1", "ada"), ("o2", "bea")] {
            facts::add(&app, &manager, "opportunities", &cells(&roof(id, partner))).unwrap();
        }
        let (ada, bea) = (at_partner("ada", LEAD), at_partner("bea", LEAD));
        assert_eq!(listed(&app, &ada, "opportunities"), ["o1"]);
        assert_eq!(listed(&app, &bea, "opportunities"), ["o2"]);
        assert_eq!(listed(&app, &manager, "opportunities"), ["o1", "o2"]);
        assert_eq!(code(facts::read(&app, &bea, "opportunities", "o1")), "not-found");
        assert_eq!(code(facts::versions(&app, &bea, "opportunities", "o1")), "not-found");
        let nothing: &[(&str, &str)] = &[];
        assert_eq!(code(correct(&app, &bea, "opportunities", "o1", nothing)), "not-found");
        let taken = facts::retract(&app, &bea, "opportunities", "o1", "mine", None);
        assert_eq!(code(taken), "not-found");
        // It cannot be given to somebody else, nor added for them.
        let given = correct(&app, &ada, "opportunities", "o1", &[("partner", "bea")]);
        assert_eq!(code(given), "not-found");
        let mut for_ada = roof("o3", "ada");
        for_ada[4] = ("review", "Submitted");
        assert_eq!(code(facts::add(&app, &bea, "opportunities", &cells(&for_ada))), "not-found");
        // Nor is it referred to.
        let reference = [
            ("id", "f1"),
            ("partner", "bea"),
            ("customer", "cathedral"),
            ("opportunity", "o1"),
            ("published_on", "2026-02-01"),
        ];
        let refused = facts::add(&app, &bea, "references", &cells(&reference));
        assert_eq!(code(refused), "opportunity unknown-reference");
        let filter = Filter { limit: 50, ..Filter::default() };
        for (caller, expected) in [(stranger(), "not-found"), (Caller::nobody(), "sign-in-first")] {
            let listed = facts::list(&app, &caller, "opportunities", &filter);
            assert_eq!(code(listed), expected);
            assert_eq!(code(facts::read(&app, &caller, "opportunities", "o1")), expected);
            assert_eq!(code(facts::read(&app, &caller, "opportunities", "o9")), expected);
        }
    });
}

#[test]
fn a_rating_is_shown_to_the_partner_once_the_customer_agrees() {
    on_both(|app| {
        let customer = at_customer("cathedral", Role::ItOwner);
        let rating = [
            ("id", "g1"),
            ("partner", "ada"),
            ("customer", "cathedral"),
            ("score", "5"),
            ("rated_on", "2026-02-01"),
        ];
        facts::add(&app, &customer, "ratings", &cells(&rating)).unwrap();
        let (ada, other) = (at_partner("ada", LEAD), at_customer("mosque", Role::ItOwner));
        assert_eq!(listed(&app, &customer, "ratings"), ["g1"]);
        assert_eq!(listed(&app, &other, "ratings"), [""; 0]);
        assert_eq!(listed(&app, &ada, "ratings"), [""; 0]);
        assert_eq!(code(facts::read(&app, &ada, "ratings", "g1")), "not-found");
        correct(&app, &customer, "ratings", "g1", &[("consent", "yes")]).unwrap();
        assert_eq!(listed(&app, &ada, "ratings"), ["g1"]);
        // Only the version that was agreed to.
        assert_eq!(facts::versions(&app, &ada, "ratings", "g1").unwrap().len(), 1);
        assert_eq!(facts::versions(&app, &customer, "ratings", "g1").unwrap().len(), 2);
        correct(&app, &customer, "ratings", "g1", &[("consent", "no")]).unwrap();
        assert_eq!(code(facts::versions(&app, &ada, "ratings", "g1")), "not-found");
        let foreign = correct(&app, &customer, "ratings", "g1", &[("customer", "mosque")]);
        assert_eq!(code(foreign), "not-found");
    });
}

#[test]
fn a_credential_is_seen_through_the_person_who_holds_it() {
    on_both(|app| {
        let (ada, bea) = (at_partner("ada", LEAD), at_partner("bea", LEAD));
        let person = [("id", "i1"), ("partner", "ada"), ("name", "Somebody")];
        facts::add(&app, &ada, "individuals", &cells(&person)).unwrap();
        let held = [
            ("id", "c1"),
            ("individual", "i1"),
            ("credential", "mosaic"),
            ("issued_on", "2026-02-01"),
        ];
        assert_eq!(code(facts::add(&app, &bea, "credentials", &cells(&held))), "not-found");
        facts::add(&app, &ada, "credentials", &cells(&held)).unwrap();
        assert_eq!(listed(&app, &ada, "credentials"), ["c1"]);
        assert_eq!(listed(&app, &bea, "credentials"), [""; 0]);
        let finance = vendor(Role::VendorFinance);
        let filter = Filter { limit: 50, ..Filter::default() };
        assert_eq!(code(facts::list(&app, &finance, "individuals", &filter)), "not-found");
        let gone = facts::retract(&app, &ada, "individuals", "i1", "a mistake", None).unwrap();
        assert_eq!(gone.dependants, 1);
    });
}

#[test]
fn a_preview_tells_what_moves_and_keeps_nothing() {
    on_both(|app| {
        let manager = manager();
        let trial = Trial::Row(cells(&roof("o1", "ada")));
        let seen = facts::preview(&app, &manager, "opportunities", &trial).unwrap();
        assert_eq!(seen.effects.len(), 1);
        let moved = &seen.effects[0].changes.cells;
        assert!(moved.iter().any(|cell| cell.measure == "roofs"), "{moved:?}");
        assert_eq!(code(facts::read(&app, &manager, "opportunities", "o1")), "not-found");
        facts::add(&app, &manager, "opportunities", &cells(&roof("o1", "ada"))).unwrap();
        let trial = Trial::Retraction("o1".to_owned());
        let seen = facts::preview(&app, &at_partner("ada", LEAD), "opportunities", &trial);
        let moved = seen.unwrap().effects.remove(0).changes.cells;
        assert!(moved.iter().any(|cell| cell.measure == "roofs"), "{moved:?}");
        let hidden = facts::preview(&app, &at_partner("bea", LEAD), "opportunities", &trial);
        assert_eq!(code(hidden), "not-found");
        let refused = facts::preview(&app, &manager, "opportunities", &Trial::Row(cells(&[])));
        assert!(code(refused).contains("missing"));
        let partner = [("id", "dora"), ("name", "Dora"), ("path", "setters")];
        let seen = facts::preview(&app, &manager, "partners", &Trial::Row(cells(&partner)));
        assert!(seen.unwrap().effects.is_empty());
    });
}

#[test]
fn the_same_request_twice_adds_once() {
    on_both(|app| {
        let mut caller = manager();
        caller.idempotency =
            Some(Idempotency { key: "k1".to_owned(), fingerprint: "f1".to_owned() });
        let add = || facts::add(&app, &caller, "opportunities", &cells(&roof("", "ada")));
        assert_eq!(add().unwrap(), add().unwrap());
        assert_eq!(listed(&app, &manager(), "opportunities").len(), 1);
    });
}

#[test]
fn a_customer_withdraws_a_reference_that_names_it() {
    on_both(|app| {
        let reference = [
            ("id", "f1"),
            ("partner", "ada"),
            ("customer", "cathedral"),
            ("published_on", "2026-02-01"),
        ];
        facts::add(&app, &manager(), "references", &cells(&reference)).unwrap();
        let other = at_customer("mosque", Role::CustomerFinance);
        assert_eq!(code(facts::withdraw_reference(&app, &other, "f1")), "not-found");
        let customer = at_customer("cathedral", Role::CustomerFinance);
        let withdrawn = facts::withdraw_reference(&app, &customer, "f1").unwrap();
        assert_eq!(withdrawn.values["withdrawn_on"], "2026-06-30");
        let again = facts::withdraw_reference(&app, &customer, "f1");
        assert_eq!(code(again), "withdrawn-already");
    });
}

#[test]
fn facts_are_taken_out_page_by_page_by_who_may() {
    on_both(|app| {
        for id in ["o1", "o2", "o3"] {
            facts::add(&app, &manager(), "opportunities", &cells(&roof(id, "ada"))).unwrap();
        }
        let filter = Filter { limit: 2, ..Filter::default() };
        let (text, next) = facts::export(&app, &manager(), "opportunities", &filter).unwrap();
        assert_eq!(text.lines().count(), 3);
        assert!(text.starts_with("id,partner,customer,"), "{text}");
        let rest = Filter { after: next, limit: 2, ..Filter::default() };
        let (text, next) = facts::export(&app, &manager(), "opportunities", &rest).unwrap();
        assert!(text.lines().nth(1).unwrap().starts_with("o3,ada,cathedral,"));
        assert_eq!(next, None);
        let lead = at_partner("ada", LEAD);
        assert_eq!(code(facts::export(&app, &lead, "opportunities", &filter)), "not-found");
        let filter = Filter { customer: Some("x".to_owned()), limit: 1, ..Filter::default() };
        let refused = facts::list(&app, &manager(), "partners", &filter);
        assert_eq!(code(refused), "customer bad-argument");
    });
}
