//! What things cost a partner, and when its people have time: the costs file that its plans are
//! made by. It is the partner's own; the vendor never sees it.

use std::fmt::Write as _;

use guildhall_access::Action;
use guildhall_rules::facts::File;
use guildhall_store::{Kind, StoredCosts, moment_text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{plain, read_costs, read_facts, resource, unknown_partner};
use crate::ops::rows::possible_id;
use crate::ops::rows::same_version;
use crate::{App, Caller, Error};

/// A partner's own costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostsShown {
    /// The partner's id.
    pub partner: String,
    /// The costs file, TOML; empty where the rulebook's figures hold.
    pub text: String,
    /// Counts up with every change; 0 where there are none yet. Its tag is `"v<version>"`.
    pub version: i64,
    /// When they were changed last.
    pub changed_at: Option<String>,
    /// Who changed them.
    pub changed_by: Option<String>,
}

/// A partner's own costs.
///
/// # Errors
///
/// When the caller may not see them.
pub fn costs(app: &App, caller: &Caller, partner: &str) -> Result<CostsShown, Error> {
    possible_id("partner", partner)?;
    app.allow(caller, Action::ViewPlan, &resource(partner, "costs", true))?;
    app.store.read(|tx| {
        if tx.current(Kind::Fact(File::Partners), partner)?.is_none() {
            return Err(unknown_partner(partner));
        }
        Ok(shown(partner, tx.plan_costs(partner)?))
    })
}

fn shown(partner: &str, stored: Option<StoredCosts>) -> CostsShown {
    let (text, version, at) = match stored {
        None => (String::new(), 0, None),
        Some(stored) => {
            (stored.text, stored.version, Some((plain(&stored.changed_at), stored.changed_by)))
        }
    };
    let (changed_at, changed_by) = at.unzip();
    CostsShown { partner: partner.to_owned(), text, version, changed_at, changed_by }
}

/// Puts a costs file in the place of the one that was, after checking it against the edition in
/// force and the partner's facts.
///
/// # Errors
///
/// When the caller may not, somebody else changed them, or the file has problems.
pub fn put_costs(
    app: &App,
    caller: &Caller,
    partner: &str,
    if_match: Option<&str>,
    text: &str,
) -> Result<CostsShown, Error> {
    possible_id("partner", partner)?;
    app.allow(caller, Action::AcceptPlan, &resource(partner, "costs", true))?;
    if text.contains('\0') {
        return Err(Error::field("costs", "nul", "it holds a NUL character"));
    }
    app.change(caller, |tx| {
        let book = app.rulebooks.get(tx)?;
        let edition = book.choose(None, app.clock.today(), None)?;
        let read = read_facts(tx, &book, partner)?;
        let found = read.facts.find_partner(partner).ok_or_else(|| unknown_partner(partner))?;
        let costs = read_costs(Some(text), edition)?;
        let problems = costs.check_against(&read.facts, found);
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let version = tx.plan_costs(partner)?.map_or(0, |stored| stored.version);
        same_version(if_match, version)?;
        let new = StoredCosts {
            text: text.to_owned(),
            version,
            changed_at: moment_text(app.clock.now()),
            changed_by: caller.name().to_owned(),
        };
        if !tx.put_plan_costs(partner, &new)? {
            return Err(Error::Changed { now: String::new() });
        }
        let mut entry = app.entry(caller, "edit_costs", partner);
        entry.detail("version", (version + 1).into());
        tx.commit(entry)?;
        Ok(shown(partner, tx.plan_costs(partner)?))
    })
}

/// A costs file with the rulebook's figures, all as comments: a beginning for whoever writes their
/// own.
///
/// # Errors
///
/// When the caller may not see the costs, or no edition is in force.
pub fn costs_template(app: &App, caller: &Caller, partner: &str) -> Result<String, Error> {
    app.allow(caller, Action::ViewPlan, &resource(partner, "costs", true))?;
    let book = app.book()?;
    let edition = book.choose(None, app.clock.today(), None)?;
    let mut text = format!("currency = \"{}\"\n# at_once = 3\n# excluded = []\n", edition.currency);
    for one in &edition.training {
        let _ = write!(
            text,
            "\n# {}\n# [[training]]\n# id = \"{}\"\n# cost = {}\n# days = {}\n",
            one.title.replace(['\n', '\r'], " "),
            one.id,
            one.cost,
            one.days
        );
    }
    for one in &edition.efforts {
        let _ = write!(
            text,
            "\n# {}\n# [[efforts]]\n# id = \"{}\"\n# cost = {}\n# days = {}\n",
            one.title.replace(['\n', '\r'], " "),
            one.id,
            one.cost,
            one.days
        );
    }
    text += "\n# [[people]]\n# id = \"…\"\n# days_per_month = 6\n# from = 2027-01-01\n";
    Ok(text)
}
