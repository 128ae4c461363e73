//! The printed matrix: who may do what, to which things. `UPDATE=1` rewrites it for review.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use guildhall_access::{Access, Action, Actor, Decision, Resource, ResourceKind, Scope};

use crate::cast::{OWN, Relation, everybody, pairs, thing};

const HEAD: &str = "\
Who may do what. Rewritten by UPDATE=1 cargo test -p guildhall-access; docs/access.md explains.

A cell has one place for each relation of the thing to the user:
  m  mine: it belongs to the user, in the user's organization
  o  ours: it belongs to the user's organization
  t  theirs: it belongs to another partner and another customer
  v  the vendor's: it belongs to no partner and no customer
The letter means allowed; - denied, though the thing may be viewed; . hidden, as if not there.
A vendor's user stands to what is mine and ours as to what is the vendor's.

";

const BASE: &str = "\
In a session, second factor proved a minute ago; ratings shared, reviews published, no field touched
that the vendor decides, no operator concerned.
";

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/matrix.txt")
}

/// A circumstance: what it is called, and how actor and thing differ from the plain case.
struct Circumstance {
    name: &'static str,
    actor: fn(&mut Actor),
    thing: fn(&mut Resource),
}

const PLAIN: Circumstance = Circumstance { name: "", actor: |_| {}, thing: |_| {} };

fn circumstances() -> Vec<Circumstance> {
    let of_actor = |name, actor| Circumstance { name, actor, ..PLAIN };
    let of_thing = |name, thing| Circumstance { name, thing, ..PLAIN };
    vec![
        of_thing("The customer did not agree to share", |thing| thing.consent = false),
        of_thing("Not published", |thing| thing.published = false),
        of_thing("The change touches a field that the vendor decides", |thing| {
            let of_partner = thing.kind == ResourceKind::Partner;
            thing.touches_decision = of_partner || ResourceKind::FACTS.contains(&thing.kind);
        }),
        of_thing("Partner and customer are one company, the user's", |thing| {
            let own = Some(OWN.to_owned());
            if thing.partner == own || thing.customer == own {
                (thing.partner, thing.customer) = (own.clone(), own);
            }
        }),
        of_thing("The user concerned is an operator, or becomes one", |thing| {
            thing.is_operator = true;
        }),
        of_actor("No second factor", |actor| actor.second_factor_age_seconds = None),
        of_actor("Second factor proved 301 seconds ago", |actor| {
            actor.second_factor_age_seconds = Some(301);
        }),
        of_actor("Second factor proved in a second to come", |actor| {
            actor.second_factor_age_seconds = Some(-1);
        }),
        of_actor("By token of scope admin", |actor| actor.scopes = Some(vec![Scope::Admin])),
    ]
}

fn cell(
    access: &Access,
    circumstance: &Circumstance,
    actor: &Actor,
    (kind, action): (ResourceKind, Action),
) -> String {
    let letter = |relation: Relation| {
        let mut actor = actor.clone();
        let mut thing = thing(&actor, kind, relation);
        (circumstance.thing)(&mut thing);
        if actor.user.is_some() {
            (circumstance.actor)(&mut actor);
        }
        match access.decide(&actor, action, &thing) {
            Decision::Allowed => relation.letter(),
            Decision::Denied(_) => '-',
            Decision::Hidden => '.',
        }
    };
    Relation::ALL.into_iter().map(letter).collect()
}

fn row(access: &Access, circumstance: &Circumstance, pair: (ResourceKind, Action)) -> String {
    let mut row = String::new();
    for (_, _, actor) in everybody() {
        write!(row, " {}", cell(access, circumstance, &actor, pair)).unwrap();
    }
    row
}

/// Rows under the headings of their kinds; those that `wanted` turns down are left out.
fn table(
    access: &Access,
    circumstance: &Circumstance,
    wanted: impl Fn((ResourceKind, Action), &str) -> bool,
) -> String {
    let mut text = String::new();
    let mut last = None;
    for pair in pairs() {
        let row = row(access, circumstance, pair);
        if !wanted(pair, &row) {
            continue;
        }
        let (kind, action) = pair;
        if last.replace(kind) != Some(kind) {
            writeln!(text, "{kind}").unwrap();
        }
        writeln!(text, "  {:<21}{row}", action.word()).unwrap();
    }
    text
}

fn headings() -> String {
    let names: Vec<String> = everybody().iter().map(|(name, ..)| format!(" {name:<4}")).collect();
    format!("{:<23}{}", "", names.concat()).trim_end().to_owned()
}

fn matrix() -> String {
    let access = Access::new().unwrap();
    let mut text = HEAD.to_owned();
    for (name, meaning, _) in everybody() {
        writeln!(text, "  {name}  {meaning}").unwrap();
    }
    write!(text, "\n{BASE}\n{}\n", headings()).unwrap();
    text += &table(&access, &PLAIN, |_, _| true);
    let plain: HashMap<_, _> = pairs().map(|pair| (pair, row(&access, &PLAIN, pair))).collect();
    for circumstance in circumstances() {
        let changed = table(&access, &circumstance, |pair, found| {
            plain.get(&pair).is_none_or(|row| row != found)
        });
        let name = circumstance.name;
        write!(text, "\n\n{name}; rows that differ\n\n{}\n{changed}", headings()).unwrap();
    }
    text + &scopes(&access)
}

/// Which actions a token can do at all: for each, the scopes with which somebody may.
fn scopes(access: &Access) -> String {
    let mut text = "\n\nBy token: the scopes with which an action is possible\n\n".to_owned();
    for action in Action::ALL {
        let mut actors: Vec<Actor> = everybody().into_iter().map(|(.., actor)| actor).collect();
        actors.retain(|actor| actor.user.is_some());
        let is_possible = |scope: &&Scope| {
            actors.iter().cloned().any(|mut actor| {
                actor.scopes = Some(vec![**scope]);
                let things = action
                    .kinds()
                    .iter()
                    .flat_map(|kind| Relation::ALL.map(|relation| thing(&actor, *kind, relation)));
                { things }.any(|thing| access.decide(&actor, *action, &thing).is_allowed())
            })
        };
        let with: Vec<&str> =
            Scope::ALL.iter().filter(is_possible).map(|scope| scope.word()).collect();
        let with = if with.is_empty() { "none".to_owned() } else { with.join(" ") };
        writeln!(text, "  {:<21} {with}", action.word()).unwrap();
    }
    text
}

#[test]
fn the_matrix_is_as_committed() {
    let found = matrix();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(file(), &found).unwrap();
    }
    let expected = fs::read_to_string(file()).unwrap_or_default();
    for (number, (expected, found)) in (1..).zip(expected.lines().zip(found.lines())) {
        assert!(
            expected == found,
            "matrix.txt differs at line {number}; UPDATE=1 rewrites it\n{expected}\n{found}"
        );
    }
    assert_eq!(expected.len(), found.len(), "matrix.txt has more or fewer lines");
}

/// The cells of a pair in the plain part of the committed matrix.
fn committed(pair: (ResourceKind, Action)) -> Option<String> {
    let text = fs::read_to_string(file()).unwrap();
    let (plain, _) = text.split_once("\n\n\n").unwrap();
    let mut kind = "";
    for line in plain.lines() {
        if !line.starts_with(' ') {
            kind = line;
        }
        let mut words = line.split_whitespace();
        if kind == pair.0.word() && words.next() == Some(pair.1.word()) {
            return Some(words.collect::<Vec<_>>().join(" "));
        }
    }
    None
}

#[test]
fn every_pair_of_action_and_kind_has_a_case_and_somebody_allowed_and_somebody_not() {
    let mut without = Vec::new();
    for pair in pairs() {
        let cells = committed(pair).unwrap_or_default();
        let is_allowed = cells.contains(['m', 'o', 't', 'v']);
        if !is_allowed || !cells.contains(['-', '.']) {
            without.push(pair);
        }
    }
    assert!(without.is_empty(), "pairs without a case: {without:?}");
}

/// Every action in the list of pairs, and every kind: none was forgotten in `kinds`.
#[test]
fn every_action_is_about_something_and_every_kind_has_an_action() {
    for action in Action::ALL {
        assert!(pairs().any(|(_, about)| about == *action), "{action}");
    }
    for kind in ResourceKind::ALL {
        assert!(kind.view().is_view() && kind.view().kinds().contains(kind), "{kind}");
    }
}

#[test]
fn whoever_may_do_something_may_see_it_unless_they_apply() {
    let access = Access::new().unwrap();
    for (kind, action) in pairs().filter(|(_, action)| *action != Action::Apply) {
        for (name, _, actor) in everybody() {
            for relation in Relation::ALL {
                let thing = thing(&actor, kind, relation);
                if access.decide(&actor, action, &thing).is_allowed() {
                    let sees = access.decide(&actor, kind.view(), &thing).is_allowed();
                    assert!(sees, "{name} may {action} {kind} {relation:?} without seeing it");
                }
            }
        }
    }
}

#[test]
fn an_auditor_changes_nothing() {
    let access = Access::new().unwrap();
    let auditor = crate::cast::of_role(guildhall_access::Role::Auditor);
    for (kind, action) in pairs() {
        for relation in [Relation::Ours, Relation::Theirs, Relation::Vendors] {
            // What is the user's own is every user's.
            let decision = access.decide(&auditor, action, &thing(&auditor, kind, relation));
            let looks = action.is_view() || matches!(action, Action::ExportFacts | Action::Verify);
            let signs_in = [ResourceKind::Session, ResourceKind::Token, ResourceKind::SecondFactor];
            let expected = looks && !signs_in.contains(&kind);
            assert_eq!(decision.is_allowed(), expected, "{action} {kind} {relation:?}");
        }
    }
}
