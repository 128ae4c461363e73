//! The rows of a scorecard by component, and what each column comes to.

use guildhall_rules::evaluation::State;
use guildhall_rules::rulebook::{Column, Measure};
use guildhall_rules::scorecard::{CellText, Row, Scorecard};

use super::book::{Book, or_id};
use super::chart::{Against, Chart};
use super::facts::{FactLists, FactsLink, FactsView};
use super::notes::{Mark, Notes};
use super::words::{self, Shape, StateView};
use crate::texts::Texts;

/// A group of rows.
pub(super) struct ComponentView {
    pub(super) title: String,
    /// Names the place in the page.
    pub(super) anchor: usize,
    /// What the columns of the table are about.
    pub(super) heads: Vec<HeadView>,
    pub(super) rows: Vec<RowView>,
}

/// The head of a column.
#[derive(Clone)]
pub(super) struct HeadView {
    /// Its name.
    pub(super) column: String,
    /// What it is about: `keep Ridge`.
    pub(super) text: String,
}

/// A row.
pub(super) struct RowView {
    /// The measure's id.
    pub(super) measure: String,
    pub(super) title: String,
    pub(super) unit: Option<String>,
    /// Names the place in the page.
    pub(super) anchor: String,
    pub(super) marks: Vec<Mark>,
    pub(super) chart: Option<Chart>,
    pub(super) cells: Vec<CellView>,
    /// None where the scorecard was made without its facts.
    pub(super) facts: Option<FactsLink>,
}

/// A cell.
pub(super) struct CellView {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) state: StateView,
    pub(super) window: String,
    pub(super) marks: Vec<Mark>,
    column: Column,
    is_in_the_way: bool,
    is_asked: bool,
}

/// What a column comes to.
pub(super) struct ColumnView {
    pub(super) label: String,
    /// `Keep Ridge`.
    pub(super) title: String,
    /// `7 of 9 rows met`.
    pub(super) text: String,
    pub(super) state: StateView,
    pub(super) missing: Vec<MissingView>,
}

/// A row that keeps a column from being met.
pub(super) struct MissingView {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) anchor: String,
}

impl ComponentView {
    /// Every row in its component, in the edition's order; those of no component come last.
    pub(super) fn all(
        scorecard: &Scorecard,
        book: &Book,
        notes: &mut Notes,
        facts: &mut FactLists,
    ) -> Vec<Self> {
        let known = book.edition.components.iter();
        let mut groups: Vec<(&str, String)> = known
            .map(|component| (component.id.as_str(), or_id(&component.title, &component.id)))
            .collect();
        for row in &scorecard.rows {
            if !groups.iter().any(|(id, _)| *id == row.component) {
                groups
                    .push((&row.component, or_id(&row.component, &book.t.say("scorecard-other"))));
            }
        }
        let head = |column: Column| HeadView {
            column: words::column(book.t, column),
            text: column_title(column, scorecard, book),
        };
        let heads: Vec<HeadView> = Column::BOTH.map(head).into();
        let mut all = Vec::new();
        for (id, title) in groups {
            let anchor = all.len() + 1;
            let of_group = scorecard.rows.iter().filter(|row| row.component == id).enumerate();
            let rows: Vec<RowView> = of_group
                .map(|(at, row)| {
                    let anchor = format!("row-{anchor}-{}", at + 1);
                    RowView::of(row, anchor, scorecard, book, notes, facts)
                })
                .collect();
            if !rows.is_empty() {
                all.push(Self { title, anchor, heads: heads.clone(), rows });
            }
        }
        all
    }
}

impl RowView {
    fn of(
        row: &Row,
        anchor: String,
        scorecard: &Scorecard,
        book: &Book,
        notes: &mut Notes,
        facts: &mut FactLists,
    ) -> Self {
        let measure = book.measure(&row.measure);
        let title = or_id(&row.title, &row.measure);
        let mark = measure.and_then(|measure| notes.mark(&measure.grounds, &title));
        let cells = Column::BOTH
            .iter()
            .map(|column| CellView::of(row, *column, &title, measure, scorecard, book, notes))
            .collect();
        let listed = row.counted.as_ref().zip(row.not_counted.as_ref());
        let help = measure.and_then(|measure| measure.help.as_deref());
        let link = listed.map(|(counted, not_counted)| {
            FactsView::add(book.t, facts, &title, help, (counted, not_counted))
        });
        Self {
            measure: row.measure.clone(),
            unit: row.unit.clone(),
            anchor,
            marks: mark.into_iter().collect(),
            chart: Chart::of(
                book.t,
                &Column::BOTH.map(|column| {
                    let cell = row.cell(column);
                    Against {
                        class: column.word(),
                        value: &cell.value,
                        bar: cell.target.filter(|_| is_known(cell)),
                        is_ceiling: cell.is_ceiling,
                    }
                }),
            ),
            cells,
            facts: link,
            title,
        }
    }
}

impl CellView {
    pub(super) fn of(
        row: &Row,
        column: Column,
        title: &str,
        measure: Option<&Measure>,
        scorecard: &Scorecard,
        book: &Book,
        notes: &mut Notes,
    ) -> Self {
        let (t, cell) = (book.t, row.cell(column));
        let mut marks = Vec::new();
        if let (Some(_), Some(tier)) = (cell.target, &scorecard.head(column).tier) {
            let asked = book.requirement(tier, &row.measure);
            let about = format!("{title}, {}", book.tier_title(tier));
            marks.extend(asked.and_then(|asked| notes.mark(&asked.grounds, &about)));
        }
        let shape = Shape::of(measure);
        Self {
            column,
            label: words::column(t, column),
            text: words::against(
                t,
                shape,
                &cell.value,
                cell.target,
                cell.is_ceiling,
                is_known(cell),
            ),
            state: StateView::of(t, cell.state),
            window: words::window(t, cell),
            marks,
            is_in_the_way: cell.state.is_in_the_way(),
            is_asked: cell.state != State::NotRequired,
        }
    }
}

impl ColumnView {
    pub(super) fn of(
        column: Column,
        scorecard: &Scorecard,
        book: &Book,
        components: &[ComponentView],
    ) -> Self {
        let head = scorecard.head(column);
        let t = book.t;
        let rows = components.iter().flat_map(|component| &component.rows);
        let cells = rows.filter_map(|row| {
            let cell = row.cells.iter().find(|cell| cell.column == column)?;
            cell.is_asked.then_some((row, cell))
        });
        let (mut asked, mut missing) = (0_usize, Vec::new());
        for (row, cell) in cells {
            asked += 1;
            if cell.is_in_the_way {
                missing.push(MissingView {
                    title: row.title.clone(),
                    text: cell.text.clone(),
                    anchor: row.anchor.clone(),
                });
            }
        }
        let (text, state) = match (head.met, asked) {
            (None, _) => (no_tier(t, column, scorecard), State::NotRequired),
            (Some(_), 0) => (t.say("scorecard-asks-nothing"), State::Met),
            (Some(is_met), asked) => {
                let met = asked - missing.len();
                let state = if is_met { State::Met } else { State::NotMet };
                let numbers = [
                    ("met", t.count(met).into()),
                    ("n", asked.into()),
                    ("count", t.count(asked).into()),
                ];
                (t.tell("scorecard-rows-met", &numbers), state)
            }
        };
        let title = column_title(column, scorecard, book);
        Self {
            label: words::column(t, column),
            title,
            text,
            state: StateView::of(t, state),
            missing,
        }
    }
}

/// Whether there is a value. Where nothing is asked the state does not tell, but the window does.
pub(super) fn is_known(cell: &CellText) -> bool {
    cell.state != State::Unknown && !words::has_no_beginning(cell)
}

/// What a column is about.
pub(super) fn column_title(column: Column, scorecard: &Scorecard, book: &Book) -> String {
    match (column, &scorecard.head(column).tier) {
        (Column::Renewal, Some(tier)) => book.t.of_it("scorecard-keep", &book.tier_title(tier)),
        (Column::Upgrade, Some(tier)) => book.t.of_it("scorecard-reach", &book.tier_title(tier)),
        (column, None) => no_tier(book.t, column, scorecard),
    }
}

fn no_tier(t: &Texts, column: Column, scorecard: &Scorecard) -> String {
    t.say(match column {
        _ if scorecard.tier_is_unknown => "scorecard-tier-unknown",
        Column::Renewal => "scorecard-no-tier-to-keep",
        Column::Upgrade => "scorecard-no-tier-above",
    })
}
