//! The facts behind a row: those that counted, and the others by reason.

use std::collections::{BTreeMap, BTreeSet};

use guildhall_rules::evidence::{Counted, NotCounted};
use guildhall_rules::reason::Reason;
use guildhall_rules::rulebook::{Column, FactKind};

use super::words;
use crate::texts::Texts;

/// The facts behind a row.
pub(super) struct FactsView {
    pub(super) title: String,
    pub(super) help: Option<String>,
    /// `5 counted, 2 did not`.
    pub(super) tally: String,
    pub(super) groups: Vec<GroupView>,
    /// Names the place in the page.
    pub(super) anchor: usize,
}

/// The facts behind all rows, as they come.
#[derive(Default)]
pub(super) struct FactLists {
    /// Whether they are listed; else they are only counted.
    pub(super) is_listed: bool,
    pub(super) all: Vec<FactsView>,
}

impl FactLists {
    /// Every fact is listed.
    pub(super) fn listed() -> Self {
        Self { is_listed: true, all: Vec::new() }
    }
}

/// A link to the facts of a row.
pub(super) struct FactsLink {
    pub(super) anchor: usize,
    pub(super) tally: String,
}

/// Facts that share their kind, their columns and what came of them.
pub(super) struct GroupView {
    pub(super) has_counted: bool,
    /// `Not counted for renewal: expired`.
    pub(super) title: String,
    /// `3 credentials`.
    pub(super) tally: String,
    /// What there is to say about every one of them.
    pub(super) detail: Option<String>,
    /// Whether no fact has a detail of its own, so that they may run on in lines.
    pub(super) is_terse: bool,
    pub(super) kind: FactKind,
    pub(super) facts: Vec<FactView>,
}

/// A fact.
pub(super) struct FactView {
    pub(super) id: String,
    /// Whom it is about, where that is not the fact itself.
    pub(super) subject: Option<String>,
    pub(super) detail: Option<String>,
}

/// What facts are grouped by; those that counted come first, those of other times last: there are
/// many of them, and least to be done about them.
type Key = (bool, Option<Reason>, Scope, FactKind);

fn key(reason: Option<Reason>, columns: &[Column], kind: FactKind) -> Key {
    (reason == Some(Reason::OutsideWindow), reason, Scope::of(columns), kind)
}

/// The columns that a group is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    All,
    Renewal,
    Upgrade,
}

impl Scope {
    fn of(columns: &[Column]) -> Self {
        match columns {
            [Column::Renewal] => Self::Renewal,
            [Column::Upgrade] => Self::Upgrade,
            _ => Self::All,
        }
    }

    /// What came of the facts of a group, and for which column.
    fn title(self, t: &Texts, reason: Option<Reason>) -> String {
        let Some(reason) = reason else {
            return t.say(match self {
                Self::All => "evidence-counted",
                Self::Renewal => "evidence-counted-renewal",
                Self::Upgrade => "evidence-counted-upgrade",
            });
        };
        let key = match self {
            Self::All => "evidence-not-counted",
            Self::Renewal => "evidence-not-counted-renewal",
            Self::Upgrade => "evidence-not-counted-upgrade",
        };
        t.of_it(key, &t.word("reason", reason.word()))
    }
}

impl FactsView {
    /// Adds the facts of a row to the list of all, and returns a link to them.
    pub(super) fn add(
        t: &Texts,
        lists: &mut FactLists,
        title: &str,
        help: Option<&str>,
        (counted, not_counted): (&[Counted], &[NotCounted]),
    ) -> FactsLink {
        let anchor = lists.all.len() + 1;
        let tally = tally(t, counted, not_counted);
        if !lists.is_listed {
            return FactsLink { anchor, tally };
        }
        lists.all.push(Self {
            title: title.to_owned(),
            help: help.map(str::to_owned),
            tally: tally.clone(),
            groups: groups(t, counted, not_counted),
            anchor,
        });
        FactsLink { anchor, tally }
    }
}

/// A fact that counted in one column only is one that counted.
pub(super) fn tally(t: &Texts, counted: &[Counted], not_counted: &[NotCounted]) -> String {
    let (counted, others) = counts(counted, not_counted);
    match (counted, others) {
        (0, 0) => t.say("evidence-no-facts"),
        (counted, 0) => t.of_it("evidence-so-many", &t.count(counted)),
        (counted, others) => t.tell(
            "evidence-so-many-and-others",
            &[("counted", t.count(counted).into()), ("others", t.count(others).into())],
        ),
    }
}

/// How many facts counted somewhere, and how many nowhere.
pub(super) fn counts(counted: &[Counted], not_counted: &[NotCounted]) -> (usize, usize) {
    let counted: BTreeSet<_> = counted.iter().map(|fact| (&fact.fact, fact.kind)).collect();
    let others: BTreeSet<_> = not_counted.iter().map(|fact| (&fact.fact, fact.kind)).collect();
    let others = others.difference(&counted).count();
    (counted.len(), others)
}

/// The facts of a row in groups: those that counted first, then the others by reason.
pub(super) fn groups(t: &Texts, counted: &[Counted], not_counted: &[NotCounted]) -> Vec<GroupView> {
    let mut groups: BTreeMap<Key, Vec<FactView>> = BTreeMap::new();
    for fact in counted {
        let view = FactView::new(t, &fact.fact, &fact.subject, fact.detail.as_deref());
        groups.entry(key(None, &fact.columns, fact.kind)).or_default().push(view);
    }
    for fact in not_counted {
        let view = FactView::new(t, &fact.fact, &fact.subject, fact.detail.as_deref());
        groups.entry(key(Some(fact.reason), &fact.columns, fact.kind)).or_default().push(view);
    }
    let view = |((_, reason, scope, kind), mut facts): (Key, Vec<FactView>)| {
        let detail = shared_detail(&mut facts);
        GroupView {
            has_counted: reason.is_none(),
            title: scope.title(t, reason),
            tally: words::facts(t, kind, facts.len()),
            detail,
            kind,
            is_terse: facts.iter().all(|fact| fact.detail.is_none()),
            facts,
        }
    };
    groups.into_iter().map(view).collect()
}

/// Takes the detail off several facts that all have the same.
fn shared_detail(facts: &mut [FactView]) -> Option<String> {
    let [first, second, rest @ ..] = facts else { return None };
    let is_shared =
        first.detail == second.detail && rest.iter().all(|fact| fact.detail == first.detail);
    if !is_shared {
        return None;
    }
    let detail = first.detail.clone();
    for fact in facts {
        fact.detail = None;
    }
    detail
}

impl FactView {
    fn new(t: &Texts, id: &str, subject: &str, detail: Option<&str>) -> Self {
        Self {
            id: id.to_owned(),
            subject: (subject != id && !subject.is_empty()).then(|| subject.to_owned()),
            detail: detail.map(|detail| words::with_days(t, detail)),
        }
    }
}
