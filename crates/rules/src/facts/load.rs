//! Loads a folder of facts: every problem in one run, or the facts in one state of knowledge.
//!
//! The caller opens the files; this module reads them. Files that do not refer to each other
//! are read side by side. With problems nothing is loaded, unless the caller asks to go on with
//! the good rows: then the folder is read a second time without the rows that were found bad,
//! and whatever refers to them is left out with them. Memory grows with the number of ids,
//! never with the number of problems or the length of fields.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::kinds::{People, affiliations, dated, partners, people, reviews};
use super::layout::shown;
use super::mapping::Mapping;
use super::reading::{Base, Reading};
use super::table::TableBuilder;
use super::{Facts, File, Ids};
use crate::problem::{Problem, Problems, did_you_mean};
use crate::rulebook::{Catalogue, FactKind};

/// A file of a folder, opened when its turn comes.
pub struct Source<'a> {
    /// Its name within the folder.
    pub name: String,
    /// How problems call it: as the user wrote the folder, and the name.
    pub shown: String,
    /// Its size in bytes, by which work is shared out.
    pub size: u64,
    /// Opens it at its beginning; called once or twice.
    pub open: Box<dyn Open + 'a>,
}

/// What can be opened and read from its beginning, again and again.
pub trait Open: Sync {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// When it cannot be opened; that is a problem of the folder.
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>>;
}

impl<F: Fn() -> io::Result<Box<dyn Read + Send>> + Sync> Open for F {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        self()
    }
}

/// A text in memory.
impl Open for &[u8] {
    fn open(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(*self))
    }
}

/// How a folder is to be loaded.
#[derive(Clone, Copy, Debug)]
pub struct LoadOptions<'a> {
    /// The state of knowledge; none: everything that was not retracted.
    pub known_at: Option<Timestamp>,
    /// How many files may be read at the same time.
    pub threads: usize,
    /// What references are checked against.
    pub references: References<'a>,
}

/// What a reference to a row of another file is checked against.
#[derive(Clone, Copy)]
pub enum References<'a> {
    /// The folder, which is whole.
    Folder,
    /// The folder, and rows held elsewhere, which are looked for by file and id. The folder may
    /// then be without any of its files. Whether affiliations run in a circle is decided by those
    /// in the folder alone.
    Elsewhere(&'a (dyn Fn(File, &[u8]) -> bool + Sync)),
    /// Nothing: they were checked before. A row that refers to nothing is passed over.
    Trusted,
}

impl std::fmt::Debug for References<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Folder => "Folder",
            Self::Elsewhere(_) => "Elsewhere",
            Self::Trusted => "Trusted",
        })
    }
}

impl References<'_> {
    /// Whether a reference that was not found in the folder leads nowhere.
    pub(crate) fn misses(self, file: File, id: &[u8]) -> bool {
        match self {
            Self::Folder => true,
            Self::Elsewhere(holds) => !holds(file, id),
            Self::Trusted => false,
        }
    }
}

/// A row that has no problem, as [`Checked::take`] gives it away.
#[derive(Debug)]
pub struct GoodRow<'a> {
    /// The file that it stands in.
    pub file: File,
    /// The line on which it begins.
    pub line: u64,
    /// Its cells in the order of [`File::columns`], without the last two; none where empty. Days
    /// and decimals are written as the format writes them, whatever the folder's own layout.
    pub cells: &'a [Option<Cow<'a, [u8]>>],
    /// When the network learned of it; none: the beginning of time.
    pub recorded_at: Option<Timestamp>,
    /// Until when the network held it to be true; none: the end of time.
    pub retracted_at: Option<Timestamp>,
}

/// Takes good rows; an error ends the reading.
pub type TakeRow<'a> = dyn FnMut(&GoodRow<'_>) -> io::Result<()> + Send + 'a;

/// What the rows that are read are for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'a, 't> {
    /// To be evaluated: they become facts in memory.
    Evaluation,
    /// Only to be checked.
    Check,
    /// To be given away.
    Rows(&'a Mutex<Taking<'t>>),
}

/// Who takes rows, and the error that ended it.
pub(crate) struct Taking<'t> {
    take: &'t mut TakeRow<'t>,
    error: Option<io::Error>,
}

impl Taking<'_> {
    /// Gives a row away. False once there was an error.
    pub(crate) fn row(&mut self, row: &GoodRow<'_>) -> bool {
        if self.error.is_none() {
            self.error = (self.take)(row).err();
        }
        self.error.is_none()
    }
}

/// What came of loading a folder.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The facts; nothing where there are problems and no rejects were asked for.
    pub facts: Facts,
    /// Every problem of the folder.
    pub problems: Problems,
    /// Rows left out because of a problem, or because of a row that they refer to.
    pub left_out: u64,
}

/// Rows that are left out, by file: their ids.
pub(crate) type Rejected = [HashSet<Box<[u8]>>; File::ALL.len()];

/// Loads a folder. `rejects` is where rows that are left out are written, as CSV of file, line,
/// code, message and the row's own text; without it, one problem is enough to load nothing.
///
/// # Errors
///
/// Only of writing `rejects`. A file that cannot be read is one of the problems.
pub fn load(
    folder: &str,
    sources: &[Source<'_>],
    mapping: &Mapping,
    catalogue: &Catalogue,
    options: LoadOptions<'_>,
    rejects: Option<&mut (dyn Write + Send)>,
) -> io::Result<Loaded> {
    let mut problems = Problems::new();
    let files = assign(folder, sources, mapping, options.references, &mut problems);
    let purpose = Purpose::Evaluation;
    let first = Pass { files: &files, mapping, catalogue, options, purpose, rejects: None };
    let (facts, found, rejected) = first.run(Rejected::default());
    problems.append(found);
    if problems.is_empty() {
        return Ok(Loaded { facts, problems, left_out: 0 });
    }
    let Some(rejects) = rejects else {
        return Ok(Loaded { facts: Facts::default(), problems, left_out: 0 });
    };
    drop(facts);
    let options = LoadOptions { threads: 1, ..options };
    let out = Mutex::new(RejectsOut::new(rejects)?);
    let second = Pass { files: &files, mapping, catalogue, options, purpose, rejects: Some(&out) };
    let (facts, _, _) = second.run(rejected);
    let out = out.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Loaded { facts, problems, left_out: out.finish()? })
}

/// What came of checking a folder.
pub struct Checked<'a> {
    mapping: &'a Mapping,
    catalogue: &'a Catalogue,
    options: LoadOptions<'a>,
    files: Vec<(File, &'a Source<'a>)>,
    /// Every problem of the folder.
    pub problems: Problems,
    /// How many rows there are, good and bad.
    pub rows: u64,
    rejected: Rejected,
}

/// Checks a folder row by row, keeping ids but no facts.
///
/// [`Checked::take`] then gives its good rows away. `references` may look elsewhere, so that a
/// folder need not be whole.
pub fn check<'a>(
    folder: &str,
    sources: &'a [Source<'a>],
    mapping: &'a Mapping,
    catalogue: &'a Catalogue,
    options: LoadOptions<'a>,
) -> Checked<'a> {
    let mut problems = Problems::new();
    let files = assign(folder, sources, mapping, options.references, &mut problems);
    let purpose = Purpose::Check;
    let pass = Pass { files: &files, mapping, catalogue, options, purpose, rejects: None };
    let Gathered { problems: found, rows, rejected, .. } = pass.gather(Rejected::default());
    problems.append(sorted(found));
    Checked { mapping, catalogue, options, files, problems, rows, rejected }
}

impl Checked<'_> {
    /// Gives the good rows away, file by file in an order of its own that is always the same, and
    /// writes the others to `rejects`. Returns how many were left out.
    ///
    /// # Errors
    ///
    /// Of taking a row, and of writing the rejects.
    pub fn take<'t>(
        &self,
        take: &'t mut TakeRow<'t>,
        rejects: Option<&mut (dyn Write + Send)>,
    ) -> io::Result<u64> {
        let mut nowhere = io::sink();
        let out = Mutex::new(RejectsOut::new(rejects.unwrap_or(&mut nowhere))?);
        let taking = Mutex::new(Taking { take, error: None });
        let pass = Pass {
            files: &self.files,
            mapping: self.mapping,
            catalogue: self.catalogue,
            options: LoadOptions { threads: 1, ..self.options },
            purpose: Purpose::Rows(&taking),
            rejects: Some(&out),
        };
        pass.gather(self.rejected.clone());
        let taking = taking.into_inner().unwrap_or_else(PoisonError::into_inner);
        match taking.error {
            Some(error) => Err(error),
            None => out.into_inner().unwrap_or_else(PoisonError::into_inner).finish(),
        }
    }
}

/// The rows that are left out, as they are written.
pub(crate) struct RejectsOut<'a> {
    out: &'a mut (dyn Write + Send),
    count: u64,
    error: Option<io::Error>,
}

impl<'a> RejectsOut<'a> {
    fn new(out: &'a mut (dyn Write + Send)) -> io::Result<Self> {
        super::csv::write_record(
            out,
            ["file", "line", "code", "message", "row"].map(str::as_bytes),
        )?;
        Ok(Self { out, count: 0, error: None })
    }

    /// Writes one row. The first error is kept for the end.
    pub(crate) fn write(&mut self, problem: &Problem, line: u64, row: &[u8]) {
        self.count = self.count.saturating_add(1);
        if self.error.is_some() {
            return;
        }
        let line = line.to_string();
        let fields = [
            problem.file.as_bytes(),
            line.as_bytes(),
            problem.code.as_bytes(),
            problem.message.as_bytes(),
            row.trim_ascii_end(),
        ];
        self.error = super::csv::write_record(self.out, fields).err();
    }

    fn finish(self) -> io::Result<u64> {
        match self.error {
            Some(error) => Err(error),
            None => self.out.flush().map(|()| self.count),
        }
    }
}

/// Finds out which source holds which kind of fact.
fn assign<'s, 'a>(
    folder: &str,
    sources: &'s [Source<'a>],
    mapping: &Mapping,
    references: References<'_>,
    problems: &mut Problems,
) -> Vec<(File, &'s Source<'a>)> {
    let mut files: Vec<(File, &Source<'_>)> = Vec::new();
    for source in sources {
        let mapped = mapping.of(&source.name);
        let is_csv = source.name.to_ascii_lowercase().ends_with(".csv");
        if mapped.is_none() && (!is_csv || mapping.ignore.contains(&source.name)) {
            continue;
        }
        let stem = source.name.strip_suffix(".csv").unwrap_or_default();
        let Some(file) = mapped.map(|mapped| mapped.file).or_else(|| File::from_stem(stem)) else {
            let names = File::ALL.map(File::name);
            let name = shown(source.name.as_bytes());
            let message = format!("`{name}` is not a file of the format");
            let hint = did_you_mean(&source.name, names.iter().map(String::as_str))
                .or_else(|| Some("name it in mapping.toml, or move it elsewhere".to_owned()));
            let problem = Problem::new("unknown-file", message).in_file(&source.shown);
            problems.push(problem.maybe_hint(hint));
            continue;
        };
        if let Some((_, other)) = files.iter().find(|(other, _)| *other == file) {
            let names = [source, other].map(|source| shown(source.name.as_bytes()));
            let [name, other] = names;
            let message = format!("`{name}` holds {}, as `{other}` does", file.stem());
            problems.push(Problem::new("file-twice", message).in_file(&source.shown));
            continue;
        }
        files.push((file, source));
    }
    for entry in &mapping.files {
        if !sources.iter().any(|source| source.name == entry.name) {
            let name = shown(entry.name.as_bytes());
            let message = format!("mapping.toml names `{name}`, which is not here");
            let names = sources.iter().map(|source| source.name.as_str());
            let problem = Problem::new("missing-file", message).in_file(folder);
            problems.push(problem.maybe_hint(did_you_mean(&entry.name, names)));
        }
    }
    let is_whole = matches!(references, References::Folder);
    if is_whole && !files.iter().any(|(file, _)| *file == File::Partners) {
        let message = "there is no partners.csv, the one file that a folder must have";
        let hint = "with the columns id, name and path";
        problems.push(Problem::new("missing-file", message).in_file(folder).hint(hint));
    }
    files
}

/// The problems of all files in the order of the files.
fn sorted(mut of_files: Vec<(File, Problems)>) -> Problems {
    let mut problems = Problems::new();
    of_files.sort_by_key(|(file, _)| *file);
    for (_, mut found) in of_files {
        found.sort();
        problems.append(found);
    }
    problems
}

/// One reading of all files.
struct Pass<'a, 'r, 't> {
    files: &'a [(File, &'a Source<'a>)],
    mapping: &'a Mapping,
    catalogue: &'a Catalogue,
    options: LoadOptions<'a>,
    purpose: Purpose<'a, 't>,
    rejects: Option<&'a Mutex<RejectsOut<'r>>>,
}

/// What the readings of all files bring together.
#[derive(Default)]
struct Gathered {
    facts: Facts,
    problems: Vec<(File, Problems)>,
    rows: u64,
    rejected: Rejected,
}

/// Files that are read one after the other, because the later refer to the earlier.
const CHAINS: [&[File]; 10] = [
    &[File::Individuals, File::Credentials],
    &[File::Opportunities, File::References],
    &[File::Reviews],
    &[File::Affiliations],
    &[File::Ratings],
    &[File::BusinessPlans],
    &[File::Validations],
    &[File::Cases],
    &[File::SurveyResponses],
    &[File::Events],
];

impl<'r, 't> Pass<'_, 'r, 't> {
    fn run(&self, rejected: Rejected) -> (Facts, Problems, Rejected) {
        let gathered = self.gather(rejected);
        (gathered.facts, sorted(gathered.problems), gathered.rejected)
    }

    fn gather(&self, rejected: Rejected) -> Gathered {
        let mut gathered = Gathered { rejected, ..Gathered::default() };
        let mut base = Base::default();
        let mut reading = self.reading(File::Partners, &Mutex::new(&mut gathered));
        partners(&mut reading, &mut base, &mut gathered.facts);
        gathered.keep(reading);
        let mut chains = CHAINS.to_vec();
        chains.reverse();
        if !matches!(self.purpose, Purpose::Rows(_)) {
            // The longest is taken first, from the end.
            chains.sort_by_key(|chain| {
                let sizes = self.files.iter().filter(|(file, _)| chain.contains(file));
                sizes.map(|(_, source)| source.size).sum::<u64>()
            });
        }
        let queue = Mutex::new(chains);
        let shared = Mutex::new(&mut gathered);
        std::thread::scope(|scope| {
            for _ in 1..self.options.threads.clamp(1, CHAINS.len()) {
                scope.spawn(|| self.work(&queue, &shared, &base));
            }
            self.work(&queue, &shared, &base);
        });
        gathered.facts.partner_ids = base.ids;
        gathered
    }

    /// Takes chains from the queue until there is none.
    fn work(&self, queue: &Mutex<Vec<&[File]>>, shared: &Mutex<&mut Gathered>, base: &Base) {
        loop {
            let chain = queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match chain {
                None => return,
                Some([File::Individuals, ..]) => self.read_people(shared, base),
                Some([File::Opportunities, ..]) => self.read_opportunities(shared, base),
                Some([File::Reviews]) => {
                    let mut reading = self.reading(File::Reviews, shared);
                    let read = reviews(&mut reading, base);
                    let mut gathered = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    (gathered.facts.reviews, gathered.facts.review_ids) = read;
                    gathered.keep(reading);
                }
                Some([File::Affiliations]) => {
                    let mut reading = self.reading(File::Affiliations, shared);
                    let read = affiliations(&mut reading, base);
                    let mut gathered = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    gathered.facts.affiliations = read;
                    gathered.keep(reading);
                }
                Some(files) => {
                    for &file in files {
                        self.read_dated(file, shared, base, &Ids::new());
                    }
                }
            }
        }
    }

    fn read_people(&self, shared: &Mutex<&mut Gathered>, base: &Base) {
        let mut reading = self.reading(File::Individuals, shared);
        let mut found = People::default();
        people::individuals(&mut reading, base, &mut found);
        {
            let mut gathered = shared.lock().unwrap_or_else(PoisonError::into_inner);
            gathered.keep(reading);
        }
        let mut reading = self.reading(File::Credentials, shared);
        let credentials = people::credentials(&mut reading, &mut found);
        let mut gathered = shared.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.facts.memberships = found.memberships;
        gathered.facts.people_ids = found.ids;
        (gathered.facts.credentials, gathered.facts.credential_ids) = credentials;
        gathered.keep(reading);
    }

    fn read_opportunities(&self, shared: &Mutex<&mut Gathered>, base: &Base) {
        let ids = self.read_dated(File::Opportunities, shared, base, &Ids::new());
        self.read_dated(File::References, shared, base, &ids);
        let mut gathered = shared.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.facts.opportunities.ids = ids;
    }

    /// Reads a file of dated facts. Returns its ids where another file refers to them.
    fn read_dated(
        &self,
        file: File,
        shared: &Mutex<&mut Gathered>,
        base: &Base,
        opportunities: &Ids,
    ) -> Ids {
        let Some(kind) = dated_kind(file) else { return Ids::new() };
        let mut reading = self.reading(file, shared);
        let labels = self.catalogue.labels(kind);
        let mut table = TableBuilder { label_count: labels.len(), ..TableBuilder::default() };
        dated(&mut reading, base, labels, opportunities, &mut table);
        let ids =
            if file == File::Opportunities { std::mem::take(&mut table.ids) } else { Ids::new() };
        let table = table.finish(base.count);
        let mut gathered = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = gathered.facts.table_mut(kind) {
            *slot = table;
        }
        gathered.keep(reading);
        ids
    }

    fn reading<'x>(&'x self, file: File, shared: &Mutex<&mut Gathered>) -> Reading<'x, 'r, 't> {
        let source = self.files.iter().find(|(other, _)| *other == file).map(|(_, source)| *source);
        let rejected = match self.rejects {
            Some(_) => shared.lock().unwrap_or_else(PoisonError::into_inner).rejected.clone(),
            None => Rejected::default(),
        };
        Reading {
            file,
            source,
            mapping: source.and_then(|source| self.mapping.of(&source.name)),
            catalogue: self.catalogue,
            known_at: self.options.known_at,
            references: self.options.references,
            purpose: self.purpose,
            problems: Problems::new(),
            read: 0,
            rejected,
            rejects: self.rejects,
        }
    }
}

impl Gathered {
    fn keep(&mut self, reading: Reading<'_, '_, '_>) {
        self.rows = self.rows.saturating_add(reading.read);
        self.problems.push((reading.file, reading.problems));
        for (all, new) in self.rejected.iter_mut().zip(reading.rejected) {
            if all.is_empty() {
                *all = new;
            } else {
                all.extend(new);
            }
        }
    }
}

/// The kind of fact that a file of dated facts holds.
fn dated_kind(file: File) -> Option<FactKind> {
    match file {
        File::Opportunities => Some(FactKind::Opportunity),
        File::References => Some(FactKind::Reference),
        File::Ratings => Some(FactKind::Rating),
        File::BusinessPlans => Some(FactKind::BusinessPlan),
        File::Validations => Some(FactKind::Validation),
        File::Cases => Some(FactKind::Case),
        File::SurveyResponses => Some(FactKind::SurveyResponse),
        File::Events => Some(FactKind::Event),
        File::Partners
        | File::Reviews
        | File::Affiliations
        | File::Individuals
        | File::Credentials => None,
    }
}
