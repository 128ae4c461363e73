//! Imports of folders of facts, given as texts; and the imports that there were.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::facts::{File, Mapping, Source};
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use guildhall_store::{ImportOptions, Imported, OpenRejects, plain_moment};
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

/// Imports a folder: all of it, or nothing where there is a problem. A `mapping.toml` in it says
/// how its files are read, a `network.toml` whose facts they are.
///
/// # Errors
///
/// When the caller may not, there is no network yet, or the folder has problems.
pub fn import(app: &App, caller: &Caller, folder: &Folder) -> Result<Outcome, Error> {
    let imported = run(app, caller, folder, None)?;
    if !imported.problems.is_empty() {
        return Err(imported.problems.into());
    }
    Ok(outcome(imported))
}

/// What an import came to that left out the rows with problems.
#[derive(Clone, Debug)]
pub struct Sifted {
    /// What was done with the others.
    pub outcome: Outcome,
    /// What is wrong with those left out.
    pub problems: Problems,
    /// How many were left out, dependants included.
    pub left_out: u64,
    /// They as they came, with what is wrong: a file of rejects.
    pub rejects: Vec<u8>,
}

/// Imports what is right of a folder, and leaves out the rows with problems.
///
/// # Errors
///
/// As of [`import`], but for problems of single rows.
pub fn import_what_is_right(app: &App, caller: &Caller, folder: &Folder) -> Result<Sifted, Error> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let open = || -> io::Result<Box<dyn Write + Send>> {
        kept.lock().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(Box::new(Kept(Arc::clone(&kept))))
    };
    let mut imported = run(app, caller, folder, Some(&open))?;
    let problems = std::mem::take(&mut imported.problems);
    let left_out = imported.left_out;
    let rejects = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Sifted { outcome: outcome(imported), problems, left_out, rejects })
}

/// A file in memory.
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the caller may import.
pub fn may_import(app: &App, caller: &Caller) -> bool {
    let network = Resource::new(ResourceKind::Network, "network");
    app.access.decide(&caller.actor, Action::ImportFacts, &network).is_allowed()
}

/// Says why the caller may not import.
///
/// # Errors
///
/// When they may not.
pub fn allow(app: &App, caller: &Caller) -> Result<(), Error> {
    app.allow(caller, Action::ImportFacts, &Resource::new(ResourceKind::Network, "network"))
}

fn run(
    app: &App,
    caller: &Caller,
    folder: &Folder,
    rejects: Option<&OpenRejects<'_>>,
) -> Result<Imported, Error> {
    allow(app, caller)?;
    let complete: Vec<File> =
        folder.complete.iter().map(|name| kind(name)).collect::<Result<_, _>>()?;
    let held = app.store.read(|tx| Ok::<_, Error>(tx.network()?))?;
    let held = held.ok_or_else(|| {
        Error::conflict("no-network", "there is no network yet: the first import is by hand")
    })?;
    let book = app.book()?;
    let mapping = match folder.files.get(MAPPING) {
        Some(text) => Mapping::parse(MAPPING, text)?,
        None => Mapping::default(),
    };
    if let Some(text) = folder.files.get(NETWORK) {
        check_network(text, &held.id)?;
    }
    let sources: Vec<Source<'_>> = folder
        .files
        .iter()
        .filter(|(name, _)| name.as_str() != MAPPING && name.as_str() != NETWORK)
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
        mapping: &mapping,
        catalogue: &book.catalogue,
        threads: 1,
        complete: &complete,
        actor: caller.name(),
        now: app.clock.now(),
        network: &held,
        editions: &[],
        is_dry_run: folder.is_dry_run,
        rejects,
        tell: &|_| {},
    })?;
    Ok(imported)
}

/// The files of a folder that hold no facts.
const MAPPING: &str = "mapping.toml";
const NETWORK: &str = "network.toml";

/// Refuses the facts of another network.
fn check_network(text: &str, held: &str) -> Result<(), Error> {
    let wrong = |code, message: String| Error::from(Problem::new(code, message).in_file(NETWORK));
    let read: toml::Table = toml::from_str(text)
        .map_err(|error| wrong("bad-network", error.message().replace('\n', " ")))?;
    match read.get("id").and_then(toml::Value::as_str) {
        Some(id) if id == held => Ok(()),
        Some(id) => {
            let message = format!("the folder is of the network `{id}`, not `{held}`");
            Err(wrong("other-network", message))
        }
        None => Err(wrong("bad-network", "it says no `id`".to_owned())),
    }
}

fn outcome(imported: Imported) -> Outcome {
    let Imported { counts, entry, .. } = imported;
    let counts = counts.into_iter().map(|(kind, counts)| {
        let guildhall_store::Counts { added, changed, retracted, same } = counts;
        (kind.table().to_owned(), Counted { added, changed, retracted, same })
    });
    Outcome { entry, counts: counts.collect() }
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

/// The latest imports, the last first, at most so many.
///
/// # Errors
///
/// As of [`list`].
pub fn latest(app: &App, caller: &Caller, most: usize) -> Result<Vec<Past>, Error> {
    let mut kept = VecDeque::new();
    let mut after = 0;
    loop {
        let found = list(app, caller, after, LOOKED_THROUGH)?;
        let is_last = found.len() <= LOOKED_THROUGH;
        for past in found {
            after = past.place;
            kept.push_front(past);
            kept.truncate(most);
        }
        if is_last {
            return Ok(kept.into());
        }
    }
}
