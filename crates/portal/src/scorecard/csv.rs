//! The scorecard as CSV for people: a line for each row and column, or for each fact behind them.

use guildhall_operations::Error;
use guildhall_operations::csv_text;
use guildhall_operations::http::Path;
use guildhall_rules::evidence::{Counted, NotCounted};
use guildhall_rules::rulebook::Column;
use guildhall_rules::scorecard::{CellText, Row, Scorecard};

use super::page::seen;
use super::rows::is_known;
use super::standpoint::Standpoint;
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit};

pub(super) async fn download(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit
        .run(move |visit| {
            let view = Standpoint::typed(visit).read(visit)?;
            let (scorecard, _) = seen(visit, &partner, &view)?;
            let with_facts = visit.query().get("facts") == "all";
            let lines =
                if with_facts { facts(visit.t, &scorecard) } else { rows(visit.t, &scorecard) };
            let what = if with_facts { "facts" } else { "scorecard" };
            Ok(Done::File {
                name: format!("{what}-{partner}-{}.csv", scorecard.as_of),
                kind: "text/csv; charset=utf-8",
                bytes: written(&lines)?,
            })
        })
        .await
}

fn written(lines: &[Vec<String>]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for line in lines {
        csv_text::write_row(&mut bytes, line.iter().map(String::as_str))
            .map_err(Error::internal)?;
    }
    Ok(bytes)
}

/// A line for each row and column. Numbers and days are written for programs.
fn rows(t: &Texts, scorecard: &Scorecard) -> Vec<Vec<String>> {
    let heads = [
        "partner",
        "as_of",
        "rulebook",
        "component",
        "measure",
        "title",
        "unit",
        "column",
        "tier",
        "value",
        "target",
        "target_is",
        "state",
        "from",
        "last_day",
        "counted",
        "not_counted",
    ];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    for row in &scorecard.rows {
        for column in Column::BOTH {
            lines.push(line(t, scorecard, row, column));
        }
    }
    lines
}

fn line(t: &Texts, scorecard: &Scorecard, row: &Row, column: Column) -> Vec<String> {
    let cell: &CellText = row.cell(column);
    let is_in = |columns: &[Column]| columns.contains(&column);
    let counted = row.counted.iter().flatten().filter(|fact| is_in(&fact.columns)).count();
    let others = row.not_counted.iter().flatten().filter(|fact| is_in(&fact.columns)).count();
    let text = |value: Option<String>| value.unwrap_or_default();
    vec![
        scorecard.partner.clone(),
        scorecard.as_of.to_string(),
        scorecard.rulebook.clone(),
        row.component.clone(),
        row.measure.clone(),
        row.title.clone(),
        text(row.unit.clone()),
        super::words::column(t, column),
        text(scorecard.head(column).tier.clone()),
        if is_known(cell) { cell.value.to_string() } else { String::new() },
        text(cell.target.map(|target| target.to_string())),
        text(
            cell.target
                .map(|_| t.say(if cell.is_ceiling { "csv-at-most" } else { "csv-at-least" })),
        ),
        t.word("state", cell.state.word()),
        text(cell.from.map(|day| day.to_string())),
        text(cell.until.map(|day| day.plus_days(-1).to_string())),
        counted.to_string(),
        others.to_string(),
    ]
}

/// A line for each fact, row and column.
fn facts(t: &Texts, scorecard: &Scorecard) -> Vec<Vec<String>> {
    let heads = [
        "partner", "as_of", "rulebook", "measure", "title", "column", "kind", "fact", "subject",
        "outcome", "reason", "detail",
    ];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    for row in &scorecard.rows {
        let begin = |column: Column, kind: &str| {
            vec![
                scorecard.partner.clone(),
                scorecard.as_of.to_string(),
                scorecard.rulebook.clone(),
                row.measure.clone(),
                row.title.clone(),
                super::words::column(t, column),
                kind.to_owned(),
            ]
        };
        for column in Column::BOTH {
            let is_in = |columns: &[Column]| columns.contains(&column);
            for fact in row.counted.iter().flatten().filter(|fact| is_in(&fact.columns)) {
                let Counted { fact, kind, subject, detail, .. } = fact;
                let mut line =
                    begin(column, guildhall_operations::ops::standing::file_of(*kind).stem());
                line.extend([fact.clone(), subject.clone(), t.say("evidence-counted")]);
                line.extend([String::new(), detail.clone().unwrap_or_default()]);
                lines.push(line);
            }
            for fact in row.not_counted.iter().flatten().filter(|fact| is_in(&fact.columns)) {
                let NotCounted { fact, kind, subject, reason, detail, .. } = fact;
                let mut line =
                    begin(column, guildhall_operations::ops::standing::file_of(*kind).stem());
                line.extend([fact.clone(), subject.clone(), t.say("csv-not-counted")]);
                let reason = t.word("reason", reason.word());
                line.extend([reason, detail.clone().unwrap_or_default()]);
                lines.push(line);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample::{awkward, scorecard};
    use super::*;

    #[test]
    fn a_line_for_each_row_and_column_says_value_target_and_window() {
        let lines = rows(Texts::english(), &scorecard());
        assert_eq!(lines.len(), 1 + 2 * scorecard().rows.len());
        let text = String::from_utf8(written(&lines).expect("CSV")).expect("UTF-8");
        assert!(text.contains(
            "gable,2031-06-30,roofers-2031,work,jobs,Completed projects,,Renewal,upper,2,3,at \
             least,not met,2030-11-01,2031-06-30,2,20\n"
        ));
    }

    #[test]
    fn a_line_for_each_fact_says_why_it_did_not_count() {
        let lines = facts(Texts::english(), &scorecard());
        let text = String::from_utf8(written(&lines).expect("CSV")).expect("UTF-8");
        assert!(text.contains(
            "jobs,Completed projects,Renewal,opportunities,roof-1,roof-1,Not counted,outside the \
             window,\"launched on 2030-09-14, before 2030-11-01\"\n"
        ));
    }

    #[test]
    fn no_cell_is_a_formula() {
        let mut scorecard = awkward();
        scorecard.partner = "=cmd()".to_owned();
        let text = written(&rows(Texts::english(), &scorecard)).expect("CSV");
        assert!(String::from_utf8_lossy(&text).contains("\n'=cmd(),"));
    }
}
