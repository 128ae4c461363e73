//! What changed between two days, or between two states of knowledge, and which facts or rules
//! moved it.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::standing::{self, Viewpoint};
use guildhall_rules::changes::{Cause, CellChange, CellValue, Changes, HeadChange};
use guildhall_rules::day::Day;
use guildhall_rules::evaluation::State;
use guildhall_rules::rulebook::{Column, Edition, FactKind};

use super::book::{Book, or_id};
use super::evidence::{Known, is_looked_up};
use super::frame::{Head, Part, place};
use super::page::edition_of;
use super::standpoint::{as_typed, day, moment};
use super::words::{self, Shape, StateView};
use crate::form::{FieldProblems, address};
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, path_of};

/// So many causes of one change are named; the others stand behind the rows of both days.
const NAMED: usize = 12;

#[derive(Template)]
#[template(path = "portal/scorecard/changes.html")]
struct ChangesPage {
    shell: Shell,
    head: Head,
    typed: Typed,
    problems: FieldProblems,
    /// Other days to begin from.
    presets: Vec<Preset>,
    from: String,
    to: String,
    heads: Vec<Moved>,
    cells: Vec<Cell>,
}

/// The form, as typed.
struct Typed {
    from: String,
    to: String,
    known_from: String,
    known_to: String,
}

struct Preset {
    text: String,
    to: String,
    is_here: bool,
}

/// Something in the head that moved.
pub(super) struct Moved {
    pub(super) what: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// A row that moved, in one column or in both for the same causes.
pub(super) struct Cell {
    pub(super) title: String,
    pub(super) to: String,
    pub(super) moves: Vec<Move>,
    pub(super) causes: Vec<CauseView>,
    pub(super) more: Option<String>,
}

/// How a row moved in a column.
pub(super) struct Move {
    pub(super) column: String,
    pub(super) before: Reading,
    pub(super) after: Reading,
}

/// What a cell said.
pub(super) struct Reading {
    pub(super) text: String,
    pub(super) state: Option<StateView>,
}

/// What moved a cell.
#[derive(PartialEq, Eq)]
pub(super) struct CauseView {
    /// The fact, with its page.
    pub(super) fact: Option<(String, Option<String>)>,
    /// What the fact is called.
    pub(super) title: Option<String>,
    /// Whom it is about, where that is not the fact itself.
    pub(super) subject: Option<String>,
    /// The person it is about, with their page.
    pub(super) person: Option<(String, String)>,
    pub(super) text: String,
    /// Whether it is in the partner's favour, where that can be told.
    pub(super) sign: &'static str,
}

/// From which side is looked to which.
#[derive(Clone, Default)]
struct Sides {
    from: Viewpoint,
    to: Viewpoint,
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let none = FieldProblems::default();
            match sides(visit).and_then(|sides| page(visit, &partner, &sides, none)) {
                Ok(page) => Done::page(&page),
                Err(error) => visit.again(error, |problems| {
                    page(visit, &partner, &default_sides(visit), problems)
                }),
            }
        })
        .await
}

fn default_sides(visit: &Visit) -> Sides {
    let today = visit.app().clock.today();
    let view = |as_of: Day| Viewpoint { as_of: Some(as_of), ..Viewpoint::default() };
    Sides { from: view(today.plus_months(-3)), to: view(today) }
}

fn sides(visit: &Visit) -> Result<Sides, Error> {
    let default = default_sides(visit);
    let to = day(visit, "to")?.or(default.to.as_of);
    let (known_from, known_to) = (moment(visit, "known_from")?, moment(visit, "known_to")?);
    // Two states of knowledge of one day are as good a question as two days.
    let same_day = known_from.is_some() || known_to.is_some();
    let from = day(visit, "from")?.or(if same_day { to } else { default.from.as_of });
    Ok(Sides {
        from: Viewpoint { as_of: from, known_at: known_from, edition: None },
        to: Viewpoint { as_of: to, known_at: known_to, edition: None },
    })
}

fn page(
    visit: &Visit,
    partner: &str,
    sides: &Sides,
    problems: FieldProblems,
) -> Result<ChangesPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let changes = standing::changes(app, &visit.caller, partner, &sides.from, &sides.to)?;
    let editions = app.book()?;
    let edition = edition_of(&editions, &changes.to.rulebook)?;
    let name = super::statement::name_of(visit, partner).unwrap_or_default();
    let head = Head::of(visit, partner, &name, Part::Changes);
    let known = Known::of(visit, partner, edition, named(&changes.cells))?;
    let told = Told::of(t, edition, &changes, &head.base, &known);
    let side = |side: &guildhall_rules::changes::Side| match side.known_at {
        None => t.day(side.as_of),
        Some(at) => t.tell(
            "changes-known-at",
            &[("day", t.day(side.as_of).into()), ("moment", t.moment(at).into())],
        ),
    };
    let query = visit.query();
    let typed = |field: &str, seen: String| {
        if query.has(field) { query.get(field).to_owned() } else { seen }
    };
    let known = |at: Option<jiff::Timestamp>| at.map(as_typed).unwrap_or_default();
    Ok(ChangesPage {
        shell: visit.shell(place(visit, partner), head.title()),
        typed: Typed {
            from: typed("from", changes.from.as_of.to_string()),
            to: typed("to", changes.to.as_of.to_string()),
            known_from: known(sides.from.known_at),
            known_to: known(sides.to.known_at),
        },
        problems,
        presets: presets(visit, &head.base, changes.from.as_of),
        from: side(&changes.from),
        to: side(&changes.to),
        heads: changes.head.iter().map(|change| told.moved(change)).collect(),
        cells: told.cells(&changes.cells),
        head,
    })
}

fn presets(visit: &Visit, base: &str, from: Day) -> Vec<Preset> {
    let today = visit.app().clock.today();
    let preset = |months: i32| {
        let begin = today.plus_months(-months);
        Preset {
            text: visit.t.n("changes-months", usize::try_from(months).unwrap_or_default()),
            to: address(&format!("{base}/changes"), &[("from", &begin.to_string())]),
            is_here: begin == from,
        }
    };
    [1, 3, 6, 12].map(preset).into()
}

/// What changes are told with.
pub(super) struct Told<'a> {
    book: Book<'a>,
    base: &'a str,
    known: &'a Known,
}

/// The facts that cells moved by and that have names of their own, as far as they are told.
pub(super) fn named(cells: &[CellChange]) -> impl Iterator<Item = (FactKind, &str)> {
    let causes = cells.iter().flat_map(|cell| cell.because.iter().take(NAMED));
    let facts = causes.filter_map(|cause| match cause {
        Cause::FactGained { fact, kind, .. }
        | Cause::FactLost { fact, kind, .. }
        | Cause::FactCorrected { fact, kind, .. } => Some((*kind, fact.as_str())),
        _ => None,
    });
    facts.filter(|(kind, _)| is_looked_up(*kind))
}

impl<'a> Told<'a> {
    fn of(
        t: &'static Texts,
        edition: &'a Edition,
        changes: &'a Changes,
        base: &'a str,
        known: &'a Known,
    ) -> Self {
        // Tiers are called by the titles of the path on which one of that id is.
        let tiers =
            changes.cells.iter().flat_map(|cell| &cell.because).find_map(|cause| match cause {
                Cause::Path { after, .. } => Some(after.as_str()),
                _ => None,
            });
        Self::at(t, edition, tiers.unwrap_or_default(), changes.to.as_of, base, known)
    }

    /// Told with the titles of a path; of any path that has such a tier where it is none.
    pub(super) fn at(
        t: &'static Texts,
        edition: &'a Edition,
        path: &'a str,
        as_of: Day,
        base: &'a str,
        known: &'a Known,
    ) -> Self {
        Self { book: Book::new(t, edition, path, as_of), base, known }
    }

    fn tier(&self, tier: Option<&String>) -> String {
        let t = self.book.t;
        let Some(id) = tier else { return t.say("tier-none") };
        if self.book.tier_position(id).is_some() {
            return self.book.tier_title(id);
        }
        let tiers = self.book.edition.paths.iter().flat_map(|path| &path.tiers);
        let known = tiers.into_iter().find(|tier| tier.id == *id);
        known.map_or_else(|| id.clone(), |tier| or_id(&tier.title, id))
    }

    pub(super) fn moved(&self, change: &HeadChange) -> Moved {
        Moved {
            what: self.book.t.word("changes-what", &change.what.replace('.', "_")),
            before: self.head_value(change.what, change.before.as_ref()),
            after: self.head_value(change.what, change.after.as_ref()),
        }
    }

    /// A value of the head in words.
    fn head_value(&self, what: &str, value: Option<&String>) -> String {
        let t = self.book.t;
        match (what, value) {
            ("tier" | "attained" | "review.to_tier", tier) => self.tier(tier),
            (_, None) => t.say("changes-nothing"),
            ("path", Some(path)) => self.book.title_of_path(path),
            ("renewal.met" | "upgrade.met", Some(met)) => {
                let state = if met == "true" { State::Met } else { State::NotMet };
                StateView::of(t, state).word
            }
            ("review.outcome", Some(outcome)) => t.word("review-outcome", outcome),
            ("review.last_on" | "review.due_on", Some(day)) => t.day_text(day),
            ("support_discount.percent", Some(percent)) => {
                t.of_it("scorecard-percent", &t.number(percent))
            }
            (_, Some(value)) => value.clone(),
        }
    }

    /// Cells that moved; the two columns of a row are one where the same moved them.
    pub(super) fn cells(&self, changes: &[CellChange]) -> Vec<Cell> {
        let mut cells: Vec<(&str, Cell)> = Vec::new();
        for change in changes {
            let mut cell = self.cell(change);
            let same = cells.last_mut().filter(|(measure, last)| {
                *measure == change.measure && last.causes == cell.causes && last.more == cell.more
            });
            match same {
                Some((_, last)) => last.moves.append(&mut cell.moves),
                None => cells.push((&change.measure, cell)),
            }
        }
        cells.into_iter().map(|(_, cell)| cell).collect()
    }

    fn cell(&self, change: &CellChange) -> Cell {
        let t = self.book.t;
        let causes = change.because.iter().take(NAMED);
        let more = change.because.len().saturating_sub(NAMED);
        Cell {
            title: or_id(&change.title, &change.measure),
            to: format!("{}/scorecard/{}", self.base, path_of(&change.measure)),
            moves: vec![Move {
                column: words::column(t, change.column),
                before: self.reading(&change.measure, change.before.as_ref()),
                after: self.reading(&change.measure, change.after.as_ref()),
            }],
            causes: causes.map(|cause| self.cause(cause, change.column)).collect(),
            more: (more > 0).then(|| t.n("changes-more", more)),
        }
    }

    fn reading(&self, measure: &str, value: Option<&CellValue>) -> Reading {
        let t = self.book.t;
        let Some(value) = value else {
            return Reading { text: t.say("changes-no-row"), state: None };
        };
        let known = self.book.measure(measure);
        let is_ceiling = known.is_some()
            && self.book.edition.paths.iter().flat_map(|path| &path.tiers).any(|tier| {
                tier.requires.iter().any(|asked| {
                    let of = self.book.edition.measures.get(asked.measure);
                    of.is_some_and(|of| of.id == measure)
                        && matches!(asked.target, guildhall_rules::rulebook::Target::AtMost(_))
                })
            });
        let is_known = value.state != State::Unknown;
        let shape = Shape::of(known);
        Reading {
            text: words::against(t, shape, &value.value, value.target, is_ceiling, is_known),
            state: Some(StateView::of(t, value.state)),
        }
    }

    fn cause(&self, cause: &Cause, column: Column) -> CauseView {
        let t = self.book.t;
        let plain = |text: String| CauseView {
            fact: None,
            title: None,
            subject: None,
            person: None,
            text,
            sign: "moved",
        };
        let pair = |key: &str, before: String, after: String| {
            plain(t.tell(key, &[("before", before.into()), ("after", after.into())]))
        };
        let day_of =
            |day: &Option<Day>| day.map_or_else(|| t.say("changes-no-beginning"), |day| t.day(day));
        match cause {
            Cause::FactGained { fact, kind, subject, reason_before } => {
                let text = match reason_before {
                    Some(reason) => t.of_it("changes-gained-was", &t.word("reason", reason.word())),
                    None => t.say("changes-gained"),
                };
                self.of_fact(fact, *kind, subject, text, "gained")
            }
            Cause::FactLost { fact, kind, subject, reason, detail } => {
                let text = match (reason, detail) {
                    (None, _) => t.say("changes-lost"),
                    (Some(reason), None) => {
                        t.of_it("changes-lost-for", &t.word("reason", reason.word()))
                    }
                    (Some(reason), Some(detail)) => t.tell(
                        "changes-lost-for-detail",
                        &[
                            ("it", t.word("reason", reason.word()).into()),
                            (
                                "detail",
                                words::with_days(t, words::in_column(detail, column)).into(),
                            ),
                        ],
                    ),
                };
                self.of_fact(fact, *kind, subject, text, "lost")
            }
            Cause::FactCorrected { fact, kind, subject, before, after } => {
                let said = |value: &Option<String>| {
                    value.clone().unwrap_or_else(|| t.say("changes-nothing"))
                };
                let numbers = [("before", said(before).into()), ("after", said(after).into())];
                self.of_fact(fact, *kind, subject, t.tell("changes-corrected", &numbers), "moved")
            }
            Cause::Path { before, after } => pair(
                "changes-path",
                self.book.title_of_path(before),
                self.book.title_of_path(after),
            ),
            Cause::Tier { before, after } => {
                pair("changes-tier", self.tier(before.as_ref()), self.tier(after.as_ref()))
            }
            Cause::Window { before, after } => {
                pair("changes-window", day_of(before), day_of(after))
            }
            Cause::Rule { before, after } => pair("changes-rule", before.clone(), after.clone()),
            Cause::SomeFactCorrected => plain(t.say("changes-some-fact")),
        }
    }

    fn of_fact(
        &self,
        fact: &str,
        kind: FactKind,
        subject: &str,
        text: String,
        sign: &'static str,
    ) -> CauseView {
        let (to, person) = (self.known.page(kind, fact), self.known.person(kind, fact));
        let is_told = person.is_none() && subject != fact && !subject.is_empty();
        CauseView {
            fact: Some((fact.to_owned(), to)),
            title: self.known.title(kind, fact),
            subject: is_told.then(|| subject.to_owned()),
            person,
            text,
            sign,
        }
    }
}

#[cfg(test)]
#[path = "tests/changes.rs"]
mod tests;
