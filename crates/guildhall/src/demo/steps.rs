//! Acts the story out: everything that is no fact is done by operations, as those who did it, so
//! that access is checked and the journal tells who it was. Decides nothing.

use std::collections::BTreeMap;

use guildhall_rules::period::Period;
use guildhall_server::ops::disputes::{self, Objection};
use guildhall_server::ops::editions::{self, Upload};
use guildhall_server::ops::enrolments::{self, Agreement, Application};
use guildhall_server::ops::reviews::{self, Confirmation, ProposalRequest};
use guildhall_server::ops::{Cells, by_hand, decisions, demo, organizations};
use guildhall_server::{App, Caller, Error};
use guildhall_store::Kind;

use super::story::{Answered, Message, Row, Step, Story};

/// Makes the users and has them do what the story says, now.
///
/// # Errors
///
/// When an operation refuses.
pub fn act(app: &mut App, story: &Story) -> Result<(), Error> {
    let new = story.users.iter().map(|user| {
        let organization = user.organization.as_deref();
        by_hand::new_user(app, &user.email, &user.name, organization, &user.roles)
    });
    let callers = demo::enrol(app, &new.collect::<Result<Vec<_>, _>>()?)?;
    let is_asked: Vec<bool> = callers.iter().map(Caller::has_proved).collect();
    if let Some(demo) = &mut app.demo {
        for (sign_in, is_asked) in demo.sign_ins.iter_mut().zip(is_asked) {
            sign_in.needs_code = is_asked;
        }
    }
    let emails = story.users.iter().map(|user| user.email.as_str());
    let cast = Cast { app, callers: emails.zip(callers).collect() };
    story.rows.iter().try_for_each(|row| cast.record(row))?;
    story.steps.iter().try_for_each(|step| cast.take(step))
}

/// Those who act.
struct Cast<'a> {
    app: &'a App,
    callers: BTreeMap<&'a str, Caller>,
}

impl Cast<'_> {
    fn caller(&self, email: &str) -> Result<&Caller, Error> {
        self.callers.get(email).ok_or_else(|| Error::not_found("user", email))
    }

    fn record(&self, row: &Row) -> Result<(), Error> {
        let kind =
            Kind::from_table(&row.kind).ok_or_else(|| Error::not_found("kind", &row.kind))?;
        let cells = row.cells.iter().map(|(name, value)| (name.clone(), Some(value.clone())));
        organizations::make(self.app, self.caller(&row.by)?, kind, &Cells(cells.collect()))?;
        Ok(())
    }

    fn take(&self, step: &Step) -> Result<(), Error> {
        let app = self.app;
        match step {
            Step::SetAgreement { by, version, text } => {
                let agreement = Agreement { version: version.clone(), text: text.clone() };
                enrolments::set_agreement(app, self.caller(by)?, &agreement)?;
            }
            Step::Apply { company, partner, email, path, agreement } => {
                let application = Application {
                    company: company.clone(),
                    partner: partner.clone(),
                    email: email.clone(),
                    path: path.clone(),
                };
                apply(app, &application, agreement.as_deref())?;
            }
            Step::Review { partner, kind, proposed_by, confirmed_by, published_by } => {
                let request = ProposalRequest { partner: partner.clone(), kind: kind.clone() };
                let number = reviews::propose(app, self.caller(proposed_by)?, &request)?.number;
                if let Some(by) = confirmed_by {
                    let as_proposed = Confirmation::default();
                    reviews::confirm(app, self.caller(by)?, number, None, &as_proposed)?;
                }
                if let Some(by) = published_by {
                    reviews::publish(app, self.caller(by)?, number, None)?;
                }
            }
            Step::PublishDiscount { by, partner } => {
                let period = present_period(app)?;
                decisions::publish_discount(app, self.caller(by)?, partner, &period)?;
            }
            Step::Dispute { by, partner, kind, fact, claim, messages, answer } => {
                let objection = Objection {
                    partner: partner.clone(),
                    kind: kind.clone(),
                    fact: Some(fact.clone()),
                    missing: None,
                    claim: claim.clone(),
                };
                self.dispute(by, &objection, messages, answer.as_ref())?;
            }
            Step::DraftEdition { by, of, in_force_in_days, replace } => {
                self.draft(by, of, *in_force_in_days, replace)?;
            }
        }
        Ok(())
    }

    fn dispute(
        &self,
        by: &str,
        objection: &Objection,
        messages: &[Message],
        answer: Option<&Answered>,
    ) -> Result<(), Error> {
        let number = disputes::open(self.app, self.caller(by)?, objection)?.number;
        for message in messages {
            disputes::write(self.app, self.caller(&message.by)?, number, &message.text)?;
        }
        if let Some(answer) = answer {
            let by = self.caller(&answer.by)?;
            disputes::answer(self.app, by, number, None, &answer.answer())?;
        }
        Ok(())
    }

    fn draft(
        &self,
        by: &str,
        of: &str,
        in_force_in_days: i32,
        replace: &[(String, String)],
    ) -> Result<(), Error> {
        let caller = self.caller(by)?;
        let today = self.app.clock.today();
        let in_force = today.plus_days(in_force_in_days).to_string();
        let mut text = editions::get(self.app, caller, of)?.text.unwrap_or_default();
        for (old, new) in replace {
            if text.matches(old.as_str()).count() != 1 {
                return Err(Error::internal(format!("`{old}` stands not once in `{of}`")));
            }
            let new = new.replace("{published}", &today.to_string());
            text = text.replace(old, &new.replace("{in_force}", &in_force));
        }
        editions::upload(self.app, caller, &Upload { text, examples: Vec::new() })?;
        Ok(())
    }
}

/// A company registers; with an agreement it accepts it and hands in.
fn apply(app: &App, application: &Application, agreement: Option<&str>) -> Result<(), Error> {
    let nobody = Caller::nobody();
    let applied = enrolments::apply(app, &nobody, application)?;
    let Some(agreement) = agreement else { return Ok(()) };
    let (id, secret) = (applied.enrolment.id.as_str(), Some(applied.secret.as_str()));
    enrolments::accept_agreement(app, &nobody, id, secret, agreement)?;
    enrolments::submit(app, &nobody, id, secret, None)?;
    Ok(())
}

/// The period of the discount in which today lies.
fn present_period(app: &App) -> Result<String, Error> {
    let (today, book) = (app.clock.today(), app.book()?);
    let scheme = book.choose(None, today, None)?.discounts.first();
    let months = scheme.map_or(6, |scheme| scheme.period_months);
    Ok(Period::containing(today, months).to_string())
}
