//! What comes of what is supposed: two scorecards of one day side by side, and the days until then.

use guildhall_operations::Error;
use guildhall_operations::ops::facts::{self, May};
use guildhall_operations::ops::forecast::WhatIf;
use guildhall_operations::ops::standing::{self, facts_behind};
use guildhall_operations::ops::{Record, people};
use guildhall_rules::day::Day;
use guildhall_rules::facts::{File, Supposition};
use guildhall_rules::rulebook::{Column, FactKind};
use guildhall_rules::scorecard::{Row, Scorecard};

use super::super::book::{Book, or_id};
use super::super::evidence::Known;
use super::super::lapses::{DayView, Lapses, named};
use super::super::notes::Notes;
use super::super::page::edition_of;
use super::super::review::ReviewView;
use super::super::rows::{CellView, ColumnView, ComponentView};
use super::super::tier::TierView;
use super::super::words::StateView;
use super::state::{State, drop_word};
use crate::form::address;
use crate::texts::Texts;
use crate::visit::{Visit, path_of};

/// Something that is supposed.
pub(super) struct Chosen {
    pub(super) text: String,
    pub(super) day: String,
    /// What a button sends that takes it away.
    pub(super) drop: String,
    /// The form by which it is recorded, for whoever may.
    pub(super) save: Option<String>,
}

/// A number of the two heads.
pub(super) struct Figure {
    pub(super) what: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) moves: bool,
}

/// A row of the two scorecards.
pub(super) struct Line {
    pub(super) title: String,
    pub(super) to: String,
    pub(super) cells: Vec<Pair>,
    pub(super) moves: bool,
}

/// A cell before and after.
pub(super) struct Pair {
    /// The column and what it is about.
    pub(super) column: String,
    pub(super) before: Reading,
    pub(super) after: Reading,
    pub(super) moves: bool,
    /// `better`, `worse` or nothing.
    pub(super) class: &'static str,
}

/// What a cell says.
#[derive(PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) text: String,
    pub(super) word: String,
    pub(super) name: &'static str,
}

/// What comes of it.
pub(super) struct Result {
    pub(super) name: String,
    pub(super) edition: String,
    /// In how many days the next review is due, if it lies ahead.
    pub(super) review_ahead: Option<i32>,
    pub(super) day: String,
    pub(super) distance: String,
    pub(super) chosen: Vec<Chosen>,
    /// The page with nothing supposed.
    pub(super) clear: String,
    pub(super) figures: Vec<Figure>,
    /// What the two columns are about, before and after.
    pub(super) heads: Vec<(String, String)>,
    pub(super) lines: Vec<Line>,
    /// How many rows move, as a sentence.
    pub(super) summary: String,
    pub(super) days: Vec<DayView>,
    /// Where the days are fetched from, where they are not told here.
    pub(super) later: Option<String>,
    pub(super) first: Option<String>,
    pub(super) next: Option<String>,
}

impl Result {
    pub(super) fn of(
        visit: &Visit,
        partner: &str,
        own: &str,
        state: &State,
        seen: &WhatIf,
        (chosen, is_without_days): (Vec<Chosen>, bool),
    ) -> std::result::Result<Self, Error> {
        let t = visit.t;
        let editions = visit.app().book()?;
        let edition = edition_of(&editions, &seen.before.rulebook)?;
        let side = |card| Side { card, book: Book::new(t, edition, &seen.before.path, card.as_of) };
        let (before, after) = (side(&seen.before), side(&seen.after.end));
        let base = super::super::frame::base_of(partner);
        let lines = lines(&base, &before, &after);
        let moved = lines.iter().filter(|line| line.moves).count();
        let figures = figures(&before, &after);
        let is_calm = moved == 0 && !figures.iter().any(|figure| figure.moves);
        let summary = match (chosen.is_empty(), is_calm) {
            (true, _) => t.say("what-if-nothing-supposed"),
            (false, true) => t.say("what-if-moves-nothing"),
            (false, false) => t.n("what-if-moves", moved),
        };
        let all = &seen.after.days;
        let known = Known::of(visit, partner, edition, all.iter().flat_map(named))?;
        let view = Lapses { t, edition, forecast: &seen.after, base: &base, known: &known };
        let at = |from: Option<Day>| State { from, ..state.clone() }.address(own);
        let due = seen.after.begin.review.due_on;
        Ok(Self {
            name: seen.after.name.clone(),
            edition: edition.id.clone(),
            review_ahead: due.map(|due| state.today.days_until(due)),
            day: t.day(state.on),
            distance: t.distance(state.today, state.on),
            clear: State { supposed: Vec::new(), ..state.clone() }.address(own),
            chosen,
            figures,
            heads: heads(&before, &after),
            lines,
            summary,
            days: all.iter().map(|day| without_pages(t, view.day(day))).collect(),
            later: is_without_days.then(|| format!("{}&part=days", at(state.from))),
            first: state.from.map(|_| at(None)),
            next: seen.next.map(|next| at(Some(next))),
        })
    }
}

/// How ids of facts begin that are supposed and stand nowhere.
const SUPPOSED: &str = "supposed-";

/// A day whose supposed facts lead to no page, as they have none.
fn without_pages(t: &Texts, mut day: DayView) -> DayView {
    let events = day.lapses.iter_mut().chain(&mut day.begins);
    for event in events.filter(|event| event.fact.starts_with(SUPPOSED)) {
        event.to = None;
        event.fact = t.say("what-if-supposed-fact");
    }
    day
}

/// One of the two scorecards, and what things are called in it.
struct Side<'a> {
    card: &'a Scorecard,
    book: Book<'a>,
}

fn heads(before: &Side<'_>, after: &Side<'_>) -> Vec<(String, String)> {
    let title = |column: Column, side: &Side<'_>| {
        super::super::rows::column_title(column, side.card, &side.book)
    };
    Column::BOTH.map(|column| (title(column, before), title(column, after))).into()
}

/// Tier, attained, both columns, the next review and the discount.
fn figures(before: &Side<'_>, after: &Side<'_>) -> Vec<Figure> {
    let both = told(before).into_iter().zip(told(after));
    both.map(|((what, before), (_, after))| Figure { what, moves: before != after, before, after })
        .filter(|figure| !figure.before.is_empty() || !figure.after.is_empty())
        .collect()
}

fn told(side: &Side<'_>) -> Vec<(String, String)> {
    let (card, book) = (side.card, &side.book);
    let t = book.t;
    let mut notes = Notes::default();
    let tier = TierView::of(card, book, &mut notes);
    let review = ReviewView::of(card, book, &mut notes);
    let mut facts = super::super::facts::FactLists::default();
    let components = ComponentView::all(card, book, &mut notes, &mut facts);
    let column = |column: Column| ColumnView::of(column, card, book, &components).text;
    let next = match card.review.due_on {
        Some(_) => format!("{}: {}", review.due, review.outcome),
        None => review.due,
    };
    let discount = card.support_discount.as_ref().map_or_else(String::new, |discount| {
        t.of_it("scorecard-percent", &t.number(&discount.percent.to_string()))
    });
    vec![
        (t.say("tier-held"), tier.held),
        (t.say("what-if-attained"), tier.attained),
        (super::super::words::column(t, Column::Renewal), column(Column::Renewal)),
        (super::super::words::column(t, Column::Upgrade), column(Column::Upgrade)),
        (t.say("review-next"), next),
        (t.say("discount-discount"), discount),
    ]
}

/// The rows of both, in the order of the scorecard.
fn lines(base: &str, before: &Side<'_>, after: &Side<'_>) -> Vec<Line> {
    let has =
        |side: &Side<'_>, measure: &str| side.card.rows.iter().any(|row| row.measure == measure);
    let mut measures: Vec<&Row> = after.card.rows.iter().collect();
    measures.extend(before.card.rows.iter().filter(|row| !has(after, &row.measure)));
    let line = |row: &Row| {
        let title = or_id(&row.title, &row.measure);
        let pair = |column: Column| {
            let read = |side: &Side<'_>| reading(side, &row.measure, column, &title);
            let (one, two) = (read(before), read(after));
            Pair {
                column: super::super::words::column(after.book.t, column),
                moves: one != two,
                class: class(one.name, two.name),
                before: one,
                after: two,
            }
        };
        let cells: Vec<Pair> = Column::BOTH.map(pair).into();
        Line {
            to: format!("{base}/scorecard/{}", path_of(&row.measure)),
            moves: cells.iter().any(|cell| cell.moves),
            cells,
            title,
        }
    };
    measures.into_iter().map(line).collect()
}

fn reading(side: &Side<'_>, measure: &str, column: Column, title: &str) -> Reading {
    let (card, book) = (side.card, &side.book);
    let Some(row) = card.rows.iter().find(|row| row.measure == measure) else {
        let text = book.t.say("changes-no-row");
        return Reading { text, word: String::new(), name: "not_required" };
    };
    let known = book.measure(&row.measure);
    let mut notes = Notes::default();
    let cell = CellView::of(row, column, title, known, card, book, &mut notes);
    let StateView { word, name } = cell.state;
    Reading { text: cell.text, word, name }
}

fn class(before: &str, after: &str) -> &'static str {
    match (before, after) {
        ("met", "not_met" | "unknown") => "worse",
        ("not_met" | "unknown", "met") => "better",
        _ => "",
    }
}

impl Chosen {
    /// What is supposed, in words, with the form by which it is recorded.
    pub(super) fn of(
        visit: &Visit,
        partner: &str,
        supposition: &Supposition,
    ) -> std::result::Result<Self, Error> {
        let t = visit.t;
        let editions = visit.app().book()?;
        let edition = editions.choose(None, visit.app().clock.today(), None)?;
        let (text, on, save) = match supposition {
            Supposition::Leaves { person, on } => {
                let known = Someone::of(visit, partner, person)?;
                let save = known.row.as_ref().map(|row| {
                    correction(visit, File::Individuals, row, &[("left_on", &on.to_string())])
                });
                (t.of_it("what-if-leaves", &known.name), on, save.transpose()?.flatten())
            }
            Supposition::Passes { person, credential, on } => {
                let known = Someone::of(visit, partner, person)?;
                let title = edition.credentials.iter().find(|one| one.id == *credential);
                let title =
                    title.map_or_else(|| credential.clone(), |one| or_id(&one.title, credential));
                let words = [("it", title.into()), ("name", known.name.clone().into())];
                let row = known.row.as_deref().unwrap_or_default();
                let day = on.to_string();
                let cells =
                    [("individual", row), ("credential", credential.as_str()), ("issued_on", &day)];
                let save = (!row.is_empty())
                    .then(|| addition(visit, File::Credentials, partner, &cells))
                    .transpose()?;
                (t.tell("what-if-passes", &words), on, save.flatten())
            }
            Supposition::Launches { opportunity, on } => {
                let day = on.to_string();
                let cells =
                    [("stage", "Launched"), ("review", "Approved"), ("launched_on", day.as_str())];
                let may_approve = matches!(
                    visit.caller.actor.organization,
                    Some((guildhall_access::Side::Vendor, _))
                );
                let own = if may_approve { &cells[..] } else { &[cells[0], cells[2]] };
                let save = correction(visit, File::Opportunities, opportunity, own)?;
                let key = [(FactKind::Opportunity, opportunity.clone())];
                let behind = facts_behind(visit.app(), &visit.caller, &key)?.pop().flatten();
                let title = behind.and_then(|behind| {
                    standing::title_of(&behind.record, FactKind::Opportunity, edition)
                });
                let title = title.unwrap_or_else(|| opportunity.clone());
                (t.of_it("what-if-launches", &title), on, save)
            }
            Supposition::Granted { program, on } => {
                let known = edition.programs.iter().find(|one| one.id == *program);
                let title = known.map_or_else(|| program.clone(), |one| or_id(&one.title, program));
                let cells = [("program", program.as_str()), ("granted_on", &on.to_string())];
                let save = addition(visit, File::Validations, partner, &cells)?;
                (t.of_it("what-if-granted", &title), on, save)
            }
            Supposition::PlanValidated { on } => {
                let day = on.to_string();
                let cells = [("submitted_on", day.as_str()), ("validated_on", day.as_str())];
                let save = addition(visit, File::BusinessPlans, partner, &cells)?;
                (t.say("what-if-plan"), on, save)
            }
        };
        Ok(Self { text, day: t.day(*on), drop: drop_word(supposition), save })
    }
}

/// A person who is supposed to do something.
struct Someone {
    name: String,
    /// The row of theirs at the partner.
    row: Option<String>,
}

impl Someone {
    fn of(visit: &Visit, partner: &str, person: &str) -> std::result::Result<Self, Error> {
        let unnamed = || Self { name: person.to_owned(), row: None };
        let found = match people::read(visit.app(), &visit.caller, person) {
            Ok(found) => found,
            Err(Error::NotFound { .. } | Error::Denied { .. } | Error::Invalid(_)) => {
                return Ok(unnamed());
            }
            Err(error) => return Err(error),
        };
        let value = |row: &Record, name: &str| row.values.get(name).cloned();
        let own = found.rows.iter().filter(|row| value(row, "partner").as_deref() == Some(partner));
        let present = own.clone().find(|row| value(row, "left_on").is_none());
        let row = present.or_else(|| own.clone().next());
        let name = row.or(found.rows.first()).and_then(|row| value(row, "name"));
        Ok(Self {
            name: name.unwrap_or_else(|| person.to_owned()),
            row: row.map(|row| row.id.clone()),
        })
    }
}

/// What a person is called, as far as the visitor may know.
pub(super) fn name_of(
    visit: &Visit,
    partner: &str,
    person: &str,
) -> std::result::Result<String, Error> {
    Ok(Someone::of(visit, partner, person)?.name)
}

/// The form of a new fact, filled in, for whoever may add one.
fn addition(
    visit: &Visit,
    file: File,
    partner: &str,
    cells: &[(&str, &str)],
) -> std::result::Result<Option<String>, Error> {
    if !facts::may_add(visit.app(), &visit.caller, file.stem(), partner)? {
        return Ok(None);
    }
    let mut fields = vec![("partner", partner)];
    fields.extend(cells);
    Ok(Some(address(&format!("/facts/{}/new", file.stem()), &fields)))
}

/// The form of a correction, with what is held and what is other, for whoever may correct it.
fn correction(
    visit: &Visit,
    file: File,
    id: &str,
    cells: &[(&str, &str)],
) -> std::result::Result<Option<String>, Error> {
    let (app, caller) = (visit.app(), &visit.caller);
    let may = match facts::may(app, caller, file.stem(), id) {
        Ok(may) => may,
        Err(Error::NotFound { .. } | Error::Denied { .. } | Error::Invalid(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    if !may.contains(&May::Correct) {
        return Ok(None);
    }
    let held = facts::correctable(app, caller, file.stem(), id)?;
    let version = held.version.to_string();
    let mut fields = vec![("opened", version.as_str())];
    let is_other = |name: &str| cells.iter().any(|(other, _)| *other == name);
    let kept = held.values.iter().filter(|(name, _)| !is_other(name) && *name != "recorded_at");
    fields.extend(kept.map(|(name, value)| (name.as_str(), value.as_str())));
    fields.extend(cells);
    Ok(Some(address(&format!("/facts/{}/{}/correct", file.stem(), path_of(id)), &fields)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_no_more_is_worse_and_what_is_met_at_last_is_better() {
        for (before, after, told) in [
            ("met", "not_met", "worse"),
            ("met", "unknown", "worse"),
            ("not_met", "met", "better"),
            ("not_met", "not_met", ""),
            ("not_required", "not_met", ""),
        ] {
            assert_eq!(class(before, after), told, "{before} {after}");
        }
    }
}
