//! What happens is told: messages are made of changes, signed, sent again, and given up, by one
//! server and by two side by side.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at once"
)]

#[path = "../../store/tests/shared/databases.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "each test binary uses a part")]
mod databases;
#[path = "../../store/tests/store/network.rs"]
#[allow(clippy::allow_attributes, dead_code, reason = "each test binary uses a part")]
mod network;
#[path = "shared/sink.rs"]
mod sink;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use guildhall_access::{Actor, Role, Side};
use guildhall_rules::facts::File;
use guildhall_server::config::{Config, Sources};
use guildhall_server::mail::{Letter, Mailer};
use guildhall_server::ops::letters;
use guildhall_server::ops::webhooks::{self, DeliveryView, NewWebhook, WebhookChange};
use guildhall_server::serve;
use guildhall_server::tasks::Tasks;
use guildhall_server::tls::Roots;
use guildhall_server::webhooks::signature::{Signed, SigningSecret, verify};
use guildhall_server::{App, Caller, Clock, Error};
use guildhall_store::{Draft, Entry, Kind, Store};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use databases::Database;
use network::{TILES, draft, moment, partner, tiles};
use sink::{serve_http, serve_mail};

const START: &str = "2026-03-02T10:00:00Z";

fn config(url: &str) -> Config {
    let flags = [("database", url), ("webhooks.allow_private", "true")];
    let flags = flags.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let sources = Sources { flags, ..Sources::default() };
    Config::read(&sources, &Roots::from_pem(b"")).unwrap()
}

/// An app on a database, whose clock stands still, and its tasks at work.
fn server(url: &str) -> (Arc<App>, Tasks) {
    server_with(url, Mailer::none())
}

fn server_with(url: &str, mailer: Mailer) -> (Arc<App>, Tasks) {
    let mut app = App::new(Store::open(url).unwrap(), Clock::at(moment(START))).unwrap();
    app.allow_private_webhooks = true;
    app.mailer = mailer;
    let editions = [("tiles-2026".to_owned(), TILES.to_owned())];
    serve::found(&app, &tiles(), &editions).unwrap();
    let app = Arc::new(app);
    let tasks = Tasks::start(&app, &config(url)).unwrap();
    (app, tasks)
}

fn caller(side: Side, organization: &str, role: Role) -> Caller {
    Caller::acting(Actor {
        user: Some(format!("user-{organization}")),
        organization: Some((side, organization.to_owned())),
        roles: vec![role],
        ..Actor::default()
    })
}

fn vendor() -> Caller {
    caller(Side::Vendor, "guild", Role::ProgramManager)
}

fn lead(partner: &str) -> Caller {
    caller(Side::Partner, partner, Role::AllianceLead)
}

fn new(port: u16, events: &[&str]) -> NewWebhook {
    NewWebhook {
        url: format!("http://127.0.0.1:{port}/hooks"),
        description: None,
        events: events.iter().map(|event| (*event).to_owned()).collect(),
    }
}

/// A receiver that answers one request after the other by a script, and then 200.
struct Target {
    port: u16,
    arrived: Receiver<String>,
}

impl Target {
    fn start(script: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, arrived) = channel();
        thread::spawn(move || {
            for status in script.iter().chain(std::iter::repeat(&"200 OK")) {
                let Ok((stream, _)) = listener.accept() else { return };
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 3\r\n\r\nso.");
                if tell.send(serve_http(stream, answer.as_bytes())).is_err() {
                    return;
                }
            }
        });
        Self { port, arrived }
    }

    fn next(&self) -> Request {
        Request::read(&self.arrived.recv_timeout(Duration::from_secs(20)).unwrap())
    }
}

struct Request {
    signed: Signed,
    body: String,
}

impl Request {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).unwrap().1.to_owned()
        };
        let signed = Signed {
            id: header("webhook-id"),
            timestamp: header("webhook-timestamp"),
            signature: header("webhook-signature"),
        };
        Self { signed, body: body.to_owned() }
    }

    fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }
}

fn record(app: &App, action: &str, subject: &str, drafts: &[Draft]) {
    let committed = app.store.write(|tx| {
        let mut entry = Entry::new(app.clock.now(), "user-1", action, subject);
        for draft in drafts {
            tx.record(&mut entry, draft.clone())?;
        }
        tx.commit(entry)
    });
    let committed: Result<_, guildhall_store::Error> = committed;
    committed.unwrap();
}

/// The messages to a webhook once they are as expected; asks again and again for some seconds.
fn settled(
    app: &App,
    caller: &Caller,
    id: &str,
    is_so: impl Fn(&[DeliveryView]) -> bool,
) -> Vec<DeliveryView> {
    let began = Instant::now();
    loop {
        let deliveries = webhooks::deliveries(app, caller, id, None, 200).unwrap().items;
        if is_so(&deliveries) {
            return deliveries;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{deliveries:?}");
        // Lets the tasks have the processor.
        thread::park_timeout(Duration::from_millis(5));
    }
}

fn pass(app: &App, seconds: i64) -> Timestamp {
    let now = app.clock.now().checked_add(SignedDuration::from_secs(seconds)).unwrap();
    app.clock.set(now);
    now
}

#[test]
fn a_change_is_told_signed_and_sent_again_until_it_arrives() {
    for database in Database::both() {
        let (app, tasks) = server(&database.url);
        let target = Target::start(&["500 Oh"]);
        let made = webhooks::create(&app, &vendor(), &new(target.port, &["fact.*"])).unwrap();
        let secrets = [SigningSecret::parse(&made.secret).unwrap()];
        record(&app, "add_fact", "ada", &[partner("ada", "Ada & Co")]);
        let first = target.next();
        verify(&secrets, &first.signed, app.clock.now(), first.body.as_bytes()).unwrap();
        let message = first.json();
        assert_eq!(message["type"], "fact.added");
        assert_eq!(message["subject"], "ada");
        assert_eq!(message["kind"], "partner_fact");
        assert_eq!(message["facts"][0][0], "partners");
        assert_eq!(message["fact_count"], 1);
        assert!(!first.body.contains("Ada & Co"), "ids, no values");
        let id = &made.webhook.id;
        let waiting = settled(&app, &vendor(), id, |found| found[0].status == Some(500));
        assert_eq!((waiting[0].state.as_str(), waiting[0].attempts), ("waiting", 1));
        assert!(webhooks::get(&app, &vendor(), id).unwrap().failing_since.is_some());
        // The first wait is five seconds and up to a fifth more.
        let now = pass(&app, 6);
        let second = target.next();
        assert_eq!(second.signed.id, first.signed.id);
        assert_eq!(second.body, first.body);
        verify(&secrets, &second.signed, now, second.body.as_bytes()).unwrap();
        let arrived = settled(&app, &vendor(), id, |found| found[0].state == "delivered");
        assert_eq!((arrived[0].attempts, arrived[0].answer.as_deref()), (2, Some("so.")));
        assert!(webhooks::get(&app, &vendor(), id).unwrap().failing_since.is_none());
        tasks.stop();
    }
}

#[test]
fn a_receiver_that_is_gone_is_sent_nothing_more() {
    for database in Database::both() {
        let (app, tasks) = server(&database.url);
        let target = Target::start(&["410 Gone"]);
        let made = webhooks::create(&app, &vendor(), &new(target.port, &["*"])).unwrap();
        let id = &made.webhook.id;
        let tried = webhooks::test(&app, &vendor(), id).unwrap();
        assert_eq!(target.next().signed.id, tried.id);
        settled(&app, &vendor(), id, |found| found[0].state == "failed");
        let held = webhooks::get(&app, &vendor(), id).unwrap();
        assert_eq!((held.enabled, held.disabled_because.as_deref()), (false, Some("gone")));
        let refused = webhooks::test(&app, &vendor(), id).unwrap_err();
        assert!(matches!(refused, Error::Conflict { code: "webhook-disabled", .. }));
        // Switched on again, a message can be sent once more, with the same id.
        let on = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
        let now = webhooks::change(&app, &vendor(), id, None, &on).unwrap();
        assert!(now.enabled);
        webhooks::redeliver(&app, &vendor(), id, &tried.id).unwrap();
        assert_eq!(target.next().signed.id, tried.id);
        settled(&app, &vendor(), id, |found| found[0].state == "delivered");
        tasks.stop();
    }
}

#[test]
fn a_webhook_is_disabled_when_nothing_arrived_for_five_days() {
    let database = Database::sqlite();
    let (app, tasks) = server(&database.url);
    // Nobody listens there.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let made = webhooks::create(&app, &vendor(), &new(port, &["*"])).unwrap();
    let id = &made.webhook.id;
    webhooks::test(&app, &vendor(), id).unwrap();
    for made in 1..10 {
        // While it is being sent, it is another sender's in 45 seconds; then it waits longer.
        settled(&app, &vendor(), id, |found| {
            let next = found[0].next_attempt_at.as_ref().unwrap().parse::<Timestamp>().unwrap();
            let wait = next.duration_since(app.clock.now()).as_secs();
            found[0].attempts == made && wait > 0 && wait != 45
        });
        pass(&app, 48 * 3600);
    }
    settled(&app, &vendor(), id, |found| found[0].state == "failed");
    settled(&app, &vendor(), id, |_| !webhooks::get(&app, &vendor(), id).unwrap().enabled);
    let held = webhooks::get(&app, &vendor(), id).unwrap();
    assert_eq!(held.disabled_because.as_deref(), Some("failing"));
    tasks.stop();
}

#[test]
fn a_partner_is_told_of_its_own_and_of_no_other() {
    for database in Database::both() {
        let (app, tasks) = server(&database.url);
        let target = Target::start(&[]);
        let all = Target::start(&[]);
        let ada = webhooks::create(&app, &lead("ada"), &new(target.port, &["*"])).unwrap();
        webhooks::create(&app, &vendor(), &new(all.port, &["*"])).unwrap();
        record(&app, "add_fact", "bob", &[partner("bob", "Bob")]);
        assert_eq!(all.next().json()["subject"], "bob");
        let both = [partner("ada", "Ada"), partner("cid", "Cid")];
        record(&app, "add_fact", "two at once", &both);
        let whole = all.next().json();
        assert_eq!((&whole["fact_count"], &whole["subject"]), (&2.into(), &"two at once".into()));
        let own = target.next().json();
        assert_eq!((&own["fact_count"], &own["subject"]), (&1.into(), &Json::Null));
        assert_eq!(own["facts"][0][1], "ada");
        assert_eq!(own["facts"].as_array().unwrap().len(), 1);
        // A rating that the customer keeps from the partner, and one that it shares.
        let rating = |id: &str, consent: &str| {
            let cells = [("id", id), ("partner", "ada"), ("customer", "c"), ("score", "5")];
            let more = [("rated_on", "2026-02-02"), ("consent", consent)];
            draft(Kind::Fact(File::Ratings), &[&cells[..], &more[..]].concat())
        };
        record(&app, "add_fact", "r-1", &[rating("r-1", "no")]);
        assert_eq!(all.next().json()["subject"], "r-1");
        record(&app, "add_fact", "r-2", &[rating("r-2", "yes")]);
        assert_eq!(target.next().json()["subject"], "r-2");
        // What is no event is told to nobody.
        record(&app, "create_token", "t-1", &[]);
        record(&app, "publish_edition", "tiles-2027", &[]);
        assert_eq!(all.next().json()["subject"], "r-2");
        assert_eq!(all.next().json()["type"], "edition.published");
        let id = &ada.webhook.id;
        settled(&app, &lead("ada"), id, |found| found.iter().all(|one| one.state == "delivered"));
        // Others do not even learn that it is there.
        for stranger in [lead("bob"), caller(Side::Customer, "c", Role::ItOwner)] {
            let hidden = webhooks::get(&app, &stranger, id).unwrap_err();
            let missing = webhooks::get(&app, &stranger, "wh_0").unwrap_err();
            assert_eq!(hidden.kind(), missing.kind());
            assert_eq!(hidden.to_string().replace(id.as_str(), "wh_0"), missing.to_string());
            assert!(webhooks::list(&app, &stranger, None, 50).unwrap().items.is_empty());
        }
        tasks.stop();
    }
}

#[test]
fn a_new_secret_is_used_beside_the_old_one_for_a_day() {
    let database = Database::sqlite();
    let (app, tasks) = server(&database.url);
    let target = Target::start(&[]);
    let made = webhooks::create(&app, &vendor(), &new(target.port, &["*"])).unwrap();
    let id = &made.webhook.id;
    let again = webhooks::rotate_secret(&app, &vendor(), id).unwrap();
    let old = [SigningSecret::parse(&made.secret).unwrap()];
    let new = [SigningSecret::parse(&again.secret).unwrap()];
    let is_by = |secrets: &[SigningSecret], request: &Request| {
        verify(secrets, &request.signed, app.clock.now(), request.body.as_bytes()).is_ok()
    };
    webhooks::test(&app, &vendor(), id).unwrap();
    let request = target.next();
    assert!(is_by(&old, &request) && is_by(&new, &request));
    pass(&app, 24 * 3600 + 1);
    settled(&app, &vendor(), id, |found| found[0].state == "delivered");
    webhooks::test(&app, &vendor(), id).unwrap();
    let request = target.next();
    assert!(!is_by(&old, &request) && is_by(&new, &request));
    tasks.stop();
}

#[test]
fn two_servers_on_one_database_seal_and_send_once() {
    const CHANGES: usize = 30;
    let database = Database::postgres();
    let (one, tasks_of_one) = server(&database.url);
    let (other, tasks_of_other) = server(&database.url);
    let target = Target::start(&[]);
    let made = webhooks::create(&one, &vendor(), &new(target.port, &["*"])).unwrap();
    thread::scope(|scope| {
        for (app, name) in [(&one, "a"), (&other, "b")] {
            scope.spawn(move || {
                for number in 0..CHANGES {
                    let id = format!("{name}-{number}");
                    record(app, "add_fact", &id, &[partner(&id, "Somebody")]);
                }
            });
        }
    });
    let mut ids: Vec<String> = (0..2 * CHANGES).map(|_| target.next().signed.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2 * CHANGES);
    let id = &made.webhook.id;
    settled(&one, &vendor(), id, |found| {
        found.len() == 2 * CHANGES && found.iter().all(|one| one.state == "delivered")
    });
    tasks_of_one.stop();
    tasks_of_other.stop();
    assert!(target.arrived.try_recv().is_err(), "nothing was sent twice");
    one.store.seal(one.clock.now()).unwrap();
    let verified = one.store.verify(None).unwrap();
    assert!(verified.problems.is_empty(), "{:?}", verified.problems);
}

#[test]
fn a_letter_is_sent_until_the_mail_server_takes_it_and_is_then_erased() {
    for database in Database::both() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, arrived) = channel();
        thread::spawn(move || {
            for refusal in [Some("451 later"), None] {
                let (stream, _) = listener.accept().unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let is_rcpt = |command: &str| command.starts_with("RCPT");
                let answer = |command: &str| refusal.filter(|_| is_rcpt(command));
                tell.send(serve_mail(stream, answer)).unwrap();
            }
        });
        let url = format!("smtp://127.0.0.1:{port}");
        let roots = Roots::from_pem(b"");
        let patience = Duration::from_secs(15);
        let mailer = Mailer::new(&url, "office@tiles.example", &roots, patience).unwrap();
        let (app, tasks) = server_with(&database.url, mailer);
        let letter = Letter::PasswordReset {
            network: "Tiles".to_owned(),
            expires: "noon".to_owned(),
            link: "https://tiles.example/reset/once-only".to_owned(),
        };
        let posted = app
            .store
            .write(|tx| letters::post(tx, "maria@tiles.example", &letter, app.clock.now()));
        posted.unwrap();
        let refused = arrived.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(refused.contains("RCPT TO:<maria@tiles.example>"), "{refused}");
        assert!(!refused.contains("once-only"), "{refused}");
        let waiting = |count| {
            let began = Instant::now();
            while app.store.read(|tx| tx.waiting()).unwrap().letters != count {
                assert!(began.elapsed() < Duration::from_secs(20));
                thread::park_timeout(Duration::from_millis(5));
            }
        };
        waiting(1);
        // The lease is five minutes, the wait after a refusal shorter. Time passes until both are
        // over, whenever the refusal is written down.
        let began = Instant::now();
        let taken = loop {
            pass(&app, 301);
            match arrived.recv_timeout(Duration::from_millis(200)) {
                Ok(taken) => break taken,
                Err(_) => assert!(began.elapsed() < Duration::from_secs(20), "nothing arrived"),
            }
        };
        assert!(taken.contains("once-only"), "{taken}");
        waiting(0);
        assert!(app.store.read(|tx| tx.waiting_letters(10)).unwrap().is_empty());
        tasks.stop();
    }
}

#[test]
fn input_of_webhooks_is_checked() {
    let database = Database::sqlite();
    let (app, tasks) = server(&database.url);
    let bad = |url: &str, events: &[&str]| {
        let new = NewWebhook { url: url.to_owned(), ..new(1, events) };
        match webhooks::create(&app, &vendor(), &new).unwrap_err() {
            Error::Invalid(problems) => problems.shown()[0].column.clone().unwrap(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(bad("ftp://example.org/", &["*"]), "url");
    assert_eq!(bad("https://example.org/", &[]), "events");
    assert_eq!(bad("https://example.org/", &["fact"]), "events");
    let nobody = webhooks::create(&app, &Caller::nobody(), &new(1, &["*"])).unwrap_err();
    assert!(matches!(nobody, Error::SignInFirst));
    let team = caller(Side::Partner, "ada", Role::AllianceTeam);
    assert!(webhooks::create(&app, &team, &new(1, &["*"])).is_err());
    let made = webhooks::create(&app, &vendor(), &new(1, &["edition.*"])).unwrap();
    let stale = Some("\"v7\"");
    let changed =
        webhooks::change(&app, &vendor(), &made.webhook.id, stale, &WebhookChange::default());
    assert!(matches!(changed, Err(Error::Changed { .. })));
    let id = made.webhook.id;
    webhooks::delete(&app, &vendor(), &id, Some("\"v1\"")).unwrap();
    assert!(matches!(webhooks::get(&app, &vendor(), &id), Err(Error::NotFound { .. })));
    tasks.stop();
}
