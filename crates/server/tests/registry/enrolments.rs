//! Enrolments, from registering to being let in.

use guildhall_access::Role;
use guildhall_server::ops::enrolments::{self, Agreement, Application};
use guildhall_server::ops::{facts, organizations};
use guildhall_server::{App, Caller};
use guildhall_store::Kind;

use crate::network::{at_partner, code, manager, on_both, stranger, vendor};

fn application(partner: &str, company: &str) -> Application {
    Application {
        company: company.to_owned(),
        partner: partner.to_owned(),
        email: format!("lead@{partner}.example"),
        path: None,
    }
}

fn with_agreement(app: &App) {
    let agreement = Agreement { version: "2026-01".to_owned(), text: "Be good.".to_owned() };
    enrolments::set_agreement(app, &manager(), &agreement).unwrap();
}

#[test]
fn a_company_registers_agrees_hands_in_and_is_let_in() {
    on_both(|app| {
        let nobody = Caller::nobody();
        assert_eq!(code(enrolments::agreement(&app)), "not-found");
        with_agreement(&app);
        let applied = enrolments::apply(&app, &nobody, &application("cleo", "Cleo Ltd")).unwrap();
        let (id, secret) = (applied.enrolment.id.as_str(), Some(applied.secret.as_str()));
        assert_eq!(code(enrolments::read(&app, &nobody, id, None)), "sign-in-first");
        assert_eq!(code(enrolments::read(&app, &stranger(), id, None)), "not-found");
        let wrong = Some("00");
        assert_eq!(code(enrolments::read(&app, &stranger(), id, wrong)), "not-found");
        enrolments::read(&app, &nobody, id, secret).unwrap();
        let early = enrolments::submit(&app, &nobody, id, secret, Some("setters"));
        assert_eq!(code(early), "enrolment-state");
        let accept = |version| enrolments::accept_agreement(&app, &nobody, id, secret, version);
        assert_eq!(code(accept("2025-01")), "other-agreement");
        assert_eq!(accept("2026-01").unwrap().state, "agreed");
        let submit = |path| enrolments::submit(&app, &nobody, id, secret, path);
        assert_eq!(code(submit(None)), "path missing-value");
        assert_eq!(code(submit(Some("setter"))), "path unknown-word");
        assert_eq!(submit(Some("setters")).unwrap().state, "submitted");
        let auditor = vendor(Role::Auditor);
        assert!(code(enrolments::approve(&app, &auditor, id)).starts_with("denied"));
        let ada = at_partner("ada", Role::AllianceLead);
        assert_eq!(code(enrolments::approve(&app, &ada, id)), "not-found");
        assert_eq!(code(enrolments::list(&app, &ada, None, None, 9)), "not-found");
        let due = enrolments::list(&app, &auditor, Some("submitted"), None, 9).unwrap();
        assert_eq!(due.len(), 1);
        enrolments::approve(&app, &manager(), id).unwrap();
        let partner = facts::read(&app, &manager(), "partners", "cleo").unwrap();
        assert_eq!(partner.values["path"], "setters");
        let organization =
            organizations::read(&app, &manager(), Kind::Organization, "cleo").unwrap();
        assert_eq!(organization.values["legal_name"], "Cleo Ltd");
        let filter = facts::Filter { limit: 9, ..facts::Filter::default() };
        let reviews = facts::list(&app, &manager(), "reviews", &filter).unwrap();
        assert_eq!(reviews[0].values["tier"], "member");
        let user = app.store.read(|tx| tx.user_by_email("lead@cleo.example"));
        let user: Result<_, guildhall_store::Error> = user;
        assert_eq!(user.unwrap().unwrap().roles, ["alliance_lead"]);
        assert_eq!(code(enrolments::approve(&app, &manager(), id)), "enrolment-state");
    });
}

#[test]
fn ids_and_legal_names_are_told_to_be_taken_and_addresses_are_capped() {
    on_both(|app| {
        let apply = |partner, company| {
            enrolments::apply(&app, &Caller::nobody(), &application(partner, company))
        };
        assert_eq!(code(apply("ada", "Another")), "id-taken");
        let odd = Application { partner: "a b".to_owned(), ..application("eve", "Eve") };
        let odd = enrolments::apply(&app, &Caller::nobody(), &odd);
        assert_eq!(code(odd), "partner bad-value");
        assert_eq!(code(apply("dora", "")), "company bad-value");
        for _ in 0..5 {
            apply("dora", "Dora").unwrap();
        }
        assert_eq!(code(apply("dora", "Dora")), "too-many-attempts");
        let insider = at_partner("ada", Role::AllianceLead);
        let refused = enrolments::apply(&app, &insider, &application("eve", "Eve"));
        assert!(matches!(code(refused).as_str(), "not-found"));
    });
}

#[test]
fn a_company_is_turned_away_with_a_reason() {
    on_both(|app| {
        let applied =
            enrolments::apply(&app, &stranger(), &application("cleo", "Cleo Ltd")).unwrap();
        let id = applied.enrolment.id.as_str();
        assert_eq!(code(enrolments::decline(&app, &manager(), id, " ")), "reason bad-value");
        enrolments::decline(&app, &manager(), id, "no tiles yet").unwrap();
        // Who was signed in sees it without the secret.
        let seen = enrolments::read(&app, &stranger(), id, None).unwrap();
        assert_eq!(seen.reason.as_deref(), Some("no tiles yet"));
        assert_eq!(code(enrolments::decline(&app, &manager(), id, "again")), "enrolment-state");
    });
}
