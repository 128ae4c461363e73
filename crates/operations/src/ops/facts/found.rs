//! Facts as pages look for them: of one partner, narrowed by text and day; and what somebody may do
//! with a fact. Knows no words for people.

use std::collections::BTreeMap;

use guildhall_access::{Action, Resource, Side, Visible};
use guildhall_rules::day::Day;
use guildhall_rules::facts::File;
use guildhall_store::{Kind, Scope, Slice, Tx, Wanted};

use super::access::{resource, resource_kind, touches_decision};
use super::kind;
use crate::ops::rows::{Record, possible_id, scope};
use crate::{App, Caller, Error, csv_text};

/// How far facts of a kind are counted.
const COUNTED: usize = 1_000;
/// How many facts go into a file for people at most.
const MOST_IN_FILE: usize = 50_000;
/// How many are read at once for it.
const AT_ONCE: usize = 2_000;
/// Longest text that is looked for, in characters.
const LONGEST: usize = 200;

/// Which facts of a partner are looked for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// A part of any text of theirs.
    pub text: Option<String>,
    /// The first day, of the first column of the kind that holds a day.
    pub from: Option<Day>,
    /// The last.
    pub until: Option<Day>,
    /// The id behind which the page begins.
    pub after: Option<String>,
    /// How many it holds at most.
    pub limit: usize,
}

/// A kind of fact that the caller may see of a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindFound {
    /// The kind.
    pub file: File,
    /// How many facts there are.
    pub count: usize,
    /// Whether there may be more.
    pub is_at_least: bool,
}

/// Something that the caller may do with a fact that is held now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// Open a dispute about it.
    Dispute,
    /// Withdraw it: a customer a reference.
    Withdraw,
    /// Retract it.
    Retract,
    /// Correct it, in some cells at least.
    Correct,
}

fn seen_of(app: &App, caller: &Caller, file: File) -> Result<Scope, Error> {
    scope(caller, app.access.visible(&caller.actor, resource_kind(file)), file.stem())
}

/// The kinds of which the caller may see facts, with how many there are of the partner.
///
/// # Errors
///
/// Of the database.
pub fn kinds(app: &App, caller: &Caller, partner: &str) -> Result<Vec<KindFound>, Error> {
    possible_id("partner", partner)?;
    app.store.read(|tx| {
        let mut found = Vec::new();
        for file in File::ALL {
            let visible = app.access.visible(&caller.actor, resource_kind(file));
            if visible == Visible::Nothing {
                continue;
            }
            let scope = scope(caller, visible, file.stem())?;
            let count = tx.count(Kind::Fact(file), &scope, partner, COUNTED)?;
            found.push(KindFound { file, count, is_at_least: count == COUNTED });
        }
        Ok(found)
    })
}

/// Facts of a kind and a partner that the caller may see, in the order of their ids: one more than
/// the limit, where there are so many.
///
/// # Errors
///
/// When there is no such kind or the caller sees nothing of it.
pub fn find(
    app: &App,
    caller: &Caller,
    name: &str,
    partner: &str,
    sought: &Sought,
) -> Result<Vec<Record>, Error> {
    let file = kind(name)?;
    possible_id("partner", partner)?;
    let scope = seen_of(app, caller, file)?;
    let from = sought.from.map(|day| day.to_string());
    let until = sought.until.map(|day| day.to_string());
    let text: Option<String> =
        sought.text.as_ref().map(|text| text.replace('\0', "").chars().take(LONGEST).collect());
    let wanted = Wanted { text: text.as_deref(), from: from.as_deref(), until: until.as_deref() };
    let slice = Slice { after: sought.after.as_deref(), limit: sought.limit.saturating_add(1) };
    app.store.read(|tx| {
        let found = tx.find(Kind::Fact(file), &scope, partner, &wanted, slice)?;
        Ok(found.iter().map(Record::of).collect())
    })
}

/// The same as CSV for people, all of it: at most 50,000 rows, and no cell that a spreadsheet runs.
///
/// # Errors
///
/// As of [`find`].
pub fn find_text(
    app: &App,
    caller: &Caller,
    name: &str,
    partner: &str,
    sought: &Sought,
) -> Result<Vec<u8>, Error> {
    let names: Vec<&str> = Kind::Fact(kind(name)?).names().collect();
    let mut out = Vec::new();
    let mut write =
        |cells: Vec<&str>| csv_text::write_row(&mut out, cells).map_err(Error::internal);
    write(names.iter().copied().chain(["recorded_at"]).collect())?;
    let mut sought = Sought { limit: AT_ONCE, ..sought.clone() };
    let mut count = 0;
    loop {
        let mut found = find(app, caller, name, partner, &sought)?;
        let is_last = found.len() <= AT_ONCE;
        found.truncate(AT_ONCE);
        for record in &found {
            let cell = |name: &&str| record.values.get(*name).map_or("", String::as_str);
            let recorded_at = record.recorded_at.as_deref().unwrap_or_default();
            write(names.iter().map(cell).chain([recorded_at]).collect())?;
        }
        count += found.len();
        sought.after = found.last().map(|last| last.id.clone());
        if is_last || count >= MOST_IN_FILE {
            return Ok(out);
        }
    }
}

/// What the caller may do with a fact, nothing where it is not held now.
///
/// # Errors
///
/// When there is no such kind.
pub fn may(app: &App, caller: &Caller, name: &str, id: &str) -> Result<Vec<May>, Error> {
    let file = kind(name)?;
    possible_id(file.row_word(), id)?;
    app.store.read(|tx| {
        let Some(held) = tx.current(Kind::Fact(file), id)? else { return Ok(Vec::new()) };
        let about = resource(tx, caller, &held.draft)?;
        let decide =
            |action, about: &Resource| app.access.decide(&caller.actor, action, about).is_allowed();
        let touches = touches_decision(file, Some(&held.draft), None);
        let corrected = Resource {
            touches_decision: touches_decision(file, Some(&held.draft), Some(&held.draft)),
            ..about.clone()
        };
        let retracted = Resource { touches_decision: touches, ..about.clone() };
        let dispute = about.partner.as_deref().is_some_and(|partner| {
            let dispute = Resource::new(guildhall_access::ResourceKind::Dispute, "new");
            decide(Action::OpenDispute, &dispute.of_partner(partner))
        });
        let is_withdrawn = held.draft.cell("withdrawn_on").is_some();
        let withdraw =
            file == File::References && !is_withdrawn && decide(Action::WithdrawReference, &about);
        let all = [
            (May::Dispute, dispute),
            (May::Withdraw, withdraw),
            (May::Retract, decide(Action::RetractFact, &retracted)),
            (May::Correct, decide(Action::CorrectFact, &corrected)),
        ];
        Ok(all.into_iter().filter(|(_, is_allowed)| *is_allowed).map(|(may, _)| may).collect())
    })
}

/// A fact of a kind that is to be added, as the policies see it.
fn to_be(caller: &Caller, file: File, partner: Option<&str>) -> Resource {
    let mut about = Resource::new(resource_kind(file), "new");
    about.partner = partner.map(str::to_owned);
    if let Some((Side::Customer, customer)) = &caller.actor.organization {
        about = about.of_customer(customer);
    }
    // What nobody but the vendor may add at all.
    about.touches_decision = matches!(file, File::Reviews | File::Validations | File::Affiliations);
    about
}

/// Whether the caller may add facts of a kind to a partner.
///
/// # Errors
///
/// When there is no such kind.
pub fn may_add(app: &App, caller: &Caller, name: &str, partner: &str) -> Result<bool, Error> {
    let about = to_be(caller, kind(name)?, Some(partner));
    Ok(app.access.decide(&caller.actor, Action::AddFact, &about).is_allowed())
}

/// Says why the caller may not add facts of a kind to a partner, or whatever partner.
///
/// # Errors
///
/// When they may not, or there is no such kind.
pub fn allow_add(
    app: &App,
    caller: &Caller,
    name: &str,
    partner: Option<&str>,
) -> Result<(), Error> {
    app.allow(caller, Action::AddFact, &to_be(caller, kind(name)?, partner))
}

/// Says why the caller may not correct a fact, or gives it.
///
/// # Errors
///
/// When they may not, or there is no such fact.
pub fn correctable(app: &App, caller: &Caller, name: &str, id: &str) -> Result<Record, Error> {
    let file = kind(name)?;
    app.store.read(|tx| {
        let (held, mut about) = super::seen(app, tx, caller, file, id)?;
        about.touches_decision = touches_decision(file, Some(&held.draft), Some(&held.draft));
        app.allow(caller, Action::CorrectFact, &about)?;
        Ok(Record::of(&held))
    })
}

/// Whether a column of a kind is the vendor's to fill, whoever may change the rest.
pub fn vendor_decides(file: File, column: &str) -> bool {
    match file {
        File::Reviews | File::Validations | File::Affiliations | File::Partners => true,
        File::BusinessPlans => matches!(column, "validated_on" | "valid_until"),
        _ => false,
    }
}

/// Who some users are, by their ids, as far as the caller may know: the name of whoever they may
/// see, else the organization for which that user acts.
///
/// # Errors
///
/// Of the database.
pub fn who(app: &App, caller: &Caller, ids: &[String]) -> Result<BTreeMap<String, String>, Error> {
    app.store.read(|tx| {
        let mut names = BTreeMap::new();
        for id in ids {
            if let Some(name) = name_of(app, tx, caller, id)? {
                names.insert(id.clone(), name);
            }
        }
        Ok(names)
    })
}

fn name_of(app: &App, tx: &mut Tx<'_>, caller: &Caller, id: &str) -> Result<Option<String>, Error> {
    let Some(user) = tx.user(id)? else { return Ok(None) };
    let about = crate::ops::users::resource(&user);
    let is_own = caller.organization().is_some()
        && user.organization.as_ref().map(|(_, id)| id.as_str()) == caller.organization();
    if is_own || app.access.decide(&caller.actor, Action::ViewUser, &about).is_allowed() {
        return Ok(Some(user.name));
    }
    let Some((_, organization)) = user.organization else { return Ok(None) };
    let held = tx.current(Kind::Organization, &organization)?;
    let name = held.and_then(|held| held.draft.cell("name").map(str::to_owned));
    Ok(Some(name.unwrap_or(organization)))
}
