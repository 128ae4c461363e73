//! Plans: the cheapest way of a partner to a goal, made anew, accepted, and looked at again as facts
//! arrive.
//!
//! A plan is made of facts, rulebook and costs alone, so that making it again gives the same. What
//! was accepted is kept as it was shown, but for names: people stand in it by their ids. What things
//! cost a partner is its own, and so is a plan until the partner shows it to the vendor.

mod asked;
mod choices;
mod costs;
mod names;
mod notices;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::File;
use guildhall_rules::plan::{AcceptedPlan, Costs, Goal, Plan, PlanCheck, Request, WORK, Way, plan};
use guildhall_rules::rulebook::Edition;
use guildhall_store::{Kind, Read, StoredPlan, Tx, moment_text, sha256};
use serde::{Deserialize, Serialize};
use serde_json::Value as AnyJson;
use utoipa::ToSchema;

use super::decisions::{before, check_text, day, plain};
use super::reviews::missing;
use super::rows::{possible_id, same_version};
use super::standing::read_period;
use crate::{App, Book, Caller, Error};

pub use asked::{AskedStep, Learning, asked_of, learning};
pub use choices::{Choices, choices};
pub use costs::{CostsShown, costs, costs_template, put_costs};
pub use names::{names, titles};
pub use notices::notices;

use names::{named, titled};

/// Most characters of a reason.
const MOST: usize = 1000;

/// What is asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The tier to be attained on the day `by`.
    pub to: Option<String>,
    /// The tier held today is to be kept until the day `by`.
    #[serde(default)]
    pub keep: bool,
    /// The measure of the support discount that is to meet its bar in `period`.
    pub discount: Option<String>,
    /// The period of the discount, as `2027-H1`.
    pub period: Option<String>,
    /// The day on which the goal has to hold, `YYYY-MM-DD`.
    pub by: Option<String>,
    /// Which way: `cheapest` (if not given), `fastest` or `fewest_people`.
    pub way: Option<String>,
    /// Use the rulebook's figures although the partner has costs of its own.
    #[serde(default)]
    pub rulebook_costs: bool,
    /// A costs file (TOML) in the place of the partner's own.
    pub costs: Option<String>,
}

/// A plan that was made, with what it was made of.
#[derive(Clone, Debug)]
pub struct Made {
    /// The plan.
    pub plan: Plan,
    /// What makes it this plan and no other: a digest of all that it says.
    pub digest: String,
    /// Whose costs it reckons with: `rulebook`, `partner`, or `given`.
    pub costs: &'static str,
}

/// An accepted plan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanShown {
    /// Its number.
    pub number: i64,
    /// The partner's id.
    pub partner: String,
    /// The goal: `kind`, `tier`, `measure`, `period`, `by`.
    #[schema(value_type = Object)]
    pub goal: AnyJson,
    /// The day on which the goal has to hold.
    pub due_on: String,
    /// The day on which it was made.
    pub made_on: String,
    /// The edition by which it was made.
    pub edition: String,
    /// Whether the vendor may see it.
    pub is_shown: bool,
    /// `accepted`, `ended`, or `replaced` by a later one to the same goal.
    pub state: String,
    /// Counts up with every change; its tag is `"v<version>"`.
    pub version: i64,
    /// When it was accepted.
    pub accepted_at: String,
    /// Who accepted it.
    pub accepted_by: String,
    /// When it was ended or replaced.
    pub ended_at: Option<String>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The plan as it was accepted; not in lists.
    #[schema(value_type = Option<Object>)]
    pub plan: Option<AnyJson>,
}

/// A plan as the policies see it. `is_own`: there are costs of the partner in it, and it is not
/// shown to the vendor.
fn resource(partner: &str, id: &str, is_own: bool) -> Resource {
    let mut resource = Resource::new(ResourceKind::Plan, id).of_partner(partner);
    resource.published = !is_own;
    resource
}

fn resource_of(stored: &StoredPlan) -> Resource {
    resource(&stored.partner, &stored.number.to_string(), !stored.is_shown)
}

/// Whether the caller may see what things cost the partner.
fn sees_costs(app: &App, caller: &Caller, partner: &str) -> bool {
    let own = resource(partner, "new", true);
    app.access.decide(&caller.actor, Action::ViewPlan, &own).is_allowed()
}

fn show(stored: StoredPlan) -> Result<PlanShown, Error> {
    let json = |text: &str| serde_json::from_str(text).map_err(Error::internal);
    Ok(PlanShown {
        goal: json(&stored.goal)?,
        plan: if stored.plan.is_empty() { None } else { Some(json(&stored.plan)?) },
        accepted_at: plain(&stored.accepted_at),
        ended_at: stored.ended_at.as_deref().map(plain),
        number: stored.number,
        partner: stored.partner,
        due_on: stored.due_on,
        made_on: stored.made_on,
        edition: stored.edition,
        is_shown: stored.is_shown,
        state: stored.state,
        version: stored.version,
        accepted_by: stored.accepted_by,
        ended_by: stored.ended_by,
        reason: stored.reason,
    })
}

/// What a wish asks for, read.
fn goal(app: &App, book: &Book, wish: &Wish) -> Result<Goal, Error> {
    let asked = [wish.to.is_some(), wish.keep, wish.discount.is_some()];
    if asked.iter().filter(|is_asked| **is_asked).count() != 1 {
        let message = "say what is to be reached";
        let hint = "one of `to`, `keep` and `discount`";
        return Err(Error::field_with_hint("to", "missing-value", message, hint));
    }
    if let Some(measure) = &wish.discount {
        let text = wish.period.as_deref().unwrap_or_default();
        let period = read_period(book, text, app.clock.today())?;
        return Ok(Goal::Discount { measure: measure.clone(), period });
    }
    let by = crate::http::read_day("by", wish.by.as_deref())?;
    let by = by.ok_or_else(|| {
        let message = "say by which day";
        Error::field_with_hint("by", "missing-value", message, "write it as YYYY-MM-DD")
    })?;
    Ok(match &wish.to {
        Some(tier) => Goal::Tier { tier: tier.clone(), by },
        None => Goal::Keep { by },
    })
}

/// Which way is asked for.
fn way(wish: &Wish) -> Result<Way, Error> {
    let Some(word) = &wish.way else { return Ok(Way::Cheapest) };
    Way::from_word(word).ok_or_else(|| {
        let message = format!("`{word}` is no way");
        let hint = "one of `cheapest`, `fastest`, `fewest_people`";
        Error::field_with_hint("way", "bad-value", message, hint)
    })
}

/// Makes a plan for a partner, from today. Nothing is kept.
///
/// # Errors
///
/// When the caller may not see plans of the partner, there is no such partner, the wish or the
/// costs have problems, or too many plans are being made.
pub fn make(app: &App, caller: &Caller, partner: &str, wish: &Wish) -> Result<Made, Error> {
    possible_id("partner", partner)?;
    let is_own = sees_costs(app, caller, partner);
    app.allow(caller, Action::ViewPlan, &resource(partner, "new", is_own))?;
    app.planning.take(|| {
        app.store.read(|tx| {
            let book = app.rulebooks.get(tx)?;
            let (goal, way) = (goal(app, &book, wish)?, way(wish)?);
            let edition = book.choose(None, goal.day(), None)?;
            let read = read_facts(tx, &book, partner)?;
            let (text, of) = match (&wish.costs, is_own && !wish.rulebook_costs) {
                (Some(text), _) => (Some(text.clone()), "given"),
                // An empty file says no more than none.
                (None, true) => match tx.plan_costs(partner)? {
                    Some(stored) if !stored.text.trim().is_empty() => {
                        (Some(stored.text), "partner")
                    }
                    _ => (None, "rulebook"),
                },
                (None, false) => (None, "rulebook"),
            };
            let costs = read_costs(text.as_deref(), edition)?;
            let found = read.facts.find_partner(partner).ok_or_else(|| unknown_partner(partner))?;
            let evaluator = Evaluator::new(edition, &book.catalogue, &read.facts);
            let request = Request {
                goal: &goal,
                as_of: app.clock.today(),
                known_at: None,
                way,
                costs: &costs,
                work: WORK,
                stop: &|| false,
                in_full: true,
            };
            let mut plan = plan(&evaluator, found, &request)?;
            let digest = sha256(without_names(&plan)?.to_string().as_bytes());
            let names = named(app, caller, tx, partner, plan.people())?;
            plan.name_people(|person| names.get(person).cloned());
            let titles = titled(app, caller, tx, partner, plan.opportunities())?;
            plan.name_opportunities(|id| titles.get(id).cloned());
            Ok(Made { plan, digest, costs: of })
        })
    })
}

fn unknown_partner(partner: &str) -> Error {
    Error::not_found("partner", partner)
}

fn read_facts(tx: &mut Tx<'_>, book: &Book, partner: &str) -> Result<Read, Error> {
    tx.read_partner(&book.catalogue, partner, None)?.ok_or_else(|| unknown_partner(partner))
}

/// The costs of a file, or of the rulebook. What is wrong is told of the field `costs`.
fn read_costs(text: Option<&str>, edition: &Edition) -> Result<Costs, Error> {
    let Some(text) = text else { return Ok(Costs::of(edition)) };
    Ok(Costs::read("costs", text, edition)?)
}

/// A plan as JSON without the names of people, who may have to be erased, and of opportunities,
/// which not everybody may see.
fn without_names(plan: &Plan) -> Result<AnyJson, Error> {
    fn strip(value: &mut AnyJson) {
        match value {
            AnyJson::Object(object) => {
                object.remove("who_name");
                object.remove("about_name");
                object.values_mut().for_each(strip);
            }
            AnyJson::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(plan).map_err(Error::internal)?;
    strip(&mut value);
    Ok(value)
}

/// Accepts a plan: makes it again, and keeps it. `digest` is that of the plan that the caller saw;
/// where it comes out otherwise today, nothing is kept. A plan to the same goal that was accepted
/// before is replaced; where it is this very plan, it stays and is answered again.
///
/// # Errors
///
/// As of [`make`]; when the caller may not accept, the plan is no longer the one that was seen, there
/// is no way to the goal, or nothing to do.
pub fn accept(
    app: &App,
    caller: &Caller,
    partner: &str,
    wish: &Wish,
    digest: Option<&str>,
    is_shown: bool,
) -> Result<PlanShown, Error> {
    possible_id("partner", partner)?;
    app.allow(caller, Action::AcceptPlan, &resource(partner, "new", true))?;
    let made = make(app, caller, partner, wish)?;
    if digest.is_some_and(|digest| digest != made.digest) {
        let message = "the plan comes out otherwise now: facts, costs or rules have changed, or \
                       another day has begun; look at it again";
        return Err(Error::conflict("plan-has-changed", message));
    }
    let plan = &made.plan;
    if plan.already_met {
        return Err(Error::conflict("nothing-to-do", "the goal is met without a step"));
    }
    if !plan.feasible {
        return Err(Error::conflict(
            "no-way",
            "there is no way to the goal that could be accepted",
        ));
    }
    let goal = serde_json::to_value(&plan.goal).map_err(Error::internal)?;
    let text = without_names(plan)?.to_string();
    let new = StoredPlan {
        number: 0,
        partner: partner.to_owned(),
        about: about(plan),
        goal: goal.to_string(),
        due_on: plan.goal.by.to_string(),
        made_on: plan.as_of.to_string(),
        edition: plan.rulebook.clone(),
        plan: text,
        is_shown,
        state: "accepted".to_owned(),
        version: 1,
        accepted_at: moment_text(app.clock.now()),
        accepted_by: caller.name().to_owned(),
        ended_at: None,
        ended_by: None,
        reason: None,
    };
    app.change(caller, |tx| {
        let olds = tx.accepted_plans(partner)?;
        let is_same = |old: &&StoredPlan| (&old.about, &old.plan) == (&new.about, &new.plan);
        if let Some(same) = olds.iter().find(is_same) {
            return put_shown(app, caller, tx, same.clone(), is_shown);
        }
        let mut entry = app.entry(caller, Action::AcceptPlan.word(), partner);
        for mut old in olds {
            if old.about == new.about {
                "replaced".clone_into(&mut old.state);
                leave(app, caller, tx, &mut old)?;
                entry.detail("replaced", old.number.into());
            }
        }
        let number = tx.accept_plan(&new)?;
        entry.detail("plan", number.into());
        entry.detail("digest", made.digest.as_str().into());
        tx.commit(entry)?;
        show(StoredPlan { number, ..new.clone() })
    })
}

/// What makes two plans ways to the same goal.
fn about(plan: &Plan) -> String {
    let goal = &plan.goal;
    let parts = [Some(&goal.kind), goal.tier.as_ref(), goal.measure.as_ref(), goal.period.as_ref()];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Ends a plan, in whatever way its state says now.
fn leave(app: &App, caller: &Caller, tx: &mut Tx<'_>, plan: &mut StoredPlan) -> Result<(), Error> {
    plan.ended_at = Some(moment_text(app.clock.now()));
    plan.ended_by = Some(caller.name().to_owned());
    change(tx, plan)
}

fn change(tx: &mut Tx<'_>, plan: &StoredPlan) -> Result<(), Error> {
    if tx.change_plan(plan)? {
        return Ok(());
    }
    Err(Error::conflict("not-open", "somebody else changed or ended the plan"))
}

/// A plan that the caller may see, whole.
fn held(app: &App, caller: &Caller, tx: &mut Tx<'_>, number: i64) -> Result<StoredPlan, Error> {
    let plan = tx.plan(number)?;
    let plan = plan.ok_or_else(|| missing(caller, ResourceKind::Plan, number))?;
    app.allow(caller, Action::ViewPlan, &resource_of(&plan))?;
    Ok(plan)
}

/// Accepted plans of a partner, also those that were ended, the latest first: one more than
/// `limit`, without what they say.
///
/// # Errors
///
/// When nobody is signed in, or the caller sees no plan of the partner, be it shown or not.
pub fn list(
    app: &App,
    caller: &Caller,
    partner: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<PlanShown>, Error> {
    possible_id("partner", partner)?;
    let is_own = sees_costs(app, caller, partner);
    app.allow(caller, Action::ViewPlan, &resource(partner, "all", is_own))?;
    let mut before = before(after)?;
    app.store.read(|tx| {
        if tx.current(Kind::Fact(File::Partners), partner)?.is_none() {
            return Err(unknown_partner(partner));
        }
        let mut shown = Vec::new();
        loop {
            let found = tx.plans(partner, before, limit + 1)?;
            let is_last = found.len() <= limit;
            before = found.last().map(|plan| plan.number);
            let seen = found.into_iter().filter(|plan| is_own || plan.is_shown);
            shown.extend(seen.map(show).collect::<Result<Vec<_>, _>>()?);
            if is_last || shown.len() > limit {
                shown.truncate(limit + 1);
                return Ok(shown);
            }
        }
    })
}

/// One accepted plan, whole.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn get(app: &App, caller: &Caller, number: i64) -> Result<PlanShown, Error> {
    app.store.read(|tx| show(held(app, caller, tx, number)?))
}

/// How far an accepted plan is today: which steps are done, what has changed, whether what is left
/// still leads to the goal.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn progress(
    app: &App,
    caller: &Caller,
    number: i64,
) -> Result<(PlanShown, AcceptedPlan, PlanCheck), Error> {
    app.store.read(|tx| {
        let stored = held(app, caller, tx, number)?;
        let book = app.rulebooks.get(tx)?;
        let read = read_facts(tx, &book, &stored.partner)?;
        let (accepted, check) = checked(app, &book, &read, &stored)?;
        Ok((show(stored)?, accepted, check))
    })
}

/// A plan looked at again, on the facts of its partner.
fn checked(
    app: &App,
    book: &Book,
    read: &Read,
    stored: &StoredPlan,
) -> Result<(AcceptedPlan, PlanCheck), Error> {
    let accepted: AcceptedPlan = serde_json::from_str(&stored.plan).map_err(Error::internal)?;
    // A goal that is past stays where it was.
    let as_of = app.clock.today().min(day(&stored.due_on)?);
    let edition = book.choose(None, day(&stored.due_on)?, None)?;
    let partner = &stored.partner;
    let found = read.facts.find_partner(partner).ok_or_else(|| unknown_partner(partner))?;
    let evaluator = Evaluator::new(edition, &book.catalogue, &read.facts);
    let check = accepted.check_against(&evaluator, found, as_of)?;
    Ok((accepted, check))
}

/// How far the plans of a partner are that are neither ended nor replaced, the latest first.
///
/// # Errors
///
/// As of [`list`].
pub fn open_ones(
    app: &App,
    caller: &Caller,
    partner: &str,
) -> Result<Vec<(PlanShown, PlanCheck)>, Error> {
    possible_id("partner", partner)?;
    let is_own = sees_costs(app, caller, partner);
    app.allow(caller, Action::ViewPlan, &resource(partner, "all", is_own))?;
    app.store.read(|tx| {
        let stored = tx.accepted_plans(partner)?;
        let stored: Vec<StoredPlan> =
            stored.into_iter().filter(|plan| is_own || plan.is_shown).collect();
        if stored.is_empty() {
            return Ok(Vec::new());
        }
        let book = app.rulebooks.get(tx)?;
        let read = read_facts(tx, &book, partner)?;
        let with_check = |stored: StoredPlan| {
            let (_, check) = checked(app, &book, &read, &stored)?;
            Ok((show(stored)?, check))
        };
        stored.into_iter().map(with_check).collect()
    })
}

/// Ends a plan, for a reason.
///
/// # Errors
///
/// When the caller may not, or it is ended already.
pub fn end(
    app: &App,
    caller: &Caller,
    number: i64,
    if_match: Option<&str>,
    reason: &str,
) -> Result<PlanShown, Error> {
    app.change(caller, |tx| {
        let mut plan = held(app, caller, tx, number)?;
        app.allow(caller, Action::AcceptPlan, &resource_of(&plan))?;
        same_version(if_match, plan.version)?;
        refuse_ended(&plan)?;
        plan.reason = Some(check_text("reason", reason, MOST)?);
        "ended".clone_into(&mut plan.state);
        leave(app, caller, tx, &mut plan)?;
        let mut entry = app.entry(caller, "end_plan", &plan.partner);
        entry.detail("plan", number.into());
        tx.commit(entry)?;
        show(held(app, caller, tx, number)?)
    })
}

/// Shows a plan to the vendor, or no more.
///
/// # Errors
///
/// When the caller may not, or it is ended.
pub fn share(
    app: &App,
    caller: &Caller,
    number: i64,
    if_match: Option<&str>,
    is_shown: bool,
) -> Result<PlanShown, Error> {
    app.change(caller, |tx| {
        let plan = held(app, caller, tx, number)?;
        app.allow(caller, Action::AcceptPlan, &resource_of(&plan))?;
        same_version(if_match, plan.version)?;
        refuse_ended(&plan)?;
        put_shown(app, caller, tx, plan, is_shown)
    })
}

fn put_shown(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    mut plan: StoredPlan,
    is_shown: bool,
) -> Result<PlanShown, Error> {
    if plan.is_shown == is_shown {
        return show(plan);
    }
    plan.is_shown = is_shown;
    change(tx, &plan)?;
    let mut entry = app.entry(caller, "share_plan", &plan.partner);
    entry.detail("plan", plan.number.into());
    entry.detail("is_shown", is_shown.into());
    tx.commit(entry)?;
    show(held(app, caller, tx, plan.number)?)
}

fn refuse_ended(plan: &StoredPlan) -> Result<(), Error> {
    if plan.state == "accepted" {
        return Ok(());
    }
    Err(Error::conflict("not-open", format!("the plan is {}", plan.state)))
}
