//! Invented networks of any size, as folders of facts.
//!
//! [`generate`] writes a folder that loads without a problem, for demonstrations, tests and
//! benchmarks. The same [`Vocabulary`] and [`Size`] give the same bytes on every platform:
//! all chance comes from one seeded generator per partner, in whole numbers. Partners are
//! made one after the other and written at once, so memory does not grow with the network.
//!
//! The invented partners are skewed as real ones are. Most are small; a few have ten times the
//! average, and their steady work reaches the highest tiers. About one in twenty is not on the
//! first path. Some facts never count (lost opportunities, private references, people without
//! consent) so that every reason for not counting occurs.
//!
//! The module knows the format of the files and nothing of any rulebook: the ids come from the
//! caller. All names and addresses are invented; domains end in `.example`.

mod chance;
mod network;
mod table;
mod words;

use std::path::Path;
use std::{fs, io};

use jiff::civil::Date;

use network::Network;

/// The ids of an edition that an invented network draws from. Empty lists are allowed, except
/// [`paths`](Self::paths): the facts that would need an id are then left out.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// The network's id, for `network.toml`.
    pub network: String,
    /// ISO 4217 code of the network's money.
    pub currency: String,
    /// Path ids, each with its tier ids, lowest first. Most partners are on the first.
    pub paths: Vec<(String, Vec<String>)>,
    /// The credentials that people hold.
    pub credentials: Vec<CredentialChoice>,
    /// What partners are validated for or enrolled in.
    pub programs: Vec<String>,
    /// Resolution codes of support cases.
    pub resolution_codes: Vec<String>,
    /// Kinds of event; without any, `events.csv` is not written.
    pub event_kinds: Vec<String>,
    /// Self-descriptions of partners.
    pub partner_kinds: Vec<String>,
}

/// A credential and how common it is.
#[derive(Clone, Debug)]
pub struct CredentialChoice {
    /// The credential's id.
    pub id: String,
    /// Its share of all credentials, relative to the other weights.
    pub weight: u32,
}

/// How large the network is, and which one of that size.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Number of partners.
    pub partners: u32,
    /// Facts per partner, on average, the partner's own row not counted. A partner has at least
    /// its reviews, whatever the number.
    pub facts_per_partner: u32,
    /// Another seed gives another network.
    pub seed: u64,
    /// The last day on which anything happens. All happens in the four years up to it; only ends
    /// of validity lie beyond.
    pub until: Date,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Every file of facts with its number of rows, in the order of the format's description.
    pub rows: Vec<(&'static str, u64)>,
}

impl Summary {
    /// The number of rows of all files.
    pub fn total(&self) -> u64 {
        self.rows.iter().map(|(_, rows)| rows).sum()
    }
}

/// Writes an invented network to a folder, which is created; files of the same names are
/// replaced. `progress` is told from time to time how many partners are done.
///
/// # Errors
/// When a file cannot be written, and `InvalidInput` when the vocabulary has no path.
pub fn generate(
    dir: &Path,
    vocabulary: &Vocabulary,
    size: &Size,
    progress: &mut dyn FnMut(u64),
) -> io::Result<Summary> {
    if vocabulary.paths.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the vocabulary has no path"));
    }
    fs::create_dir_all(dir)?;
    fs::write(
        dir.join("network.toml"),
        format!("id = \"{}\"\ncurrency = \"{}\"\n", vocabulary.network, vocabulary.currency),
    )?;
    let mut network = Network::create(dir, vocabulary, size)?;
    for number in 1..=u64::from(size.partners) {
        network.write_partner(number)?;
        if number % 1_000 == 0 {
            progress(number);
        }
    }
    progress(u64::from(size.partners));
    network.finish()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use jiff::civil::date;

    use super::*;

    fn vocabulary() -> Vocabulary {
        let words = |words: &[&str]| words.iter().copied().map(String::from).collect::<Vec<_>>();
        Vocabulary {
            network: "tiles".to_string(),
            currency: "EUR".to_string(),
            paths: vec![
                ("roofing".to_string(), words(&["base", "upper", "peak"])),
                ("retail".to_string(), words(&["listed"])),
            ],
            credentials: vec![
                CredentialChoice { id: "tile-setter".to_string(), weight: 3 },
                CredentialChoice { id: "heat-master".to_string(), weight: 1 },
            ],
            programs: words(&["solar", "roofs"]),
            resolution_codes: words(&["advice", "fault"]),
            event_kinds: words(&["visit"]),
            partner_kinds: words(&["installer", "planner"]),
        }
    }

    fn small(seed: u64) -> Size {
        Size { partners: 60, facts_per_partner: 100, seed, until: date(2026, 6, 30) }
    }

    /// A folder that is removed in the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let own = format!("guildhall-generate-{}-{name}", std::process::id());
            Self(std::env::temp_dir().join(own))
        }

        fn files(&self) -> Vec<(String, Vec<u8>)> {
            let mut files: Vec<_> = fs::read_dir(&self.0)
                .unwrap()
                .map(|entry| entry.unwrap())
                .map(|entry| {
                    (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
                })
                .collect();
            files.sort();
            files
        }

        /// The rows of a file of which no field is quoted.
        fn rows(&self, name: &str) -> Vec<Vec<String>> {
            let text = fs::read_to_string(self.0.join(name)).unwrap();
            text.lines().skip(1).map(|line| line.split(',').map(String::from).collect()).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
        let (one, same, other) = (Folder::new("one"), Folder::new("same"), Folder::new("other"));
        let mut silent = |_| {};
        let summary = generate(&one.0, &vocabulary(), &small(1), &mut silent).unwrap();
        assert_eq!(summary, generate(&same.0, &vocabulary(), &small(1), &mut silent).unwrap());
        generate(&other.0, &vocabulary(), &small(2), &mut silent).unwrap();
        assert_eq!(one.files(), same.files());
        assert_ne!(one.files(), other.files());
    }

    #[test]
    fn the_summary_counts_the_rows_of_every_file() {
        let folder = Folder::new("summary");
        let mut done = Vec::new();
        let summary =
            generate(&folder.0, &vocabulary(), &small(3), &mut |partners| done.push(partners))
                .unwrap();
        assert_eq!(done, [60]);
        assert_eq!(summary.rows.len(), 12);
        for (name, rows) in &summary.rows {
            let text = fs::read_to_string(folder.0.join(name)).unwrap();
            assert_eq!(text.lines().count() as u64, rows + 1, "{name}");
            let fields = text.lines().next().unwrap().split(',').count();
            let is_even = |line: &str| line.contains('"') || line.split(',').count() == fields;
            assert!(text.lines().all(is_even), "{name}");
        }
        let facts = summary.total() - 60;
        assert!((3_000..12_000).contains(&facts), "{facts}");
    }

    #[test]
    fn nothing_happens_after_the_last_day_and_nobody_leaves_before_joining() {
        let folder = Folder::new("days");
        generate(&folder.0, &vocabulary(), &small(4), &mut |_| {}).unwrap();
        let happened = "2022-07-01".to_string()..="2026-06-30".to_string();
        for row in folder.rows("individuals.csv") {
            assert!(happened.contains(&row[5]), "{row:?}");
            assert!(row[6].is_empty() || row[6] >= row[5] && happened.contains(&row[6]), "{row:?}");
        }
        for (name, column) in [
            ("reviews.csv", 3),
            ("credentials.csv", 3),
            ("references.csv", 5),
            ("ratings.csv", 4),
            ("business_plans.csv", 2),
            ("validations.csv", 3),
            ("cases.csv", 3),
            ("survey_responses.csv", 3),
            ("events.csv", 4),
        ] {
            for row in folder.rows(name) {
                assert!(happened.contains(&row[column]), "{name}: {row:?}");
            }
        }
    }

    #[test]
    fn what_refers_to_a_fact_refers_to_one_that_exists() {
        let folder = Folder::new("references");
        generate(&folder.0, &vocabulary(), &small(5), &mut |_| {}).unwrap();
        let ids = |name| -> Vec<String> {
            folder.rows(name).into_iter().map(|row| row[0].clone()).collect()
        };
        let (partners, people) = (ids("partners.csv"), ids("individuals.csv"));
        let opportunities = folder.rows("opportunities.csv");
        assert!(folder.rows("individuals.csv").iter().all(|row| partners.contains(&row[1])));
        assert!(folder.rows("credentials.csv").iter().all(|row| people.contains(&row[1])));
        for row in folder.rows("references.csv").iter().filter(|row| !row[3].is_empty()) {
            let of = opportunities.iter().find(|opportunity| opportunity[0] == row[3]).unwrap();
            assert_eq!((&of[1], &of[2], of[4].as_str()), (&row[1], &row[2], "Launched"));
        }
    }

    #[test]
    fn lists_of_ids_may_be_empty_but_not_the_paths() {
        let folder = Folder::new("empty");
        let mut vocabulary = vocabulary();
        vocabulary.credentials.clear();
        vocabulary.programs.clear();
        vocabulary.event_kinds.clear();
        vocabulary.resolution_codes.clear();
        vocabulary.partner_kinds.clear();
        let summary = generate(&folder.0, &vocabulary, &small(6), &mut |_| {}).unwrap();
        assert!(summary.rows.contains(&("credentials.csv", 0)));
        assert!(!folder.0.join("events.csv").exists());
        vocabulary.paths.clear();
        let error = generate(&folder.0, &vocabulary, &small(6), &mut |_| {}).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
