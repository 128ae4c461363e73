//! The page of what went wrong: what is missing, and where to go from there.

use askama::Template;
use guildhall_operations::Error;

use super::shell::{Place, Shell};
use super::visit::Visit;

/// A page that says why there is no other.
#[derive(Template)]
#[template(path = "portal/problem.html")]
pub(super) struct ProblemPage {
    shell: Shell,
    status: u16,
    what: String,
    details: Vec<String>,
}

/// The same in place of a part of a page.
#[derive(Template)]
#[template(path = "portal/part_problem.html")]
pub(super) struct PartProblem {
    title: String,
    what: String,
    details: Vec<String>,
}

impl From<ProblemPage> for PartProblem {
    fn from(page: ProblemPage) -> Self {
        Self { title: page.shell.title, what: page.what, details: page.details }
    }
}

impl ProblemPage {
    pub(super) fn of(visit: &Visit, error: &Error) -> Self {
        let (status, code, _) = error.kind();
        let t = visit.t;
        let mut details = Vec::new();
        let (title, what) = match error {
            Error::NotFound { .. } => ("problem-not-found", t.say("problem-not-found-what")),
            Error::Denied { reason } => {
                ("problem-denied", t.of_it("problem-denied-what", &t.word("denial", reason)))
            }
            Error::Invalid(problems) => {
                details = problems.shown().iter().map(|problem| problem.message.clone()).collect();
                ("problem-invalid", t.say("problem-invalid-what"))
            }
            Error::Conflict { message, .. } => {
                details.push(message.clone());
                let title =
                    if code == "stale-form" { "problem-stale-form" } else { "problem-conflict" };
                (title, String::new())
            }
            Error::Changed { .. } => ("problem-changed", t.say("problem-changed-what")),
            Error::TooMany { until } => {
                ("problem-too-many", t.of_it("form-too-many", &t.moment(*until)))
            }
            Error::Unavailable(_) => ("problem-unavailable", t.say("problem-unavailable-what")),
            _ => ("problem-internal", t.say("problem-internal-what")),
        };
        Self { shell: visit.shell(Place::Nowhere, t.say(title)), status, what, details }
    }
}

/// Tells the log of what is the server's own affair, once, where it is handled.
pub(super) fn log(error: &Error) {
    if let Error::Internal(_) | Error::Unavailable(_) = error {
        tracing::error!("{}", guildhall_operations::with_sources(error));
    }
}
