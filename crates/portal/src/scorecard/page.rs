//! The scorecard as a page of the portal, and the same as a file to keep.

use askama::Template;
use guildhall_operations::http::Path;
use guildhall_operations::ops::standing::{self, Viewpoint};
use guildhall_operations::{Book as Editions, Error};
use guildhall_rules::rulebook::Column;
use guildhall_rules::scorecard::Scorecard;

use super::alerts::{Alert, alerts};
use super::book::{Book, or_id};
use super::chart::Chart;
use super::facts::{FactLists, FactsView};
use super::frame::{Head, Part, place};
use super::notes::{Note, Notes};
use super::review::ReviewView;
use super::rows::{ColumnView, ComponentView};
use super::standpoint::{Picker, Standpoint};
use super::tier::TierView;
use crate::form::FieldProblems;
use crate::shell::Shell;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit, path_of};

/// The page.
#[derive(Template)]
#[template(path = "portal/scorecard/page.html")]
struct ScorecardPage {
    shell: Shell,
    t: &'static Texts,
    head: Head,
    alerts: Vec<Alert>,
    picker: Picker,
    about: About,
    tier: TierView,
    review: ReviewView,
    columns: Vec<ColumnView>,
    components: Vec<ComponentView>,
    has_chart: bool,
    has_ceiling: bool,
    discount: Option<DiscountSummary>,
    notes: Vec<Note>,
    /// The facts behind all rows, where they are asked for.
    facts: Vec<FactsView>,
    /// The facts of a row, of which this is the query.
    query: String,
    with_facts: String,
    csv: String,
    file: String,
}

/// What the page is about, in words.
struct About {
    path: String,
    as_of: String,
    known_at: String,
    edition: String,
    edition_to: String,
}

/// The discount in one line.
struct DiscountSummary {
    title: String,
    period: String,
    percent: String,
    to: String,
}

impl ScorecardPage {
    /// The address of the facts behind a row.
    fn row_to(&self, measure: &str) -> String {
        format!("{}/scorecard/{}{}", self.head.base, path_of(measure), self.query)
    }
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let point = Standpoint::typed(visit);
            let none = FieldProblems::default();
            let made =
                point.read(visit).and_then(|view| page(visit, &partner, &view, &point, none));
            match made {
                Ok(page) => Done::page(&page),
                Err(error) => visit.again(error, |problems| {
                    page(visit, &partner, &Viewpoint::default(), &point, problems)
                }),
            }
        })
        .await
}

/// The scorecard from a viewpoint, and the editions.
pub(super) fn seen(
    visit: &Visit,
    partner: &str,
    view: &Viewpoint,
) -> Result<(Scorecard, std::sync::Arc<Editions>), Error> {
    let scorecard = standing::scorecard(visit.app(), &visit.caller, partner, view)?;
    Ok((scorecard, visit.app().book()?))
}

/// The edition of a scorecard.
pub(super) fn edition_of<'e>(
    editions: &'e Editions,
    id: &str,
) -> Result<&'e guildhall_rules::rulebook::Edition, Error> {
    editions.edition(id).ok_or_else(|| Error::internal(format!("the edition `{id}` is gone")))
}

fn page(
    visit: &Visit,
    partner: &str,
    view: &Viewpoint,
    point: &Standpoint,
    problems: FieldProblems,
) -> Result<ScorecardPage, Error> {
    let (scorecard, editions) = seen(visit, partner, view)?;
    let edition = edition_of(&editions, &scorecard.rulebook)?;
    let t = visit.t;
    let book = Book::new(t, edition, &scorecard.path, scorecard.as_of);
    let mut notes = Notes::default();
    let all = visit.query().get("facts") == "all";
    let mut facts = FactLists { is_listed: all, ..FactLists::default() };
    let tier = TierView::of(&scorecard, &book, &mut notes);
    let review = ReviewView::of(&scorecard, &book, &mut notes);
    let components = ComponentView::all(&scorecard, &book, &mut notes, &mut facts);
    let columns = Column::BOTH.map(|column| ColumnView::of(column, &scorecard, &book, &components));
    let head = Head::of(visit, partner, &scorecard.name, Part::Scorecard);
    let base = head.base.clone();
    let charts = || {
        let rows = components.iter().flat_map(|component| &component.rows);
        rows.filter_map(|row| row.chart.as_ref())
    };
    let address = format!("{base}/scorecard");
    Ok(ScorecardPage {
        shell: visit.shell(place(visit, partner), head.title()),
        t,
        alerts: alerts(visit, &scorecard, &book)?,
        picker: Picker::of(visit, point, scorecard.as_of, problems)?,
        about: About {
            path: book.path_title(),
            as_of: t.day(scorecard.as_of),
            known_at: scorecard
                .known_at
                .map_or_else(|| t.say("scorecard-known-all"), |at| t.moment(at)),
            edition: or_id(&edition.title, &edition.id),
            edition_to: format!("/rulebook/{}", path_of(&edition.id)),
        },
        tier,
        review,
        columns: columns.into(),
        has_chart: charts().next().is_some(),
        has_ceiling: charts().any(Chart::has_ceiling),
        discount: discount(&scorecard, &head, t),
        components,
        notes: notes.into_list(),
        facts: facts.all,
        query: point.address(""),
        with_facts: point.with(&address, &[("facts", "all")]),
        csv: point.address(&format!("{address}.csv")),
        file: point.address(&format!("{address}.html")),
        head,
    })
}

/// The discount, for whoever may see its statement.
fn discount(scorecard: &Scorecard, head: &Head, t: &Texts) -> Option<DiscountSummary> {
    let statement = scorecard.support_discount.as_ref()?;
    let to = format!("{}/discount", head.base);
    head.tabs.iter().any(|tab| tab.to == to).then(|| DiscountSummary {
        title: or_id(&statement.title, &t.say("discount-discount")),
        period: statement.period.clone(),
        percent: t.of_it("scorecard-percent", &t.number(&statement.percent.to_string())),
        to: format!("{to}?period={}", statement.period),
    })
}

/// The scorecard as one file that needs no other.
pub(super) async fn download(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let view = Standpoint::typed(visit).read(visit)?;
            let (scorecard, editions) = seen(visit, &partner, &view)?;
            let edition = edition_of(&editions, &scorecard.rulebook)?;
            let html = super::sheet::sheet(visit.t, &scorecard, edition)?;
            Ok(Done::File {
                name: format!("scorecard-{partner}-{}.html", scorecard.as_of),
                kind: "text/html; charset=utf-8",
                bytes: html.into_bytes(),
            })
        })
        .await
}
