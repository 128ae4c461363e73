//! A scorecard as one printable page of HTML: no script, and nothing fetched from anywhere.
//!
//! [`render`] turns a scorecard and its edition into values that are ready to show; the
//! templates hold only `if` and `for`. Nothing is computed here that the scorecard does not say,
//! apart from counting rows and facts and the lengths of bars.

mod book;
mod chart;
mod discount;
mod facts;
mod impact;
mod notes;
mod review;
mod rows;
mod sweep;
mod words;

#[cfg(test)]
mod tests;

use askama::Template;
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::scorecard::Scorecard;

use book::Book;
use chart::Chart;
use discount::DiscountView;
use facts::FactsView;
use notes::{Mark, Note, Notes, SourceView};
use review::ReviewView;
use rows::{ColumnView, ComponentView};

pub(crate) use impact::render_impact;
pub(crate) use sweep::draw_sweep;

/// The page of a scorecard, evaluated by the edition given.
///
/// # Errors
/// None that can be provoked: askama's own, should writing to memory fail.
pub(crate) fn render(scorecard: &Scorecard, edition: &Edition) -> Result<String, askama::Error> {
    Page::of(scorecard, edition).render().map(without_controls)
}

/// The whole page.
#[derive(Template)]
#[template(path = "scorecard.html", whitespace = "minimize")]
struct Page {
    name: String,
    partner: String,
    network: String,
    edition_title: String,
    edition_id: String,
    in_force_from: String,
    path: String,
    as_of: String,
    known_at: String,
    tier: TierView,
    review: ReviewView,
    columns: Vec<ColumnView>,
    components: Vec<ComponentView>,
    /// Whether some bar is a ceiling, which the legend then explains.
    has_ceiling: bool,
    /// Whether there is a bar at all.
    has_chart: bool,
    discount: Option<DiscountView>,
    notes: Vec<Note>,
    facts: Vec<FactsView>,
    sources: Vec<SourceView>,
}

/// The tier held and the tier attained.
struct TierView {
    held: String,
    /// What there is to say about the tier held, where it is not a plain one.
    remark: Option<&'static str>,
    attained: String,
    attained_remark: Option<&'static str>,
    marks: Vec<Mark>,
}

impl Page {
    fn of(scorecard: &Scorecard, edition: &Edition) -> Self {
        let book = Book::new(edition, &scorecard.path, scorecard.as_of);
        let mut notes = Notes::default();
        let mut facts = Vec::new();
        let tier = TierView::of(scorecard, &book, &mut notes);
        let review = ReviewView::of(scorecard, &book, &mut notes);
        let components = ComponentView::all(scorecard, &book, &mut notes, &mut facts);
        let columns =
            Column::BOTH.map(|column| ColumnView::of(column, scorecard, &book, &components));
        let discount = scorecard
            .support_discount
            .as_ref()
            .map(|statement| DiscountView::of(statement, &book, &mut notes, &mut facts));
        let charts = || {
            let of_rows = components.iter().flat_map(|component| &component.rows);
            let of_discount = discount.iter().flat_map(|discount| &discount.measures);
            let of_rows = of_rows.filter_map(|row| row.chart.as_ref());
            of_rows.chain(of_discount.filter_map(|measure| measure.chart.as_ref()))
        };
        Self {
            name: book::or_id(&scorecard.name, &scorecard.partner),
            partner: scorecard.partner.clone(),
            network: scorecard.network.clone(),
            edition_title: book::or_id(&edition.title, &edition.id),
            edition_id: edition.id.clone(),
            in_force_from: words::day(edition.in_force_from),
            path: book.path_title(),
            as_of: words::day(scorecard.as_of),
            known_at: scorecard
                .known_at
                .map_or_else(|| "everything on record".to_owned(), words::moment),
            tier,
            review,
            columns: columns.into(),
            has_ceiling: charts().any(Chart::has_ceiling),
            has_chart: charts().next().is_some(),
            components,
            discount,
            notes: notes.into_list(),
            facts,
            sources: notes::sources(edition),
        }
    }
}

impl TierView {
    fn of(scorecard: &Scorecard, book: &Book, notes: &mut Notes) -> Self {
        let held_at = scorecard.tier.as_deref().and_then(|tier| book.tier_position(tier));
        let attained_at = scorecard.attained.as_deref().and_then(|tier| book.tier_position(tier));
        let (held, remark) = match &scorecard.tier {
            Some(tier) if held_at.is_none() => {
                (tier.clone(), Some("This edition has no such tier on the path."))
            }
            Some(tier) => (book.tier_title(tier), None),
            None if scorecard.tier_is_unknown => {
                let remark = "The facts do not say which tier is held on this day.";
                ("Unknown".to_owned(), Some(remark))
            }
            None => ("None".to_owned(), None),
        };
        let attained = scorecard.attained.as_deref();
        let attained_remark = match (held_at, attained_at) {
            (Some(held), attained) if attained < Some(held) => {
                Some("Below the tier held, which by itself lowers nothing.")
            }
            (held, Some(attained)) if Some(attained) > held => Some("Above the tier held."),
            _ => None,
        };
        let tier = scorecard.tier.as_deref().and_then(|tier| book.tier(tier));
        Self {
            held,
            remark,
            attained: attained.map_or_else(|| "None".to_owned(), |tier| book.tier_title(tier)),
            attained_remark,
            marks: tier
                .and_then(|tier| notes.mark(&tier.grounds, &format!("Tier {}", tier.title)))
                .into_iter()
                .collect(),
        }
    }
}

/// Replaces control characters, which no reader of a page expects; escaping lets them through.
fn without_controls(page: String) -> String {
    let is_unwanted = |char: char| char.is_control() && char != '\n';
    if page.contains(is_unwanted) { page.replace(is_unwanted, "\u{fffd}") } else { page }
}
