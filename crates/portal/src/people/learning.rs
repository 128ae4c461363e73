//! What people are asked to take, on their page and on one's own.

use askama::Template;
use guildhall_operations::ops::plans::{self, AskedStep};

use super::{HeldView, held_view};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Visit, path_of};

/// A step that a person is asked to take.
pub(super) struct AskedView {
    pub(super) title: String,
    /// The plan, for whoever may open it.
    pub(super) to: Option<String>,
    pub(super) plan: String,
    pub(super) due: String,
    pub(super) distance: String,
    pub(super) dates: String,
    pub(super) days: String,
    pub(super) tag: &'static str,
    pub(super) said: String,
}

/// Steps ready to show; `is_linked` leads to the plans.
pub(super) fn asked(visit: &Visit, steps: &[AskedStep], is_linked: bool) -> Vec<AskedView> {
    let (t, today) = (visit.t, visit.app().clock.today());
    let view = |step: &AskedStep| {
        let (tag, said) = match (step.state, step.done_on) {
            ("done", Some(on)) => ("good", t.of_it("plan-step-done-on", &t.day(on))),
            ("done", None) => ("good", t.say("plan-step-done")),
            ("late", _) => ("bad", t.say("plan-step-late")),
            ("impossible", _) => ("bad", t.say("plan-step-impossible")),
            _ => ("", t.say("plan-step-open")),
        };
        let to = format!("/partners/{}/plans/{}", path_of(&step.partner), step.plan);
        AskedView {
            title: step.title.clone(),
            to: is_linked.then_some(to),
            plan: step.plan.to_string(),
            due: t.day(step.due),
            distance: t.distance(today, step.due),
            dates: t.tell(
                "plan-from-until",
                &[("from", t.day(step.begin).into()), ("until", t.day(step.due).into())],
            ),
            days: t.n("training-days", step.days.into()),
            tag,
            said,
        }
    };
    steps.iter().map(view).collect()
}

#[derive(Template)]
#[template(path = "portal/people/learning.html")]
struct LearningPage {
    shell: Shell,
    is_found: bool,
    asked: Vec<AskedView>,
    standing: Vec<HeldView>,
    past: Vec<HeldView>,
}

pub(super) async fn show(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let today = visit.app().clock.today();
            let found = plans::learning(visit.app(), &visit.caller)?;
            let is_found = found.is_some();
            let (held, steps) = found.map(|found| (found.held, found.asked)).unwrap_or_default();
            let views = held.iter().map(|held| held_view(visit, today, held));
            let (past, standing) = views.partition(|held| held.lapse == "past");
            Ok(LearningPage {
                shell: visit.shell(Place::Learning, visit.t.say("learning-title")),
                is_found,
                asked: asked(visit, &steps, false),
                standing,
                past,
            })
        })
        .await
}
