//! The digest: who is mailed what, how often, and how it is ended.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use guildhall_rules::facts::File;
use guildhall_server::mail::{Every, Letter, Mailer};
use guildhall_server::ops::forecast::send_digests;
use guildhall_server::ops::network::{Refreshed, Refresher};
use guildhall_server::tls::Roots;
use guildhall_store::Draft;
use jiff::SignedDuration;

use crate::book::{draft, record};
use crate::browser::World;
use crate::databases::Database;

/// A network whose server has a mail server and tells weekly, with somebody who leaves in February.
fn world(url: &str) -> World {
    let world = World::with(url, |app| {
        let roots = Roots::from_pem(b"");
        let from = "Tiles <office@tiles.example>";
        let mailer = Mailer::new("smtp://127.0.0.1:9", from, &roots, Duration::from_secs(1));
        app.mailer = mailer.unwrap();
        app.digest_every = Every::Weekly;
    });
    let leaver = [
        ("id", "i-1"),
        ("partner", "ada"),
        ("name", "Ida"),
        ("emails", "i@ada.example;LEA@ada.example"),
        ("left_on", "2026-02-20"),
    ];
    let held = [
        ("id", "c-2"),
        ("individual", "i-1"),
        ("credential", "mosaic"),
        ("issued_on", "2023-02-05"),
        ("expires_on", "2026-02-04"),
    ];
    let rows: Vec<Draft> = vec![draft(File::Individuals, &leaver), draft(File::Credentials, &held)];
    record(&world.app.store, "2025-12-02T00:00:00Z", &rows);
    let refresher = Refresher::new().unwrap();
    while refresher.step(&world.app).unwrap() == Refreshed::Some {}
    world
}

/// The digests that wait to be sent, by recipient; whatever else waits is taken too.
fn letters(world: &World) -> Vec<(String, Letter)> {
    let now = world.app.clock.now();
    let until = now + SignedDuration::from_hours(24 * 365);
    let mut found = Vec::new();
    loop {
        let taken = world.app.store.write(|tx| tx.take_letter(now, until)).unwrap();
        let Some(taken) = taken else { break };
        let letter: Letter = serde_json::from_str(&taken.letter).unwrap();
        if matches!(letter, Letter::Digest { .. }) {
            found.push((taken.recipient, letter));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn body_to<'l>(letters: &'l [(String, Letter)], who: &str) -> Option<String> {
    let found = letters.iter().find(|(to, _): &&'l (String, Letter)| to.starts_with(who));
    // Lines are broken anywhere.
    let plain = |body: &str| body.split_whitespace().collect::<Vec<_>>().join(" ");
    found.map(|(_, letter)| plain(&letter.write().body))
}

/// The path of the link that ends a digest.
fn stop_path(letter: &Letter) -> String {
    let url = letter.ended_at().unwrap();
    url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
}

#[test]
fn each_is_told_what_their_roles_are_about_once_a_week() {
    for database in Database::both() {
        let world = world(&database.url);
        assert!(send_digests(&world.app).unwrap() >= 2);
        let told = letters(&world);
        let lea = body_to(&told, "lea@").unwrap();
        for words in [
            "In 31 to 60 days:",
            "21 Feb 2026: what keeps the tier is not met any more",
            "tier attained Expert becomes Member",
            "no longer met: Setters",
            "credential counts no more (Mosaic of Ida)",
            "What you hold yourself:",
            "5 Feb 2026: Mosaic counts no more",
            "/partners/ada/lapses",
            "/me/digest",
            "/digest/stop/",
        ] {
            assert!(lea.contains(words), "`{words}` is not in:\n{lea}");
        }
        let mia = body_to(&told, "mia@").unwrap();
        assert!(mia.contains("one partner no longer meets what keeps its tier"), "{mia}");
        assert!(!mia.contains("Ida"), "{mia}");
        // An operator and a customer are told nothing.
        assert!(body_to(&told, "ola@").is_none() && body_to(&told, "tom@").is_none());
        // Once a week, whatever is tried.
        assert_eq!(send_digests(&world.app).unwrap(), 0);
        world.pass(SignedDuration::from_hours(24));
        assert_eq!(send_digests(&world.app).unwrap(), 0);
        world.pass(SignedDuration::from_hours(24 * 4));
        assert!(send_digests(&world.app).unwrap() >= 1);
        assert!(body_to(&letters(&world), "lea@").is_some());
    }
}

#[test]
fn two_servers_write_to_nobody_twice() {
    for database in Database::both() {
        let world = world(&database.url);
        let barrier = Barrier::new(2);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    barrier.wait();
                    send_digests(&world.app).unwrap();
                });
            }
        });
        let told = letters(&world);
        let mut names: Vec<&String> = told.iter().map(|(to, _)| to).collect();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{names:?}");
        assert!(names.iter().any(|to| to.starts_with("lea@")));
    }
}

#[test]
fn everybody_chooses_how_often_and_may_end_it_from_the_mail() {
    let database = Database::sqlite();
    let world = world(&database.url);
    let mut lea = world.signed_in("lea@ada.example");
    lea.get("/me").says("/me/digest");
    lea.get("/me/digest").says("As this server does it: once a week").says("value=\"\" checked");
    assert_eq!(lea.post("/me/digest", &[("every", "hourly")]).status, 422);
    lea.post("/me/digest", &[("every", "off")]);
    lea.get("/me/digest").says("value=\"off\" checked");
    send_digests(&world.app).unwrap();
    assert!(body_to(&letters(&world), "lea@").is_none());
    lea.post("/me/digest", &[("every", "monthly")]);
    send_digests(&world.app).unwrap();
    let told = letters(&world);
    let (_, letter) = told.iter().find(|(to, _)| to.starts_with("lea@")).unwrap();
    // Looking at the link ends nothing, as programs look at links.
    let path = stop_path(letter);
    let asked = world.browser().get(&path);
    assert_eq!(asked.status, 200);
    asked.says("l…@ada.example").says_not("lea@").says("End them");
    lea.get("/me/digest").says("value=\"monthly\" checked");
    // One click of a mail program, which has neither cookies nor a token.
    let click = Request::post(&path).header("content-type", "application/x-www-form-urlencoded");
    let click = click.body(Body::from("List-Unsubscribe=One-Click")).unwrap();
    let done = world.browser().send(click);
    assert_eq!(done.status, 200);
    done.says("No more mails");
    lea.get("/me/digest").says("value=\"off\" checked");
    world.browser().get(&path).says("have ended already").says_not("End them");
    let again = world.browser().send(Request::post(&path).body(Body::empty()).unwrap());
    assert_eq!(again.status, 200);
    world.pass(SignedDuration::from_hours(24 * 40));
    send_digests(&world.app).unwrap();
    assert!(body_to(&letters(&world), "lea@").is_none());
    for path in ["/digest/stop/abc", "/digest/stop/%00"] {
        assert_eq!(world.browser().get(path).status, 404, "{path}");
    }
}

#[test]
fn without_a_mail_server_or_with_nothing_to_tell_nothing_is_written() {
    let database = Database::sqlite();
    let world = World::with(&database.url, |app| app.digest_every = Every::Weekly);
    assert_eq!(send_digests(&world.app).unwrap(), 0);
    assert_eq!(letters(&world).len(), 0);
    let other = Database::sqlite();
    let quiet = self::world(&other.url);
    send_digests(&quiet.app).unwrap();
    // Of bob nothing lapses within ninety days.
    assert!(body_to(&letters(&quiet), "ben@").is_none());
}
