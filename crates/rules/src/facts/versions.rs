//! Ids that stand in several rows, and e-mails that stand with several people.
//!
//! Two versions of a fact may not be known at the same moment. Whether they are is decided when
//! the whole file has been read, so that the order of its rows makes no difference.

use std::hash::BuildHasher;

use super::row::Known;

/// Rows of one file by id, with the time for which each was known.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    /// Whether the file says when its rows were known; if not, every repetition is a clash, and
    /// no row need be kept.
    has_times: bool,
    rows: Vec<VersionRow>,
}

#[derive(Clone, Copy, Debug)]
struct VersionRow {
    id: u32,
    known: Known,
    line: u64,
}

/// Two rows that may not stand beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clash {
    /// The ids of both rows.
    pub(crate) ids: (u32, u32),
    /// Their lines, the earlier first.
    pub(crate) lines: (u64, u64),
}

impl Versions {
    /// None yet, in a file that does or does not say when its rows were known.
    pub(crate) fn new(has_times: bool) -> Self {
        Self { has_times, rows: Vec::new() }
    }

    /// Notes a row. False where that of itself makes two rows known at the same moment.
    #[inline]
    pub(crate) fn note(&mut self, id: u32, is_new: bool, known: Known, line: u64) -> bool {
        if self.has_times {
            self.rows.push(VersionRow { id, known, line });
        }
        self.has_times || is_new
    }

    /// Versions that were known at the same moment.
    pub(crate) fn clashes(mut self) -> Vec<Clash> {
        self.rows.sort_unstable_by_key(|row| (row.id, row.known.from, row.line));
        let mut clashes = Vec::new();
        let mut open: Option<VersionRow> = None;
        for row in self.rows {
            match open {
                Some(before) if before.id == row.id => {
                    if row.known.from < before.known.until && row.known.from < row.known.until {
                        clashes.push(Clash {
                            ids: (row.id, row.id),
                            lines: (before.line.min(row.line), before.line.max(row.line)),
                        });
                    }
                    if row.known.until > before.known.until {
                        open = Some(row);
                    }
                }
                _ => open = Some(row),
            }
        }
        clashes
    }
}

/// The e-mails of the people of each partner.
#[derive(Debug, Default)]
pub(crate) struct Emails {
    rows: Vec<EmailRow>,
}

#[derive(Clone, Copy, Debug)]
struct EmailRow {
    /// Two independent hashes of partner and e-mail: 128 bits.
    key: (u64, u64),
    person: u32,
    id: u32,
    known: Known,
    line: u64,
}

impl Emails {
    /// Notes an e-mail of a person; capital letters make no difference.
    pub(crate) fn note(
        &mut self,
        partner: &[u8],
        email: &[u8],
        row: (u32, u32),
        known: Known,
        line: u64,
    ) {
        let lower = email.to_ascii_lowercase();
        let hash = |seed| {
            foldhash::quality::FixedState::with_seed(seed).hash_one((partner, lower.as_slice()))
        };
        let (person, id) = row;
        self.rows.push(EmailRow { key: (hash(1), hash(2)), person, id, known, line });
    }

    /// Rows of two people of one partner that share an e-mail and were known at the same moment:
    /// each row that was recorded while that of another person was known.
    pub(crate) fn clashes(mut self) -> Vec<Clash> {
        self.rows.sort_unstable_by_key(|row| (row.key, row.known.from, row.line));
        let mut clashes = Vec::new();
        for group in self.rows.chunk_by(|a, b| a.key == b.key) {
            let Some((first, rest)) = group.split_first() else { continue };
            // Nearly every group is one person.
            if rest.iter().all(|row| row.person == first.person) {
                continue;
            }
            // The row that is known for longest, and that of another person which is.
            let mut longest: [Option<&EmailRow>; 2] = [None, None];
            for row in group.iter().filter(|row| row.known.from < row.known.until) {
                let other = longest.into_iter().flatten().find(|other| other.person != row.person);
                if let Some(other) = other.filter(|other| row.known.from < other.known.until) {
                    let (early, late) =
                        if other.line < row.line { (other, row) } else { (row, other) };
                    clashes
                        .push(Clash { ids: (early.id, late.id), lines: (early.line, late.line) });
                }
                longest = match longest {
                    [Some(one), two] if row.known.until <= one.known.until => {
                        let is_two = one.person != row.person
                            && two.is_none_or(|two| row.known.until > two.known.until);
                        [Some(one), if is_two { Some(row) } else { two }]
                    }
                    [Some(one), two] if one.person == row.person => [Some(row), two],
                    [one, _] => [Some(row), one],
                };
            }
        }
        clashes
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::cast_possible_truncation, reason = "a test may fail, and its rows are few")]
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn known((from, length): (u8, u8)) -> Known {
        let moment = |second: u8| Timestamp::constant(second.into(), 0);
        Known { from: moment(from), until: moment(from.saturating_add(length)) }
    }

    proptest! {
        #[test]
        fn a_row_clashes_when_another_person_had_its_email_as_it_was_recorded(
            rows in prop::collection::vec((0_u32..3, (0_u8..20, 0_u8..6)), 0..12),
        ) {
            let mut emails = Emails::default();
            for (line, (person, times)) in rows.iter().enumerate() {
                let line = line as u32;
                emails.note(b"p", b"a@b.example", (*person, line), known(*times), line.into());
            }
            let clashes = emails.clashes();
            let overlap = |a: usize, b: usize| {
                let (of_a, of_b) = (known(rows[a].1), known(rows[b].1));
                let is_known = of_a.from < of_a.until && of_b.from < of_b.until;
                let overlaps = of_a.from < of_b.until && of_b.from < of_a.until;
                rows[a].0 != rows[b].0 && is_known && overlaps
            };
            for clash in &clashes {
                prop_assert!(clash.lines.0 < clash.lines.1);
                prop_assert!(overlap(clash.ids.0 as usize, clash.ids.1 as usize));
            }
            // Without the rows that clash, none is left that does.
            let is_out = |at: usize| {
                clashes.iter().any(|clash| [clash.ids.0, clash.ids.1].contains(&(at as u32)))
            };
            for a in 0..rows.len() {
                for b in 0..a {
                    prop_assert!(!overlap(a, b) || is_out(a) || is_out(b), "{a} and {b}");
                }
            }
        }
    }
}
