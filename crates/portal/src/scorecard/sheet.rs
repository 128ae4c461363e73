//! A scorecard as one printable page of HTML: no script, and nothing fetched from anywhere.
//!
//! [`scorecard_sheet`] turns a scorecard and its edition into values that are ready to show; the
//! templates hold only `if` and `for`. Nothing is computed here that the scorecard does not say,
//! apart from counting rows and facts and the lengths of bars.

use askama::Template;
use guildhall_operations::Error;
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::scorecard::Scorecard;

use super::book::{self, Book};
use super::chart::Chart;
use super::discount::DiscountView;
use super::facts::{FactLists, FactsView};
use super::notes::{self, Note, Notes, SourceView};
use super::review::ReviewView;
use super::rows::{ColumnView, ComponentView};
use super::tier::TierView;
use crate::texts::Texts;
use crate::visit::render;

/// A scorecard in English as one page that needs no other file, evaluated by the edition given.
///
/// # Errors
///
/// None that can be provoked: [`Error::Internal`], should writing to memory fail.
pub fn scorecard_sheet(scorecard: &Scorecard, edition: &Edition) -> Result<String, Error> {
    sheet(Texts::english(), scorecard, edition)
}

/// The same in any language.
pub(super) fn sheet(
    t: &'static Texts,
    scorecard: &Scorecard,
    edition: &Edition,
) -> Result<String, Error> {
    render(&Sheet::of(t, scorecard, edition))
}

/// The whole page.
#[derive(Template)]
#[template(path = "scorecard.html", whitespace = "minimize")]
struct Sheet {
    t: &'static Texts,
    name: String,
    partner: String,
    /// What the browser calls the page.
    title: String,
    edition_title: String,
    edition_id: String,
    in_force: String,
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
    foot: String,
}

impl Sheet {
    fn of(t: &'static Texts, scorecard: &Scorecard, edition: &Edition) -> Self {
        let book = Book::new(t, edition, &scorecard.path, scorecard.as_of);
        let mut notes = Notes::default();
        let mut facts = FactLists::listed();
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
        let name = book::or_id(&scorecard.name, &scorecard.partner);
        Self {
            t,
            title: t.tell(
                "sheet-title",
                &[("name", name.as_str().into()), ("day", t.day(scorecard.as_of).into())],
            ),
            foot: t.tell(
                "sheet-foot",
                &[("day", t.day(scorecard.as_of).into()), ("edition", edition.id.as_str().into())],
            ),
            name,
            partner: scorecard.partner.clone(),
            edition_title: book::or_id(&edition.title, &edition.id),
            edition_id: edition.id.clone(),
            in_force: t.tell(
                "sheet-in-force",
                &[
                    ("network", scorecard.network.as_str().into()),
                    ("day", t.day(edition.in_force_from).into()),
                ],
            ),
            path: book.path_title(),
            as_of: t.day(scorecard.as_of),
            known_at: scorecard
                .known_at
                .map_or_else(|| t.say("scorecard-known-all"), |at| t.moment(at)),
            tier,
            review,
            columns: columns.into(),
            has_ceiling: charts().any(Chart::has_ceiling),
            has_chart: charts().next().is_some(),
            components,
            discount,
            notes: notes.into_list(),
            facts: facts.all,
            sources: notes::sources(t, edition),
        }
    }
}
