//! The facts behind a row: those that counted, and the others by reason.

use std::collections::{BTreeMap, BTreeSet};

use guildhall_rules::evidence::{Counted, NotCounted};
use guildhall_rules::reason::Reason;
use guildhall_rules::rulebook::{Column, FactKind};

use super::words;

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
    pub(super) facts: Vec<FactView>,
}

/// A fact.
pub(super) struct FactView {
    pub(super) id: String,
    /// Whom it is about, where that is not the fact itself.
    pub(super) subject: Option<String>,
    pub(super) detail: Option<String>,
}

/// What facts are grouped by; those that counted come first.
type Key = (Option<Reason>, Scope, FactKind);

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

    const fn words(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Renewal => " for renewal",
            Self::Upgrade => " for upgrade",
        }
    }
}

impl FactsView {
    /// Adds the facts of a row to the list of all, and returns a link to them.
    pub(super) fn add(
        all: &mut Vec<Self>,
        title: &str,
        help: Option<&str>,
        counted: &[Counted],
        not_counted: &[NotCounted],
    ) -> FactsLink {
        let anchor = all.len() + 1;
        let tally = tally(counted, not_counted);
        all.push(Self {
            title: title.to_owned(),
            help: help.map(str::to_owned),
            tally: tally.clone(),
            groups: groups(counted, not_counted),
            anchor,
        });
        FactsLink { anchor, tally }
    }
}

/// A fact that counted in one column only is one that counted.
fn tally(counted: &[Counted], not_counted: &[NotCounted]) -> String {
    let counted: BTreeSet<_> = counted.iter().map(|fact| (&fact.fact, fact.kind)).collect();
    let others: BTreeSet<_> = not_counted.iter().map(|fact| (&fact.fact, fact.kind)).collect();
    let others = others.difference(&counted).count();
    match (counted.len(), others) {
        (0, 0) => "no facts".to_owned(),
        (counted, 0) => format!("{} counted", words::grouped(&counted.to_string())),
        (counted, others) => format!(
            "{} counted, {} not",
            words::grouped(&counted.to_string()),
            words::grouped(&others.to_string())
        ),
    }
}

fn groups(counted: &[Counted], not_counted: &[NotCounted]) -> Vec<GroupView> {
    let mut groups: BTreeMap<Key, Vec<FactView>> = BTreeMap::new();
    for fact in counted {
        let view = FactView::new(&fact.fact, &fact.subject, fact.detail.as_deref());
        groups.entry((None, Scope::of(&fact.columns), fact.kind)).or_default().push(view);
    }
    for fact in not_counted {
        let view = FactView::new(&fact.fact, &fact.subject, fact.detail.as_deref());
        let key = (Some(fact.reason), Scope::of(&fact.columns), fact.kind);
        groups.entry(key).or_default().push(view);
    }
    let view = |((reason, scope, kind), mut facts): (Key, Vec<FactView>)| {
        let (one, many) = kind_words(kind);
        let detail = shared_detail(&mut facts);
        GroupView {
            has_counted: reason.is_none(),
            title: match reason {
                None => format!("Counted{}", scope.words()),
                Some(reason) => format!("Not counted{}: {}", scope.words(), reason.title()),
            },
            tally: words::count(facts.len(), one, many),
            detail,
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
    fn new(id: &str, subject: &str, detail: Option<&str>) -> Self {
        Self {
            id: id.to_owned(),
            subject: (subject != id && !subject.is_empty()).then(|| subject.to_owned()),
            detail: detail.map(str::to_owned),
        }
    }
}

const fn kind_words(kind: FactKind) -> (&'static str, &'static str) {
    match kind {
        FactKind::Review => ("decision", "decisions"),
        FactKind::Credential => ("credential", "credentials"),
        FactKind::Opportunity => ("opportunity", "opportunities"),
        FactKind::Reference => ("reference", "references"),
        FactKind::Rating => ("rating", "ratings"),
        FactKind::BusinessPlan => ("business plan", "business plans"),
        FactKind::Validation => ("validation", "validations"),
        FactKind::Case => ("case", "cases"),
        FactKind::SurveyResponse => ("survey response", "survey responses"),
        FactKind::Event => ("event", "events"),
    }
}
