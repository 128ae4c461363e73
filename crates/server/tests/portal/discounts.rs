//! Whoever may not see a discount finds nothing of it beside the statement either.

use guildhall_access::{Actor, Role, Side};
use guildhall_rules::day::Day;
use guildhall_rules::facts::Supposition;
use guildhall_server::Caller;
use guildhall_server::ops::forecast::{self, Asked};
use guildhall_server::ops::network::{
    Asked as NetworkAsked, Refreshed, Refresher, TurnsAsked, list, turns, write_csv,
};
use guildhall_server::ops::standing::{Viewpoint, changes, scorecard};

use crate::browser::World;
use crate::databases::Database;

fn of(side: Side, organization: &str, role: Role) -> Caller {
    Caller::acting(Actor {
        user: Some("somebody".to_owned()),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
        ..Actor::nobody()
    })
}

fn day(text: &str) -> Day {
    Day::parse(text.as_bytes()).unwrap()
}

#[test]
fn answers_about_a_partner_leave_out_a_discount_that_one_may_not_see() {
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let told = |caller: &Caller| {
        let app = &world.app;
        let on = |text: &str| Viewpoint { as_of: Some(day(text)), ..Viewpoint::default() };
        let card = scorecard(app, caller, "ada", &on("2026-01-15")).unwrap();
        let moved = changes(app, caller, "ada", &on("2025-02-01"), &on("2026-01-15")).unwrap();
        let mut asked = Asked::until(day("2027-12-31"));
        let foreseen = forecast::of_partner(app, caller, "ada", &asked).unwrap();
        asked.suppositions =
            vec![Supposition::Leaves { person: "i-1".to_owned(), on: day("2026-02-01") }];
        let supposed = forecast::what_if(app, caller, "ada", &asked, (None, 100)).unwrap();
        let before = serde_json::to_string(&supposed.before).unwrap();
        let after = serde_json::to_string(&supposed.after).unwrap();
        [
            serde_json::to_string(&card).unwrap(),
            serde_json::to_string(&moved).unwrap(),
            serde_json::to_string(&foreseen).unwrap(),
            before,
            after,
            forecast::calendar(app, caller, "ada", &asked).unwrap(),
        ]
        .map(|text| text.replace("\"support_discount\":null", "").replace("\"period\":null", ""))
    };
    let words = ["discount", "percent", "\"period\""];
    let tells = |text: &String| words.iter().any(|word| text.contains(word));
    for may in [Role::AllianceLead, Role::PartnerFinance] {
        let answers = told(&of(Side::Partner, "ada", may));
        assert!(answers.iter().all(tells), "{may:?}: {answers:#?}");
    }
    for (side, organization, may_not) in
        [(Side::Partner, "ada", Role::Delivery), (Side::Vendor, "tiles", Role::Operator)]
    {
        let answers = told(&of(side, organization, may_not));
        assert!(!answers.iter().any(tells), "{may_not:?}: {answers:#?}");
    }
}

#[test]
fn lists_of_the_network_leave_out_discounts_that_one_may_not_see() {
    for database in Database::both() {
        let world = World::new(&database.url);
        let app = &world.app;
        let refresher = Refresher::new().unwrap();
        while refresher.step(app).unwrap() == Refreshed::Some {}
        let (asked, ahead) = (NetworkAsked::default(), TurnsAsked::default());
        let told = |caller: &Caller| {
            let listed = list(app, caller, &asked, None, 10).unwrap();
            let percents =
                listed.standings.iter().filter(|(_, one)| one.discount_percent.is_some());
            let mut csv = Vec::new();
            write_csv(app, caller, &asked, &mut csv).unwrap();
            let csv = String::from_utf8(csv).unwrap();
            let turning = turns(app, caller, &ahead, None, 100).unwrap();
            let of_discount = turning.iter().filter(|turn| turn.what == "discount").count();
            (percents.count(), csv.contains(",25,"), of_discount, turning.len() - of_discount)
        };
        let all = told(&of(Side::Vendor, "tiles", Role::ProgramManager));
        assert!(all.0 > 0 && all.1 && all.2 > 0 && all.3 > 0, "{all:?}");
        let operator = of(Side::Vendor, "tiles", Role::Operator);
        assert_eq!(told(&operator), (0, false, 0, all.3));
        let discounts = TurnsAsked { what: Some("discount".to_owned()), ..ahead.clone() };
        assert!(turns(app, &operator, &discounts, None, 10).is_err());
    }
    let database = Database::sqlite();
    let world = World::new(&database.url);
    let mut ola = world.signed_in("ola@tiles.example");
    assert_eq!(ola.get("/rulebook/impact").status, 403);
    let mut mia = world.signed_in("mia@tiles.example");
    assert_eq!(mia.get("/rulebook/impact").status, 200);
}
