//! Imports of folders of facts, given as texts; and the imports that there were.

use std::collections::BTreeMap;

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::{File, Mapping, Source};
use guildhall_rules::problem::did_you_mean;
use guildhall_store::{ImportOptions, Imported, plain_moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{App, Caller, Error};

/// A folder that is to be imported.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The texts of its files by their names, as `opportunities.csv`.
    pub files: BTreeMap<String, String>,
    /// Whether everything is undone at the end.
    pub is_dry_run: bool,
    /// Kinds of which the folder names all: what it does not name is retracted.
    pub complete: Vec<String>,
}

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outcome {
    /// The number of the journal row; absent for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<i64>,
    /// What was done, by kind of fact.
    pub counts: BTreeMap<String, Counted>,
}

/// What was done to the facts of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counted {
    /// New facts.
    pub added: u64,
    /// Facts with other values than before.
    pub changed: u64,
    /// Facts that are held no more.
    pub retracted: u64,
    /// Facts that were held already.
    pub same: u64,
}

/// An import that there was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Past {
    /// The number of its journal row.
    pub entry: i64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// What the journal says of it: counts, and the files with their SHA-256.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
    /// Its place in the journal.
    #[serde(skip)]
    pub place: i64,
}

/// Imports a folder: all of it, or nothing where there is a problem.
///
/// # Errors
///
/// When the caller may not, there is no network yet, or the folder has problems.
pub fn import(app: &App, caller: &Caller, folder: &Folder) -> Result<Outcome, Error> {
    let network = Resource::new(ResourceKind::Network, "network");
    app.allow(caller, Action::ImportFacts, &network)?;
    let complete: Vec<File> =
        folder.complete.iter().map(|name| kind(name)).collect::<Result<_, _>>()?;
    let held = app.store.read(|tx| Ok::<_, Error>(tx.network()?))?;
    let held = held.ok_or_else(|| {
        Error::conflict("no-network", "there is no network yet: the first import is by hand")
    })?;
    let book = app.book()?;
    let sources: Vec<Source<'_>> = folder
        .files
        .iter()
        .map(|(name, text)| Source {
            name: name.clone(),
            shown: name.chars().filter(|char| !char.is_control()).take(100).collect(),
            size: text.len() as u64,
            open: Box::new(text.as_bytes()),
        })
        .collect();
    let imported = app.store.import(&ImportOptions {
        folder: "the folder",
        sources: &sources,
        mapping: &Mapping::default(),
        catalogue: &book.catalogue,
        threads: 1,
        complete: &complete,
        actor: caller.name(),
        now: app.clock.now(),
        network: &held,
        editions: &[],
        is_dry_run: folder.is_dry_run,
        rejects: None,
        tell: &|_| {},
    })?;
    let Imported { problems, counts, entry, .. } = imported;
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let counts = counts.into_iter().map(|(kind, counts)| {
        let guildhall_store::Counts { added, changed, retracted, same } = counts;
        (kind.table().to_owned(), Counted { added, changed, retracted, same })
    });
    Ok(Outcome { entry, counts: counts.collect() })
}

fn kind(name: &str) -> Result<File, Error> {
    File::from_stem(name).ok_or_else(|| {
        let shown: String = name.chars().filter(|char| !char.is_control()).take(60).collect();
        let hint = did_you_mean(name, File::ALL.map(File::stem)).unwrap_or_default();
        let message = format!("`{shown}` is no kind of fact");
        Error::field_with_hint("complete", "unknown-word", message, hint)
    })
}

/// How many rows of the journal are looked through for one page.
const LOOKED_THROUGH: usize = 1_000;

/// The imports that there were, the first first, behind a place of the journal: one more than the
/// limit, where there are so many.
///
/// # Errors
///
/// When the caller may not see them.
pub fn list(app: &App, caller: &Caller, after: i64, limit: usize) -> Result<Vec<Past>, Error> {
    app.allow(caller, Action::ViewImport, &Resource::new(ResourceKind::Import, "imports"))?;
    app.store.read(|tx| {
        let Some(network) = tx.network()? else { return Ok(Vec::new()) };
        let (mut found, mut after) = (Vec::new(), after);
        loop {
            let rows = tx.journal(after, Some(&network.id), LOOKED_THROUGH)?;
            let Some((last, _)) = rows.last() else { return Ok(found) };
            after = *last;
            for (place, row) in rows {
                if row.action == "import" && found.len() <= limit {
                    let details = serde_json::from_str(&row.details).map_err(Error::internal)?;
                    let at = plain_moment(&row.at);
                    found.push(Past { entry: row.entry, at, by: row.actor, details, place });
                }
            }
            if found.len() > limit {
                return Ok(found);
            }
        }
    })
}
