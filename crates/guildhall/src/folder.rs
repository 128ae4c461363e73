//! Folders of facts: which network they are of, which files they have, and loading them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use guildhall_rules::facts::{self, Facts, LoadOptions, Mapping, References, Source};
use guildhall_rules::problem::{Problem, Problems};
use guildhall_rules::rulebook::Catalogue;
use jiff::Timestamp;
use serde::Deserialize;

use crate::editions::{edition_folders, read_text};
use crate::failure::{Failure, print_problems, talk};
use crate::terminal::{plain, style};

/// A folder of facts.
#[derive(Debug)]
pub struct Folder {
    data: PathBuf,
    own: Option<NetworkText>,
}

/// What `network.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkText {
    /// The network whose editions apply.
    pub id: String,
    /// The currency in which the folder's owner thinks.
    pub currency: Option<String>,
}

/// The files of a folder, and how they are read.
pub struct Files {
    /// How the folder is called in problems.
    pub shown: String,
    /// What its `mapping.toml` says.
    pub mapping: Mapping,
    /// The files of facts.
    pub sources: Vec<Source<'static>>,
}

impl Folder {
    /// Opens a folder and finds out which network it is of.
    pub fn open(data: &Path) -> Result<Self, Failure> {
        if !data.is_dir() {
            let message = format!("`{}` is not a folder", data.display());
            let hint = "name the folder of facts";
            return Err(Problem::new("no-folder", message).hint(hint).into());
        }
        Ok(Self { data: data.to_owned(), own: read_network(data)? })
    }

    /// The network that it says it is of.
    pub fn network(&self) -> Option<String> {
        self.own.as_ref().map(|own| own.id.clone())
    }

    /// The currency that it says its network thinks in.
    pub fn currency(&self) -> Option<String> {
        self.own.as_ref().and_then(|own| own.currency.clone())
    }

    /// The rulebooks that lie in it, as in what was exported.
    pub fn rulebooks(&self) -> Option<PathBuf> {
        let dir = self.data.join("rulebooks");
        Some(dir).filter(|dir| !edition_folders(dir).is_empty())
    }

    /// Refuses another network than its own.
    pub fn check_network(&self, network: &str) -> Result<(), Failure> {
        let Some(own) = self.own.as_ref().filter(|own| own.id != network) else { return Ok(()) };
        let message = format!("the folder is of the network `{}`, not `{network}`", own.id);
        let place = self.data.join("network.toml").display().to_string();
        Err(Problem::new("other-network", message).in_file(place).into())
    }

    /// Its files of facts.
    pub fn files(&self) -> Result<Files, Failure> {
        let mapping = read_mapping(&self.data)?;
        let sources = list(&self.data, &mapping)?;
        Ok(Files { shown: self.data.display().to_string(), mapping, sources })
    }

    /// Refuses to write rejected rows over a file of the folder, or beside them under a name that
    /// would be taken for facts the next time.
    pub fn check_rejects(&self, files: &Files, rejects: &Path) -> Result<(), Failure> {
        check_rejects(&self.data, rejects, &files.mapping)
    }

    /// The names of some people, by their ids, as known at a moment: read again from the folder,
    /// for facts that are evaluated hold none.
    pub fn names_of_people(
        &self,
        catalogue: &Catalogue,
        known_at: Option<Timestamp>,
        wanted: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let file = facts::File::Individuals;
        let mut names = BTreeMap::new();
        self.each_row(catalogue, known_at, file, ["id", "person", "name"], &mut |cells| {
            let [id, person, name] = cells;
            if let (Some(person), Some(name)) = (person.or(id), name)
                && wanted.contains(&person)
            {
                names.insert(person, name);
            }
        })?;
        Ok(names)
    }

    /// Title and customer of some opportunities, by their ids.
    pub fn opportunities(
        &self,
        catalogue: &Catalogue,
        known_at: Option<Timestamp>,
        wanted: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, [Option<String>; 2]>, Failure> {
        let file = facts::File::Opportunities;
        let mut found = BTreeMap::new();
        self.each_row(catalogue, known_at, file, ["id", "title", "customer"], &mut |cells| {
            let [id, title, customer] = cells;
            if let Some(id) = id.filter(|id| wanted.contains(id)) {
                found.insert(id, [title, customer]);
            }
        })?;
        Ok(found)
    }

    /// Reads three columns of one file.
    fn each_row(
        &self,
        catalogue: &Catalogue,
        known_at: Option<Timestamp>,
        file: facts::File,
        columns: [&str; 3],
        each: &mut (dyn FnMut([Option<String>; 3]) + Send),
    ) -> Result<(), Failure> {
        let mut files = self.files()?;
        let of = |name: &str| match files.mapping.of(name) {
            Some(entry) => entry.file == file,
            None => name == file.name(),
        };
        files.sources.retain(|source| of(&source.name));
        let everybody = |_: facts::File, _: &[u8]| true;
        let references = References::Elsewhere(&everybody);
        let options = LoadOptions { known_at, threads: 1, references };
        let Files { shown, mapping, sources } = &files;
        let checked = facts::check(shown, sources, mapping, catalogue, options);
        let columns = columns.map(|name| file.column(name));
        let mut take = |row: &facts::GoodRow<'_>| {
            each(columns.map(|column| {
                let cell = column.and_then(|column| row.cells.get(column)).and_then(Option::as_ref);
                cell.map(|cell| String::from_utf8_lossy(cell).into_owned())
            }));
            Ok(())
        };
        let taken = checked.take(&mut take, None);
        taken.map_err(|error| Failure::broken(&format!("reading {}", file.name()), &error))?;
        Ok(())
    }

    /// Loads the facts in a state of knowledge. With a file for rejects, bad rows are left out
    /// and written there.
    pub fn load(
        &self,
        catalogue: &Catalogue,
        known_at: Option<Timestamp>,
        rejects: Option<&Path>,
    ) -> Result<Facts, Failure> {
        let files = self.files()?;
        let options = LoadOptions { known_at, threads: threads(), references: References::Folder };
        let load = |rejects: Option<&mut (dyn Write + Send)>| {
            let Files { shown, mapping, sources } = &files;
            facts::load(shown, sources, mapping, catalogue, options, rejects)
        };
        let Some(path) = rejects else {
            let loaded = load(None)?;
            let is_good = loaded.problems.is_empty();
            return if is_good { Ok(loaded.facts) } else { Err(loaded.problems.into()) };
        };
        self.check_rejects(&files, path)?;
        let doing = format!("writing {}", path.display());
        let out = File::create(path).map_err(|error| Failure::broken(&doing, &error))?;
        let mut out = BufWriter::new(out);
        let loaded = load(Some(&mut out)).map_err(|error| Failure::broken(&doing, &error))?;
        tell_left_out(&loaded.problems, loaded.left_out, path);
        if loaded.facts.partners().len() == 0 {
            let message = "no partner is left when the bad rows are left out";
            return Err(Problem::new("nothing-left", message).in_file(&files.shown).into());
        }
        Ok(loaded.facts)
    }
}

/// How many files are read at the same time.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Says why rows were left out, and how many.
pub fn tell_left_out(problems: &Problems, left_out: u64, rejects: &Path) {
    if problems.is_empty() {
        return;
    }
    // Where nobody can be told, the file of rejects tells.
    let _ = print_problems(problems, &mut anstream::stderr());
    let rows = if left_out == 1 { "row was" } else { "rows were" };
    let warn = style::UNSURE;
    talk(&format!(
        "{warn}{left_out} {rows} left out{warn:#}, dependants included; see {}",
        plain(&rejects.display().to_string())
    ));
}

fn read_network(data: &Path) -> Result<Option<NetworkText>, Failure> {
    let path = data.join("network.toml");
    let place = path.display().to_string();
    let Some(text) = read_optional(&path)? else { return Ok(None) };
    let read: NetworkText = toml::from_str(&text).map_err(|error| {
        let begin = error.span().map_or(0, |span| span.start);
        let line = text.get(..begin).unwrap_or_default().matches('\n').count() as u64 + 1;
        let message = error.message().replace('\n', " ");
        Failure::from(
            Problem::new("bad-network", message)
                .in_file(&place)
                .on_line(line)
                .hint("the keys are `id` and `currency`"),
        )
    })?;
    if let Some(currency) = &read.currency
        && facts::Currency::parse(currency.as_bytes()).is_none()
    {
        let message = format!("`{currency}` is not a currency");
        return Err(Problem::new("bad-network", message).in_file(&place).into());
    }
    Ok(Some(read))
}

fn read_mapping(data: &Path) -> Result<Mapping, Failure> {
    let path = data.join("mapping.toml");
    match read_optional(&path)? {
        None => Ok(Mapping::default()),
        Some(text) => Ok(Mapping::parse(&path.display().to_string(), &text)?),
    }
}

/// The text of a settings file, if it is there.
fn read_optional(path: &Path) -> Result<Option<String>, Failure> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        _ => Ok(Some(read_text(path).map_err(|problem| *problem)?)),
    }
}

fn check_rejects(data: &Path, rejects: &Path, mapping: &Mapping) -> Result<(), Failure> {
    // A link is written through to what it names.
    let target = rejects.canonicalize();
    let target = target.as_deref().unwrap_or(rejects);
    let folder = match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let (folder, data) = (folder.canonicalize().ok(), data.canonicalize().ok());
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let ending = target.extension().unwrap_or_default().to_ascii_lowercase();
    let is_read = ending == "csv" || ending == "toml" || mapping.of(&name).is_some();
    if is_read && data.is_some() && folder == data {
        let message = format!("`{}` lies in the folder of facts", rejects.display());
        let hint = "name a file elsewhere, so that no facts are written over";
        return Err(Problem::new("bad-rejects", message).hint(hint).into());
    }
    Ok(())
}

fn list(data: &Path, mapping: &Mapping) -> Result<Vec<Source<'static>>, Failure> {
    let entries = fs::read_dir(data).map_err(|error| {
        let problem =
            Problem::new("unreadable-file", format!("the folder cannot be read: {error}"));
        Failure::from(problem.in_file(data.display().to_string()))
    })?;
    let mut problems = Problems::new();
    let mut sources = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            continue;
        };
        // What no table could be is passed over, whatever it is; so are hidden files, which other
        // programs leave behind.
        let is_table = mapping.of(&name).is_some()
            || (name.to_ascii_lowercase().ends_with(".csv") && !name.starts_with('.'));
        if name.starts_with('.') && !is_table {
            continue;
        }
        let wrong = |message: String| {
            Problem::new("unreadable-file", message).in_file(path.display().to_string())
        };
        let metadata = match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) if is_table => {
                problems.push(wrong("it is not a file".to_owned()));
                continue;
            }
            Err(error) if is_table => {
                problems.push(wrong(format!("the file cannot be read: {error}")));
                continue;
            }
            _ => continue,
        };
        let shown = path.display().to_string();
        let open = move || File::open(&path).map(|file| Box::new(file) as Box<dyn Read + Send>);
        sources.push(Source { name, shown, size: metadata.len(), open: Box::new(open) });
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    if problems.is_empty() { Ok(sources) } else { Err(problems.into()) }
}
