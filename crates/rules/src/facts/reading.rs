//! Reads the rows of one file and decides of each whether it is taken or left out.

use std::collections::HashSet;
use std::io::BufReader;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::csv::{Reader, Record, write_record};
use super::cycles::OnCycle;
use super::layout::{Layout, shown};
use super::load::{GoodRow, Purpose, References, Rejected, RejectsOut, Source};
use super::mapping::FileMapping;
use super::row::{Known, Row};
use super::versions::{Clash, Versions};
use super::{File, Ids};
use crate::problem::{Problem, Problems};
use crate::rulebook::Catalogue;

/// The partners, to whom all other files refer.
#[derive(Debug, Default)]
pub(crate) struct Base {
    /// Ids of partners, in whatever version.
    pub(crate) ids: Ids,
    /// The partner that each id is in the state of knowledge asked for.
    pub(crate) numbers: Vec<Option<u32>>,
    /// How many partners there are.
    pub(crate) count: usize,
}

impl Base {
    /// The partner that an id is, if it is known.
    #[inline]
    pub(crate) fn partner(&self, id: u32) -> Option<u32> {
        self.numbers.get(id as usize).copied().flatten()
    }
}

/// One file that is being read.
pub(crate) struct Reading<'a, 'r, 't> {
    pub(crate) file: File,
    pub(crate) source: Option<&'a Source<'a>>,
    pub(crate) mapping: Option<&'a FileMapping>,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) known_at: Option<Timestamp>,
    pub(crate) references: References<'a>,
    pub(crate) purpose: Purpose<'a, 't>,
    pub(crate) problems: Problems,
    /// How many rows were read.
    pub(crate) read: u64,
    pub(crate) rejected: Rejected,
    /// Where rows that are left out are written, on a second reading.
    pub(crate) rejects: Option<&'a Mutex<RejectsOut<'r>>>,
}

/// The state that the rows of one file share.
pub(crate) struct Shared<'a, 't> {
    purpose: Purpose<'a, 't>,
    pub(crate) ids: &'a mut Ids,
    pub(crate) versions: Versions,
    known_at: Option<Timestamp>,
    rejected: &'a mut HashSet<Box<[u8]>>,
    /// Whether bad rows are left out rather than only reported.
    leaves_out: bool,
    /// The row at hand is left out for this reason.
    left_out: Option<Problem>,
    /// Whoever takes the rows wants no more.
    is_ended: bool,
}

impl<'t> Reading<'_, '_, 't> {
    /// Reads all rows, giving each to `take`.
    pub(crate) fn rows(
        &mut self,
        ids: &mut Ids,
        take: impl FnMut(&mut Row<'_>, &mut Shared<'_, 't>, &Catalogue),
    ) {
        let is_whole = self.rows_of(ids, take);
        // References to what could not be read are no problems of their own. When rows are left
        // out, they are the reason.
        if !is_whole && self.rejects.is_none() {
            ids.set_partial();
        }
    }

    /// Reads all rows. Returns whether there are no more than those.
    fn rows_of(
        &mut self,
        ids: &mut Ids,
        mut take: impl FnMut(&mut Row<'_>, &mut Shared<'_, 't>, &Catalogue),
    ) -> bool {
        // Whoever refers to people must say who they are, but partners are missed already.
        let Some(source) = self.source else {
            return self.file != File::Partners || !matches!(self.references, References::Folder);
        };
        let input = match source.open.open() {
            Ok(input) => BufReader::with_capacity(1 << 18, input),
            Err(error) => return self.unreadable(&error.to_string()),
        };
        let delimiter = self.mapping.map_or(b',', |mapping| mapping.delimiter);
        let mut reader = Reader::new(input, delimiter);
        let mut record = Record::default();
        match reader.read(&mut record) {
            Err(error) => return self.unreadable(&error.to_string()),
            Ok(false) => {
                let problem = Problem::new("empty-file", "the file is empty: it has no header");
                self.problems.push(problem.in_file(&source.shown));
                return false;
            }
            Ok(true) => {}
        }
        let layout =
            Layout::read(self.file, &source.shown, &record, self.mapping, &mut self.problems);
        let Some(layout) = layout else {
            self.leave_out_all(&mut reader, &mut record);
            return false;
        };
        let last = self.file.columns().len();
        let mut rejected = std::mem::take(self.rejected_ids());
        let mut shared = Shared {
            purpose: self.purpose,
            ids,
            versions: Versions::new(layout.has(last - 2) || layout.has(last - 1)),
            known_at: self.known_at,
            rejected: &mut rejected,
            leaves_out: self.rejects.is_some(),
            left_out: None,
            is_ended: false,
        };
        let failure = loop {
            if shared.is_ended {
                break None;
            }
            match reader.read(&mut record) {
                Ok(true) => {}
                Ok(false) => break None,
                Err(error) => break Some(error.to_string()),
            }
            self.read += 1;
            let mut found = Problems::new();
            let problems = if shared.leaves_out { &mut found } else { &mut self.problems };
            let mut row = Row::new(&record, &layout, self.references, problems);
            take(&mut row, &mut shared, self.catalogue);
            if let Some(out) = self.rejects {
                let problem = shared.left_out.take().or_else(|| found.shown().first().cloned());
                if let Some(problem) = problem {
                    write_reject(out, &problem, &record);
                }
            }
        };
        let versions = std::mem::take(&mut shared.versions);
        *self.rejected_ids() = rejected;
        let is_whole = failure.is_none_or(|failure| self.unreadable(&failure));
        let clashes = versions.clashes();
        self.report_versions(&clashes, ids);
        is_whole
    }

    /// Reports two versions that are known at the same moment.
    fn report_versions(&mut self, clashes: &[Clash], ids: &Ids) {
        for clash in clashes {
            let id = shown(ids.get(clash.ids.1)).into_owned();
            let other = clash.lines.0;
            let message = format!(
                "two rows of `{id}` are known at the same moment; the other is line {other}"
            );
            let hint = "retract the version before when the next is recorded";
            self.report_clash(*clash, ids, 0, Problem::new("duplicate-id", message).hint(hint));
        }
    }

    /// Reports people of one partner who share an e-mail.
    pub(crate) fn report_shared_emails(&mut self, clashes: &[Clash], ids: &Ids, column: usize) {
        for clash in clashes {
            let message = format!(
                "`{}` shares an e-mail with `{}` (line {}), another person",
                shown(ids.get(clash.ids.1)),
                shown(ids.get(clash.ids.0)),
                clash.lines.0,
            );
            let hint = "the same human has the same `person` in both rows";
            let problem = Problem::new("shared-email", message).hint(hint);
            self.report_clash(*clash, ids, column, problem);
        }
    }

    /// Reports rows that may not stand beside each other, and has both left out.
    fn report_clash(&mut self, clash: Clash, ids: &Ids, column: usize, problem: Problem) {
        for id in [clash.ids.0, clash.ids.1] {
            self.rejected_ids().insert(ids.get(id).into());
        }
        self.report_at(clash.lines.1, column, problem);
    }

    /// Reports affiliations that lie on a cycle, and has each of them left out.
    pub(crate) fn report_cycles(&mut self, on_cycles: &[OnCycle], ids: &Ids, column: usize) {
        for OnCycle { id, line, subsidiary, primary } in on_cycles {
            self.rejected_ids().insert(ids.get(*id).into());
            let message = format!(
                "`{subsidiary}` is a subsidiary of `{primary}` while `{primary}` is one of \
                 `{subsidiary}`, directly or through others"
            );
            let hint = "end one of the affiliations before the other begins, or correct it";
            let problem = Problem::new("affiliation-cycle", message).hint(hint);
            self.report_at(*line, column, problem);
        }
    }

    /// Reports a problem that came to light after the row had been read.
    fn report_at(&mut self, line: u64, column: usize, problem: Problem) {
        let place = self.source.map_or("", |source| source.shown.as_str());
        let ours = self.file.columns().get(column).map_or("", |column| column.name);
        let theirs = self.mapping.and_then(|mapping| mapping.columns.get(&column));
        let header = theirs.map_or(ours.into(), |theirs| shown(theirs.as_bytes()));
        self.problems.push(problem.in_file(place).at(line, header));
    }

    pub(crate) fn rejected_ids(&mut self) -> &mut HashSet<Box<[u8]>> {
        let [
            partners,
            reviews,
            affiliations,
            individuals,
            credentials,
            opportunities,
            references,
            ratings,
            plans,
            validations,
            cases,
            responses,
            events,
        ] = &mut self.rejected;
        match self.file {
            File::Partners => partners,
            File::Reviews => reviews,
            File::Affiliations => affiliations,
            File::Individuals => individuals,
            File::Credentials => credentials,
            File::Opportunities => opportunities,
            File::References => references,
            File::Ratings => ratings,
            File::BusinessPlans => plans,
            File::Validations => validations,
            File::Cases => cases,
            File::SurveyResponses => responses,
            File::Events => events,
        }
    }

    /// Notes that the file cannot be read, or no further. Returns whether it is whole.
    fn unreadable(&mut self, why: &str) -> bool {
        let place = self.source.map_or("", |source| source.shown.as_str());
        let problem = Problem::new("unreadable-file", format!("the file cannot be read: {why}"));
        self.problems.push(problem.in_file(place));
        false
    }

    /// Counts and writes the rows of a file whose header makes them unreadable.
    fn leave_out_all(&mut self, reader: &mut Reader<impl std::io::BufRead>, record: &mut Record) {
        let Some(out) = self.rejects else { return };
        let place = self.source.map_or("", |source| source.shown.as_str());
        let problem = Problem::new("unreadable-header", "the file's header has problems");
        let problem = problem.in_file(place);
        while let Ok(true) = reader.read(record) {
            write_reject(out, &problem, record);
        }
    }
}

fn write_reject(out: &Mutex<RejectsOut<'_>>, problem: &Problem, record: &Record) {
    let mut text = Vec::new();
    let count = usize::try_from(record.len()).unwrap_or(usize::MAX).min(super::csv::FIELDS_LIMIT);
    // Writing to memory does not fail.
    if write_record(&mut text, (0..count).map(|at| record.field(at))).is_ok() {
        let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
        out.write(problem, record.line(), &text);
    }
}

impl Shared<'_, '_> {
    /// Ends a row whose cells have all been read: its number, if it is taken and known.
    #[inline]
    pub(crate) fn finish(
        &mut self,
        row: &mut Row<'_>,
        id: Option<&[u8]>,
        known: Known,
    ) -> Option<u32> {
        let id = id?;
        if self.leaves_out {
            if row.is_bad || self.rejected.contains(id) {
                self.leave_out(row, id);
                return None;
            }
        } else if row.is_bad {
            self.rejected.insert(id.into());
        }
        let Some((number, is_new)) = self.ids.insert(id) else {
            row.problem(0, "too-many-ids", "there are more than four billion ids".into(), None);
            return None;
        };
        if !self.versions.note(number, is_new, known, row.record.line()) {
            let message = format!("`{}` stands in an earlier row too", shown(id));
            let hint = "an id stands once, or its versions have recorded_at and retracted_at";
            row.problem(0, "duplicate-id", message, Some(hint.to_owned()));
            self.rejected.insert(id.into());
        }
        if row.is_bad {
            return None;
        }
        match self.purpose {
            Purpose::Evaluation => known.at(self.known_at).then_some(number),
            Purpose::Check => None,
            Purpose::Rows(taking) => {
                let count = row.layout.file.columns().len() - 2;
                let cells: Vec<_> = (0..count).map(|column| row.canonical(column)).collect();
                let moment = |moment: Timestamp| {
                    Some(moment).filter(|moment| ![Timestamp::MIN, Timestamp::MAX].contains(moment))
                };
                let good = GoodRow {
                    file: row.layout.file,
                    line: row.record.line(),
                    cells: &cells,
                    recorded_at: moment(known.from),
                    retracted_at: moment(known.until),
                };
                let mut taking = taking.lock().unwrap_or_else(PoisonError::into_inner);
                self.is_ended |= !taking.row(&good);
                None
            }
        }
    }

    fn leave_out(&mut self, row: &mut Row<'_>, id: &[u8]) {
        self.rejected.insert(id.into());
        if row.problems.is_empty() {
            let message = format!("another row of `{}` has a problem", shown(id));
            let problem = Problem::new("left-out", message).in_file(&row.layout.name);
            self.left_out = Some(problem);
        }
    }
}
