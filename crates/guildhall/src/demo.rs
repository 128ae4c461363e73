//! The demonstration network in the binary: its folder of facts, moved so that it ends today, and
//! its story. Opens no file and asks no clock; [`crate::commands`] serves it.

mod steps;
mod story;
#[cfg(test)]
mod tests;

use guildhall_rules::day::Day;
use guildhall_rules::facts::{Mapping, Source};
use guildhall_rules::rulebook::Catalogue;
use guildhall_server::{App, Demo, SignIn};
use guildhall_store::{Error as StoreError, ImportOptions, Network};

use crate::editions::Editions;
use crate::failure::Failure;
use crate::folder::{NetworkText, threads};

pub use story::Story;

/// How the folder is called in problems and in the journal.
const FOLDER: &str = "demonstration";
/// Who is noted in the journal as having imported.
const ACTOR: &str = "operator";

macro_rules! of_folder {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/../../examples/demo-network/", $name
            )),
        )),*]
    };
}

/// Names and texts of the files of facts.
const FILES: [(&str, &str); 13] = of_folder![
    "affiliations.csv",
    "business_plans.csv",
    "cases.csv",
    "credentials.csv",
    "events.csv",
    "individuals.csv",
    "opportunities.csv",
    "partners.csv",
    "ratings.csv",
    "references.csv",
    "reviews.csv",
    "survey_responses.csv",
    "validations.csv",
];
const OTHERS: [(&str, &str); 2] = of_folder!["network.toml", "story.toml"];

/// The network and its story.
pub struct DemoNetwork {
    pub story: Story,
    pub network: Network,
    /// Names and texts of its files, moved.
    files: Vec<(&'static str, String)>,
}

impl DemoNetwork {
    /// The demonstration as of a day.
    ///
    /// # Errors
    ///
    /// When what is in the binary cannot be read, which a test holds impossible.
    pub fn ending(today: Day) -> Result<Self, Failure> {
        let [(_, network), (_, story)] = OTHERS;
        let unread = |error: toml::de::Error| Failure::Broken(error.to_string());
        let story: Story = toml::from_str(story).map_err(unread)?;
        let network: NetworkText = toml::from_str(network).map_err(unread)?;
        let written = Day::parse(story.today.as_bytes())
            .ok_or_else(|| Failure::Broken("the demonstration ends on no day".to_owned()))?;
        let days = written.days_until(today);
        let files = FILES.map(|(name, text)| (name, moved(text, days)));
        let network = Network { id: network.id, currency: network.currency };
        Ok(Self { story, network, files: files.into() })
    }

    /// Its files, as an import takes them.
    pub fn sources(&self) -> Vec<Source<'_>> {
        let files = self.files.iter();
        let sources = files.map(|(name, text)| Source {
            name: (*name).to_owned(),
            shown: format!("{FOLDER}/{name}"),
            size: text.len() as u64,
            open: Box::new(text.as_bytes()),
        });
        sources.collect()
    }

    /// Puts the facts into a database without any.
    ///
    /// # Errors
    ///
    /// When there are problems, which a test holds impossible, or the database cannot be written.
    pub fn import(&self, app: &App, editions: &Editions) -> Result<(), Failure> {
        let catalogue = Catalogue::new(editions.of_network(&self.network.id));
        let imported = app.store.import(&ImportOptions {
            folder: FOLDER,
            sources: &self.sources(),
            mapping: &Mapping::default(),
            catalogue: &catalogue,
            threads: threads(),
            complete: &[],
            actor: ACTOR,
            now: app.clock.now(),
            network: &self.network,
            editions: &editions.texts(&self.network.id),
            is_dry_run: false,
            rejects: None,
            tell: &|_| {},
        });
        let imported = imported.map_err(|error: StoreError| Failure::from(error))?;
        if imported.problems.is_empty() { Ok(()) } else { Err(imported.problems.into()) }
    }

    /// What visitors are let know.
    ///
    /// # Errors
    ///
    /// When the shared secret is none, which a test holds impossible.
    pub fn demo(&self) -> Result<Demo, Failure> {
        let sign_in = |user: &story::User| SignIn {
            email: user.email.clone(),
            name: user.name.clone(),
            roles: user.roles.clone(),
            organization: self.story.organization_of(user, &self.network.id),
            password: self.story.password.clone(),
            needs_code: false,
        };
        Ok(Demo {
            sign_ins: self.story.users.iter().map(sign_in).collect(),
            password: self.story.password.clone(),
            shared_secret: self.story.shared_secret()?,
        })
    }
}

/// Fills a fresh database with the demonstration: facts, users, and what they have done.
///
/// # Errors
///
/// When the database cannot be written, or a step is refused, which a test holds impossible.
pub fn fill(app: &mut App, demo: &DemoNetwork) -> Result<(), Failure> {
    let editions = Editions::load(None)?;
    demo.import(app, &editions)?;
    editions.put_examples(&app.store, &demo.network.id)?;
    app.demo = Some(demo.demo()?);
    steps::act(app, &demo.story).map_err(Failure::from_server)
}

/// The days and moments of a CSV text, so many days later. A field that is exactly a day or a
/// moment is one; no id and no comment is.
fn moved(text: &str, days: i32) -> String {
    let mut moved = String::with_capacity(text.len());
    for piece in text.split_inclusive([',', '\n']) {
        let field = piece.trim_end_matches([',', '\n']);
        let (day, rest) = field.split_at_checked(10).unwrap_or((field, ""));
        let is_moment = rest.len() == 10 && rest.starts_with('T') && rest.ends_with('Z');
        match Day::parse(day.as_bytes()) {
            Some(day) if rest.is_empty() || is_moment => {
                moved += &day.plus_days(days).to_string();
                moved += piece.get(10..).unwrap_or_default();
            }
            _ => moved += piece,
        }
    }
    moved
}
