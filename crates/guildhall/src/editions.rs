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

/// All editions that can be named.
#[derive(Debug, Default)]
pub struct Editions {
    held: Vec<Edition>,
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
            editions.add(&format!("shipped:{path}"), text, &mut problems);
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

    fn add(&mut self, place: &str, text: &str, problems: &mut Problems) {
        match rulebook::load(place, text) {
            Ok(edition) => {
                // A folder that the user names stands above what is shipped.
                self.held.retain(|held| held.id != edition.id);
                self.held.push(edition);
            }
            Err(found) => problems.append(found),
        }
    }

    fn add_folder(&mut self, folder: &Path, problems: &mut Problems) {
        let file = folder.join("rulebook.toml");
        let place = file.display().to_string();
        match read_text(&file) {
            Ok(text) => {
                self.add(&place, &text, problems);
            }
            Err(problem) => problems.push(*problem),
        }
    }

    /// Finds out what `--rulebook` names, reading its folder if it is a path.
    pub fn resolve(&mut self, name: &str) -> Result<Wanted, Failure> {
        if self.held.iter().any(|held| held.id == name) {
            return Ok(Wanted::Edition(name.to_owned()));
        }
        if self.held.iter().any(|held| held.network == name) {
            return Ok(Wanted::Network(name.to_owned()));
        }
        let path = PathBuf::from(name);
        if path.exists() {
            return self.resolve_path(&path);
        }
        let known = self.held.iter().flat_map(|held| [held.id.as_str(), &held.network]);
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
        let last = self.held.last();
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
    pub fn get(&self, id: &str) -> Option<&Edition> {
        self.held.iter().find(|held| held.id == id)
    }

    /// All editions of a network.
    pub fn of_network<'a, 'n>(
        &'a self,
        network: &'n str,
    ) -> impl Iterator<Item = &'a Edition> + use<'a, 'n> {
        self.held.iter().filter(move |edition| edition.network == network)
    }

    /// The network of what is wanted.
    pub fn network_of(&self, wanted: &Wanted) -> String {
        match wanted {
            Wanted::Network(network) => network.clone(),
            Wanted::Edition(id) => {
                self.get(id).map_or_else(String::new, |held| held.network.clone())
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
                let found = self.get(id);
                return found.ok_or_else(|| self.unknown(id).into());
            }
            Wanted::Network(network) => network,
        };
        let found = rulebook::in_force(self.of_network(network), as_of, known_at);
        found.ok_or_else(|| self.none_in_force(network, as_of, known_at).into())
    }

    fn unknown(&self, id: &str) -> Problem {
        let known = self.held.iter().map(|held| held.id.as_str());
        Problem::new("unknown-rulebook", format!("there is no edition `{id}`"))
            .maybe_hint(did_you_mean(id, known))
    }

    fn none_in_force(&self, network: &str, as_of: Day, known_at: Option<Timestamp>) -> Problem {
        let mut editions: Vec<&Edition> = self.of_network(network).collect();
        if editions.is_empty() {
            let known = unique(self.held.iter().map(|held| held.network.as_str()));
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
