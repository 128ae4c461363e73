//! Editions of the rulebook in a running network: brought in as drafts, checked, published.
//!
//! What is published is frozen: text and digest. A draft that has problems is not kept; they are
//! told all at once.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::examples;
use guildhall_rules::problem::{Problem, Problems};
use guildhall_rules::rulebook::{self, Catalogue, Diff, Edition, check_sequence};
use guildhall_store::{StoredEdition, Tx, sha256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decisions::plain;
use crate::{App, Caller, Error};

/// The file name that problems of a text name.
const FILE: &str = "rulebook.toml";

/// An edition.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EditionShown {
    /// Its id.
    pub id: String,
    /// The network that it is of.
    pub network: String,
    /// Its title.
    pub title: String,
    /// `draft` or `published`.
    pub state: String,
    /// The SHA-256 of its text; publishing confirms it.
    pub sha256: String,
    /// The first day on which it applies.
    pub in_force_from: String,
    /// When the vendor publishes it, by its own text.
    pub published_at: String,
    /// The version of the evaluation that it was written for.
    pub evaluation: u32,
    /// When it was brought in.
    pub uploaded_at: String,
    /// Who brought it in.
    pub uploaded_by: String,
    /// Who published it.
    pub published_by: Option<String>,
    /// The names of its worked examples.
    pub examples: Vec<String>,
    /// How many expectations of them were run when it was checked last.
    pub expectations: Option<usize>,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A worked example.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Its name, as `upgrade.md`.
    pub name: String,
    /// Markdown with blocks that run.
    pub text: String,
}

/// An edition that is brought in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// The text of the rulebook, TOML.
    pub text: String,
    /// Worked examples, which are run.
    #[serde(default)]
    pub examples: Vec<Example>,
}

fn resource(id: &str) -> Resource {
    Resource::new(ResourceKind::Edition, id)
}

/// Published editions that can be read, those of other ids than this one.
fn others(tx: &mut Tx<'_>, id: &str) -> Result<Vec<(String, Edition)>, Error> {
    let mut others = Vec::new();
    for stored in tx.editions()?.into_iter().filter(|held| held.is_published && held.id != id) {
        let edition = rulebook::load(&stored.id, &stored.text);
        let edition = edition.map_err(|_| Error::internal("a published edition cannot be read"))?;
        others.push((stored.id, edition));
    }
    Ok(others)
}

/// Reads a text and checks all that can be said of it before it is published. Returns the edition
/// and how many expectations were run.
fn check(app: &App, tx: &mut Tx<'_>, upload: &Upload) -> Result<(Edition, usize), Error> {
    if upload.text.contains('\0') {
        return Err(Error::field("text", "nul", "it holds a NUL character"));
    }
    let edition = rulebook::load(FILE, &upload.text)?;
    let network = tx.network()?.map(|network| network.id).unwrap_or_default();
    let others = others(tx, &edition.id)?;
    let mut problems = Problems::new();
    let problem = |code, message: String| Problem::new(code, message).in_file(FILE);
    if edition.network != network {
        let message = format!("it is of the network `{}`, not of `{network}`", edition.network);
        problems.push(problem("other-network", message));
    }
    if tx.edition(&edition.id)?.is_some_and(|held| held.is_published) {
        let message = format!("an edition `{}` is published already", edition.id);
        let hint = "a correction is a new edition with an id of its own and the same day";
        problems.push(problem("id-used-twice", message).hint(hint));
    }
    problems.append(days(app, &edition, &others));
    let mut sequence: Vec<(&str, &Edition)> =
        others.iter().map(|(id, edition)| (id.as_str(), edition)).collect();
    sequence.push((FILE, &edition));
    problems.append(check_sequence(&sequence));
    let editions = others.iter().map(|(_, edition)| edition).chain([&edition]);
    let catalogue = Catalogue::new(editions);
    let mut expectations = 0;
    for Example { name, text } in &upload.examples {
        if name.is_empty() || name.len() > 100 || name.contains('\0') || text.contains('\0') {
            let message = "the name of an example is empty or too long, or it holds a NUL";
            return Err(Error::field("examples", "bad-value", message));
        }
        let outcome = examples::run(name, text, &edition, &catalogue);
        expectations += outcome.count;
        problems.append(outcome.problems);
    }
    if problems.is_empty() { Ok((edition, expectations)) } else { Err(problems.into()) }
}

/// Whether its days fit the day on which it is published: what was known in the past is not
/// changed, and a day that is past is only corrected.
fn days(app: &App, edition: &Edition, others: &[(String, Edition)]) -> Problems {
    let mut problems = Problems::new();
    let today = app.clock.today();
    let published_on = jiff::tz::Offset::UTC.to_datetime(edition.published_at).date();
    let published_on = guildhall_rules::day::Day::from_date(published_on);
    if published_on < today {
        let message = format!("`published_at` lies before today, {today}");
        let hint =
            "say when it is published: today or later; what was known before does not change";
        problems.push(Problem::new("published-in-the-past", message).in_file(FILE).hint(hint));
    }
    let is_correction =
        others.iter().any(|(_, other)| other.in_force_from == edition.in_force_from);
    if edition.in_force_from < today && !is_correction {
        let message = format!("`in_force_from` {} lies before today", edition.in_force_from);
        let hint = "only a correction does, and has the day of the edition that it corrects";
        problems.push(Problem::new("in-force-in-the-past", message).in_file(FILE).hint(hint));
    }
    problems
}

fn show(
    stored: StoredEdition,
    edition: &Edition,
    examples: Vec<String>,
    expectations: Option<usize>,
) -> EditionShown {
    EditionShown {
        title: edition.title.clone(),
        state: if stored.is_published { "published" } else { "draft" }.to_owned(),
        in_force_from: edition.in_force_from.to_string(),
        published_at: edition.published_at.to_string(),
        evaluation: edition.evaluation,
        uploaded_at: plain(&stored.uploaded_at),
        id: stored.id,
        network: stored.network,
        sha256: stored.sha256,
        uploaded_by: stored.uploaded_by,
        published_by: stored.published_by,
        examples,
        expectations,
        text: Some(stored.text),
    }
}

fn shown(tx: &mut Tx<'_>, id: &str, expectations: Option<usize>) -> Result<EditionShown, Error> {
    let stored = tx.edition(id)?.ok_or_else(|| Error::not_found("edition", id))?;
    let edition = rulebook::load(&stored.id, &stored.text)?;
    let examples = tx.edition_examples(id)?.into_iter().map(|(name, _)| name).collect();
    Ok(show(stored, &edition, examples, expectations))
}

/// Brings in a draft, or another text of one. Nothing is kept where it has problems.
///
/// # Errors
///
/// When the caller may not; with every problem of text and examples at its place.
pub fn upload(app: &App, caller: &Caller, upload: &Upload) -> Result<EditionShown, Error> {
    app.allow(caller, Action::UploadEdition, &resource("new"))?;
    app.change(caller, |tx| {
        let (edition, expectations) = check(app, tx, upload)?;
        let mut entry = app.entry(caller, Action::UploadEdition.word(), &edition.id);
        tx.put_edition(&mut entry, &edition.id, &edition.network, &upload.text)?;
        let examples: Vec<(String, String)> = upload
            .examples
            .iter()
            .map(|example| (example.name.clone(), example.text.clone()))
            .collect();
        tx.put_edition_examples(&edition.id, &examples)?;
        tx.commit(entry)?;
        shown(tx, &edition.id, Some(expectations))
    })
}

/// An edition that the caller may see, draft or published, as it is stored.
///
/// # Errors
///
/// When there is none.
pub(super) fn seen(
    app: &App,
    caller: &Caller,
    tx: &mut Tx<'_>,
    id: &str,
) -> Result<StoredEdition, Error> {
    draft(app, caller, tx, id)
}

/// A draft that the caller may see.
fn draft(app: &App, caller: &Caller, tx: &mut Tx<'_>, id: &str) -> Result<StoredEdition, Error> {
    sign_in_first(caller)?;
    if id.contains('\0') {
        return Err(Error::not_found("edition", id));
    }
    let stored = tx.edition(id)?.ok_or_else(|| Error::not_found("edition", id))?;
    see(app, caller, &stored)?;
    Ok(stored)
}

/// Whether the caller may see an edition; a draft is hidden from whoever may not see drafts.
fn see(app: &App, caller: &Caller, stored: &StoredEdition) -> Result<(), Error> {
    let action = if stored.is_published { Action::ViewEdition } else { Action::ViewDraft };
    app.allow(caller, action, &resource(&stored.id)).map_err(|error| match error {
        Error::Denied { .. } if !stored.is_published => Error::not_found("edition", &stored.id),
        error => error,
    })
}

fn held(tx: &mut Tx<'_>, stored: &StoredEdition) -> Result<Upload, Error> {
    let examples = tx.edition_examples(&stored.id)?.into_iter();
    let examples = examples.map(|(name, text)| Example { name, text }).collect();
    Ok(Upload { text: stored.text.clone(), examples })
}

/// Checks a draft again, as today is another day and other editions may have come.
///
/// # Errors
///
/// When there is no such draft to be seen; with every problem.
pub fn check_again(app: &App, caller: &Caller, id: &str) -> Result<EditionShown, Error> {
    app.store.read(|tx| {
        let stored = draft(app, caller, tx, id)?;
        if stored.is_published {
            return Err(Error::conflict("already-published", "the edition is published"));
        }
        let upload = held(tx, &stored)?;
        let (edition, expectations) = check(app, tx, &upload)?;
        let examples = upload.examples.into_iter().map(|example| example.name).collect();
        Ok(show(stored, &edition, examples, Some(expectations)))
    })
}

/// Publishes a draft, by the digest of the text that was looked at. It is checked once more.
///
/// # Errors
///
/// When the caller may not; when the draft is another text by now (`other-text`) or published
/// already; with every problem.
pub fn publish(
    app: &App,
    caller: &Caller,
    id: &str,
    confirmed_sha256: &str,
) -> Result<EditionShown, Error> {
    app.change(caller, |tx| {
        let stored = draft(app, caller, tx, id)?;
        app.allow(caller, Action::PublishEdition, &resource(id))?;
        if stored.is_published {
            return Err(Error::conflict("already-published", "the edition is published"));
        }
        if stored.sha256 != confirmed_sha256 || sha256(stored.text.as_bytes()) != stored.sha256 {
            let message =
                format!("the draft is another text by now, with SHA-256 {}", stored.sha256);
            return Err(Error::conflict("other-text", message));
        }
        let upload = held(tx, &stored)?;
        let (_, expectations) = check(app, tx, &upload)?;
        let mut entry = app.entry(caller, Action::PublishEdition.word(), id);
        tx.publish_edition(&mut entry, id, confirmed_sha256)?;
        tx.commit(entry)?;
        shown(tx, id, Some(expectations))
    })
}

/// The editions that the caller may see, in the order in which they came, without texts.
///
/// # Errors
///
/// When nobody is signed in, or the database cannot be read.
pub fn list(app: &App, caller: &Caller) -> Result<Vec<EditionShown>, Error> {
    if caller.actor.user.is_none() {
        return Err(caller.sign_in_first());
    }
    app.store.read(|tx| {
        let mut list = Vec::new();
        for stored in tx.editions()? {
            if see(app, caller, &stored).is_err() {
                continue;
            }
            let mut one = shown(tx, &stored.id, None)?;
            one.text = None;
            list.push(one);
        }
        Ok(list)
    })
}

/// One edition with its text.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn get(app: &App, caller: &Caller, id: &str) -> Result<EditionShown, Error> {
    app.store.read(|tx| {
        draft(app, caller, tx, id)?;
        shown(tx, id, None)
    })
}

fn sign_in_first(caller: &Caller) -> Result<(), Error> {
    if caller.actor.user.is_none() { Err(caller.sign_in_first()) } else { Ok(()) }
}

/// In what an edition differs from another: by default from the one before it.
///
/// # Errors
///
/// When the caller may not see both, or there is none before it.
pub fn diff(app: &App, caller: &Caller, id: &str, against: Option<&str>) -> Result<Diff, Error> {
    app.store.read(|tx| {
        let stored = draft(app, caller, tx, id)?;
        let new = rulebook::load(&stored.id, &stored.text)?;
        let old = match against {
            Some(other) => {
                let other = draft(app, caller, tx, other)?;
                rulebook::load(&other.id, &other.text)?
            }
            None => {
                let key = |edition: &Edition| (edition.in_force_from, edition.published_at);
                let before = others(tx, id)?.into_iter().map(|(_, edition)| edition);
                let before = before.filter(|other| key(other) < key(&new)).max_by_key(key);
                before.ok_or_else(|| {
                    let message = "there is no edition before it";
                    Error::field("against", "no-edition", message)
                })?
            }
        };
        Ok(rulebook::diff(&old, &new))
    })
}

/// An edition as it was written, and as it is read.
///
/// # Errors
///
/// When there is none that the caller may see.
pub fn read(app: &App, caller: &Caller, id: &str) -> Result<(EditionShown, Edition), Error> {
    app.store.read(|tx| {
        let stored = draft(app, caller, tx, id)?;
        let edition = rulebook::load(&stored.id, &stored.text)?;
        let examples = tx.edition_examples(id)?.into_iter().map(|(name, _)| name).collect();
        Ok((show(stored, &edition, examples, None), edition))
    })
}

/// The worked examples of an edition.
///
/// # Errors
///
/// When there is no edition that the caller may see.
pub fn examples(app: &App, caller: &Caller, id: &str) -> Result<Vec<Example>, Error> {
    app.store.read(|tx| {
        let stored = draft(app, caller, tx, id)?;
        Ok(held(tx, &stored)?.examples)
    })
}

/// Checks an edition without keeping it. Returns it, and how many expectations were run.
///
/// # Errors
///
/// Those of [`upload`].
pub fn try_out(app: &App, caller: &Caller, upload: &Upload) -> Result<(Edition, usize), Error> {
    app.allow(caller, Action::UploadEdition, &resource("new"))?;
    app.store.read(|tx| check(app, tx, upload))
}
