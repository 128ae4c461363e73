//! The rulebooks at hand: those in the binary, and those of folders that the user names.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use guildhall_rules::day::Day;
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use guildhall_rules::rulebook::{self, Edition};
use jiff::Timestamp;

use crate::failure::Failure;

mod shipped {
    include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
}

/// An edition and where it was read.
#[derive(Clone, Debug)]
pub struct Held {
    /// The file, as problems name it.
    pub place: String,
    /// The edition.
    pub edition: Edition,
    /// Its worked examples: file name and text.
    pub examples: Vec<(String, String)>,
}

/// All editions that can be named.
#[derive(Debug, Default)]
pub struct Editions {
    held: Vec<Held>,
}

/// What `--rulebook` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This edition.
    Edition(String),
    /// The edition of this network that is in force.
    Network(String),
}

impl Editions {
    /// The shipped editions, and those of a folder of rulebooks if one is given.
    pub fn load(rulebooks: Option<&Path>) -> Result<Self, Failure> {
        let mut editions = Self::default();
        let mut problems = Problems::new();
        for (path, text) in shipped::SHIPPED {
            let path = Path::new(path);
            if path.file_name().is_some_and(|name| name == "rulebook.toml") {
                let place = format!("shipped:{}", path.display());
                let folder = path.parent().unwrap_or(path);
                let examples = shipped_examples(folder);
                editions.add(&place, text, examples, &mut problems);
            }
        }
        if let Some(dir) = rulebooks {
            let found = edition_folders(dir);
            if found.is_empty() {
                let message = format!("there is no rulebook under `{}`", dir.display());
                let hint = "an edition is a folder <network>/<edition> with a rulebook.toml";
                problems.push(Problem::new("no-rulebook", message).hint(hint));
            }
            for folder in found {
                editions.add_folder(&folder, &mut problems);
            }
        }
        if problems.is_empty() { Ok(editions) } else { Err(problems.into()) }
    }

    /// The network that is meant when nothing names one.
    pub fn default_network() -> &'static str {
        shipped::DEFAULT_NETWORK.trim()
    }

    fn add(
        &mut self,
        place: &str,
        text: &str,
        examples: Vec<(String, String)>,
        problems: &mut Problems,
    ) {
        match rulebook::load(place, text) {
            Ok(edition) => {
                // A folder that the user names stands above what is shipped.
                self.held.retain(|held| held.edition.id != edition.id);
                self.held.push(Held { place: place.to_owned(), edition, examples });
            }
            Err(found) => problems.append(found),
        }
    }

    fn add_folder(&mut self, folder: &Path, problems: &mut Problems) {
        let file = folder.join("rulebook.toml");
        let place = file.display().to_string();
        match read_text(&file) {
            Ok(text) => {
                let examples = read_examples(folder, problems);
                self.add(&place, &text, examples, problems);
            }
            Err(problem) => problems.push(*problem),
        }
    }

    /// Finds out what `--rulebook` names, reading its folder if it is a path.
    pub fn resolve(&mut self, name: &str) -> Result<Wanted, Failure> {
        if self.held.iter().any(|held| held.edition.id == name) {
            return Ok(Wanted::Edition(name.to_owned()));
        }
        if self.held.iter().any(|held| held.edition.network == name) {
            return Ok(Wanted::Network(name.to_owned()));
        }
        let path = PathBuf::from(name);
        if path.exists() {
            return self.resolve_path(&path);
        }
        let known =
            self.held.iter().flat_map(|held| [held.edition.id.as_str(), &held.edition.network]);
        let problem = Problem::new("unknown-rulebook", format!("there is no rulebook `{name}`"));
        Err(problem.maybe_hint(did_you_mean(name, unique(known))).into())
    }

    fn resolve_path(&mut self, path: &Path) -> Result<Wanted, Failure> {
        let folder = match path.file_name() {
            Some(name) if name == "rulebook.toml" => path.parent().unwrap_or(path),
            _ => path,
        };
        let folders = edition_folders(folder);
        let mut problems = Problems::new();
        for folder in &folders {
            self.add_folder(folder, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let last = self.held.last().map(|held| &held.edition);
        match (folders.as_slice(), last) {
            ([_], Some(edition)) => Ok(Wanted::Edition(edition.id.clone())),
            ([_, ..], Some(edition)) => Ok(Wanted::Network(edition.network.clone())),
            _ => {
                let message = format!("`{}` holds no rulebook.toml", path.display());
                Err(Problem::new("no-rulebook", message).into())
            }
        }
    }

    /// The edition with an id.
    pub fn get(&self, id: &str) -> Option<&Held> {
        self.held.iter().find(|held| held.edition.id == id)
    }

    /// All editions of a network.
    pub fn of_network<'a, 'n>(
        &'a self,
        network: &'n str,
    ) -> impl Iterator<Item = &'a Edition> + use<'a, 'n> {
        self.held.iter().map(|held| &held.edition).filter(move |edition| edition.network == network)
    }

    /// The network of what is wanted.
    pub fn network_of(&self, wanted: &Wanted) -> String {
        match wanted {
            Wanted::Network(network) => network.clone(),
            Wanted::Edition(id) => {
                self.get(id).map_or_else(String::new, |held| held.edition.network.clone())
            }
        }
    }

    /// The edition to use as of a day, as known at a moment.
    pub fn choose(
        &self,
        wanted: &Wanted,
        as_of: Day,
        known_at: Option<Timestamp>,
    ) -> Result<&Edition, Failure> {
        let network = match wanted {
            Wanted::Edition(id) => {
                let found = self.get(id).map(|held| &held.edition);
                return found.ok_or_else(|| self.unknown(id).into());
            }
            Wanted::Network(network) => network,
        };
        let found = rulebook::in_force(self.of_network(network), as_of, known_at);
        found.ok_or_else(|| self.none_in_force(network, as_of, known_at).into())
    }

    fn unknown(&self, id: &str) -> Problem {
        let known = self.held.iter().map(|held| held.edition.id.as_str());
        Problem::new("unknown-rulebook", format!("there is no edition `{id}`"))
            .maybe_hint(did_you_mean(id, known))
    }

    fn none_in_force(&self, network: &str, as_of: Day, known_at: Option<Timestamp>) -> Problem {
        let mut editions: Vec<&Edition> = self.of_network(network).collect();
        if editions.is_empty() {
            let known = unique(self.held.iter().map(|held| held.edition.network.as_str()));
            let problem = Problem::new(
                "unknown-network",
                format!("there is no rulebook for the network `{network}`"),
            );
            return problem.maybe_hint(did_you_mean(network, known));
        }
        editions.sort_by_key(|edition| edition.in_force_from);
        let list: Vec<String> = editions
            .iter()
            .map(|edition| {
                let (id, from) = (&edition.id, edition.in_force_from);
                format!("{id}, in force from {from}, published {}", edition.published_at)
            })
            .collect();
        let known = known_at.map_or_else(String::new, |moment| format!(", as known at {moment}"));
        let message = format!("no edition of `{network}` is in force on {as_of}{known}");
        let hint = format!("there are {}; name one with --rulebook", list.join("; "));
        Problem::new("no-edition", message).hint(hint)
    }
}

fn unique<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut words: Vec<&str> = words.collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn shipped_examples(folder: &Path) -> Vec<(String, String)> {
    let in_folder = |path: &&(&str, &str)| Path::new(path.0).starts_with(folder.join("tests"));
    let name = |path: &str| {
        Path::new(path)
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    shipped::SHIPPED
        .iter()
        .filter(in_folder)
        .map(|(path, text)| (name(path), (*text).to_owned()))
        .collect()
}

/// The folders under a path that hold a rulebook: itself, its children, or their children.
pub fn edition_folders(path: &Path) -> Vec<PathBuf> {
    if path.join("rulebook.toml").is_file() {
        return vec![path.to_owned()];
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for child in children(path) {
        if child.join("rulebook.toml").is_file() {
            found.push(child);
        } else {
            found.extend(
                children(&child).into_iter().filter(|path| path.join("rulebook.toml").is_file()),
            );
        }
    }
    found.sort();
    found
}

fn children(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// The worked examples of an edition's folder.
pub fn read_examples(folder: &Path, problems: &mut Problems) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder.join("tests")).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.extension().is_some_and(|ending| ending == "md") {
            match read_text(&path) {
                Ok(text) => found.push((path.display().to_string(), text)),
                Err(problem) => problems.push(*problem),
            }
        }
    }
    found
}

/// Longest text that is read whole: more than any rulebook, example or setting needs.
const LONGEST: u64 = 1_000_000;

/// Reads a text file whole. Pipes and devices, which may never end, are refused.
pub fn read_text(path: &Path) -> Result<String, Box<Problem>> {
    let wrong = |code: &'static str, message: String| {
        Box::new(Problem::new(code, message).in_file(path.display().to_string()))
    };
    let unreadable =
        |error: io::Error| wrong("unreadable-file", format!("the file cannot be read: {error}"));
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(wrong("unreadable-file", "it is not a file".to_owned()));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST {
        return Err(wrong("unreadable-file", "the file is over 1 MB".to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.split(|&byte| byte == b'\n').count() as u64;
        let mut problem = wrong("bad-utf8", "the file is not UTF-8".to_owned());
        problem.line = Some(line);
        problem
    })
}
