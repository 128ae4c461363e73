//! Users and the journal, as a browser without script meets them.

use guildhall_store::StoredUser;

use crate::browser::World;
use crate::databases::Database;

fn user(world: &World, email: &str) -> StoredUser {
    world.app.store.read(|tx| tx.user_by_email(email)).unwrap().unwrap()
}

fn each(test: impl Fn(&World)) {
    for database in Database::both() {
        test(&World::new(&database.url));
    }
}

#[test]
fn somebody_is_invited_given_other_roles_and_disabled() {
    each(|world| {
        let mut lea = world.signed_in("lea@ada.example");
        lea.get("/users").says("lea@ada.example").says_not("ben@bob.example");
        lea.get("/users/invite").says("Alliance team").says_not("Program manager");
        let page = lea.post("/users/invite", &[("email", "kim"), ("role", "delivery")]);
        assert_eq!(page.status, 422);
        page.says("This is no e-mail address").says("value=\"delivery\" checked");
        let page = lea.post("/users/invite", &[("email", "kim@ada.example")]);
        assert_eq!(page.status, 422);
        page.says("at least one role");
        let fields = [("email", "kim@ada.example"), ("role", "delivery"), ("role", "support")];
        assert_eq!(lea.post("/users/invite", &fields).location(), "/users");
        lea.get("/users?state=invited").says("kim@ada.example").says("Delivery, Support");
        let kim = user(world, "kim@ada.example");
        let path = format!("/users/{}", kim.id);
        lea.get(&path).says("Invite again").says("value=\"delivery\" checked");
        let back = ("back", path.as_str());
        assert_eq!(lea.post(&format!("{path}/invite"), &[back]).location(), path);
        let version = user(world, "kim@ada.example").version.to_string();
        let roles = format!("{path}/roles");
        let stale = [("version", "99"), ("role", "alliance_team"), back];
        assert_eq!(lea.post(&roles, &stale).status, 412);
        let other = [("version", version.as_str()), ("role", "alliance_team"), back];
        assert_eq!(lea.post(&roles, &other).location(), path);
        lea.get(&path).says("Alliance team");
        let none = lea.post(&roles, &[back]);
        assert_eq!(none.status, 422);
        assert_eq!(lea.post(&format!("{path}/disable"), &[back]).location(), path);
        lea.get(&path).says("Disabled").says("Enable");
        assert_eq!(lea.post(&format!("{path}/enable"), &[back]).location(), path);
        // One's own roles are changed by others.
        let own = format!("/users/{}", user(world, "lea@ada.example").id);
        lea.get(&own).says_not("Save the roles").says_not("Disable</button>");
        assert_eq!(lea.post(&format!("{own}/roles"), &[("role", "delivery")]).status, 403);
        let mut ben = world.signed_in("ben@bob.example");
        assert_eq!(ben.get(&path).status, 404);
        assert_eq!(ben.post(&format!("{path}/disable"), &[]).status, 404);
        let mut tom = world.signed_in("tom@town.example");
        tom.get("/users").says_not("kim@ada.example");
    });
}

#[test]
fn an_operator_invites_on_every_side() {
    each(|world| {
        let mut ola = world.signed_in("ola@tiles.example");
        ola.get("/users?organization=bob").says("ben@bob.example").says_not("lea@ada.example");
        ola.get("/users/invite").says("IT owner").says("Operator").says("Alliance lead");
        let fields =
            [("email", "joe@bob.example"), ("organization", "bob"), ("role", "alliance_team")];
        assert_eq!(ola.post("/users/invite", &fields).location(), "/users");
        let fields = [("email", "jo@no.example"), ("organization", "no"), ("role", "delivery")];
        let page = ola.post("/users/invite", &fields);
        assert_eq!(page.status, 422);
        page.says("There is no partner `no`");
    });
}

#[test]
fn the_journal_tells_what_was_done_and_what_is_sealed() {
    each(|world| {
        let mut ola = world.signed_in("ola@tiles.example");
        ola.get("/journal").says("not sealed yet").says("create user");
        world.app.store.seal(world.app.clock.now()).unwrap();
        ola.get("/journal").says_not("not sealed yet");
        let lea = user(world, "lea@ada.example").id;
        ola.get(&format!("/journal?subject={lea}")).says("create user").says(&lea);
        ola.get("/journal?actor=nobody-at-all").says("There is no such row.");
        assert_eq!(ola.get("/journal?cursor=bad").status, 422);
        assert_eq!(world.signed_in("lea@ada.example").get("/journal").status, 404);
    });
}

#[test]
fn a_partner_claims_a_domain() {
    each(|world| {
        let mut lea = world.signed_in("lea@ada.example");
        lea.get("/partners/ada").says("postmaster@");
        let path = "/partners/ada/domains";
        let page = lea.post(path, &[("domain", "gmail.com"), ("mailbox", "admin")]);
        assert_eq!(page.status, 422);
        page.says("Everybody has an address at gmail.com")
            .says("<option value=\"admin\" selected>");
        let page = lea.post(path, &[("domain", "ada.example"), ("mailbox", "postmaster")]);
        assert_eq!(page.location(), "/partners/ada#domains", "{}", page.text);
        lea.get("/partners/ada").says("ada.example").says("claimed");
        let mut ben = world.signed_in("ben@bob.example");
        ben.get("/me");
        assert_eq!(ben.post(path, &[("domain", "bob.example")]).status, 404);
    });
}
