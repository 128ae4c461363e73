//! What a digest tells whom: alliance leads of their partner, support of the discount, the vendor's
//! managers of the network, and everybody of the credentials that they hold themselves.

use std::collections::BTreeMap;

use guildhall_access::{Role, Side};
use guildhall_rules::changes::HeadChange;
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::State;
use guildhall_rules::forecast::{Forecast, ForecastDay, HeldReview};
use guildhall_rules::review::ReviewOutcome;
use guildhall_rules::rulebook::{FactKind, Tier};
use guildhall_rules::words::day_text as day;
use guildhall_store::StoredUser;

use super::super::{Asked, name_facts, of_partner};
use crate::mail::DigestBlock;
use crate::ops::network::{self, By, TurnsAsked, turn_says, turn_title};
use crate::ops::{people, sign_in, users};
use crate::{App, Caller, Error};

/// The spans of days that are told of one by one.
const SPANS: [(i32, i32); 3] = [(1, 30), (31, 60), (61, 90)];
/// How many days of a span are told.
const DAYS: usize = 12;
/// How many things of one sort are named.
const NAMED: usize = 3;
/// How many partners are named of what falls in the network.
const PARTNERS: usize = 15;

/// What somebody is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// Of whom, as the subject says it.
    pub(super) about: String,
    pub(super) blocks: Vec<DigestBlock>,
    /// The page with more.
    pub(super) to: String,
}

/// What tiers are called.
#[derive(Clone, Debug, Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    /// As the edition of a forecast calls them on its first day.
    fn of(app: &App, forecast: &Forecast) -> Result<Self, Error> {
        let book = app.book()?;
        let edition = book.edition(&forecast.rulebook);
        let paths = edition.into_iter().flat_map(|edition| &edition.paths);
        let tiers =
            paths.filter(|path| path.id == forecast.begin.path).flat_map(|path| &path.tiers);
        let named = |tier: &Tier| (tier.id.clone(), tier.name_on(forecast.as_of).to_owned());
        Ok(Self(tiers.map(named).collect()))
    }

    fn tier(&self, id: Option<&String>) -> String {
        id.map_or_else(|| "no tier".to_owned(), |id| self.0.get(id).unwrap_or(id).clone())
    }
}

/// Tells one user after the other, and remembers what the last partner's are told.
#[derive(Default)]
pub(super) struct Teller {
    forecast: Option<(String, Vec<Role>, Forecast, Names)>,
    network: Option<Vec<DigestBlock>>,
}

impl Teller {
    pub(super) fn tell(&mut self, app: &App, user: &StoredUser) -> Result<Told, Error> {
        let caller = Caller::acting(sign_in::actor(user));
        let roles = users::roles(user);
        let has = |role: Role| roles.contains(&role);
        let mut told = Told { to: "/".to_owned(), ..Told::default() };
        match users::organization(user) {
            Some((Side::Partner, partner)) => {
                told.about.clone_from(&partner);
                told.to = format!("/partners/{}/lapses", crate::http::path_of(&partner));
                if has(Role::AllianceLead) {
                    let (forecast, names) = self.forecast(app, &caller, &partner, &roles)?;
                    told.about.clone_from(&forecast.name);
                    told.blocks.extend(of_forecast(forecast, names));
                } else if has(Role::Support) {
                    let (forecast, names) = self.forecast(app, &caller, &partner, &roles)?;
                    told.about.clone_from(&forecast.name);
                    told.blocks.extend(of_discount(forecast, names));
                }
                told.blocks.extend(own_credentials(app, &partner, &user.email)?);
            }
            Some((Side::Vendor, id))
                if has(Role::ProgramManager) || has(Role::PartnerDevelopmentManager) =>
            {
                told.about = format!("all partners of {id}");
                "/network/lapses".clone_into(&mut told.to);
                told.blocks.extend(self.network(app, &caller)?);
            }
            _ => {}
        }
        Ok(told)
    }

    fn forecast(
        &mut self,
        app: &App,
        caller: &Caller,
        partner: &str,
        roles: &[Role],
    ) -> Result<(&Forecast, &Names), Error> {
        let kept = self.forecast.as_ref();
        let is_kept = kept.is_some_and(|(id, of, ..)| id == partner && of == roles);
        if !is_kept {
            let until = app.clock.today().plus_days(SPANS[2].1);
            let mut forecast = of_partner(app, caller, partner, &Asked::until(until))?;
            name_facts(app, caller, partner, &mut forecast)?;
            let names = Names::of(app, &forecast)?;
            self.forecast = Some((partner.to_owned(), roles.to_vec(), forecast, names));
        }
        let kept = self.forecast.as_ref().map(|(_, _, forecast, names)| (forecast, names));
        kept.ok_or_else(|| Error::internal("no forecast"))
    }

    fn network(&mut self, app: &App, caller: &Caller) -> Result<Vec<DigestBlock>, Error> {
        if let Some(blocks) = &self.network {
            return Ok(blocks.clone());
        }
        let blocks = of_network(app, caller)?;
        self.network = Some(blocks.clone());
        Ok(blocks)
    }
}

fn title(span: (i32, i32)) -> String {
    match span {
        (1, last) => format!("In the next {last} days"),
        (first, last) => format!("In {first} to {last} days"),
    }
}

/// The days of a span as lines; the rest is counted.
fn lines(
    forecast: &Forecast,
    span: (i32, i32),
    tell: &dyn Fn(&ForecastDay) -> Vec<String>,
) -> Vec<String> {
    let is_within = |on: Day| {
        let ahead = forecast.as_of.days_until(on);
        ahead >= span.0 && ahead <= span.1
    };
    let days = forecast.days.iter().filter(|day| is_within(day.on));
    let all: Vec<String> = days
        .filter_map(|found| {
            let parts = tell(found);
            (!parts.is_empty()).then(|| format!("{}: {}", day(found.on), parts.join("; ")))
        })
        .collect();
    let more = all.len().saturating_sub(DAYS);
    let mut shown: Vec<String> = all.into_iter().take(DAYS).collect();
    if more > 0 {
        shown.push(format!("and {more} days more"));
    }
    shown
}

fn blocks(
    forecast: &Forecast,
    tell: &dyn Fn(&ForecastDay) -> Vec<String>,
) -> impl Iterator<Item = DigestBlock> {
    SPANS
        .map(|span| DigestBlock { title: title(span), lines: lines(forecast, span, tell) })
        .into_iter()
        .filter(|block| !block.lines.is_empty())
}

/// What lapses at a partner, and what falls with it.
fn of_forecast(forecast: &Forecast, names: &Names) -> Vec<DigestBlock> {
    blocks(forecast, &|day| of_day(day, names)).collect()
}

fn of_day(day: &ForecastDay, names: &Names) -> Vec<String> {
    let mut parts: Vec<String> = day.reviews.iter().map(|held| review(held, names)).collect();
    parts.extend(day.heads().filter_map(|change| head(change, names)));
    parts.extend(lapses(day));
    // What is not asked any more is met no less.
    let fallen = day.cells.iter().filter(|cell| {
        let (before, after) = (cell.before.as_ref(), cell.after.as_ref());
        before.is_some_and(|cell| cell.state == State::Met)
            && after.is_some_and(|cell| cell.state.is_in_the_way())
    });
    let mut titles: Vec<&str> = fallen.map(|cell| cell.title.as_str()).collect();
    titles.dedup();
    if !titles.is_empty() {
        parts.push(format!("no longer met: {}", some(&titles)));
    }
    parts
}

/// Facts that lapse, by kind.
fn lapses(day: &ForecastDay) -> Vec<String> {
    let mut kinds: BTreeMap<(&'static str, &'static str), Vec<String>> = BTreeMap::new();
    let own = day.lapses.iter().filter(|event| !event.is_reset && !event.cells.is_empty());
    for event in own {
        let is_told = event.subject != event.fact && !event.subject.is_empty();
        let subject = is_told.then_some(&event.subject);
        let about = match (&event.title, subject) {
            (Some(title), Some(subject)) => format!("{title} of {subject}"),
            (Some(title), None) => title.clone(),
            (None, Some(subject)) => subject.clone(),
            (None, None) => event.fact.clone(),
        };
        kinds.entry(words(event.kind)).or_default().push(about);
    }
    let line = |((one, many), about): ((&str, &str), Vec<String>)| {
        let names: Vec<&str> = about.iter().map(String::as_str).collect();
        match about.len() {
            1 => format!("one {one} counts no more ({})", some(&names)),
            count => format!("{count} {many} count no more ({})", some(&names)),
        }
    };
    kinds.into_iter().map(line).collect()
}

/// What one fact of a kind, and several of them, are called.
const fn words(kind: FactKind) -> (&'static str, &'static str) {
    match kind {
        FactKind::Credential => ("credential", "credentials"),
        FactKind::Opportunity => ("opportunity", "opportunities"),
        FactKind::Reference => ("reference", "references"),
        FactKind::BusinessPlan => ("business plan", "business plans"),
        FactKind::Validation => ("program", "programs"),
        FactKind::Case => ("case", "cases"),
        FactKind::SurveyResponse => ("response", "responses"),
        FactKind::Rating => ("rating", "ratings"),
        FactKind::Event => ("event", "events"),
        FactKind::Review => ("decision", "decisions"),
    }
}

/// The first of a list, and how many there are beside.
fn some(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().copied().take(NAMED).collect();
    let more = names.len().saturating_sub(NAMED);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn review(review: &HeldReview, names: &Names) -> String {
    let (from, to) = (names.tier(review.from_tier.as_ref()), names.tier(review.to_tier.as_ref()));
    match (review.outcome, review.grace_until) {
        (ReviewOutcome::Renew, _) => format!("tier review: {to} is kept"),
        (ReviewOutcome::Grace, Some(until)) => {
            format!("tier review: {to} is kept for a grace until {}", day(until))
        }
        (ReviewOutcome::Grace | ReviewOutcome::Downgrade, _) => {
            format!("tier review: from {from} to {to}")
        }
    }
}

fn head(change: &HeadChange, names: &Names) -> Option<String> {
    let tiers = || (names.tier(change.before.as_ref()), names.tier(change.after.as_ref()));
    let is_met = change.after.as_deref() == Some("true");
    let becomes =
        |what: &str, (before, after): (String, String)| format!("{what} {before} becomes {after}");
    Some(match change.what {
        "tier" => becomes("tier", tiers()),
        "attained" => becomes("tier attained", tiers()),
        "renewal.met" if is_met => "what keeps the tier is met".to_owned(),
        "renewal.met" => "what keeps the tier is not met any more".to_owned(),
        "upgrade.met" if is_met => "what the next tier asks is met".to_owned(),
        "upgrade.met" => "what the next tier asks is not met any more".to_owned(),
        "support_discount.percent" => {
            let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "0".to_owned());
            let percents = (or_none(&change.before), format!("{} percent", or_none(&change.after)));
            becomes("support discount", percents)
        }
        _ => return None,
    })
}

/// The discount alone: what it becomes, and when its periods begin; nothing where it stays what it
/// is.
fn of_discount(forecast: &Forecast, names: &Names) -> Vec<DigestBlock> {
    let mut changes = forecast.days.iter().flat_map(|day| &day.head);
    if !changes.any(|change| change.what == "support_discount.percent") {
        return Vec::new();
    }
    let tell = |day: &ForecastDay| {
        let mut parts: Vec<String> = Vec::new();
        if let Some(period) = &day.period {
            parts.push(format!("discount period {period} begins"));
        }
        let is_it = |change: &&HeadChange| change.what == "support_discount.percent";
        let of_discount = day.head.iter().filter(is_it);
        parts.extend(of_discount.filter_map(|change| head(change, names)));
        parts
    };
    blocks(forecast, &tell).collect()
}

/// The credentials that a user holds and that end: of the person with their address.
fn own_credentials(app: &App, partner: &str, email: &str) -> Result<Vec<DigestBlock>, Error> {
    let today = app.clock.today();
    let held = people::own_lapses(app, partner, email, SPANS[2].1)?;
    let line = |(title, last): &(String, Day)| {
        format!("{}: {title} counts no more", day(last.plus_days(1)))
    };
    let lines: Vec<String> = held.iter().filter(|(_, last)| *last >= today).map(line).collect();
    let title = "What you hold yourself".to_owned();
    Ok(if lines.is_empty() { Vec::new() } else { vec![DigestBlock { title, lines }] })
}

/// What turns for the network: counts for each span, and the first of what falls.
fn of_network(app: &App, caller: &Caller) -> Result<Vec<DigestBlock>, Error> {
    let today = app.clock.today();
    let mut blocks = Vec::new();
    for span in SPANS {
        let (from, until) = (today.plus_days(span.0), today.plus_days(span.1));
        let asked = TurnsAsked { from: Some(from), until: Some(until), ..TurnsAsked::default() };
        let mut sums: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for count in network::count_turns(app, caller, &asked, By::Month)? {
            let place = |list: &[&str], word: &str| {
                list.iter().position(|known| *known == word).unwrap_or(list.len())
            };
            let sort = place(&network::SORTS, &count.what);
            // A column that is about another tier from then on is told by the tier that turns.
            if count.direction == "same" && ["renewal", "upgrade"].contains(&count.what.as_str()) {
                continue;
            }
            let direction = place(&network::DIRECTIONS, &count.direction);
            *sums.entry((sort, direction)).or_default() += count.count;
        }
        let line = |((sort, direction), count): ((usize, usize), u64)| {
            let what = network::SORTS.get(sort).copied().unwrap_or_default();
            let way = network::DIRECTIONS.get(direction).copied().unwrap_or_default();
            turn_title(what, way, count)
        };
        let lines: Vec<String> = sums.into_iter().map(line).collect();
        if !lines.is_empty() {
            blocks.push(DigestBlock { title: title(span), lines });
        }
    }
    let first = TurnsAsked {
        until: Some(today.plus_days(SPANS[0].1)),
        direction: Some("falls".to_owned()),
        ..TurnsAsked::default()
    };
    let falls = network::turns(app, caller, &first, None, PARTNERS)?;
    let more = falls.len() > PARTNERS;
    let mut lines: Vec<String> = falls
        .iter()
        .take(PARTNERS)
        .map(|turn| {
            let on = Day::parse(turn.on.as_bytes()).map_or_else(|| turn.on.clone(), day);
            format!("{on}: {} {}", turn.name, turn_says(&turn.what, &turn.direction, 1))
        })
        .collect();
    if more {
        lines.push("and more".to_owned());
    }
    if !lines.is_empty() {
        blocks.push(DigestBlock { title: "Who falls first".to_owned(), lines });
    }
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use guildhall_rules::changes::{CellChange, CellValue};
    use guildhall_rules::number::Number;
    use guildhall_rules::rulebook::Column;

    use super::*;

    #[test]
    fn what_a_lower_tier_does_not_ask_is_neither_met_nor_missed() {
        let head = |what, before: &str, after: &str| HeadChange {
            what,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
        };
        let cell = |measure: &str, state| {
            let value = |state| Some(CellValue { value: Number::ZERO, target: None, state });
            CellChange {
                measure: measure.to_owned(),
                title: measure.to_owned(),
                column: Column::Renewal,
                before: value(State::Met),
                after: value(state),
                because: Vec::new(),
            }
        };
        let mut day = ForecastDay {
            on: Day::MIN,
            reviews: Vec::new(),
            period: None,
            lapses: Vec::new(),
            begins: Vec::new(),
            head: vec![head("tier", "clay", "none"), head("renewal.met", "false", "true")],
            cells: vec![cell("Tilers", State::NotRequired), cell("Slaters", State::NotMet)],
        };
        let names = Names::default();
        let told = of_day(&day, &names);
        assert_eq!(told, ["tier clay becomes none", "no longer met: Slaters"]);
        // Where the tier stays, it is news that what keeps it is met.
        day.head.remove(0);
        assert_eq!(
            of_day(&day, &names).first().map(String::as_str),
            Some("what keeps the tier is met")
        );
    }
}
