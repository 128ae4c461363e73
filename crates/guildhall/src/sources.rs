//! Where facts and rules come from: a folder or a database. Commands ask for editions and facts
//! here, and do not care which it is.

use std::collections::{BTreeMap, BTreeSet};

use guildhall_rules::day::Day;
use guildhall_rules::facts::{Facts, PartnerNumber, Wants};
use guildhall_rules::problem::{Problem, nearest};
use guildhall_rules::rulebook::{Catalogue, Edition};
use guildhall_store::{Network, Store, StoredEdition};
use jiff::Timestamp;

use crate::cli::{Place, SourceArgs};
use crate::editions::{Editions, Wanted};
use crate::failure::Failure;
use crate::folder::Folder;
use crate::snapshot::SnapshotFile;

/// Facts, and the rulebooks of their network.
#[derive(Debug)]
pub struct Sources<'a> {
    args: &'a SourceArgs,
    held: Held,
    /// All editions.
    pub editions: Editions,
    /// What was asked for.
    pub wanted: Wanted,
    /// The words of the network.
    pub catalogue: Catalogue,
}

/// Where the facts are.
#[derive(Debug)]
enum Held {
    Folder(Folder),
    Database(Store),
    Snapshot(SnapshotFile),
}

impl<'a> Sources<'a> {
    /// Opens a folder or a database, finds out which network it is of, and reads its rulebooks.
    pub fn open(args: &'a SourceArgs) -> Result<Self, Failure> {
        match args.place() {
            Place::Folder(data) => {
                let folder = Folder::open(data)?;
                let own = folder.rulebooks();
                let mut editions = Editions::load(args.rulebooks.as_deref().or(own.as_deref()))?;
                let wanted = wanted(&mut editions, args, folder.network().as_deref())?;
                folder.check_network(&editions.network_of(&wanted))?;
                Ok(Self::new(args, Held::Folder(folder), editions, wanted))
            }
            Place::Database(url) => {
                let store = Store::open_existing(&url)?;
                let (network, stored) = read_network(&store)?;
                let network = network.ok_or_else(|| no_network(&store))?.id;
                let mut editions = Editions::of_database(stored, args.rulebooks.as_deref())?;
                let wanted = wanted(&mut editions, args, Some(&network))?;
                check_network(&network, &editions.network_of(&wanted))?;
                Ok(Self::new(args, Held::Database(store), editions, wanted))
            }
            Place::Snapshot(path) => {
                let snapshot = SnapshotFile::open(path)?;
                let network = snapshot.head.network.clone();
                let stored = snapshot.head.editions.clone();
                let mut editions = Editions::of_texts(stored, args.rulebooks.as_deref())?;
                let wanted = wanted(&mut editions, args, Some(&network))?;
                check_network(&network, &editions.network_of(&wanted))?;
                Ok(Self::new(args, Held::Snapshot(snapshot), editions, wanted))
            }
        }
    }

    fn new(args: &'a SourceArgs, held: Held, editions: Editions, wanted: Wanted) -> Self {
        let catalogue = Catalogue::new(editions.of_network(&editions.network_of(&wanted)));
        Self { args, held, editions, wanted, catalogue }
    }

    /// The edition to use as of a day, as known at a moment.
    pub fn edition(&self, as_of: Day, known_at: Option<Timestamp>) -> Result<&Edition, Failure> {
        self.editions.choose(&self.wanted, as_of, known_at)
    }

    /// The one edition that a name stands for. It must be of the network that the facts are of.
    pub fn name_edition(&mut self, name: &str) -> Result<Edition, Failure> {
        let network = self.editions.network_of(&self.wanted);
        let edition = crate::commands::edition(&mut self.editions, name)?;
        if edition.network != network {
            let message = format!(
                "`{}` is of the network `{}`, not `{network}`",
                edition.id, edition.network
            );
            return Err(Problem::new("other-network", message).into());
        }
        // An edition that was aside brings words of its own.
        self.catalogue = Catalogue::new(self.editions.of_network(&network));
        Ok(edition)
    }

    /// The facts that the answers about one partner are computed from, and the partner among them.
    pub fn partner(
        &self,
        id: &str,
        known_at: Option<Timestamp>,
    ) -> Result<(Facts, PartnerNumber), Failure> {
        let store = match &self.held {
            Held::Folder(_) | Held::Snapshot(_) => {
                let facts = self.network(known_at)?;
                let found = facts.find_partner(id);
                let ids = facts.partners().map(|partner| facts.partner_id(partner));
                let partner = found.ok_or_else(|| unknown_partner(id, ids))?;
                return Ok((facts, partner));
            }
            Held::Database(store) => store,
        };
        store.read(|tx| {
            if let Some(read) = tx.read_partner(&self.catalogue, id, known_at)?
                && let Some(partner) = read.facts.find_partner(id)
            {
                return Ok((read.facts, partner));
            }
            let ids = tx.partner_ids()?;
            Err(unknown_partner(id, ids.iter().map(String::as_str)).into())
        })
    }

    /// The names of some people, by their ids: of those who are known. A snapshot knows none.
    pub fn names_of_people(
        &self,
        known_at: Option<Timestamp>,
        wanted: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, String>, Failure> {
        match &self.held {
            Held::Snapshot(_) => Ok(BTreeMap::new()),
            Held::Folder(folder) => folder.names_of_people(&self.catalogue, known_at, wanted),
            Held::Database(store) => store.read(|tx| {
                let mut names = BTreeMap::new();
                for person in wanted {
                    let rows = tx.person_rows(person, None)?;
                    let name = rows.iter().find_map(|row| row.draft.cell("name"));
                    names.extend(name.map(|name| (person.clone(), name.to_owned())));
                }
                Ok(names)
            }),
        }
    }

    /// How many rows the journal has; none where the facts are in no database.
    pub fn position(&self) -> Result<Option<u64>, Failure> {
        match &self.held {
            Held::Folder(_) => Ok(None),
            Held::Database(store) => Ok(Some(store.position()?)),
            Held::Snapshot(snapshot) => Ok(snapshot.head.position),
        }
    }

    /// The facts of all partners for numbers alone: a snapshot leaves the ids of facts unread, so
    /// that evidence would name nothing.
    pub fn numbers(&self, known_at: Option<Timestamp>) -> Result<Facts, Failure> {
        match &self.held {
            Held::Folder(_) | Held::Database(_) => self.network(known_at),
            Held::Snapshot(snapshot) => {
                snapshot.check_known_at(known_at)?;
                snapshot.facts(&self.catalogue, Wants::Numbers)
            }
        }
    }

    /// The facts of all partners.
    pub fn network(&self, known_at: Option<Timestamp>) -> Result<Facts, Failure> {
        match &self.held {
            Held::Folder(folder) => {
                folder.load(&self.catalogue, known_at, self.args.rejects.as_deref())
            }
            Held::Database(store) => {
                Ok(store.read(|tx| tx.read_network(&self.catalogue, known_at))?)
            }
            Held::Snapshot(snapshot) => {
                snapshot.check_known_at(known_at)?;
                snapshot.facts(&self.catalogue, Wants::Everything)
            }
        }
    }
}

/// What is meant: what the user named, else the network that the facts are of, else the default.
pub fn wanted_of(
    editions: &mut Editions,
    rulebook: Option<&str>,
    own: Option<&str>,
) -> Result<Wanted, Failure> {
    match rulebook {
        Some(name) => editions.resolve(name),
        None => {
            let network = own.unwrap_or_else(|| Editions::default_network());
            Ok(Wanted::Network(network.to_owned()))
        }
    }
}

fn wanted(
    editions: &mut Editions,
    args: &SourceArgs,
    own: Option<&str>,
) -> Result<Wanted, Failure> {
    wanted_of(editions, args.rulebook.as_deref(), own)
}

/// The network of a database and its editions, none where it is new.
pub fn read_network(store: &Store) -> Result<(Option<Network>, Vec<StoredEdition>), Failure> {
    store.read(|tx| Ok((tx.network()?, tx.editions()?)))
}

/// Refuses another network than that of the database.
pub fn check_network(own: &str, network: &str) -> Result<(), Failure> {
    if own == network {
        return Ok(());
    }
    let message = format!("the database is of the network `{own}`, not `{network}`");
    Err(Problem::new("other-network", message).into())
}

/// A database that nothing was put into.
pub fn no_network(store: &Store) -> Problem {
    let message = format!("{:?} holds no network yet", store.address());
    Problem::new("empty-database", message).hint("`guildhall import` loads a folder of facts")
}

fn unknown_partner<'i>(id: &str, ids: impl Iterator<Item = &'i str>) -> Problem {
    let near = nearest(id, ids, 3);
    let list: Vec<String> = near.iter().map(|id| format!("`{id}`")).collect();
    let hint = match list.as_slice() {
        _ if near.contains(&id) => "it was not known then".to_owned(),
        [] => "`guildhall network` lists all partners".to_owned(),
        list => format!("did you mean {}?", list.join(" or ")),
    };
    Problem::new("unknown-partner", format!("there is no partner `{id}`")).hint(hint)
}
