//! What turns for all partners in the year ahead: kept with their standings, listed and counted by
//! day and month for calendars of the network. Nothing is decided here: the rules foresee it.

use guildhall_access::{Action, Resource, ResourceKind};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::PartnerNumber;
use guildhall_rules::forecast::{AllDay, Horizon, Turn, TurnedCell, to_calendar};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::words::tier_title;
use guildhall_store::{StoredStanding, StoredTurn, TurnsBy, TurnsFilter, Tx};
use serde::{Deserialize, Serialize};

use super::allow;
use crate::ops::standing::sees_all_discounts;
use crate::{App, Caller, Error};

/// How many days ahead turns are kept.
pub const TURNS_WITHIN_DAYS: i32 = 366;
/// The sorts of turns, the gravest first.
pub const SORTS: [&str; 6] = ["tier", "review", "renewal", DISCOUNT, "attained", "upgrade"];
/// The sort that only those are told who may see discounts.
const DISCOUNT: &str = "discount";
/// The directions of turns.
pub const DIRECTIONS: [&str; 3] = ["falls", "rises", "same"];
/// How many partners a day of a calendar names.
const NAMED: usize = 20;

/// What is kept of a turn to be shown only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TurnDetails {
    /// The tier that a column is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The ids of the measures whose cells turn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<String>,
    /// What a review comes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The last day of the grace that it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_until: Option<String>,
    /// Whether it is what remains after a grace.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_after_grace: bool,
}

/// Which turns are asked for. What is not given does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TurnsAsked {
    /// The first day; none: tomorrow.
    pub from: Option<Day>,
    /// The last day; none: the last that is kept.
    pub until: Option<Day>,
    /// One of [`SORTS`].
    pub what: Option<String>,
    /// One of [`DIRECTIONS`].
    pub direction: Option<String>,
    /// The id of a path.
    pub path: Option<String>,
    /// The id of a tier; `-` for none, `?` for one that is not known.
    pub tier: Option<String>,
}

/// Something that turns for a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkTurn {
    /// Its place in lists.
    pub place: String,
    /// The partner's id.
    pub partner: String,
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: String,
    /// The day.
    pub on: String,
    /// One of [`SORTS`].
    pub what: String,
    /// One of [`DIRECTIONS`].
    pub direction: String,
    /// Before.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
    /// More of it.
    pub details: TurnDetails,
}

/// How many turns there are of one sort in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnsCount {
    /// The day `2026-03-01`, or month `2026-03`.
    pub on: String,
    /// One of [`SORTS`].
    pub what: String,
    /// One of [`DIRECTIONS`].
    pub direction: String,
    /// How many.
    pub count: u64,
}

/// By what turns are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By days.
    Day,
    /// By months.
    Month,
}

/// What turns for these partners behind a day, to be kept beside their standings.
pub(super) fn ahead(
    evaluator: &mut Evaluator<'_>,
    partners: &[PartnerNumber],
    standings: &[StoredStanding],
    as_of: Day,
) -> Result<Vec<StoredTurn>, Error> {
    let until = as_of.plus_days(TURNS_WITHIN_DAYS);
    let horizon = Horizon { as_of, until, holds_reviews: true };
    let foreseen = evaluator.forecast_of(partners, horizon, 1);
    let edition = evaluator.edition();
    let mut turns = Vec::new();
    // Both are in the order of the partners' numbers.
    for (outlook, standing) in foreseen.partners.iter().zip(standings) {
        for (place, turn) in outlook.turns.iter().enumerate() {
            let is_tier =
                |other: &&Turn| matches!(other, Turn::Tier { .. }) && other.on() == turn.on();
            let turns_tier = outlook.turns.iter().any(|other| is_tier(&other));
            turns.push(kept(edition, standing, place, (turn, turns_tier))?);
        }
    }
    Ok(turns)
}

fn kept(
    edition: &Edition,
    standing: &StoredStanding,
    place: usize,
    (turn, turns_tier): (&Turn, bool),
) -> Result<StoredTurn, Error> {
    let Told { what, mut direction, before, after, details } = told(edition, &standing.path, turn);
    // A column that is about another tier from the day on is neither met nor missed by what it was
    // about before.
    if turns_tier && matches!(turn, Turn::Column { .. }) {
        direction = "same";
    }
    let tier = match (&standing.tier, standing.tier_rank) {
        (Some(tier), _) => tier.clone(),
        (None, -2) => "?".to_owned(),
        (None, _) => String::new(),
    };
    Ok(StoredTurn {
        partner: standing.partner.clone(),
        place: i64::try_from(place).unwrap_or(i64::MAX),
        on: turn.on().to_string(),
        what: what.to_owned(),
        direction: direction.to_owned(),
        before,
        after,
        path: standing.path.clone(),
        tier,
        details: serde_json::to_string(&details).map_err(Error::internal)?,
    })
}

struct Told {
    what: &'static str,
    direction: &'static str,
    before: Option<String>,
    after: Option<String>,
    details: TurnDetails,
}

const fn direction(falls: bool, rises: bool) -> &'static str {
    match (falls, rises) {
        (true, _) => "falls",
        (false, true) => "rises",
        (false, false) => "same",
    }
}

fn told(edition: &Edition, path: &str, turn: &Turn) -> Told {
    let rank = |tier: &Option<String>| {
        let path = edition.paths.iter().find(|known| known.id == path);
        let tiers = path.map_or(&[][..], |path| &path.tiers);
        tier.as_ref().and_then(|id| tiers.iter().position(|tier| tier.id == *id))
    };
    let by_rank = |before: &Option<String>, after: &Option<String>| {
        direction(rank(after) < rank(before), rank(after) > rank(before))
    };
    let measures =
        |cells: &[TurnedCell]| cells.iter().map(|cell| cell.measure.clone()).collect::<Vec<_>>();
    match turn {
        Turn::Review(review) => Told {
            what: "review",
            direction: match review.outcome {
                ReviewOutcome::Renew => by_rank(&review.from_tier, &review.to_tier),
                _ => "falls",
            },
            before: review.from_tier.clone(),
            after: review.to_tier.clone(),
            details: TurnDetails {
                outcome: Some(review.outcome.word().to_owned()),
                grace_until: review.grace_until.map(|day| day.to_string()),
                is_after_grace: review.is_after_grace,
                ..TurnDetails::default()
            },
        },
        Turn::Tier { before, after, .. } => Told {
            what: "tier",
            direction: by_rank(before, after),
            before: before.clone(),
            after: after.clone(),
            details: TurnDetails::default(),
        },
        Turn::Attained { before, after, cells, .. } => Told {
            what: "attained",
            direction: by_rank(before, after),
            before: before.clone(),
            after: after.clone(),
            details: TurnDetails { measures: measures(cells), ..TurnDetails::default() },
        },
        Turn::Column { column, tier, before, after, cells, .. } => {
            let word = |met: &bool| if *met { "met" } else { "not_met" }.to_owned();
            let falls = *before == Some(true) && *after == Some(false);
            let rises = *before != Some(true) && *after == Some(true);
            Told {
                what: if *column == Column::Renewal { "renewal" } else { "upgrade" },
                direction: direction(falls, rises),
                before: before.as_ref().map(word),
                after: after.as_ref().map(word),
                details: TurnDetails {
                    tier: tier.clone(),
                    measures: measures(cells),
                    ..TurnDetails::default()
                },
            }
        }
        Turn::Discount { before, after, .. } => Told {
            what: "discount",
            direction: direction(after.is_less_than(before), before.is_less_than(after)),
            before: Some(before.to_string()),
            after: Some(after.to_string()),
            details: TurnDetails::default(),
        },
    }
}

/// What is asked for, as the store reads it.
fn read(app: &App, caller: &Caller, asked: &TurnsAsked) -> Result<TurnsFilter, Error> {
    let today = app.clock.today();
    let one_of = |field: &str, given: &Option<String>, known: &[&str]| -> Result<(), Error> {
        let Some(word) = given.as_ref().filter(|word| !known.contains(&word.as_str())) else {
            return Ok(());
        };
        let list: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
        let message = format!("`{word}` is none of the words for it");
        let hint = format!("one of {}", list.join(", "));
        Err(Error::field_with_hint(field, "bad-value", message, hint))
    };
    one_of("what", &asked.what, &SORTS)?;
    one_of("direction", &asked.direction, &DIRECTIONS)?;
    let what: Vec<String> = match &asked.what {
        Some(what) => vec![what.clone()],
        None if sees_all_discounts(app, caller) => Vec::new(),
        None => SORTS.iter().filter(|sort| **sort != DISCOUNT).map(|&sort| sort.into()).collect(),
    };
    if asked.what.as_deref() == Some(DISCOUNT) {
        app.allow(caller, Action::ViewDiscount, &Resource::new(ResourceKind::Partner, "any"))?;
    }
    let last = today.plus_days(TURNS_WITHIN_DAYS);
    let day = |day: Option<Day>, or: Day| day.unwrap_or(or).to_string();
    Ok(TurnsFilter {
        from: day(asked.from, today.plus_days(1)),
        until: day(asked.until, last),
        what,
        direction: asked.direction.clone(),
        path: asked.path.clone(),
        tier: asked.tier.as_deref().map(|tier| if tier == "-" { "" } else { tier }.to_owned()),
    })
}

/// What turns for partners, in the order of the days: one more than the limit, where there is.
///
/// # Errors
///
/// When the caller may not see the network, or what is asked for makes no sense.
pub fn turns(
    app: &App,
    caller: &Caller,
    asked: &TurnsAsked,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<NetworkTurn>, Error> {
    allow(app, caller)?;
    let filter = read(app, caller, asked)?;
    app.store.read(|tx| listed(tx, &filter, after, limit))
}

fn listed(
    tx: &mut Tx<'_>,
    filter: &TurnsFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<NetworkTurn>, Error> {
    let place = |text: &'_ str| -> Option<(String, String, i64)> {
        let mut parts = text.splitn(3, '\n');
        let (on, place) = (parts.next()?, parts.next()?.parse().ok()?);
        Some((on.to_owned(), parts.next()?.to_owned(), place))
    };
    let after = after
        .map(|text| {
            let message = "it is no cursor that was given out for this list";
            place(text).ok_or_else(|| Error::field("cursor", "bad-value", message))
        })
        .transpose()?;
    let behind = after.as_ref().map(|(on, partner, place)| (on.as_str(), partner.as_str(), *place));
    let found = tx.turns(filter, behind, limit.saturating_add(1))?;
    let show = |(turn, name): (StoredTurn, String)| -> Result<NetworkTurn, Error> {
        Ok(NetworkTurn {
            place: format!("{}\n{}\n{}", turn.on, turn.place, turn.partner),
            details: serde_json::from_str(&turn.details).map_err(Error::internal)?,
            partner: turn.partner,
            name,
            path: turn.path,
            on: turn.on,
            what: turn.what,
            direction: turn.direction,
            before: turn.before,
            after: turn.after,
        })
    };
    found.into_iter().map(show).collect()
}

/// How many turns there are, by day or month, sort and direction.
///
/// # Errors
///
/// As of [`turns`].
pub fn count_turns(
    app: &App,
    caller: &Caller,
    asked: &TurnsAsked,
    by: By,
) -> Result<Vec<TurnsCount>, Error> {
    allow(app, caller)?;
    let filter = read(app, caller, asked)?;
    app.store.read(|tx| counted(tx, &filter, by))
}

fn counted(tx: &mut Tx<'_>, filter: &TurnsFilter, by: By) -> Result<Vec<TurnsCount>, Error> {
    let by = match by {
        By::Day => TurnsBy::Day,
        By::Month => TurnsBy::Month,
    };
    let counts = tx.count_turns(filter, by)?.into_iter().map(|count| TurnsCount {
        on: count.on,
        what: count.what,
        direction: count.direction,
        count: u64::try_from(count.count).unwrap_or(0),
    });
    Ok(counts.collect())
}

/// What turns for the network as an iCalendar file: one event for each day, sort and direction,
/// with how many partners it concerns and the first of them. It is as large for a hundred thousand
/// partners as for a hundred.
///
/// # Errors
///
/// As of [`turns`].
pub fn calendar(app: &App, caller: &Caller, asked: &TurnsAsked) -> Result<String, Error> {
    allow(app, caller)?;
    let filter = read(app, caller, asked)?;
    let today = app.clock.today();
    app.store.read(|tx| {
        let network = tx.network()?.map(|network| network.id).unwrap_or_default();
        let book = app.rulebooks.get(tx)?;
        let edition = book.choose(None, today, None).ok();
        let mut events = Vec::new();
        for count in counted(tx, &filter, By::Day)? {
            let TurnsCount { on, what, direction, count } = count;
            let Some(day) = Day::parse(on.as_bytes()) else { continue };
            let one = TurnsFilter {
                from: on.clone(),
                until: on.clone(),
                what: vec![what.clone()],
                direction: Some(direction.clone()),
                ..filter.clone()
            };
            let partners = listed(tx, &one, None, NAMED)?;
            events.push(AllDay {
                uid: format!("turns-{what}-{direction}-{on}@{network}.guildhall"),
                on: day,
                category: category(&what),
                title: title(&what, &direction, count),
                text: names(&partners, count, edition, today),
                link: Some(format!("{}/network/lapses?{}", app.base_url, narrowed(&one))),
            });
        }
        Ok(to_calendar(&format!("{network}: what turns"), today, &events))
    })
}

/// The page of a day's turns of one sort: what is narrowed, as its address has it.
fn narrowed(filter: &TurnsFilter) -> String {
    let day = filter.from.as_str();
    let month = day.get(..7).unwrap_or_default();
    let what = filter.what.first().map(String::as_str).unwrap_or_default();
    let direction = filter.direction.as_deref().unwrap_or_default();
    format!("month={month}&day={day}&what={what}&direction={direction}")
}

fn category(what: &str) -> &'static str {
    match what {
        "review" => "Review",
        "discount" => "Discount",
        _ => "Standing",
    }
}

/// What turns for so many, in words: a sentence with how many partners they are.
pub fn title(what: &str, direction: &str, count: u64) -> String {
    let partners = if count == 1 { "one partner".to_owned() } else { format!("{count} partners") };
    format!("{partners} {}", says(what, direction, count))
}

/// What turns for so many, as the part of a sentence behind their names.
pub fn says<'w>(what: &'w str, direction: &str, count: u64) -> &'w str {
    let (one, many) = match (what, direction) {
        ("review", "falls") => (
            "has a tier review that does not renew its tier",
            "have a tier review that does not renew their tier",
        ),
        ("review", _) => {
            ("has a tier review that renews its tier", "have a tier review that renews their tier")
        }
        ("tier", "falls") => ("goes down to a lower tier", "go down to a lower tier"),
        ("tier", "rises") => ("goes up to a higher tier", "go up to a higher tier"),
        ("tier", _) => ("changes its tier", "change their tier"),
        ("attained", "falls") => ("attains a lower tier only", "attain a lower tier only"),
        ("attained", _) => ("attains a higher tier", "attain a higher tier"),
        ("renewal", "falls") => {
            ("no longer meets what keeps its tier", "no longer meet what keeps their tier")
        }
        ("renewal", "rises") => ("now meets what keeps its tier", "now meet what keeps their tier"),
        ("renewal", _) => ("has another tier to keep", "have another tier to keep"),
        ("upgrade", "falls") => {
            ("no longer meets what the next tier asks", "no longer meet what the next tier asks")
        }
        ("upgrade", "rises") => {
            ("now meets what the next tier asks", "now meet what the next tier asks")
        }
        ("upgrade", _) => ("has another tier next", "have another tier next"),
        ("discount", "falls") => ("gets a lower support discount", "get a lower support discount"),
        ("discount", _) => ("gets a higher support discount", "get a higher support discount"),
        (what, _) => (what, what),
    };
    if count == 1 { one } else { many }
}

fn names(turns: &[NetworkTurn], count: u64, edition: Option<&Edition>, today: Day) -> String {
    let mut lines: Vec<String> = Vec::new();
    for turn in turns.iter().take(NAMED) {
        let mut line = turn.name.clone();
        if let (Some(before), Some(after)) = (&turn.before, &turn.after)
            && before != after
        {
            let said = |id: &String| match (edition, turn.what.as_str()) {
                (Some(edition), "tier" | "attained" | "review") => {
                    tier_title(edition, &turn.path, id, today)
                }
                _ => plain(id),
            };
            line += &format!(" ({} → {})", said(before), said(after));
        }
        lines.push(line);
    }
    let more = count.saturating_sub(lines.len() as u64);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

fn plain(word: &str) -> String {
    word.replace('_', " ")
}
