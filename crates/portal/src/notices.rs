//! What a partner was told: reviews that come near, decisions, answers to disputes. The same that
//! was mailed to those who answer for the partner.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_operations::http::{Page, Path};
use guildhall_operations::mail::Letter;
use guildhall_operations::ops::notices::{self, NoticeShown};
use guildhall_operations::ops::reviews;
use guildhall_operations::{App, Error};

use super::list::{self, Pages};
use super::naming::Naming;
use super::shell::{Place, Shell};
use super::visit::{Answer, Visit, path_of};

/// The route.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/partners/{id}/notices", get(show))
}

/// A notice as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoticeLine {
    pub(super) to: String,
    pub(super) text: String,
    pub(super) when: String,
}

/// That the next review of a partner is overdue, or so near that the partner is given notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NextReview {
    /// When it is due, and how far off that is.
    pub(super) text: String,
    /// What it would come to.
    pub(super) outcome: String,
    /// Whether the tier would not be renewed, or the day is past.
    pub(super) is_urgent: bool,
}

/// The next review of a partner, for the head of a page, where it is near or overdue.
///
/// # Errors
///
/// When the visitor may not see the partner's scorecard.
pub(super) fn next_review(visit: &Visit, partner: &str) -> Result<Option<NextReview>, Error> {
    let t = visit.t;
    let Some(next) = reviews::next_of(visit.app(), &visit.caller, partner)? else {
        return Ok(None);
    };
    let naming = Naming::of(visit, [], [])?;
    let day = t.day_text(&next.due_on);
    let ahead = usize::try_from(next.ahead.unsigned_abs()).unwrap_or_default();
    let arguments = [("day", day.into()), ("n", ahead.into()), ("count", t.count(ahead).into())];
    let text = match next.ahead < 0 {
        true => t.tell("told-review-overdue", &arguments),
        false => t.tell("told-review-due", &arguments),
    };
    let outcome = next.outcome.as_deref().unwrap_or_default();
    Ok(Some(NextReview {
        text,
        is_urgent: next.ahead < 0 || outcome != "renew",
        outcome: naming.outcome(outcome, next.to_tier.as_deref(), None),
    }))
}

/// A letter as a line.
fn line(visit: &Visit, notice: NoticeShown) -> Option<NoticeLine> {
    let t = visit.t;
    let (text, link) = match notice.letter {
        Letter::ReviewNotice { days, due_on, forecast, link, .. } => {
            let days = usize::try_from(days).unwrap_or_default();
            let arguments = [
                ("day", t.day_text(&due_on).into()),
                ("n", days.into()),
                ("count", t.count(days).into()),
                ("outcome", t.word("outcome-word", &forecast).into()),
            ];
            (t.tell("told-review", &arguments), link)
        }
        Letter::ReviewOutcome { outcome, link, .. } => {
            let kind = outcome.replace(' ', "_");
            let text = match kind.strip_prefix("discount_") {
                Some(period) => t.of_it("told-discount", period),
                None => t.of_it("told-decision", &t.word("decision-kind", &kind)),
            };
            (text, link)
        }
        Letter::DisputeAnswered { dispute, fact, answer, link, .. } => {
            let answer = t.word("dispute-state", &answer);
            let arguments =
                [("n", dispute.into()), ("fact", fact.into()), ("answer", answer.into())];
            (t.tell("told-dispute", &arguments), link)
        }
        Letter::PlanNotice { plan, what, link, .. } => {
            let key = if what == "is late" { "told-plan-late" } else { "told-plan-off" };
            (t.of_it(key, &plan), link)
        }
        _ => return None,
    };
    let to = link.strip_prefix(&visit.app().base_url).unwrap_or("/").to_owned();
    Some(NoticeLine { to, text, when: t.moment_text(&notice.at) })
}

#[derive(Template)]
#[template(path = "portal/notices.html")]
struct NoticesPage {
    shell: Shell,
    partner: String,
    partner_to: String,
    next: Option<NextReview>,
    lines: Vec<NoticeLine>,
    pages: Pages,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit
        .page(move |visit| {
            let (app, caller) = (visit.app(), &visit.caller);
            let (after, limit) = list::asked(visit)?;
            let next = next_review(visit, &id)?;
            let told = notices::list(app, caller, &id, after.as_deref(), limit)?;
            let told = Page::of(told, limit, |notice| notice.number.to_string());
            let naming = Naming::of(visit, [id.as_str()], [])?;
            Ok(NoticesPage {
                shell: visit.shell(Place::Partner, visit.t.say("notices-title")),
                partner: naming.partner(&id),
                partner_to: format!("/partners/{}/scorecard", path_of(&id)),
                next,
                pages: list::pages(visit, told.next.as_deref()),
                lines: told.items.into_iter().filter_map(|one| line(visit, one)).collect(),
            })
        })
        .await
}
