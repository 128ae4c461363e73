//! Where facts and rules come from: a folder or a database. Commands ask for editions and facts
//! here, and do not care which it is.

use std::collections::{BTreeMap, BTreeSet};

use guildhall_rules::day::Day;
use guildhall_rules::facts::{
    Facts, File, JournalPlace, OrderedFacts, PartnerNumber, Renewed, SnapshotHead, Wants,
};
use guildhall_rules::problem::{Problem, nearest};
use guildhall_rules::rulebook::{Catalogue, Edition};
use guildhall_server::ops::standing::opportunity_title;
use guildhall_store::{Kind, Network, Since, Store, StoredEdition, Tx};
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
                let network = snapshot.head().network.clone();
                let stored = snapshot.head().editions.clone();
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

    /// What some opportunities are called, by their ids: title and customer of those that are known.
    /// A snapshot knows none.
    pub fn titles_of_opportunities(
        &self,
        known_at: Option<Timestamp>,
        wanted: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, String>, Failure> {
        match &self.held {
            Held::Snapshot(_) => Ok(BTreeMap::new()),
            Held::Folder(folder) => {
                let found = folder.opportunities(&self.catalogue, known_at, wanted)?;
                let found = found.into_iter();
                let titled = found.filter_map(|(id, [title, customer])| {
                    Some((id, opportunity_title(title.as_deref(), customer.as_deref())?))
                });
                Ok(titled.collect())
            }
            Held::Database(store) => store.read(|tx| {
                let mut titles = BTreeMap::new();
                for id in wanted {
                    let kind = Kind::Fact(File::Opportunities);
                    let Some(held) = tx.current(kind, id)? else { continue };
                    let cell = |name| held.draft.cell(name);
                    let title = opportunity_title(cell("title"), cell("customer"));
                    titles.extend(title.map(|title| (id.clone(), title)));
                }
                Ok(titles)
            }),
        }
    }

    /// The facts for a snapshot, and what it says about itself: only what has changed since is read
    /// where an older one of the same database is at hand.
    pub fn fresh(
        &self,
        known_at: Option<Timestamp>,
        older: Option<&SnapshotFile>,
    ) -> Result<Fresh, Failure> {
        let network = self.editions.network_of(&self.wanted);
        let editions = self.editions.texts(&network);
        let head = |place| SnapshotHead { network, place, known_at, editions };
        let store = match &self.held {
            Held::Database(store) => store,
            Held::Folder(_) => {
                return Ok(Fresh::Whole(head(None), self.network(known_at)?.in_order()));
            }
            Held::Snapshot(snapshot) => {
                let facts = self.network(known_at)?.in_order();
                let SnapshotHead { place, known_at, .. } = snapshot.head().clone();
                return Ok(Fresh::Whole(SnapshotHead { known_at, ..head(place) }, facts));
            }
        };
        // The place and the facts are of one state of the database.
        store.read(|tx| {
            let head = head(Some(tx.journal_place()?));
            if let Some((older, place)) = older.and_then(|older| Some((older, of(older, &head)?)))
                && let Some(fresh) = self.renewed(tx, older, place, &head)?
            {
                return Ok(fresh);
            }
            let facts = tx.read_network(&self.catalogue, known_at)?;
            Ok(Fresh::Whole(head, facts.in_order()))
        })
    }

    /// What an older snapshot comes to with what has changed since; none where all has to be read.
    fn renewed(
        &self,
        tx: &mut Tx<'_>,
        older: &SnapshotFile,
        place: &JournalPlace,
        head: &SnapshotHead,
    ) -> Result<Option<Fresh>, Failure> {
        // Of a file that is damaged, or was made with other words, nothing is kept.
        let Ok(facts) = older.facts(&self.catalogue, Wants::Everything) else { return Ok(None) };
        let most = facts.partners().len() / MOST_RENEWED;
        let renewed = match tx.changed_since(place, most.max(FEW_RENEWED))? {
            Since::OtherJournal | Since::TooMany => return Ok(None),
            Since::Same if older.head().editions == head.editions => {
                return Ok(Some(Fresh::Same(head.clone())));
            }
            Since::Same => Renewed::default(),
            Since::Renewed(renewed) => renewed,
        };
        let new = tx.read_renewed(&self.catalogue, &renewed, head.known_at)?;
        Ok(Some(Fresh::Renewed(head.clone(), facts.renewed(&new, &renewed), renewed)))
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

/// Facts for a snapshot, with what it says about itself.
#[derive(Debug)]
pub enum Fresh {
    /// The older snapshot has them.
    Same(SnapshotHead),
    /// All were read.
    Whole(SnapshotHead, OrderedFacts),
    /// They are the older ones, but for what belongs to these.
    Renewed(SnapshotHead, OrderedFacts, Renewed),
}

/// Where more than one partner in so many has changed, all facts are read.
const MOST_RENEWED: usize = 4;
/// Up to so many changed partners are never too many.
const FEW_RENEWED: usize = 20;

/// The place in the journal of an older snapshot that could be brought up to date.
fn of<'o>(older: &'o SnapshotFile, head: &SnapshotHead) -> Option<&'o JournalPlace> {
    let of = older.head();
    let is_alike = of.network == head.network && of.known_at == head.known_at;
    of.place.as_ref().filter(|_| is_alike)
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
