//! One tier review: proposal, what it rests on, what was decided by whom, and the forms to do so.

use askama::Template;
use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::reviews::{self, Confirmation, ReviewShown};
use guildhall_operations::ops::tag;

use super::mood;
use crate::decisions::card::{Card, card};
use crate::form::{FieldProblems, Fields, Form, address};
use crate::list::number;
use crate::naming::Naming;
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of};

/// A step of the way from proposal to publication.
struct Step {
    what: String,
    who: String,
    when: String,
}

/// A choice in a form.
struct Choice {
    value: String,
    text: String,
    is_chosen: bool,
}

/// What stands in the form to decide otherwise.
struct Otherwise {
    outcomes: Vec<Choice>,
    tiers: Vec<Choice>,
    grace_until: String,
    reason: String,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "portal/reviews/one.html")]
struct ReviewPage {
    shell: Shell,
    number: i64,
    version: i64,
    partner_id: String,
    partner: String,
    kind: String,
    state: String,
    state_word: String,
    due_on: String,
    as_of: String,
    known_at: String,
    edition: String,
    /// What the engine proposes, as a sentence.
    proposed: String,
    proposed_mood: &'static str,
    proposed_word: String,
    /// What was decided instead.
    decided: Option<String>,
    reason: Option<String>,
    decision: Option<i64>,
    scorecard: String,
    card: Card,
    facts: usize,
    steps: Vec<Step>,
    may_confirm: bool,
    may_publish: bool,
    may_propose: bool,
    otherwise: Otherwise,
    problems: FieldProblems,
}

fn text<'j>(value: &'j serde_json::Value, name: &str) -> Option<&'j str> {
    value.get(name).and_then(serde_json::Value::as_str)
}

fn page(
    visit: &Visit,
    number: i64,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<ReviewPage, Error> {
    let review = reviews::get(visit.app(), &visit.caller, number)?;
    let t = visit.t;
    let users = [Some(review.proposed_by.as_str()), review.confirmed_by.as_deref()];
    let partner_id = review.partner.as_str();
    let naming = Naming::of(visit, [partner_id], users.into_iter().flatten())?;
    let resource = {
        let resource = Resource::new(ResourceKind::TierReview, number.to_string());
        resource.of_partner(partner_id)
    };
    let may = |action: Action| {
        visit.app().access.decide(&visit.caller.actor, action, &resource).is_allowed()
    };
    // That a second factor is to be proved afresh is asked when it is sent.
    let is_manager = may(Action::ConfirmTierReview);
    let publishes =
        visit.app().access.decide(&visit.caller.actor, Action::PublishTierReview, &resource);
    let may_publish = !matches!(publishes, guildhall_access::Decision::Hidden)
        && (publishes.is_allowed() || is_second_factor(&publishes));
    let (outcome, to_tier) = (text(&review.proposed, "outcome"), text(&review.proposed, "to_tier"));
    let until = text(&review.proposed, "grace_until");
    let outcome = outcome.unwrap_or_default();
    let is_otherwise = (outcome, to_tier, until)
        != (review.outcome.as_str(), review.to_tier.as_deref(), review.grace_until.as_deref());
    let decided = is_otherwise.then(|| {
        let (tier, until) = (review.to_tier.as_deref(), review.grace_until.as_deref());
        naming.outcome(&review.outcome, tier, until)
    });
    let name = naming.partner(partner_id);
    let title = t.tell(
        "review-title",
        &[("partner", name.as_str().into()), ("kind", t.word("review-kind", &review.kind).into())],
    );
    let scorecard_path = format!("/partners/{}/scorecard", path_of(partner_id));
    let at = [
        ("as_of", review.as_of.as_str()),
        ("known_at", review.known_at.as_str()),
        ("edition", review.edition.as_str()),
    ];
    Ok(ReviewPage {
        shell: visit.shell(Place::Reviews, title),
        number,
        version: review.version,
        partner: name,
        kind: t.word("review-kind", &review.kind),
        state_word: t.word("review-state", &review.state),
        due_on: review.due_on.as_deref().map(|day| t.day_text(day)).unwrap_or_default(),
        as_of: t.day_text(&review.as_of),
        known_at: t.moment_text(&review.known_at),
        edition: review.edition.clone(),
        proposed: naming.outcome(outcome, to_tier, until),
        proposed_mood: mood(outcome),
        proposed_word: t.word("outcome-word", outcome),
        decided,
        reason: review.reason.clone(),
        decision: review.decision,
        scorecard: address(&scorecard_path, &at),
        card: card(visit, &naming, &review.scorecard, &at),
        facts: review.evidence.len(),
        steps: steps(visit, &naming, &review),
        may_confirm: is_manager && review.state == "proposed",
        may_publish: may_publish && review.state == "confirmed",
        may_propose: super::may_propose(visit) && review.state != "published",
        otherwise: otherwise(visit, &naming, &review, fields, &problems),
        partner_id: review.partner,
        state: review.state,
        problems,
    })
}

/// Whether nothing but a fresh proof of the second factor is missing.
fn is_second_factor(decision: &guildhall_access::Decision) -> bool {
    matches!(decision, guildhall_access::Decision::Denied(reason) if reason == "second_factor")
}

fn steps(visit: &Visit, naming: &Naming, review: &ReviewShown) -> Vec<Step> {
    let t = visit.t;
    let step = |what: &str, who: &str, when: &str| Step {
        what: t.say(what),
        who: naming.user(who, "naming-vendor"),
        when: t.moment_text(when),
    };
    let mut steps = vec![step("review-was-proposed", &review.proposed_by, &review.proposed_at)];
    if let (Some(by), Some(at)) = (&review.confirmed_by, &review.confirmed_at) {
        let key =
            if review.reason.is_some() { "review-was-decided" } else { "review-was-confirmed" };
        steps.push(step(key, by, at));
    }
    steps
}

fn otherwise(
    visit: &Visit,
    naming: &Naming,
    review: &ReviewShown,
    fields: &Fields,
    problems: &FieldProblems,
) -> Otherwise {
    let t = visit.t;
    let outcome = fields.typed("outcome").unwrap_or(&review.outcome);
    let tier = fields.typed("to_tier").or(review.to_tier.as_deref()).unwrap_or_default();
    let choice = |value: &str, text: String, chosen: &str| Choice {
        is_chosen: value == chosen,
        value: value.to_owned(),
        text,
    };
    let path = text(&review.scorecard, "path").unwrap_or_default();
    let edition = naming.book().edition(&review.edition);
    let tiers = edition.and_then(|edition| edition.path(path)).map(|path| path.tiers.as_slice());
    Otherwise {
        outcomes: ["renew", "grace", "downgrade", "upgrade"]
            .map(|word| choice(word, t.word("outcome-word", word), outcome))
            .into(),
        tiers: tiers
            .unwrap_or_default()
            .iter()
            .map(|one| choice(&one.id, one.title.clone(), tier))
            .collect(),
        grace_until: fields
            .typed("grace_until")
            .or(review.grace_until.as_deref())
            .unwrap_or_default()
            .to_owned(),
        reason: fields.get("reason").to_owned(),
        is_open: !problems.is_empty() || fields.has("outcome"),
    }
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit
        .page(move |visit| {
            page(visit, number("tier_review", &id)?, &visit.query(), FieldProblems::default())
        })
        .await
}

/// The tag of the version that the form was made from.
fn version(fields: &Fields) -> Option<String> {
    fields.get("version").parse().ok().map(tag)
}

pub(super) async fn confirm(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let number = number("tier_review", &id)?;
        let typed = |name: &str| fields.typed(name).map(str::to_owned);
        let is_grace = fields.get("outcome") == "grace";
        let confirmation = Confirmation {
            outcome: typed("outcome"),
            to_tier: typed("to_tier"),
            // The field stands in the form whatever the outcome is.
            grace_until: typed("grace_until").filter(|_| is_grace),
            reason: typed("reason"),
        };
        let tag = version(fields);
        let (app, caller) = (visit.app(), &visit.caller);
        match reviews::confirm(app, caller, number, tag.as_deref(), &confirmation) {
            Ok(_) => Ok(Done::saying(format!("/reviews/{number}"), "notice-review-confirmed", "")),
            Err(error) => visit.again(error, |problems| page(visit, number, fields, problems)),
        }
    })
    .await
}

pub(super) async fn publish(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let number = number("tier_review", &id)?;
        let tag = version(fields);
        match reviews::publish(visit.app(), &visit.caller, number, tag.as_deref()) {
            Ok(review) => {
                let to = format!("/decisions/{}", review.decision.unwrap_or_default());
                Ok(Done::saying(to, "notice-review-published", ""))
            }
            Err(error) => visit.again(error, |problems| page(visit, number, fields, problems)),
        }
    })
    .await
}
