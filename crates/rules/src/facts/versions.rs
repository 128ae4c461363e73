//! Ids that stand in several rows, and e-mails that stand with several people.
//!
//! Two versions of a fact may not be known at the same moment. Whether they are is decided when
//! the whole file has been read, so that the order of its rows makes no difference.

use std::hash::BuildHasher;

use super::row::Known;

/// Rows of one file by id, with the time for which each was known.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    /// Whether the file says when its rows were known; if not, every repetition is a clash.
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

    /// Notes a row. Files without times need none but those of ids seen before.
    #[inline]
    pub(crate) fn note(&mut self, id: u32, is_new: bool, known: Known, line: u64) {
        if self.has_times || !is_new {
            self.rows.push(VersionRow { id, known, line });
        }
    }

    /// Versions that were known at the same moment.
    pub(crate) fn clashes(mut self) -> Vec<Clash> {
        if !self.has_times {
            // The first row of a repeated id is not among those noted.
            let clash = |row: &VersionRow| Clash { ids: (row.id, row.id), lines: (0, row.line) };
            return self.rows.iter().map(clash).collect();
        }
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

    /// Rows of two people of one partner that share an e-mail and were known at the same moment.
    pub(crate) fn clashes(mut self) -> Vec<Clash> {
        self.rows.sort_unstable_by_key(|row| (row.key, row.line));
        let mut clashes = Vec::new();
        for group in self.rows.chunk_by(|a, b| a.key == b.key) {
            let Some((first, rest)) = group.split_first() else { continue };
            // Nearly every group is one person; only a clash is worth comparing all with all,
            // and then the first partner of each row is enough to name it.
            if rest.iter().all(|row| row.person == first.person) {
                continue;
            }
            for (at, row) in group.iter().enumerate() {
                let other = group.iter().take(at).find(|other| {
                    other.person != row.person
                        && other.known.from < row.known.until
                        && row.known.from < other.known.until
                });
                if let Some(other) = other {
                    clashes.push(Clash { ids: (other.id, row.id), lines: (other.line, row.line) });
                }
            }
        }
        clashes
    }
}
