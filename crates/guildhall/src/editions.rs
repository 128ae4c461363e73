//! The rulebooks at hand: those in the binary, and those of folders that the user names.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use guildhall_rules::day::Day;
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use guildhall_rules::rulebook::{self, Edition};
use guildhall_store::{Error as StoreError, Store, StoredEdition};
use jiff::Timestamp;

use crate::failure::Failure;

mod shipped {
    include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
}

/// All editions that can be named.
#[derive(Debug, Default)]
pub struct Editions {
    held: Vec<Held>,
    /// Shipped editions that are used only where they are named.
    aside: Vec<Held>,
}

/// An edition with the text that it was read from.
#[derive(Debug)]
struct Held {
    edition: Edition,
    text: String,
    origin: Origin,
}

/// Where an edition comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Shipped,
    Stored,
    /// A folder that the user named.
    Given,
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
        let mut problems = Problems::new();
        let mut editions = Self::shipped(&mut problems);
        editions.add_rulebooks(rulebooks, &mut problems);
        if problems.is_empty() { Ok(editions) } else { Err(problems.into()) }
    }

    /// The editions that a database has published, and those of a folder of rulebooks if one is
    /// given. Shipped ones are at hand for `--rulebook` alone: what a network has published is its
    /// own affair.
    pub fn of_database(
        stored: Vec<StoredEdition>,
        rulebooks: Option<&Path>,
    ) -> Result<Self, Failure> {
        let published = stored.into_iter().filter(|kept| kept.is_published);
        Self::of_texts(published.map(|kept| (kept.id, kept.text)).collect(), rulebooks)
    }

    /// The same of editions that are kept as ids and texts.
    pub fn of_texts(
        stored: Vec<(String, String)>,
        rulebooks: Option<&Path>,
    ) -> Result<Self, Failure> {
        let mut problems = Problems::new();
        let shipped = Self::shipped(&mut problems);
        let mut editions = Self { held: Vec::new(), aside: shipped.held };
        for (id, text) in stored {
            editions.add(&format!("stored:{id}"), text, Origin::Stored, &mut problems);
        }
        editions.add_rulebooks(rulebooks, &mut problems);
        if problems.is_empty() { Ok(editions) } else { Err(problems.into()) }
    }

    fn shipped(problems: &mut Problems) -> Self {
        let mut editions = Self::default();
        for (path, text) in shipped::SHIPPED {
            let place = format!("shipped:{path}");
            editions.add(&place, (*text).to_owned(), Origin::Shipped, problems);
        }
        editions
    }

    fn add_rulebooks(&mut self, rulebooks: Option<&Path>, problems: &mut Problems) {
        let Some(dir) = rulebooks else { return };
        let found = edition_folders(dir);
        if found.is_empty() {
            let message = format!("there is no rulebook under `{}`", dir.display());
            let hint = "an edition is a folder <network>/<edition> with a rulebook.toml";
            problems.push(Problem::new("no-rulebook", message).hint(hint));
        }
        for folder in found {
            self.add_folder(&folder, problems);
        }
    }

    /// The network that is meant when nothing names one.
    pub fn default_network() -> &'static str {
        shipped::DEFAULT_NETWORK.trim()
    }

    fn add(&mut self, place: &str, text: String, origin: Origin, problems: &mut Problems) {
        match rulebook::load(place, &text) {
            Ok(edition) => {
                // A folder that the user names stands above what is shipped or stored.
                self.held.retain(|held| held.edition.id != edition.id);
                self.held.push(Held { edition, text, origin });
            }
            Err(found) => problems.append(found),
        }
    }

    fn add_folder(&mut self, folder: &Path, problems: &mut Problems) {
        let file = folder.join("rulebook.toml");
        let place = file.display().to_string();
        match read_text(&file) {
            Ok(text) => self.add(&place, text, Origin::Given, problems),
            Err(problem) => problems.push(*problem),
        }
    }

    /// Finds out what `--rulebook` names, reading its folder if it is a path.
    pub fn resolve(&mut self, name: &str) -> Result<Wanted, Failure> {
        if let Some(at) = self.aside.iter().position(|held| held.edition.id == name)
            && self.get(name).is_none()
        {
            let named = self.aside.swap_remove(at);
            self.held.push(named);
        }
        if self.get(name).is_some() {
            return Ok(Wanted::Edition(name.to_owned()));
        }
        if self.all().any(|edition| edition.network == name) {
            return Ok(Wanted::Network(name.to_owned()));
        }
        let path = PathBuf::from(name);
        if path.exists() {
            return self.resolve_path(&path);
        }
        let known = self.all().flat_map(|edition| [edition.id.as_str(), &edition.network]);
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
    pub fn get(&self, id: &str) -> Option<&Edition> {
        self.editions().find(|edition| edition.id == id)
    }

    fn editions(&self) -> impl Iterator<Item = &Edition> {
        self.held.iter().map(|held| &held.edition)
    }

    /// Those set aside too.
    fn all(&self) -> impl Iterator<Item = &Edition> {
        self.held.iter().chain(&self.aside).map(|held| &held.edition)
    }

    /// All editions of a network.
    pub fn of_network<'a, 'n>(
        &'a self,
        network: &'n str,
    ) -> impl Iterator<Item = &'a Edition> + use<'a, 'n> {
        let editions = self.held.iter().map(|held| &held.edition);
        editions.filter(move |edition| edition.network == network)
    }

    /// Ids and texts of the editions of a network, in the order in which they came into force.
    pub fn texts(&self, network: &str) -> Vec<(String, String)> {
        let mut held: Vec<&Held> =
            self.held.iter().filter(|held| held.edition.network == network).collect();
        held.sort_by(|a, b| {
            let order = |held: &Held| (held.edition.in_force_from, held.edition.published_at);
            order(a).cmp(&order(b)).then_with(|| a.edition.id.cmp(&b.edition.id))
        });
        held.into_iter().map(|held| (held.edition.id.clone(), held.text.clone())).collect()
    }

    /// Puts the worked examples of shipped editions beside those that a new database has adopted.
    ///
    /// # Errors
    ///
    /// When the database cannot be changed.
    pub fn put_examples(&self, store: &Store, network: &str) -> Result<(), StoreError> {
        let held = self.held.iter().filter(|held| held.edition.network == network);
        for held in held.filter(|held| held.origin == Origin::Shipped) {
            let id = held.edition.id.as_str();
            let own = shipped::EXAMPLES.iter().filter(|(edition, ..)| *edition == id);
            let own = own.map(|(_, name, text)| ((*name).to_owned(), (*text).to_owned()));
            let own: Vec<(String, String)> = own.collect();
            store.write(|tx| tx.put_edition_examples(id, &own))?;
        }
        Ok(())
    }

    /// Ids and texts of the network's editions that come from folders named by the user.
    pub fn given(&self, network: &str) -> impl Iterator<Item = (&str, &str)> {
        let is_given = |held: &&Held| held.origin == Origin::Given;
        let given = self.held.iter().filter(is_given);
        let of_network = given.filter(move |held| held.edition.network == network);
        of_network.map(|held| (held.edition.id.as_str(), held.text.as_str()))
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
        let known = self.editions().map(|edition| edition.id.as_str());
        Problem::new("unknown-rulebook", format!("there is no edition `{id}`"))
            .maybe_hint(did_you_mean(id, known))
    }

    /// No edition of a network is at hand.
    pub fn unknown_network(&self, network: &str) -> Problem {
        let known = unique(self.editions().map(|edition| edition.network.as_str()));
        let message = format!("there is no rulebook for the network `{network}`");
        Problem::new("unknown-network", message).maybe_hint(did_you_mean(network, known))
    }

    fn none_in_force(&self, network: &str, as_of: Day, known_at: Option<Timestamp>) -> Problem {
        let mut editions: Vec<&Edition> = self.of_network(network).collect();
        if editions.is_empty() {
            return self.unknown_network(network);
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
