//! Every template of the facts with sample data, as nobody would wish it.

use std::sync::Arc;

use askama::Template;
use guildhall_operations::Book;
use guildhall_rules::facts::{Column, File, Holds};

use super::edit::{ConflictRow, EditPage, EffectPart};
use super::effect::{EffectView, Move};
use super::list::{ListPage, RowView};
use super::retract::{RetractPage, WithdrawPage};
use super::show::{ActionView, Changed, DisputeView, FactPage, VersionView};
use super::words::{CellView, Choice, FormOf, Words, columns, fact_path};
use super::{KindView, KindsPage, PartnerView};
use crate::form::FieldProblems;
use crate::shell::Shell;
use crate::texts::Texts;

const HOSTILE: &str = "<b>\"'&=1+1";

fn shell() -> Shell {
    Shell::sample(HOSTILE)
}

fn partner() -> PartnerView {
    PartnerView::of("ada", HOSTILE)
}

fn cells() -> Vec<CellView> {
    let cell = |to: Option<&str>| CellView {
        label: "Customer".to_owned(),
        value: HOSTILE.to_owned(),
        to: to.map(str::to_owned),
        is_number: false,
    };
    vec![cell(None), cell(Some("/customers/town"))]
}

fn words() -> Words {
    Words { t: Texts::english(), book: Arc::new(Book::default()), has_customers: true }
}

fn effect() -> EffectPart {
    let one = Move {
        what: HOSTILE.to_owned(),
        column: "renewal".to_owned(),
        before: "1 of 2".to_owned(),
        after: "2 of 2".to_owned(),
        flip: "becomes met".to_owned(),
        looks: "good",
        because: vec![HOSTILE.to_owned()],
    };
    EffectPart {
        t: Texts::english(),
        effects: Some(vec![
            EffectView { partner: HOSTILE.to_owned(), moves: vec![one] },
            EffectView { partner: "bob".to_owned(), moves: Vec::new() },
        ]),
        problems: vec![HOSTILE.to_owned()],
        save: "Save".to_owned(),
        is_danger: false,
    }
}

/// The page, in which nothing of what was typed is markup.
#[track_caller]
fn rendered(page: &impl Template) -> String {
    let html = page.render().unwrap_or_default();
    assert!(html.contains("&#60;b&#62;"), "{html}");
    assert!(!html.contains("<b>"), "{html}");
    html
}

#[test]
fn the_kinds_and_the_list_are_rendered() {
    let kind = KindView {
        title: HOSTILE.to_owned(),
        what: "What".to_owned(),
        to: "/partners/ada/facts/events".to_owned(),
        count: "3".to_owned(),
        add: Some("/facts/events/new?partner=ada".to_owned()),
    };
    rendered(&KindsPage { shell: shell(), partner: partner(), kinds: vec![kind] });
    let row = RowView { id: HOSTILE.to_owned(), to: "/facts/events/1".to_owned(), cells: cells() };
    let page = ListPage {
        shell: shell(),
        partner: partner(),
        heads: vec![("Customer".to_owned(), false), ("Amount".to_owned(), true)],
        rows: vec![row],
        q: HOSTILE.to_owned(),
        from: String::new(),
        until: String::new(),
        day_label: "Day".to_owned(),
        is_narrowed: true,
        problems: FieldProblems::default(),
        own: "/partners/ada/facts/events".to_owned(),
        csv: "/partners/ada/facts/events.csv".to_owned(),
        add: None,
        first: Some("/partners/ada/facts/events".to_owned()),
        next: Some("/partners/ada/facts/events?after=1".to_owned()),
    };
    assert!(rendered(&page).contains("rel=\"next\""));
}

#[test]
fn a_fact_is_rendered_with_its_history() {
    let changed = Changed {
        label: "Stage".to_owned(),
        before: HOSTILE.to_owned(),
        after: "Launched".to_owned(),
    };
    let version = |is_first: bool, changed: Vec<Changed>, is_retracted: bool| VersionView {
        at: "30 Jun 2026".to_owned(),
        by: HOSTILE.to_owned(),
        action: "Added".to_owned(),
        is_first,
        is_held: false,
        changed,
        retracted: is_retracted
            .then(|| ("1 Jul 2026".to_owned(), "mia".to_owned(), HOSTILE.to_owned())),
    };
    let dispute = DisputeView {
        number: 7,
        claim: HOSTILE.to_owned(),
        state: "open".to_owned(),
        is_open: true,
    };
    let page = FactPage {
        shell: shell(),
        partner: partner(),
        kind: "events".to_owned(),
        kind_title: "Events".to_owned(),
        cells: cells(),
        is_retracted: true,
        versions: vec![
            version(false, vec![changed], true),
            version(false, Vec::new(), false),
            version(true, Vec::new(), false),
        ],
        disputes: vec![dispute],
        actions: vec![ActionView {
            to: "/facts/events/1/correct".to_owned(),
            text: HOSTILE.to_owned(),
            looks: " primary",
        }],
    };
    let html = rendered(&page);
    for part in ["/facts/events/1/correct", "/disputes/7", "Retracted"] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn a_form_is_rendered_for_every_kind_with_a_field_for_every_column() {
    let words = words();
    let offer = Choice { value: HOSTILE.to_owned(), label: "Ida".to_owned(), is_chosen: false };
    for file in File::ALL {
        let offers = |_: File| vec![offer.clone()];
        let is_fixed = |name: &str| name == "partner";
        let form = FormOf { file, is_vendor: true, is_fixed: &is_fixed, offers: &offers };
        let fields: Vec<_> =
            columns(file).iter().map(|column| words.field(&form, column, HOSTILE)).collect();
        for field in &fields {
            let is_worded = field.label.chars().next().is_some_and(char::is_uppercase);
            assert!(is_worded, "{}.{} has no label", file.stem(), field.name);
        }
        let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
        let mut problems = FieldProblems::default();
        names.iter().for_each(|name| problems.add(name, HOSTILE));
        let row = ConflictRow {
            name: "on",
            label: "Day".to_owned(),
            opened: HOSTILE.to_owned(),
            now: HOSTILE.to_owned(),
            typed: HOSTILE.to_owned(),
            is_choice: true,
        };
        let page = EditPage {
            shell: shell(),
            partner: partner(),
            kind: file.stem().to_owned(),
            kind_title: words.kind(file),
            fact: Some((fact_path(file.stem(), HOSTILE), HOSTILE.to_owned())),
            names: names.join(" "),
            fields,
            opened: "3".to_owned(),
            problems,
            conflict: vec![row],
            effect: effect(),
        };
        let html = rendered(&page);
        for column in columns(file) {
            assert!(html.contains(&format!("name=\"{}\"", column.name)), "{}", column.name);
        }
    }
}

#[test]
fn every_kind_and_every_word_that_all_networks_share_is_said() {
    let words = words();
    for file in File::ALL {
        for text in [words.kind(file), words.one(file), words.t.word("fact-about", file.stem())] {
            assert!(text.chars().next().is_some_and(char::is_uppercase), "{text}");
        }
        for column in columns(file) {
            let Column { holds: Holds::Word(shared), .. } = column else { continue };
            for word in *shared {
                let said = words.value(column, word);
                assert!(said.chars().next().is_some_and(char::is_uppercase), "{said}");
            }
        }
    }
}

#[test]
fn retracting_and_withdrawing_are_rendered() {
    let page = RetractPage {
        shell: shell(),
        partner: partner(),
        kind: "events".to_owned(),
        kind_title: "Events".to_owned(),
        fact: "/facts/events/1".to_owned(),
        fact_title: "Event 1".to_owned(),
        cells: cells(),
        opened: "3".to_owned(),
        reason: HOSTILE.to_owned(),
        is_changed: true,
        effect: EffectPart { is_danger: true, ..effect() },
        problems: FieldProblems::default(),
    };
    assert!(rendered(&page).contains("class=\"danger\""));
    let page = WithdrawPage {
        shell: shell(),
        fact: "/facts/references/1".to_owned(),
        fact_title: "Reference 1".to_owned(),
        cells: cells(),
        problems: FieldProblems::default(),
    };
    rendered(&page);
}
