//! Partners, organizations, units, workloads, people and imports.

use guildhall_access::Role;
use guildhall_rules::facts::File;
use guildhall_server::ops::facts::{self, Correction, Filter};
use guildhall_server::ops::imports::{self, Folder};
use guildhall_server::ops::{domains, organizations, partners, people};
use guildhall_server::secrets::{Form, Secret};
use guildhall_server::{App, Caller};
use guildhall_store::{Kind, StoredDomain};

use crate::network::{
    at_customer, at_partner, cells, code, manager, on_both, record, stranger, vendor,
};

const LEAD: Role = Role::AllianceLead;

fn filter() -> Filter {
    Filter { limit: 50, ..Filter::default() }
}

fn customer(app: &App, id: &str) {
    let values = [("id", id), ("side", "customer"), ("name", "A house")];
    organizations::make(app, &manager(), Kind::Organization, &cells(&values)).unwrap();
}

#[test]
fn partners_are_listed_to_those_who_may_see_them() {
    on_both(|app| {
        let ids = |caller: &Caller| -> Vec<String> {
            let found = partners::list(&app, caller, &filter()).unwrap();
            found.into_iter().map(|partner| partner.id).collect()
        };
        assert_eq!(ids(&vendor(Role::Auditor)), ["ada", "bea"]);
        assert_eq!(ids(&at_partner("ada", Role::Delivery)), ["ada"]);
        let house = at_customer("cathedral", Role::ItOwner);
        assert_eq!(ids(&house), [""; 0]);
        assert_eq!(code(partners::read(&app, &house, "ada")), "not-found");
        let case = [
            ("id", "c1"),
            ("partner", "ada"),
            ("customer", "cathedral"),
            ("opened_on", "2026-02-01"),
            ("opened_by", "customer"),
        ];
        record(&app.store, &[(File::Cases, &case)]);
        assert_eq!(ids(&house), ["ada"]);
        let shown = partners::read(&app, &house, "ada").unwrap();
        assert_eq!(shown.partner.values["name"], "Ada & Co");
        assert_eq!(code(partners::read(&app, &house, "bea")), "not-found");
        assert_eq!(code(partners::read(&app, &at_partner("ada", LEAD), "bea")), "not-found");
        assert_eq!(code(partners::list(&app, &stranger(), &filter())), "not-found");
    });
}

#[test]
fn a_profile_is_changed_by_the_partner_and_legal_names_are_unique() {
    on_both(|app| {
        let lead = at_partner("ada", LEAD);
        let edit = |caller: &Caller, id: &str, values: &[(&str, &str)]| {
            partners::edit_profile(&app, caller, id, &cells(values), None)
        };
        let profile = [("legal_name", "Ada Ltd"), ("website", "https://ada.example")];
        let changed = edit(&lead, "ada", &profile).unwrap();
        assert_eq!(changed.partner.values["website"], "https://ada.example");
        assert_eq!(changed.organization.unwrap().values["legal_name"], "Ada Ltd");
        let taken = edit(&at_partner("bea", LEAD), "bea", &[("legal_name", "ADA LTD")]);
        assert_eq!(code(taken), "legal-name-taken");
        assert_eq!(code(edit(&lead, "bea", &profile)), "not-found");
        assert_eq!(code(edit(&lead, "ada", &[("tier", "expert")])), "tier unknown-column");
        let team = at_partner("ada", Role::AllianceTeam);
        assert_eq!(code(edit(&team, "ada", &profile)), "denied role");
    });
}

#[test]
fn the_network_is_shown_page_by_page_to_the_vendor() {
    on_both(|app| {
        let filter = Filter { limit: 1, ..Filter::default() };
        let auditor = vendor(Role::Auditor);
        let rows = partners::network(&app, &auditor, None, None, &filter).unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.scorecard.partner.as_str()).collect();
        assert_eq!(ids, ["ada", "bea"]);
        let early = "2026-01-01T12:00:00Z".parse().unwrap();
        let rows = partners::network(&app, &auditor, None, Some(early), &filter).unwrap();
        assert!(rows.is_empty());
        let lead = at_partner("ada", LEAD);
        assert_eq!(code(partners::network(&app, &lead, None, None, &filter)), "not-found");
    });
}

#[test]
fn units_and_workloads_stay_within_their_customer() {
    on_both(|app| {
        customer(&app, "cathedral");
        customer(&app, "mosque");
        let owner = at_customer("cathedral", Role::ItOwner);
        let unit = |caller: &Caller, id: &str, customer: &str, parent: &str| {
            let values =
                [("id", id), ("customer", customer), ("name", "A part"), ("parent", parent)];
            organizations::make(&app, caller, Kind::Unit, &cells(&values))
        };
        unit(&owner, "u1", "cathedral", "").unwrap();
        unit(&owner, "u2", "cathedral", "u1").unwrap();
        assert_eq!(code(unit(&owner, "u3", "mosque", "")), "not-found");
        let other = at_customer("mosque", Role::ItOwner);
        assert_eq!(code(unit(&other, "u3", "mosque", "u1")), "parent unknown-reference");
        assert_eq!(code(unit(&manager(), "u3", "temple", "")), "customer unknown-reference");
        let circle =
            Correction { cells: cells(&[("parent", "u2")]), is_whole: false, if_match: None };
        let refused = organizations::change(&app, &owner, Kind::Unit, "u1", &circle);
        assert_eq!(code(refused), "parent unit-cycle");
        let hidden = organizations::change(&app, &other, Kind::Unit, "u1", &circle);
        assert_eq!(code(hidden), "not-found");
        let workload = |caller: &Caller, unit: &str, environment: &str| {
            let values = [
                ("customer", "cathedral"),
                ("name", "Bells"),
                ("unit", unit),
                ("environment", environment),
            ];
            organizations::make(&app, caller, Kind::Workload, &cells(&values))
        };
        let made = workload(&owner, "u2", "production").unwrap();
        assert_eq!(code(workload(&owner, "u9", "production")), "unit unknown-reference");
        assert_eq!(code(workload(&owner, "u2", "cellar")), "environment unknown-word");
        assert_eq!(code(workload(&other, "u2", "production")), "not-found");
        let read = organizations::read(&app, &other, Kind::Workload, &made.id);
        assert_eq!(code(read), "not-found");
        let listed = organizations::list(&app, &other, Kind::Unit, &filter()).unwrap();
        assert!(listed.is_empty());
        let gone = organizations::retract(&app, &owner, Kind::Unit, "u2", "merged", None).unwrap();
        assert_eq!(gone.dependants, 1);
    });
}

#[test]
fn organizations_are_seen_by_themselves_and_the_vendor() {
    on_both(|app| {
        customer(&app, "cathedral");
        customer(&app, "mosque");
        let ids = |caller: &Caller| -> Vec<String> {
            let found = organizations::list(&app, caller, Kind::Organization, &filter());
            found.unwrap().into_iter().map(|record| record.id).collect()
        };
        assert_eq!(ids(&manager()), ["cathedral", "mosque"]);
        assert_eq!(ids(&at_customer("mosque", Role::Security)), ["mosque"]);
        assert_eq!(ids(&at_partner("ada", LEAD)), [""; 0]);
        let foreign = organizations::read(
            &app,
            &at_customer("mosque", Role::ItOwner),
            Kind::Organization,
            "cathedral",
        );
        assert_eq!(code(foreign), "not-found");
    });
}

#[test]
fn a_person_is_shown_with_what_lapses_and_is_erased_for_good() {
    on_both(|app| {
        let lead = at_partner("ada", LEAD);
        let person = [("id", "i1"), ("partner", "ada"), ("person", "h1"), ("name", "Somebody")];
        facts::add(&app, &lead, "individuals", &cells(&person)).unwrap();
        let held = [
            ("id", "c1"),
            ("individual", "i1"),
            ("credential", "mosaic"),
            ("issued_on", "2025-02-01"),
            ("expires_on", "2026-08-01"),
        ];
        facts::add(&app, &lead, "credentials", &cells(&held)).unwrap();
        let shown = people::read(&app, &lead, "h1").unwrap();
        assert_eq!((shown.rows.len(), shown.lapsing), (1, vec!["c1".to_owned()]));
        let bea = at_partner("bea", LEAD);
        assert_eq!(code(people::read(&app, &bea, "h1")), "not-found");
        assert_eq!(code(people::erase(&app, &bea, "h1")), "not-found");
        assert_eq!(code(people::erase(&app, &lead, "h9")), "not-found");
        let mut stale = lead.clone();
        stale.actor.second_factor_age_seconds = Some(301);
        assert_eq!(code(people::erase(&app, &stale, "h1")), "denied second_factor");
        assert_eq!(people::erase(&app, &lead, "h1").unwrap().versions, 1);
        let shown = people::read(&app, &lead, "h1").unwrap();
        assert!(shown.is_erased);
        assert_eq!(shown.rows[0].values["name"], "(erased)");
        let back =
            Correction { cells: cells(&[("name", "Somebody")]), is_whole: false, if_match: None };
        let refused = facts::correct(&app, &lead, "individuals", "i1", &back);
        assert_eq!(code(refused), "person-erased");
    });
}

#[test]
fn a_folder_is_imported_whole_or_not_at_all() {
    on_both(|app| {
        let head = "id,partner,customer,stage,expected_mrr,currency,launched_on\n";
        let folder = |rows: &str, is_dry_run: bool| {
            let files = [("opportunities.csv".to_owned(), format!("{head}{rows}"))].into();
            Folder { files, is_dry_run, complete: Vec::new() }
        };
        let good = "o1,ada,cathedral,Launched,10,EUR,2026-05-01\n";
        let tried = imports::import(&app, &manager(), &folder(good, true)).unwrap();
        assert_eq!((tried.entry, tried.counts["opportunities"].added), (None, 1));
        assert_eq!(code(facts::read(&app, &manager(), "opportunities", "o1")), "not-found");
        let bad = format!("{good}o2,nobody,cathedral,Launched,10,EUR,2026-05-01\n");
        let refused = imports::import(&app, &manager(), &folder(&bad, false));
        assert_eq!(code(refused), "partner unknown-reference");
        imports::import(&app, &manager(), &folder(good, false)).unwrap();
        facts::read(&app, &manager(), "opportunities", "o1").unwrap();
        app.store.seal(app.clock.now()).unwrap();
        let past = imports::list(&app, &vendor(Role::Auditor), 0, 10).unwrap();
        assert_eq!(past.len(), 1);
        let lead = at_partner("ada", LEAD);
        assert_eq!(code(imports::import(&app, &lead, &folder(good, false))), "not-found");
        assert_eq!(code(imports::list(&app, &lead, 0, 10)), "not-found");
    });
}

#[test]
fn a_domain_is_claimed_by_who_may_change_the_organization_and_never_a_public_one() {
    on_both(|app| {
        let lead = at_partner("ada", LEAD);
        let claim = |caller: &Caller, domain: &str| {
            domains::claim(&app, caller, "ada", domain, "postmaster")
        };
        assert_eq!(claim(&lead, "Ada.example").unwrap().domain, "ada.example");
        assert_eq!(code(claim(&lead, "gmail.com")), "domain public-provider");
        assert_eq!(code(claim(&lead, "localhost")), "domain bad-value");
        assert_eq!(code(claim(&at_partner("bea", LEAD), "ada.example")), "not-found");
        assert!(code(claim(&at_partner("ada", Role::Delivery), "x.example")).contains("role"));
        let by = domains::claim(&app, &lead, "ada", "ada.example", "sales");
        assert_eq!(code(by), "mailbox unknown-word");
        assert_eq!(domains::list(&app, &lead, "ada").unwrap().len(), 1);
        assert_eq!(code(domains::confirm(&app, &lead, "nonsense")), "link-refused");
    });
}

#[test]
fn a_domain_belongs_to_whoever_followed_the_link_first() {
    on_both(|app| {
        // Claims as they are kept once the letters went out.
        let secrets: Vec<_> = ["ada", "bea"]
            .map(|organization| {
                let secret = Secret::generate().unwrap();
                let claim = StoredDomain {
                    domain: "tiles.example".to_owned(),
                    organization: organization.to_owned(),
                    made_at: "2026-06-30T11:00:00.000000000Z".to_owned(),
                    expires_at: "2026-07-07T11:00:00.000000000Z".to_owned(),
                    verified_at: None,
                };
                let digest = secret.digest();
                let added: Result<_, guildhall_store::Error> =
                    app.store.write(|tx| tx.add_domain(&claim, digest.as_str()));
                added.unwrap();
                secret.shown(Form::Bare)
            })
            .into();
        let nobody = Caller::nobody();
        assert!(domains::confirm(&app, &nobody, &secrets[0]).unwrap().verified_at.is_some());
        assert_eq!(code(domains::confirm(&app, &nobody, &secrets[0])), "link-refused");
        assert_eq!(code(domains::confirm(&app, &nobody, &secrets[1])), "domain-taken");
        let bea = at_partner("bea", LEAD);
        let person =
            [("id", "i1"), ("partner", "bea"), ("name", "Somebody"), ("emails", "s@Tiles.example")];
        facts::add(&app, &bea, "individuals", &cells(&person)).unwrap();
        assert_eq!(people::read(&app, &bea, "i1").unwrap().foreign_domains, ["tiles.example"]);
    });
}
