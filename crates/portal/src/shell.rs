//! The frame around every page: who is signed in, where one can go, what was just done.

use guildhall_access::{Action, Resource, ResourceKind, Role, Side};
use guildhall_operations::Caller;

use super::texts::Texts;
use super::visit::Visit;

/// Where a page stands in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere: signing in, problems.
    Nowhere,
    Home,
    Network,
    Scorecard,
    Partner,
    People,
    Learning,
    Facts,
    Reviews,
    Decisions,
    Disputes,
    Enrolments,
    Customer,
    Rulebook,
    Imports,
    Users,
    Journal,
    Account,
}

/// One way to go.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// The path.
    pub(crate) to: String,
    /// The words.
    pub(crate) text: String,
    /// Whether the page stands there.
    pub(crate) is_here: bool,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) organization: String,
}

/// The frame around a page.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    /// The words.
    pub(crate) t: &'static Texts,
    /// The title of the page.
    pub(crate) title: String,
    /// The network's id.
    pub(crate) network: String,
    /// What every form sends.
    pub(crate) token: String,
    /// Who is signed in.
    pub(crate) who: Option<Who>,
    /// Where one can go.
    pub(crate) ways: Vec<Way>,
    /// Whether there is a search.
    pub(crate) has_search: bool,
    /// What was just done.
    pub(crate) notice: Option<String>,
    /// The addresses of style and script.
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
}

impl Shell {
    pub(super) fn of(visit: &Visit, place: Place, title: String) -> Self {
        let is_in = visit.caller.actor.user.is_some();
        let who = visit.user.as_ref().map(|user| Who {
            name: user.name.clone(),
            email: user.email.clone(),
            organization: user.organization.clone().unwrap_or_default(),
        });
        let network = visit.app().book().map(|book| book.network.clone()).unwrap_or_default();
        Self {
            t: visit.t,
            title,
            network,
            token: visit.token(),
            who,
            ways: if is_in { ways(visit, place) } else { Vec::new() },
            has_search: is_in,
            notice: visit.notice(),
            style: super::assets::STYLE.path(),
            script: super::assets::SCRIPT.path(),
        }
    }

    /// No frame: the words of a part of a page.
    pub(crate) fn bare(visit: &Visit) -> Self {
        Self {
            t: visit.t,
            title: String::new(),
            network: String::new(),
            token: String::new(),
            who: None,
            ways: Vec::new(),
            has_search: false,
            notice: None,
            style: "",
            script: "",
        }
    }

    /// A frame for tests of templates.
    #[cfg(test)]
    pub(crate) fn sample(title: &str) -> Self {
        Self {
            t: Texts::english(),
            title: title.to_owned(),
            network: "tiles".to_owned(),
            token: "token".to_owned(),
            who: None,
            ways: Vec::new(),
            has_search: false,
            notice: None,
            style: "/static/portal.css",
            script: "/static/htmx.js",
        }
    }

    /// A message without arguments.
    pub(crate) fn say(&self, key: &str) -> String {
        self.t.say(key)
    }

    /// A message about so many.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over so")]
    pub(crate) fn n(&self, key: &str, n: &usize) -> String {
        self.t.n(key, *n)
    }

    /// A message with one text.
    pub(crate) fn of_it(&self, key: &str, it: &str) -> String {
        self.t.of_it(key, it)
    }

    /// A word of the engine in words.
    pub(crate) fn word(&self, of: &str, word: &str) -> String {
        self.t.word(of, word)
    }
}

/// The page that answers the visitor's first question.
pub(super) fn first_page(caller: &Caller) -> String {
    let has = |role: Role| caller.actor.roles.contains(&role);
    match &caller.actor.organization {
        Some((Side::Partner, id)) => {
            let is_lead = has(Role::AllianceLead) || has(Role::AllianceTeam);
            match () {
                () if is_lead => format!("/partners/{id}/scorecard"),
                () if has(Role::Support) || has(Role::PartnerFinance) => {
                    format!("/partners/{id}/discount")
                }
                () if has(Role::Delivery) => format!("/partners/{id}/facts/opportunities"),
                () => format!("/partners/{id}/scorecard"),
            }
        }
        Some((Side::Customer, id)) => format!("/customers/{id}"),
        Some((Side::Vendor, _))
            if has(Role::ProgramManager) || has(Role::PartnerDevelopmentManager) =>
        {
            "/waiting".to_owned()
        }
        Some((Side::Vendor, _)) if has(Role::Operator) => "/users".to_owned(),
        Some((Side::Vendor, _)) => "/network".to_owned(),
        None => "/me".to_owned(),
    }
}

fn ways(visit: &Visit, place: Place) -> Vec<Way> {
    let t = visit.t;
    let actor = &visit.caller.actor;
    let may = |action: Action, resource: Resource| {
        visit.app().access.decide(actor, action, &resource).is_allowed()
    };
    let mut ways = Vec::new();
    let mut way = |at: Place, to: String, text: String| {
        ways.push(Way { to, text, is_here: at == place });
    };
    let network = || Resource::new(ResourceKind::Network, "network");
    let own = |kind: ResourceKind| {
        let resource = Resource::new(kind, "own");
        match &actor.organization {
            Some((Side::Partner, id)) => resource.of_partner(id),
            Some((Side::Customer, id)) => resource.of_customer(id),
            _ => resource,
        }
    };
    match &actor.organization {
        Some((Side::Vendor, _)) => {
            if may(Action::ConfirmTierReview, own(ResourceKind::TierReview)) {
                way(Place::Home, "/waiting".to_owned(), t.say("way-waiting"));
            }
            if may(Action::ViewNetwork, network()) {
                way(Place::Network, "/network".to_owned(), t.say("way-network"));
            }
            if may(Action::ViewTierReview, own(ResourceKind::TierReview)) {
                way(Place::Reviews, "/reviews".to_owned(), t.say("way-reviews"));
            }
            if may(Action::ViewEnrolment, own(ResourceKind::Enrolment)) {
                way(Place::Enrolments, "/enrolments".to_owned(), t.say("way-enrolments"));
            }
        }
        Some((Side::Partner, id)) => {
            way(Place::Scorecard, format!("/partners/{id}/scorecard"), t.say("way-scorecard"));
            way(Place::Facts, format!("/partners/{id}/facts"), t.say("way-facts"));
            if may(Action::ViewFact, own(ResourceKind::Individual)) {
                way(Place::People, format!("/partners/{id}/people"), t.say("way-people"));
            }
            way(Place::Learning, "/me/learning".to_owned(), t.say("way-learning"));
            way(Place::Partner, format!("/partners/{id}"), t.say("way-profile"));
        }
        Some((Side::Customer, id)) => {
            way(Place::Customer, format!("/customers/{id}"), t.say("way-customer"));
        }
        None => {}
    }
    if may(Action::ViewDecision, own(ResourceKind::Decision)) {
        way(Place::Decisions, "/decisions".to_owned(), t.say("way-decisions"));
    }
    if may(Action::ViewDispute, own(ResourceKind::Dispute)) {
        way(Place::Disputes, "/disputes".to_owned(), t.say("way-disputes"));
    }
    way(Place::Rulebook, "/rulebook".to_owned(), t.say("way-rulebook"));
    if may(Action::ImportFacts, network()) {
        way(Place::Imports, "/imports".to_owned(), t.say("way-imports"));
    }
    if may(Action::InviteUser, own(ResourceKind::User)) {
        way(Place::Users, "/users".to_owned(), t.say("way-users"));
    }
    if may(Action::ViewJournal, network()) {
        way(Place::Journal, "/journal".to_owned(), t.say("way-journal"));
    }
    ways
}
