//! `guildhall import`: a folder of facts into a database.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use guildhall_rules::problem::{Problem, Problems};
use guildhall_rules::rulebook::Catalogue;
use guildhall_store::{
    Address, Error, ImportOptions, Imported, Network, Progress, Store, StoredEdition, sha256,
};
use indicatif::ProgressBar;

use crate::cli::ImportArgs;
use crate::clock::now;
use crate::editions::Editions;
use crate::failure::Failure;
use crate::folder::{Files, Folder, tell_left_out, threads};
use crate::progress::{progress, spinner};
use crate::sources::{check_network, read_network, wanted_of};
use crate::text;

/// Who is noted in the journal as having imported.
const ACTOR: &str = "operator";

/// Runs the command.
pub fn run(args: &ImportArgs) -> Result<ExitCode, Failure> {
    let folder = Folder::open(&args.dir)?;
    let files = folder.files()?;
    if let Some(path) = &args.rejects {
        folder.check_rejects(&files, path)?;
    }
    let target = Target::open(&args.database.url(), args.dry_run)?;
    let book = Book::read(args, &folder, &target.store)?;
    let bars = Bars { open: spinner("checking files"), rows: progress(0, "rows") };
    let imported = import(args, &files, &target.store, &book, &bars);
    bars.clear();
    let doing = format!("importing {}", args.dir.display());
    let imported = imported.map_err(|error| Failure::from(error).while_doing(&doing))?;
    match &args.rejects {
        None if !imported.problems.is_empty() => return Err(imported.problems.into()),
        None => {}
        Some(path) => tell_left_out(&imported.problems, imported.left_out, path),
    }
    let report = text::imported::Report::new(&book.network.id, args.dry_run, &imported);
    if args.json {
        super::print_json(&report)?;
    } else {
        let mut out = anstream::stdout().lock();
        text::imported::print(&mut out, &report, &target.shown)?;
    }
    if !args.dry_run {
        let doing = "everything is imported, but sealing the journal";
        target.store.seal(now()).map_err(|error| Failure::from(error).while_doing(doing))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The database that is imported into.
struct Target {
    store: Store,
    /// Its address as it may be shown.
    shown: String,
    /// A folder of its own, for trying an import into a file that is not there.
    throw_away: Option<PathBuf>,
}

impl Target {
    fn open(url: &str, is_dry_run: bool) -> Result<Self, Failure> {
        let address = Address::parse(url)?;
        let shown = format!("{address:?}");
        if !matches!(address, Address::Sqlite(path) if is_dry_run && !path.exists()) {
            return Ok(Self { store: Store::open(url)?, shown, throw_away: None });
        }
        let name = format!("guildhall-dry-run-{}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir)
            .map_err(|error| Failure::broken(&format!("making {}", dir.display()), &error))?;
        let store = Store::open(&format!("sqlite:{}", dir.join("tried.db").display()))?;
        Ok(Self { store, shown, throw_away: Some(dir) })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(dir) = &self.throw_away {
            // What is left of it does no harm.
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

/// The network that is imported into, and its rulebooks.
struct Book {
    network: Network,
    editions: Vec<(String, String)>,
    catalogue: Catalogue,
}

impl Book {
    /// A database keeps its network and editions; a new one gets those that the folder and the
    /// arguments name.
    fn read(args: &ImportArgs, folder: &Folder, store: &Store) -> Result<Self, Failure> {
        let (held, stored) = read_network(store)?;
        let own = folder.rulebooks();
        let rulebooks = args.rulebooks.as_deref().or(own.as_deref());
        match held {
            None => Self::of_folder(args, folder, rulebooks),
            Some(network) => Self::of_database(args, folder, rulebooks, network, stored),
        }
    }

    fn of_folder(
        args: &ImportArgs,
        folder: &Folder,
        rulebooks: Option<&Path>,
    ) -> Result<Self, Failure> {
        let mut editions = Editions::load(rulebooks)?;
        let wanted =
            wanted_of(&mut editions, args.rulebook.as_deref(), folder.network().as_deref())?;
        let id = editions.network_of(&wanted);
        folder.check_network(&id)?;
        let catalogue = Catalogue::new(editions.of_network(&id));
        let texts = editions.texts(&id);
        if texts.is_empty() {
            return Err(editions.unknown_network(&id).into());
        }
        let network = Network { id, currency: folder.currency() };
        Ok(Self { network, editions: texts, catalogue })
    }

    fn of_database(
        args: &ImportArgs,
        folder: &Folder,
        rulebooks: Option<&Path>,
        network: Network,
        stored: Vec<StoredEdition>,
    ) -> Result<Self, Failure> {
        let published = stored.iter().filter(|edition| edition.is_published);
        let held: Vec<(String, String)> =
            published.map(|edition| (edition.id.clone(), edition.sha256.clone())).collect();
        let mut named = Editions::of_database(stored.clone(), rulebooks)?;
        let wanted = wanted_of(&mut named, args.rulebook.as_deref(), Some(&network.id))?;
        check_network(&network.id, &named.network_of(&wanted))?;
        folder.check_network(&network.id)?;
        check_given(&named, &network.id, &held)?;
        let editions = Editions::of_database(stored, None)?;
        let catalogue = Catalogue::new(editions.of_network(&network.id));
        Ok(Self { network, editions: Vec::new(), catalogue })
    }
}

/// Rulebooks that are named must be those of the database: facts are read by what it has published.
fn check_given(
    editions: &Editions,
    network: &str,
    held: &[(String, String)],
) -> Result<(), Failure> {
    let mut problems = Problems::new();
    for (id, text) in editions.given(network) {
        let message = match held.iter().find(|(known, _)| known == id) {
            None => format!("the database does not hold the edition `{id}`"),
            Some((_, digest)) if *digest != sha256(text.as_bytes()) => {
                format!("the database holds the edition `{id}` with another text")
            }
            Some(_) => continue,
        };
        let hint = "a database that has its network is imported into by its own rulebooks";
        problems.push(Problem::new("other-edition", message).hint(hint));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// What is shown meanwhile.
struct Bars {
    open: ProgressBar,
    rows: ProgressBar,
}

impl Bars {
    fn tell(&self, progress: Progress) {
        match progress {
            Progress::Checking => self.open.set_message("checking files"),
            Progress::Loaded(done, all) => {
                self.open.finish_and_clear();
                self.rows.set_length(all);
                self.rows.set_position(done);
            }
            Progress::Comparing => self.rows.set_message("rows, comparing them with what is held"),
        }
    }

    fn clear(&self) {
        self.open.finish_and_clear();
        self.rows.finish_and_clear();
    }
}

fn import(
    args: &ImportArgs,
    files: &Files,
    store: &Store,
    book: &Book,
    bars: &Bars,
) -> Result<Imported, Error> {
    let open_rejects = || -> std::io::Result<Box<dyn Write + Send>> {
        let path = args.rejects.as_deref().unwrap_or(Path::new(""));
        let told = |error: std::io::Error| {
            std::io::Error::new(error.kind(), format!("writing {}: {error}", path.display()))
        };
        Ok(Box::new(BufWriter::new(File::create(path).map_err(told)?)))
    };
    let options = ImportOptions {
        folder: &files.shown,
        sources: &files.sources,
        mapping: &files.mapping,
        catalogue: &book.catalogue,
        threads: threads(),
        complete: &args.complete,
        actor: ACTOR,
        now: now(),
        network: &book.network,
        editions: &book.editions,
        is_dry_run: args.dry_run,
        rejects: args.rejects.is_some().then_some(&open_rejects),
        tell: &|progress| bars.tell(progress),
    };
    match store.import(&options) {
        // Somebody else filled the database at the same time: now it is a filled one.
        Err(Error::Constraint(_)) => store.import(&options),
        outcome => outcome,
    }
}
