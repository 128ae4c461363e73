//! The statement of the support discount of a period: who is eligible, what was measured, which
//! cases cost points, and what it comes to.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::partners;
use guildhall_operations::ops::standing::{self, facts_behind, file_of};
use guildhall_rules::discount::DiscountStatement;
use guildhall_rules::evaluation::State;
use guildhall_rules::rulebook::FactKind;

use super::book::{Book, or_id};
use super::discount::{DiscountView, earned};
use super::facts::FactLists;
use super::frame::{Head, Part, place};
use super::notes::{Note, Notes};
use super::page::edition_of;
use super::standpoint::{as_typed, moment};
use crate::form::FieldProblems;
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, path_of};

/// So many cases are named where they cost points; the others stand on the page of the measure.
const NAMED: usize = 20;

#[derive(Template)]
#[template(path = "portal/scorecard/statement.html")]
struct StatementPage {
    shell: Shell,
    t: &'static Texts,
    head: Head,
    periods: Vec<Choice>,
    known_at: String,
    problems: FieldProblems,
    discount: Option<DiscountView>,
    edition: String,
    edition_to: String,
    /// `25 + 5 + 0 = 30, at most 40`.
    formula: String,
    costs: Vec<Cost>,
    notes: Vec<Note>,
    /// The query of the pages of facts.
    query: String,
}

impl StatementPage {
    /// The address of the facts behind a measure.
    fn row_to(&self, measure: &str) -> String {
        format!("{}/discount/{}{}", self.head.base, path_of(measure), self.query)
    }
}

struct Choice {
    period: String,
    is_chosen: bool,
}

/// Facts that keep a measure from its target.
struct Cost {
    title: String,
    facts: Vec<(String, Option<String>)>,
    more: Option<String>,
    to: String,
}

/// The name of a partner, for whoever may see it.
pub(super) fn name_of(visit: &Visit, partner: &str) -> Result<String, Error> {
    let profile = partners::read(visit.app(), &visit.caller, partner)?;
    Ok(profile.partner.values.get("name").cloned().unwrap_or_default())
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let query = visit.query();
            let none = FieldProblems::default();
            match page(visit, &partner, query.typed("period"), none) {
                Ok(page) => Done::page(&page),
                Err(error) => visit.again(error, |problems| page(visit, &partner, None, problems)),
            }
        })
        .await
}

fn page(
    visit: &Visit,
    partner: &str,
    asked: Option<&str>,
    problems: FieldProblems,
) -> Result<StatementPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let mut periods = standing::discount_periods(app, &visit.caller, partner)?;
    let name = name_of(visit, partner)?;
    let head = Head::of(visit, partner, &name, Part::Discount);
    // The first is the next one.
    let chosen = asked.or_else(|| periods.get(1).or(periods.first()).map(String::as_str));
    let chosen = chosen.map(str::to_owned);
    // What could not be read is not read again.
    let known_at = if problems.is_empty() { moment(visit, "known_at")? } else { None };
    let mut page = StatementPage {
        shell: visit.shell(place(visit, partner), head.title()),
        t,
        query: crate::form::address(
            "",
            &[
                ("period", chosen.as_deref().unwrap_or_default()),
                ("known_at", visit.query().get("known_at")),
            ],
        ),
        head,
        periods: Vec::new(),
        known_at: known_at.map_or_else(|| visit.query().get("known_at").to_owned(), as_typed),
        problems,
        discount: None,
        edition: String::new(),
        edition_to: String::new(),
        formula: String::new(),
        costs: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(period) = &chosen {
        let statement = standing::discount(app, &visit.caller, partner, period, known_at)?;
        page.tell(visit, partner, &statement)?;
        if !periods.contains(period) {
            periods.push(period.clone());
        }
    }
    let choice = |period: String| Choice { is_chosen: Some(&period) == chosen.as_ref(), period };
    page.periods = periods.into_iter().map(choice).collect();
    Ok(page)
}

impl StatementPage {
    fn tell(
        &mut self,
        visit: &Visit,
        partner: &str,
        statement: &DiscountStatement,
    ) -> Result<(), Error> {
        let editions = visit.app().book()?;
        let edition = edition_of(&editions, &statement.rulebook)?;
        let profile = partners::read(visit.app(), &visit.caller, partner)?.partner;
        let path = profile.values.get("path").cloned().unwrap_or_default();
        let book = Book::new(visit.t, edition, &path, statement.period_days.0);
        let mut notes = Notes::default();
        let view = DiscountView::of(statement, &book, &mut notes, &mut FactLists::default());
        self.formula = formula(visit.t, statement);
        self.costs = self.costs_of(visit, statement)?;
        self.notes = notes.into_list();
        self.edition = or_id(&edition.title, &edition.id);
        self.edition_to = format!("/rulebook/{}", path_of(&edition.id));
        self.discount = Some(view);
        Ok(())
    }

    fn costs_of(&self, visit: &Visit, statement: &DiscountStatement) -> Result<Vec<Cost>, Error> {
        let mut costs = Vec::new();
        let missed = statement.measures.iter();
        for measure in missed.filter(|one| one.is_ceiling && one.state == State::NotMet) {
            // The engine says of a fact that is part of a share that it is.
            let all = measure.counted.iter().filter(|fact| fact.detail.is_some());
            let keys: Vec<(FactKind, String)> =
                all.map(|fact| (fact.kind, fact.fact.clone())).collect();
            let named = keys.get(..NAMED.min(keys.len())).unwrap_or_default();
            let behind = facts_behind(visit.app(), &visit.caller, named)?;
            let link = |((kind, id), seen): (&(FactKind, String), Option<_>)| {
                let to = format!("/facts/{}/{}", file_of(*kind).stem(), path_of(id));
                (id.clone(), seen.map(|_: standing::FactBehind| to))
            };
            let more = keys.len() - named.len();
            costs.push(Cost {
                title: or_id(&measure.title, &measure.measure),
                facts: named.iter().zip(behind).map(link).collect(),
                more: (more > 0).then(|| visit.t.n("discount-more", more)),
                to: self.row_to(&measure.measure),
            });
        }
        costs.retain(|cost| !cost.facts.is_empty());
        Ok(costs)
    }
}

/// How the percentage comes about.
fn formula(t: &Texts, statement: &DiscountStatement) -> String {
    let mut terms = vec![t.number(&statement.base_percent.to_string())];
    terms.extend(statement.measures.iter().map(|one| t.number(&one.points.to_string())));
    t.tell(
        "discount-formula",
        &[
            ("terms", terms.join(" + ").into()),
            ("sum", t.number(&earned(statement).to_string()).into()),
            ("ceiling", t.number(&statement.ceiling_percent.to_string()).into()),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample::statement;
    use super::*;

    #[test]
    fn the_formula_adds_up() {
        let text = formula(Texts::english(), &statement());
        assert_eq!(text, "25 + 5 + 0 + 0 = 30, at most 40");
    }
}
