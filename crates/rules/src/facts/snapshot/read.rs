//! Reads the columns of facts back.

use std::sync::{Mutex, PoisonError};

use super::sections::{
    AFFILIATIONS, BEGINS, CREDENTIALS, DATED, HEAD, IDS, LABEL_TEXTS, MEMBERSHIPS, PARTNERS,
    REVIEWS, Section, Tag, WORDS, bad, read, u16s, u32s, u64s,
};
use super::write::{field_text, words};
use super::{JournalPlace, KINDS, Part, SnapshotBytes, SnapshotHead, Wants};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::facts::table::{
    Affiliation, Currency, Dated, Grouped, HeldCredential, Membership, NO_CODE, NO_LABEL, Partner,
    Review, Table, Tags,
};
use crate::facts::words::{ReviewKind, Standing};
use crate::facts::{Facts, Ids};
use crate::problem::Problem;
use crate::reason::Reason;
use crate::rulebook::{Catalogue, FactKind};

type Result<T> = std::result::Result<T, Box<Problem>>;

/// The head of a snapshot.
pub(super) fn head(bytes: &SnapshotBytes, sections: &[Section]) -> Result<SnapshotHead> {
    let damaged = || Box::new(bad("its head is damaged"));
    let reader = Reader { bytes, sections, wants: Wants::Everything };
    let mut texts = reader.texts(HEAD, 0)?.into_iter();
    let mut next = || texts.next().ok_or_else(damaged);
    let (network, known_at, sealed) = (next()?, next()?, next()?);
    let known_at = (!known_at.is_empty()).then(|| known_at.parse());
    let mut place = None;
    if !sealed.is_empty() {
        let sealed = sealed.parse().map_err(|_| damaged())?;
        let (seal, count) = (next()?, next()?);
        let mut unsealed = Vec::new();
        for _ in 0..count.parse::<u64>().map_err(|_| damaged())? {
            unsealed.push((next()?.parse().map_err(|_| damaged())?, next()?));
        }
        place = Some(JournalPlace { sealed, seal, unsealed });
    }
    let mut editions = Vec::new();
    while let Some(id) = texts.next() {
        editions.push((id, texts.next().unwrap_or_default()));
    }
    let known_at = known_at.transpose().map_err(|_| damaged())?;
    Ok(SnapshotHead { network, place, known_at, editions })
}

/// The facts of a snapshot.
pub(super) fn facts(
    bytes: &SnapshotBytes,
    sections: &[Section],
    catalogue: &Catalogue,
    wants: Wants,
    threads: usize,
) -> Result<Facts> {
    let reader = Reader { bytes, sections, wants };
    let words = Words::new(&reader, catalogue)?;
    let facts = Mutex::new(Facts::default());
    let first_problem = Mutex::new(None);
    // The largest come first.
    let jobs: Vec<u32> = [CREDENTIALS, MEMBERSHIPS]
        .into_iter()
        .chain(DATED..DATED + 8)
        .chain([REVIEWS, PARTNERS, AFFILIATIONS])
        .collect();
    let jobs = Mutex::new(jobs.into_iter());
    let work = || {
        loop {
            let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(job) = job else { return };
            if let Err(problem) = reader.table(job, catalogue, &words, &facts) {
                first_problem.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(problem);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.max(1) {
            scope.spawn(work);
        }
        work();
    });
    match first_problem.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(problem) => Err(problem),
        None => Ok(facts.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

/// What the numbers of a snapshot are in the catalogue at hand.
struct Words {
    /// For each list, the number of each word; none where they are the same.
    lists: [Option<Vec<u32>>; 6],
}

impl Words {
    fn new(reader: &Reader<'_>, catalogue: &Catalogue) -> Result<Self> {
        let mut lists: [Option<Vec<u32>>; 6] = [const { None }; 6];
        for ((column, known), slot) in (0..).step_by(2).zip(words(catalogue)).zip(lists.iter_mut())
        {
            let stored = reader.texts(WORDS, column)?;
            // A word that is not known any more gets a number that nothing has.
            let numbers: Vec<u32> =
                stored.iter().map(|word| known.find(word.as_bytes()).unwrap_or(u32::MAX)).collect();
            if let Some(at) = numbers.iter().position(|number| *number == u32::MAX) {
                let word = stored.get(at).map_or("", String::as_str);
                return Err(other_editions(&format!("no edition at hand knows `{word}`")).into());
            }
            let is_same = numbers.iter().zip(0..).all(|(number, at)| *number == at);
            *slot = (!is_same).then_some(numbers);
        }
        Ok(Self { lists })
    }

    fn of(&self, list: usize, number: u32) -> u32 {
        match self.lists.get(list).and_then(Option::as_ref) {
            None => number,
            Some(numbers) => numbers.get(number as usize).copied().unwrap_or(number),
        }
    }

    fn code(&self, list: usize, code: u16) -> u16 {
        if code == NO_CODE {
            return code;
        }
        u16::try_from(self.of(list, code.into())).unwrap_or(NO_CODE)
    }
}

fn other_editions(message: &str) -> Problem {
    let hint = "it was made with other editions; make it again with `guildhall snapshot`";
    Problem::new("other-editions", message.to_owned()).hint(hint)
}

const PATHS: usize = 0;
const TIERS: usize = 1;
const HELD: usize = 2;
const PROGRAMS: usize = 3;
const RESOLUTION_CODES: usize = 4;
const EVENT_KINDS: usize = 5;

/// The list whose numbers the codes of a kind are.
const fn codes_of(kind: FactKind) -> Option<usize> {
    match kind {
        FactKind::Validation => Some(PROGRAMS),
        FactKind::Case => Some(RESOLUTION_CODES),
        FactKind::Event => Some(EVENT_KINDS),
        _ => None,
    }
}

struct Reader<'r> {
    bytes: &'r SnapshotBytes,
    sections: &'r [Section],
    wants: Wants,
}

impl Reader<'_> {
    fn part(&self, table: u32, column: u32) -> Result<Part> {
        read(self.bytes, self.sections, Tag::new(table, column))
    }

    fn texts(&self, table: u32, column: u32) -> Result<Vec<String>> {
        let (bytes, lengths) = (self.part(table, column)?, self.part(table, column + 1)?);
        let mut rest = bytes.bytes();
        let mut texts = Vec::with_capacity(lengths.bytes().len() / 8);
        for length in u64s(lengths.bytes()) {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let (text, behind) =
                rest.split_at_checked(length).ok_or_else(|| bad("a text is cut off"))?;
            texts.push(String::from_utf8_lossy(text).into_owned());
            rest = behind;
        }
        Ok(texts)
    }

    /// A set of ids, where it is wanted.
    fn ids(&self, table: u32, column: u32, is_wanted: bool) -> Result<Ids> {
        if !is_wanted {
            return Ok(Ids::new());
        }
        let (bytes, ends) = (self.part(table, column)?, self.part(table, column + 1)?);
        let last = u32s(ends.bytes()).last().unwrap_or(0);
        if last as usize != bytes.bytes().len() {
            return Err(bad("the texts of ids are cut off").into());
        }
        Ok(Ids::kept(bytes, ends))
    }

    fn fact_ids(&self, table: u32) -> Result<Ids> {
        self.ids(table, IDS, self.wants == Wants::Everything)
    }

    fn grouped<T: Copy>(&self, table: u32, rows: Vec<T>) -> Result<Grouped<T>> {
        let begins: Vec<u32> = u32s(self.part(table, BEGINS)?.bytes()).collect();
        let count = begins.last().copied().unwrap_or(0);
        if !begins.is_sorted() || count as usize != rows.len() {
            return Err(bad("the groups of a table are damaged").into());
        }
        Ok(Grouped::from_parts(rows, begins))
    }

    /// Reads a table into its place.
    fn table(
        &self,
        job: u32,
        catalogue: &Catalogue,
        words: &Words,
        facts: &Mutex<Facts>,
    ) -> Result<()> {
        let lock = || facts.lock().unwrap_or_else(PoisonError::into_inner);
        match job {
            CREDENTIALS => {
                let read = (self.credentials(words)?, self.fact_ids(CREDENTIALS)?);
                let mut facts = lock();
                (facts.credentials, facts.credential_ids) = read;
            }
            MEMBERSHIPS => {
                let read = (self.memberships()?, self.fact_ids(MEMBERSHIPS)?);
                let mut facts = lock();
                (facts.memberships, facts.people_ids) = read;
            }
            REVIEWS => {
                let read = (self.reviews(words)?, self.fact_ids(REVIEWS)?);
                let mut facts = lock();
                (facts.reviews, facts.review_ids) = read;
            }
            PARTNERS => {
                let read = (self.partners(words)?, self.ids(PARTNERS, IDS, true)?);
                let mut facts = lock();
                (facts.partners, facts.partner_ids) = read;
            }
            AFFILIATIONS => {
                let read = self.affiliations()?;
                lock().affiliations = read;
            }
            dated => {
                let at = dated - DATED;
                let Some(kind) = KINDS.get(at as usize) else { return Ok(()) };
                let table = self.dated(*kind, at, catalogue, words)?;
                if let Some(slot) = lock().table_mut(*kind) {
                    *slot = table;
                }
            }
        }
        Ok(())
    }

    fn partners(&self, words: &Words) -> Result<Vec<Partner>> {
        let column = |column| self.part(PARTNERS, column);
        let names = self.texts(PARTNERS, 0)?;
        let (ids, paths, tiers) = (column(2)?, column(3)?, column(4)?);
        let (since, reviews, renewals) = (column(5)?, column(6)?, column(7)?);
        let (upgrades, standings) = (column(8)?, column(9)?);
        let days = u32s(since.bytes())
            .zip(u32s(reviews.bytes()))
            .zip(u32s(renewals.bytes()))
            .zip(u32s(upgrades.bytes()));
        let numbers = u32s(ids.bytes())
            .zip(u32s(paths.bytes()))
            .zip(u32s(tiers.bytes()))
            .zip(standings.bytes().iter());
        let partners: Vec<Partner> = names
            .into_iter()
            .zip(numbers)
            .zip(days)
            .map(
                |(
                    (name, (((id, path), tier), standing)),
                    (((since, review), renewal), upgrade),
                )| {
                    Partner {
                        id,
                        name: name.into(),
                        path: words.of(PATHS, path),
                        tier: optional(tier).map(|tier| words.of(TIERS, tier)),
                        tier_since: Day::from_packed(since),
                        last_review_on: Day::from_packed(review),
                        last_renewal_on: Day::from_packed(renewal),
                        last_upgrade_on: Day::from_packed(upgrade),
                        standing: if *standing == 0 { Standing::Good } else { Standing::Suspended },
                    }
                },
            )
            .collect();
        same_length(partners, ids.bytes().len() / 4)
    }

    fn reviews(&self, words: &Words) -> Result<Grouped<Review>> {
        let column = |column| self.part(REVIEWS, column);
        let (ids, paths, days) = (column(0)?, column(1)?, column(2)?);
        let (kinds, tiers, lasts) = (column(3)?, column(4)?, column(5)?);
        let first = u32s(ids.bytes()).zip(u32s(paths.bytes())).zip(u32s(days.bytes()));
        let second = kinds.bytes().iter().zip(u32s(tiers.bytes())).zip(u32s(lasts.bytes()));
        let row = |(((id, path), on), ((kind, tier), last)): (_, ((&u8, u32), u32))| Review {
            id,
            path: words.of(PATHS, path),
            on: Day::from_packed(on).unwrap_or(Day::MIN),
            kind: ReviewKind::ALL.get(usize::from(*kind)).copied().unwrap_or(ReviewKind::Review),
            tier: optional(tier).map(|tier| words.of(TIERS, tier)),
            valid_until: Day::from_packed(last),
        };
        self.grouped(REVIEWS, first.zip(second).map(row).collect())
    }

    fn affiliations(&self) -> Result<Grouped<Affiliation>> {
        let column = |column| self.part(AFFILIATIONS, column);
        let (subsidiaries, from, until) = (column(0)?, column(1)?, column(2)?);
        let rows = u32s(subsidiaries.bytes()).zip(u32s(from.bytes())).zip(u32s(until.bytes()));
        let row = |((subsidiary, from), until)| Affiliation {
            subsidiary,
            from: Day::from_packed(from).unwrap_or(Day::MIN),
            until: Day::from_packed(until),
        };
        self.grouped(AFFILIATIONS, rows.map(row).collect())
    }

    fn memberships(&self) -> Result<Grouped<Membership>> {
        let column = |column| self.part(MEMBERSHIPS, column);
        let (people, joined, left, consent) = (column(0)?, column(1)?, column(2)?, column(3)?);
        let rows = u32s(people.bytes())
            .zip(u32s(joined.bytes()))
            .zip(u32s(left.bytes()))
            .zip(consent.bytes());
        let row = |(((person, joined), left), consent): (_, &u8)| Membership {
            person,
            joined_on: Day::from_packed(joined),
            left_on: Day::from_packed(left),
            has_consent: *consent != 0,
        };
        self.grouped(MEMBERSHIPS, rows.map(row).collect())
    }

    fn credentials(&self, words: &Words) -> Result<Grouped<HeldCredential>> {
        let column = |column| self.part(CREDENTIALS, column);
        let (ids, issued, expires, held) = (column(0)?, column(1)?, column(2)?, column(3)?);
        let rows = u32s(ids.bytes())
            .zip(u32s(issued.bytes()))
            .zip(u32s(expires.bytes()))
            .zip(u16s(held.bytes()));
        let row = |(((id, issued), expires), credential)| HeldCredential {
            id,
            issued_on: Day::from_packed(issued).unwrap_or(Day::MIN),
            expires_on: Day::from_packed(expires),
            credential: words.code(HELD, credential),
        };
        self.grouped(CREDENTIALS, rows.map(row).collect())
    }

    fn dated(
        &self,
        kind: FactKind,
        at: u32,
        catalogue: &Catalogue,
        words: &Words,
    ) -> Result<Table> {
        let number = DATED + at;
        let column = |column| self.part(number, column);
        let (ids, days, ends, codes) = (column(0)?, column(1)?, column(2)?, column(3)?);
        let (currencies, barred, tags) = (column(4)?, column(5)?, column(6)?);
        let list = codes_of(kind);
        let first = u32s(ids.bytes()).zip(u32s(days.bytes())).zip(u32s(ends.bytes()));
        let second = u16s(codes.bytes())
            .zip(u16s(currencies.bytes()))
            .zip(barred.bytes().iter().zip(tags.bytes()));
        let row =
            |(((id, on), end), ((code, currency), (barred, tags))): (_, (_, (&u8, &u8)))| Dated {
                id,
                on: Day::from_packed(on),
                end: Day::from_packed(end),
                code: list.map_or(code, |list| words.code(list, code)),
                currency: Currency::from_bits(currency),
                barred: barred
                    .checked_sub(1)
                    .and_then(|at| Reason::ALL.get(usize::from(at)).copied()),
                tags: Tags::from_bits(*tags),
            };
        let rows: Vec<Dated> = first.zip(second).map(row).collect();
        let count = rows.len();
        let (labels, label_count) = self.labels(kind, at, catalogue)?;
        let rest = Table {
            amounts: self.amounts(number)?,
            divisors: u32s(column(9)?.bytes()).collect(),
            labels,
            label_count,
            label_texts: self.ids(number, LABEL_TEXTS, true)?,
            ids: self.fact_ids(number)?,
            ..Table::default()
        };
        let is_as_long = |length: usize| length == 0 || length == count;
        if !is_as_long(rest.amounts.len())
            || !is_as_long(rest.divisors.len())
            || rest.labels.len() != count * label_count
            || rest.divisors.contains(&0)
        {
            return Err(bad("the columns of a table differ in length").into());
        }
        Ok(Table::from_parts(self.grouped(number, rows)?, rest))
    }

    fn amounts(&self, table: u32) -> Result<Vec<Decimal>> {
        let (wholes, fractions) = (self.part(table, 7)?, self.part(table, 8)?);
        if fractions.bytes().is_empty() {
            return Ok(u64s(wholes.bytes()).map(Decimal::from_whole).collect());
        }
        let amounts = u64s(wholes.bytes()).zip(u64s(fractions.bytes()));
        Ok(amounts.map(|(whole, fraction)| Decimal::from_parts(whole, fraction)).collect())
    }

    /// The values of free fields that the editions at hand look at.
    fn labels(&self, kind: FactKind, at: u32, catalogue: &Catalogue) -> Result<(Vec<u32>, usize)> {
        let stored = self.texts(WORDS, 16 + 2 * at)?;
        let wanted: Vec<String> = catalogue.labels(kind).iter().map(field_text).collect();
        let labels: Vec<u32> = u32s(self.part(DATED + at, 10)?.bytes()).collect();
        if stored == wanted {
            return Ok((labels, stored.len()));
        }
        let mut places = Vec::new();
        for field in &wanted {
            let place = stored.iter().position(|known| known == field);
            places.push(place.ok_or_else(|| {
                other_editions(&format!("an edition looks at `{field}`, which is not kept"))
            })?);
        }
        let rows = labels.chunks_exact(stored.len().max(1));
        let of_row = |row: &[u32]| -> Vec<u32> {
            places.iter().map(|place| row.get(*place).copied().unwrap_or(NO_LABEL)).collect()
        };
        Ok((rows.flat_map(of_row).collect(), wanted.len()))
    }
}

fn optional(number: u32) -> Option<u32> {
    (number != u32::MAX).then_some(number)
}

fn same_length<T>(rows: Vec<T>, length: usize) -> Result<Vec<T>> {
    if rows.len() == length {
        Ok(rows)
    } else {
        Err(bad("the columns of a table differ in length").into())
    }
}
