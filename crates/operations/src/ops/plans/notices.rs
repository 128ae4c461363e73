//! Letters about accepted plans, looked at once a day: a step is late, or what is left no longer
//! leads to the goal. Acts for nobody.

use std::fmt::Write as _;

use guildhall_rules::plan::{PlanCheck, StepState};
use guildhall_store::StoredPlan;

use super::{checked, day, read_facts};
use crate::mail::Letter;
use crate::{App, Error};

/// So many partners are looked at in one transaction.
const BATCH: usize = 20;

/// Owes letters to partners about their accepted plans, each once: when a plan no longer leads to
/// its goal, and when another step is late. Returns how many.
///
/// # Errors
///
/// When the database cannot be used.
pub fn notices(app: &App) -> Result<u64, Error> {
    let (mut after, mut owed) = (String::new(), 0);
    loop {
        let (last, count) = app.store.write(|tx| {
            let partners = tx.partners_with_plans(&after, BATCH)?;
            let mut count = 0;
            for partner in &partners {
                let book = app.rulebooks.get(tx)?;
                let read = read_facts(tx, &book, partner)?;
                for stored in tx.accepted_plans(partner)? {
                    // A goal whose day is past is nothing to be late for.
                    if day(&stored.due_on)? < app.clock.today() {
                        continue;
                    }
                    let (_, check) = checked(app, &book, &read, &stored)?;
                    let Some((key, letter)) = letter(app, &stored, &check) else { continue };
                    let letter = serde_json::to_string(&letter).map_err(Error::internal)?;
                    let now = app.clock.now();
                    let is_new = tx.owe_notice(&key, "partner", Some(partner), &letter, now)?;
                    count += u64::from(is_new);
                }
            }
            Ok::<_, Error>((partners.last().cloned(), count))
        })?;
        owed += count;
        match last {
            Some(last) => after = last,
            None => return Ok(owed),
        }
    }
}

/// Most steps that a letter names.
const MOST_NAMED: usize = 5;

/// What is to be told of a plan, with the key by which it is told once.
fn letter(app: &App, stored: &StoredPlan, check: &PlanCheck) -> Option<(String, Letter)> {
    let late = || check.steps.iter().filter(|step| step.state == StepState::Late);
    let (key, what, more) = if check.still_reaches_goal {
        let last = late().max_by_key(|step| step.due)?;
        let more = format!("{} was due on {}.", last.title, last.due);
        (format!("late {}", last.due), "is late", more)
    } else {
        let mut more = "What is left to do does not lead to the goal any more.".to_owned();
        let lost = check.steps.iter().filter(|step| step.state == StepState::Impossible);
        for step in lost.take(MOST_NAMED) {
            let _ = write!(more, " {} cannot be done any more.", step.title);
        }
        ("off".to_owned(), "no longer leads to its goal", more)
    };
    let (partner, number) = (stored.partner.clone(), stored.number);
    let link = format!("{}/partners/{partner}/plans/{number}", app.base_url);
    let letter =
        Letter::PlanNotice { partner, plan: number.to_string(), what: what.to_owned(), more, link };
    Some((format!("plan {number} {key}"), letter))
}
