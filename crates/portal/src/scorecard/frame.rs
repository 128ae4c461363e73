//! What the pages of a partner's standing have in common: its name, the way back, the tabs.

use guildhall_access::{Action, Resource, ResourceKind};

use crate::shell::Place;
use crate::visit::{Visit, path_of};

/// Which of the pages it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Scorecard,
    History,
    Changes,
    Lapses,
    WhatIf,
    Plans,
    Discount,
}

impl Part {
    const ALL: [Self; 7] = [
        Self::Scorecard,
        Self::History,
        Self::Changes,
        Self::Lapses,
        Self::WhatIf,
        Self::Plans,
        Self::Discount,
    ];

    /// The last part of its address, which is that of the key of its word too.
    const fn word(self) -> &'static str {
        match self {
            Self::Scorecard => "scorecard",
            Self::History => "history",
            Self::Changes => "changes",
            Self::Lapses => "lapses",
            Self::WhatIf => "what-if",
            Self::Plans => "plans",
            Self::Discount => "discount",
        }
    }
}

/// One of the tabs.
pub(crate) struct Tab {
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) is_here: bool,
}

/// The head of a page.
pub(crate) struct Head {
    /// The partner's name.
    pub(crate) name: String,
    /// The partner's id.
    pub(crate) partner: String,
    /// The address of its profile, under which all of its pages are.
    pub(crate) base: String,
    /// What the page is about.
    pub(crate) about: String,
    /// Whether the visitor sees the whole network.
    pub(crate) sees_network: bool,
    pub(crate) tabs: Vec<Tab>,
}

impl Head {
    pub(crate) fn of(visit: &Visit, partner: &str, name: &str, here: Part) -> Self {
        let base = base_of(partner);
        let may = |action: Action, about: Resource| {
            visit.app().access.decide(&visit.caller.actor, action, &about).is_allowed()
        };
        let own = || Resource::new(ResourceKind::Partner, partner).of_partner(partner);
        let may_see = |part: &Part| match part {
            Part::Discount => may(Action::ViewDiscount, own()),
            Part::Plans => {
                let mut plan = Resource::new(ResourceKind::Plan, "new").of_partner(partner);
                plan.published = true;
                may(Action::ViewPlan, plan)
            }
            _ => may(Action::ViewScorecard, own()),
        };
        let tab = |part: Part| Tab {
            to: format!("{base}/{}", part.word()),
            text: visit.t.word("standing", part.word()),
            is_here: part == here,
        };
        Self {
            name: super::book::or_id(name, partner),
            partner: partner.to_owned(),
            about: visit.t.word("standing", here.word()),
            sees_network: may(Action::ViewNetwork, Resource::new(ResourceKind::Network, "network")),
            tabs: Part::ALL.into_iter().filter(may_see).map(tab).collect(),
            base,
        }
    }

    /// What the browser calls the page.
    pub(crate) fn title(&self) -> String {
        format!("{} · {}", self.name, self.about)
    }
}

/// The address under which a partner's pages are.
pub(crate) fn base_of(partner: &str) -> String {
    format!("/partners/{}", path_of(partner))
}

/// Where a partner's pages stand in the visitor's navigation.
pub(crate) fn place(visit: &Visit, partner: &str) -> Place {
    if visit.is_own(partner) { Place::Scorecard } else { Place::Network }
}
