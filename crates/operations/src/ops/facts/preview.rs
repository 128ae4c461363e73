//! What a change would do to scorecards: done, looked at, and undone.

use std::collections::{BTreeMap, BTreeSet};

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::changes::Changes;
use guildhall_rules::facts::File;
use guildhall_rules::scorecard::Scorecard;
use guildhall_store::{Draft, Entry, Kind, Tx};
use serde::Serialize;

use super::change::{corrected, new_row, refuse_shared_emails, retractable};
use super::{Correction, kind, shown};
use crate::ops::rows::Cells;
use crate::ops::standing::{Viewpoint, as_seen, read_scorecard};
use crate::{App, Caller, Error};

/// A change to try out.
#[derive(Clone, Debug)]
pub enum Trial {
    /// The row as it is to be: added where there is none of its id, corrected where there is.
    Row(Cells),
    /// The fact of this id is retracted.
    Retraction(String),
}

/// What a change would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The row as it would be held; nothing where it is retracted.
    pub values: BTreeMap<String, String>,
    /// What would move on the scorecards that the caller may see.
    pub effects: Vec<Effect>,
}

/// What would move on the scorecard of a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// The partner.
    pub partner: String,
    /// What would move.
    pub changes: Changes,
}

/// Why a trial ends: it always does.
enum End {
    Refused(Error),
    Seen(Preview),
}

impl From<guildhall_store::Error> for End {
    fn from(error: guildhall_store::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// What a change of a fact would do to the scorecards that it concerns, as of today.
///
/// # Errors
///
/// Those that the change would have.
pub fn preview(app: &App, caller: &Caller, name: &str, trial: &Trial) -> Result<Preview, Error> {
    let file = kind(name)?;
    let outcome: Result<(), End> = app.store.write(|tx| {
        let seen = attempt(app, tx, caller, file, trial);
        Err(seen.map_or_else(End::Refused, End::Seen))
    });
    match outcome {
        Err(End::Seen(preview)) => Ok(preview),
        Err(End::Refused(error)) => Err(error),
        Ok(()) => Err(Error::internal("a trial was kept")),
    }
}

fn attempt(
    app: &App,
    tx: &mut Tx<'_>,
    caller: &Caller,
    file: File,
    trial: &Trial,
) -> Result<Preview, Error> {
    let kind = Kind::Fact(file);
    let (before, after) = match trial {
        Trial::Retraction(id) => (Some(retractable(app, tx, caller, file, id)?.draft), None),
        Trial::Row(cells) => {
            let id = cells.0.get("id").cloned().flatten().unwrap_or_default();
            let is_possible = !id.is_empty() && !id.contains('\0');
            if is_possible && tx.current(kind, &id)?.is_some() {
                let correction =
                    Correction { cells: cells.clone(), is_whole: true, if_match: None };
                let (held, row) = corrected(app, tx, caller, file, &id, &correction)?;
                (Some(held.draft), Some(row))
            } else {
                (None, Some(new_row(app, tx, caller, file, cells)?))
            }
        }
    };
    let mut partners = BTreeSet::new();
    for draft in before.iter().chain(&after) {
        concerned(tx, draft, &mut partners)?;
    }
    partners.retain(|id| {
        let partner = Resource::new(ResourceKind::Partner, id).of_partner(id);
        app.access.decide(&caller.actor, Action::ViewScorecard, &partner).is_allowed()
    });
    let earlier = scorecards(app, tx, &partners)?;
    let mut entry = Entry::new(app.clock.now(), caller.name(), "preview", file.stem());
    match (&before, &after) {
        (_, Some(row)) => {
            tx.record(&mut entry, row.clone())?;
        }
        (Some(held), None) => {
            tx.retract(&mut entry, kind, held.id())?;
        }
        (None, None) => {}
    }
    tx.commit(entry)?;
    if let Some(row) = &after {
        refuse_shared_emails(tx, row)?;
    }
    let later = scorecards(app, tx, &partners)?;
    let effects = earlier.into_iter().filter_map(|(partner, earlier)| {
        let changes = Changes::between(&earlier, later.get(&partner)?);
        let changes = as_seen(app, caller, &partner, changes);
        Some(Effect { partner, changes })
    });
    Ok(Preview {
        values: after.as_ref().map(shown).unwrap_or_default(),
        effects: effects.collect(),
    })
}

/// The scorecards of those partners that are held.
fn scorecards(
    app: &App,
    tx: &mut Tx<'_>,
    partners: &BTreeSet<String>,
) -> Result<BTreeMap<String, Scorecard>, Error> {
    let mut found = BTreeMap::new();
    for partner in partners {
        match read_scorecard(app, tx, partner, &Viewpoint::default()) {
            Ok(scorecard) => {
                found.insert(partner.clone(), scorecard);
            }
            Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The partners whose scorecards a fact is looked at for.
fn concerned(tx: &mut Tx<'_>, draft: &Draft, partners: &mut BTreeSet<String>) -> Result<(), Error> {
    let Kind::Fact(file) = draft.kind else { return Ok(()) };
    let mut own: BTreeSet<String> = BTreeSet::new();
    match file {
        File::Affiliations => own.extend(draft.cell("primary").map(str::to_owned)),
        File::Credentials => {
            let individual = draft.cell("individual").unwrap_or_default();
            if let Some(held) = tx.current(Kind::Fact(File::Individuals), individual)? {
                let person = held.draft.cell("person").unwrap_or(individual).to_owned();
                for row in tx.person_rows(&person, None)? {
                    own.extend(row.draft.cell("partner").map(str::to_owned));
                }
            }
        }
        _ => {
            let partner = draft.kind.partner_column().and_then(|name| draft.cell(name));
            own.extend(partner.map(str::to_owned));
        }
    }
    if matches!(file, File::Individuals | File::Credentials | File::Validations) {
        // What counts for a subsidiary may count for its primary.
        for partner in own.clone() {
            let filters = [("subsidiary", partner.as_str())];
            for held in tx.page(Kind::Fact(File::Affiliations), &filters, None, 100)? {
                own.extend(held.draft.cell("primary").map(str::to_owned));
            }
        }
    }
    partners.extend(own);
    Ok(())
}
