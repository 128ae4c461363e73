//! Random facts, near the edges that a day has, and the cases that tests get.

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

use super::book::{
    Book, CODES, CREDENTIALS, ELSEWHERE, EVENT_KINDS, PATHS, PROGRAMS, REVIEW_KINDS, TIERS,
};
use super::calendar::{Ymd, plus_days, read, show};
use super::draw::Draw;
use super::random_book::{CUSTOMERS, book};
use super::rows::{Row, Style, files};

/// Partners that every case has.
pub(crate) const PARTNERS: [&str; 3] = ["gable", "eaves, brothers", "dormer"];

/// Moments at which rows are recorded and retracted.
pub(crate) const MOMENTS: [&str; 3] =
    ["2023-05-01T08:00:00Z", "2024-01-31T23:59:59Z", "2025-03-01T00:00:00Z"];

const DAYS: [&str; 12] = [
    "2024-06-30",
    "2024-02-29",
    "2024-03-31",
    "2025-02-28",
    "2025-03-01",
    "2023-12-31",
    "2024-01-01",
    "2024-08-31",
    "2024-05-30",
    "2024-07-01",
    "2024-03-01",
    "2024-10-15",
];

/// A rulebook, facts and a day.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) book: Book,
    pub(crate) rows: Vec<Row>,
    pub(crate) on: Ymd,
}

impl std::fmt::Debug for Case {
    /// As the files that show it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "as of {}\n{}", show(self.on), self.book.toml())?;
        for (name, text) in files(&self.rows, &Style::default()) {
            writeln!(f, "--- {name}\n{}", String::from_utf8_lossy(&text))?;
        }
        Ok(())
    }
}

/// What kind of cases.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wishes {
    /// Rows have versions and are retracted.
    pub(crate) has_versions: bool,
    /// No fact more can lower a value or break a target.
    pub(crate) only_more_is_better: bool,
}

pub(crate) fn cases(wishes: Wishes) -> impl Strategy<Value = Case> {
    let rows = vec(vec(any::<u16>(), 40), 0..45);
    (vec(any::<u16>(), 0..300), rows, vec(any::<u16>(), 60)).prop_map(
        move |(book_tape, row_tapes, base_tape)| {
            let mut draw = Draw::new(&base_tape);
            let on = plus_days(read(draw.pick(&DAYS)), [0, 0, 1, -1][draw.below(4)]);
            let mut rows = base(&mut draw, on);
            for (number, tape) in row_tapes.iter().enumerate() {
                add(&mut rows, number, tape, on);
            }
            if wishes.has_versions {
                rows = with_versions(&rows, &row_tapes, &base_tape, on);
            }
            Case { book: book(&book_tape, wishes.only_more_is_better), rows: settled(rows), on }
        },
    )
}

/// A fact that begins after a day, put beside other rows.
pub(crate) fn later(tape: &[u16], on: Ymd, rows: &[Row]) -> Row {
    let mut draw = Draw::new(tape);
    let files = [
        "opportunities",
        "credentials",
        "references",
        "ratings",
        "validations",
        "cases",
        "survey_responses",
        "events",
        "business_plans",
        "reviews",
        "individuals",
        "affiliations",
    ];
    let mut file = draw.pick(&files);
    let begin = show(plus_days(on, 1 + i32::try_from(draw.below(3) * 30).expect("few")));
    let mut row = match file {
        "individuals" => individual(&mut draw, "later", on),
        _ => fact(&mut draw, file, "later", on, rows),
    };
    // The shorthand of a partner's row holds until there is any history; so let there be some.
    let path = |other: &Row| {
        let mut partners = rows.iter().filter(|row| row.file == "partners");
        partners
            .any(|row| row.id() == other.text("partner") && row.get("path") == other.get("path"))
    };
    let is_past = |other: &Row| {
        other.file == "reviews"
            && other.get("partner") == row.get("partner")
            && other.day("on") <= Some(on)
            && path(other)
    };
    if file == "reviews" && !rows.iter().any(is_past) {
        file = "ratings";
        row = fact(&mut draw, file, "later", on, rows);
    }
    let (column, end) = match file {
        "opportunities" => ("launched_on", "closed_on"),
        "credentials" => ("issued_on", "expires_on"),
        "references" => ("published_on", "withdrawn_on"),
        "ratings" => ("rated_on", ""),
        "validations" => ("granted_on", "expires_on"),
        "cases" => ("opened_on", "resolved_on"),
        "survey_responses" => ("responded_on", ""),
        "events" => ("on", "until"),
        "business_plans" => ("validated_on", "valid_until"),
        "reviews" => ("on", "valid_until"),
        "affiliations" => ("from", "until"),
        _ => ("joined_on", "left_on"),
    };
    row.set(column, &begin);
    if row.get(end).is_some_and(|end| *end < *begin) {
        row.set(end, &begin);
    }
    if file == "business_plans" {
        row.set("submitted_on", &show(on));
    }
    row
}

/// A fact that counts for whatever can count it, dated on the day.
pub(crate) fn achievement(tape: &[u16], on: Ymd, rows: &[Row]) -> Row {
    let mut draw = Draw::new(tape);
    let file = draw.pick(&[
        "opportunities",
        "credentials",
        "survey_responses",
        "ratings",
        "references",
        "events",
        "validations",
        "affiliations",
    ]);
    let mut row = fact(&mut draw, file, "more", on, rows);
    let day = show(on);
    for column in
        ["launched_on", "issued_on", "responded_on", "rated_on", "published_on", "on", "from"]
    {
        if row.get(column).is_some() {
            row.set(column, &day);
        }
    }
    for end in ["expires_on", "withdrawn_on", "until"] {
        row.set(end, "");
    }
    match file {
        "opportunities" => {
            row.set("stage", "Launched");
            row.set("review", "Approved");
            row.set("currency", "EUR");
            row.set("launched_on", &day);
        }
        "validations" => row.set("granted_on", &day),
        _ => {}
    }
    row
}

/// Leaves out rows of a partner's history whose order is not settled: of one day and kind, and
/// ways up and down on one day.
fn settled(rows: Vec<Row>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    for row in rows {
        let kind = |row: &Row| row.text("kind").replace("up", "down");
        let is_like = |other: &Row| {
            other.file == "reviews"
                && (other.text("partner"), other.text("on"))
                    == (row.text("partner"), row.text("on"))
                && kind(other) == kind(&row)
        };
        if row.file != "reviews" || !kept.iter().any(is_like) {
            kept.push(row);
        }
    }
    kept
}

/// Partners and people, to whom the other rows refer.
fn base(draw: &mut Draw<'_>, on: Ymd) -> Vec<Row> {
    let mut rows = Vec::new();
    for id in PARTNERS {
        rows.push(partner(draw, id, on));
    }
    for number in 0..=draw.below(6) {
        rows.push(individual(draw, &format!("ind-{number}"), on));
    }
    rows
}

fn partner(draw: &mut Draw<'_>, id: &str, on: Ymd) -> Row {
    let mut row = Row::new("partners", &[("id", id), ("name", "Roofs & more")]);
    let path = draw.below(4) / 3;
    row.set("path", PATHS[path]);
    if draw.below(4) > 0 {
        row.set("tier", tier(draw, path));
    }
    for column in ["tier_since", "last_review_on", "last_renewal_on", "last_upgrade_on"] {
        if draw.once_in(3) {
            row.set(column, &show(draw.day(on)));
        }
    }
    row.set("standing", draw.pick(&["", "good", "suspended"]));
    row
}

/// A tier of a path that some edition knows.
fn tier(draw: &mut Draw<'_>, path: usize) -> &'static str {
    // Books have at least two tiers.
    let own = &TIERS[path][..2];
    if path == 0 && draw.once_in(10) { ELSEWHERE[3] } else { draw.pick(own) }
}

fn individual(draw: &mut Draw<'_>, id: &str, on: Ymd) -> Row {
    let mut row = Row::new("individuals", &[("id", id), ("name", "A. Tiler, \"the roof\"")]);
    row.set("partner", draw.pick(&PARTNERS));
    row.set("person", draw.pick(&["", "anna", "bo"]));
    row.set("emails", &format!("{id}@roofs.example"));
    let joined = draw.day(on);
    if draw.once_in(2) {
        row.set("joined_on", &show(joined));
    }
    if draw.once_in(3) {
        row.set("left_on", &show(draw.end(on, joined)));
    }
    row.set("consent", draw.pick(&["", "", "yes", "no"]));
    row
}

fn add(rows: &mut Vec<Row>, number: usize, tape: &[u16], on: Ymd) {
    let mut draw = Draw::new(tape);
    let file = draw.pick(&[
        "opportunities",
        "credentials",
        "reviews",
        "credentials",
        "references",
        "ratings",
        "validations",
        "cases",
        "survey_responses",
        "events",
        "opportunities",
        "business_plans",
        "affiliations",
        "validations",
    ]);
    let row = fact(&mut draw, file, &format!("{file}-{number}"), on, rows);
    rows.push(row);
}

/// A fact of a file.
#[expect(clippy::too_many_lines, reason = "one list of what a folder may hold")]
pub(crate) fn fact(
    draw: &mut Draw<'_>,
    file: &'static str,
    id: &str,
    on: Ymd,
    rows: &[Row],
) -> Row {
    let mut row = Row::new(file, &[("id", id)]);
    let day = draw.day(on);
    let end = if draw.once_in(3) { show(draw.end(on, day)) } else { String::new() };
    let day_text = show(day);
    if file == "credentials" {
        let people: Vec<&Row> = rows.iter().filter(|row| row.file == "individuals").collect();
        row.set("individual", people[draw.below(people.len())].id());
        let unknown = ELSEWHERE[0];
        row.set("credential", if draw.once_in(9) { unknown } else { draw.pick(&CREDENTIALS) });
        row.set("issued_on", &day_text);
        row.set("expires_on", &end);
        return row;
    }
    if file == "affiliations" {
        // A subsidiary stands behind its primary in the list, so that there is no cycle.
        let primary = draw.below(PARTNERS.len() - 1);
        row.set("primary", PARTNERS[primary]);
        row.set("subsidiary", draw.pick(&PARTNERS[primary + 1..]));
        row.set("from", &day_text);
        row.set("until", &end);
        return row;
    }
    let is_elsewhere = draw.once_in(if file == "validations" { 2 } else { 5 });
    row.set("partner", if is_elsewhere { draw.pick(&PARTNERS[1..]) } else { PARTNERS[0] });
    let customer = draw.pick(&CUSTOMERS);
    match file {
        "opportunities" => {
            row.set("customer", customer);
            let is_launched = draw.below(5) > 0;
            row.set("stage", if is_launched { "Launched" } else { "Committed" });
            row.set("review", draw.pick(&["", "", "Approved", "Rejected"]));
            row.set("expected_mrr", draw.pick(&["100", "0.1", "33.33", "1500.50", "0"]));
            row.set("currency", draw.pick(&["EUR", "EUR", "EUR", "NOK"]));
            if is_launched || draw.once_in(2) {
                row.set("launched_on", &day_text);
            }
            row.set("use_case", draw.pick(&["", "reroof", "repair", "other"]));
            row.set("industry", draw.pick(&["", "church", "farm"]));
            row.set("country", draw.pick(&["", "AT", "NO"]));
            row.set("title", draw.pick(&["", "a \"roof\",\nhalf done", "gable"]));
        }
        "references" => {
            row.set("customer", customer);
            row.set("kind", draw.pick(&["", "", "public", "private"]));
            row.set("published_on", &day_text);
            row.set("withdrawn_on", &end);
            let mut projects = rows.iter().rev().filter(|row| row.file == "opportunities");
            if let Some(project) = projects.next().filter(|_| draw.once_in(2)) {
                row.set("opportunity", project.id());
            }
        }
        "ratings" => {
            row.set("customer", customer);
            row.set("score", draw.pick(&["5", "1", "4", "3"]));
            row.set("rated_on", &day_text);
            row.set("consent", draw.pick(&["", "yes", "no"]));
            row.set("comment", draw.pick(&["", "dry, at last", "\"dry\""]));
        }
        "business_plans" => {
            row.set("submitted_on", &show(day));
            let mut validated = day;
            if draw.below(4) > 0 {
                validated = draw.end(on, day);
                row.set("validated_on", &show(validated));
            }
            if !end.is_empty() {
                row.set("valid_until", &show(read(&end).max(validated)));
            }
        }
        "validations" => {
            let known = draw.pick(&PROGRAMS).0;
            row.set("program", if draw.once_in(7) { ELSEWHERE[1] } else { known });
            row.set("granted_on", &day_text);
            row.set("expires_on", &end);
        }
        "cases" => {
            row.set("customer", customer);
            row.set("opened_on", &day_text);
            row.set("opened_by", draw.pick(&["partner", "customer"]));
            row.set("desk", draw.pick(&["", "vendor", "partner"]));
            row.set("support", draw.pick(&["", "partner_led", "resold", "direct"]));
            row.set("severity", draw.pick(&["", "low", "high", "urgent"]));
            row.set("resolution_code", draw.pick(&["", CODES[0], CODES[1]]));
        }
        "survey_responses" => {
            row.set("customer", draw.pick(&["", customer]));
            row.set("responded_on", &day_text);
            row.set("scores", draw.pick(&["5", "5;4", "1;1;2", "3;3;3;4", "4;5;5;5;5;5;5"]));
        }
        "reviews" => {
            let path = draw.below(5) / 4;
            row.set("path", PATHS[path]);
            row.set("on", &day_text);
            row.set("kind", draw.pick(&REVIEW_KINDS));
            if draw.below(3) > 0 {
                row.set("tier", tier(draw, path));
            }
            row.set("valid_until", &end);
        }
        _ => event(draw, &mut row, &day_text, &end),
    }
    row
}

fn event(draw: &mut Draw<'_>, row: &mut Row, on: &str, until: &str) {
    let known = draw.pick(&EVENT_KINDS);
    row.set("kind", if draw.once_in(7) { ELSEWHERE[2] } else { known });
    row.set("subject", draw.pick(&["", "job-1", "job-2"]));
    row.set("on", on);
    row.set("until", until);
    row.set("amount", draw.pick(&["64", "0.000000000000000001", "16749.50", "0"]));
    row.set("currency", draw.pick(&["", "EUR", "NOK"]));
    row.set("attributes", draw.pick(&["", "grade=a", "trade=roof;grade=b", "grade="]));
}

/// Gives rows times, and some a second version.
fn with_versions(rows: &[Row], tapes: &[Vec<u16>], base_tape: &[u16], on: Ymd) -> Vec<Row> {
    let mut all = Vec::new();
    // The engine counts a credential that was passed at a partner who is not known for the same
    // person elsewhere. So partners come and go together, or nobody is at both.
    let is_apart = base_tape[base_tape.len() - 1] % 2 == 1;
    for (number, row) in rows.iter().enumerate() {
        // The second half of a row's tape is that of its versions.
        let at = (number + tapes.len()).checked_sub(rows.len());
        let tape = match at.and_then(|at| tapes.get(at)) {
            Some(tape) => &tape[20..],
            None if row.file == "partners" && !is_apart => base_tape,
            None => &base_tape[(number * 7) % 50..],
        };
        let mut draw = Draw::new(tape);
        let way = draw.below(7);
        let moments = draw.some_of(&MOMENTS);
        let (first, last) = (moments[0], moments[moments.len() - 1]);
        let mut row = row.clone();
        match way {
            3 => row.set("recorded_at", first),
            4 => row.set("retracted_at", first),
            5 => {
                row.set("recorded_at", first);
                row.set("retracted_at", last);
            }
            6 => {
                let mut second = match row.file {
                    "partners" => partner(&mut draw, row.id(), on),
                    "individuals" => individual(&mut draw, row.id(), on),
                    file => fact(&mut draw, file, row.id(), on, rows),
                };
                row.set("retracted_at", first);
                second.set("recorded_at", last);
                all.push(second);
            }
            _ => {}
        }
        all.push(row);
    }
    for row in all.iter_mut().filter(|row| is_apart && row.file == "individuals") {
        row.set("person", "");
    }
    all
}
