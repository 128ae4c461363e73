//! Opens a folder of facts with the rulebook that goes with it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use guildhall_rules::day::Day;
use guildhall_rules::facts::{
    self, Facts, LoadOptions, Mapping, PartnerNumber, References, Source,
};
use guildhall_rules::problem::{Problem, Problems, nearest};
use guildhall_rules::rulebook::Catalogue;
use jiff::Timestamp;
use serde::Deserialize;

use crate::cli::Sources;
use crate::editions::{Editions, Wanted, read_text};
use crate::failure::{Failure, print_problems, talk};
use crate::terminal::{plain, style};

/// A folder and the rulebooks of its network.
#[derive(Debug)]
pub struct Folder<'a> {
    sources: &'a Sources,
    /// All editions.
    pub editions: Editions,
    /// What was asked for.
    pub wanted: Wanted,
    /// The words of the network.
    pub catalogue: Catalogue,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkText {
    id: String,
    currency: Option<String>,
}

/// Today in UTC: the one place that asks the clock.
pub fn today() -> Day {
    Day::from_date(jiff::tz::Offset::UTC.to_datetime(Timestamp::now()).date())
}

impl<'a> Folder<'a> {
    /// Finds out which network the folder is of, and reads its rulebooks.
    pub fn open(sources: &'a Sources) -> Result<Self, Failure> {
        let data = &sources.data;
        if !data.is_dir() {
            let message = format!("`{}` is not a folder", data.display());
            let hint = "name the folder of facts with --data";
            return Err(Problem::new("no-folder", message).hint(hint).into());
        }
        let mut editions = Editions::load(sources.rulebooks.as_deref())?;
        let own = read_network(data)?;
        let wanted = match &sources.rulebook {
            Some(name) => editions.resolve(name)?,
            None => {
                let own = own.as_ref().map(|own| own.id.clone());
                Wanted::Network(own.unwrap_or_else(|| Editions::default_network().to_owned()))
            }
        };
        let network = editions.network_of(&wanted);
        if let Some(own) = own.filter(|own| own.id != network) {
            let message = format!("the folder is of the network `{}`, not `{network}`", own.id);
            let place = data.join("network.toml").display().to_string();
            return Err(Problem::new("other-network", message).in_file(place).into());
        }
        let catalogue = Catalogue::new(editions.of_network(&network));
        Ok(Self { sources, editions, wanted, catalogue })
    }

    /// Loads the facts in a state of knowledge.
    pub fn load(&self, known_at: Option<Timestamp>) -> Result<Facts, Failure> {
        let data = &self.sources.data;
        let mapping = read_mapping(data)?;
        let sources = list(data, &mapping)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let options = LoadOptions { known_at, threads, references: References::Folder };
        let folder = data.display().to_string();
        let load = |rejects: Option<&mut (dyn Write + Send)>| {
            facts::load(&folder, &sources, &mapping, &self.catalogue, options, rejects)
        };
        let Some(path) = &self.sources.rejects else {
            let loaded = load(None)?;
            let is_good = loaded.problems.is_empty();
            return if is_good { Ok(loaded.facts) } else { Err(loaded.problems.into()) };
        };
        check_rejects(data, path, &mapping)?;
        let doing = format!("writing {}", path.display());
        let out = File::create(path).map_err(|error| Failure::broken(&doing, &error))?;
        let mut out = BufWriter::new(out);
        let loaded = load(Some(&mut out)).map_err(|error| Failure::broken(&doing, &error))?;
        if !loaded.problems.is_empty() {
            // Where nobody can be told, the file of rejects tells.
            let _ = print_problems(&loaded.problems, &mut anstream::stderr());
            let rows = if loaded.left_out == 1 { "row was" } else { "rows were" };
            let warn = style::UNSURE;
            talk(&format!(
                "{warn}{} {rows} left out{warn:#}, dependants included; see {}",
                loaded.left_out,
                plain(&path.display().to_string())
            ));
        }
        if loaded.facts.partners().len() == 0 {
            let message = "no partner is left when the bad rows are left out";
            return Err(Problem::new("nothing-left", message).in_file(&folder).into());
        }
        Ok(loaded.facts)
    }
}

/// The partner with an id, or the ids that are near.
pub fn find_partner(facts: &Facts, id: &str) -> Result<PartnerNumber, Failure> {
    if let Some(partner) = facts.find_partner(id) {
        return Ok(partner);
    }
    let ids = facts.partners().map(|partner| facts.partner_id(partner));
    let near = nearest(id, ids, 3);
    let list: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    let hint = match list.as_slice() {
        [] => "`guildhall network` lists all partners".to_owned(),
        list => format!("did you mean {}?", list.join(" or ")),
    };
    let problem = Problem::new("unknown-partner", format!("there is no partner `{id}`"));
    Err(problem.hint(hint).into())
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

/// Refuses to write rejected rows over a file of the folder, or beside them under a name that
/// would be taken for facts the next time.
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
