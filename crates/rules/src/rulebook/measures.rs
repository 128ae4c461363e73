//! Reads `[[measures]]`: what is counted, over which window.

use std::collections::BTreeSet;

use super::document::{Document, Place, Table, Value, shown};
use super::load::{List, Lists, grounds, months, title};
use super::{
    Columns, FactKind, Field, Filter, Measure, MeasureRule, NumberField, PeopleRule, PointsPart,
    Program, Selection, Window,
};
use crate::facts::{Desk, OpenedBy, ReviewKind, Severity, SupportMode};

const KINDS: [&str; 9] =
    ["people", "count", "sum", "mean", "share", "document", "decision", "sustained", "points"];

/// What a measure may count, by the word for it.
const OF: [(&str, FactKind); 7] = [
    ("opportunities", FactKind::Opportunity),
    ("references", FactKind::Reference),
    ("ratings", FactKind::Rating),
    ("validations", FactKind::Validation),
    ("cases", FactKind::Case),
    ("survey_responses", FactKind::SurveyResponse),
    ("events", FactKind::Event),
];

/// Words that filters may name and that are no ids.
struct Words<'w> {
    categories: BTreeSet<&'w str>,
}

pub(crate) fn read_measures<'d>(
    root: &mut Table<'d>,
    lists: &mut Lists<'d>,
    programs: &[Program],
) -> Vec<Measure> {
    let categories = programs.iter().map(|program| program.category.as_str()).collect();
    let words = Words { categories };
    lists.measures = List::new("measure");
    let mut tables = root.tables("measures");
    // Parts may name measures that stand further down, so that all ids are read first.
    for (at, table) in tables.iter_mut().enumerate() {
        let before = table.problems();
        lists.measures.add(table);
        if table.problems() > before {
            lists.damaged.measures.insert(at);
        }
    }
    let mut measures = Vec::new();
    for (at, mut table) in tables.into_iter().enumerate() {
        let before = table.problems();
        let id = lists.measures.id(at).to_owned();
        let title = title(&mut table);
        let help = table.get("help").and_then(|value| value.text().map(str::to_owned));
        let unit = table.get("unit").and_then(|value| value.text().map(str::to_owned));
        let component = table.required("component").and_then(|value| lists.components.one(&value));
        let kind = table.required("kind");
        let word = kind.as_ref().and_then(|value| value.word(&KINDS));
        let rule = word.and_then(|word| read_rule(word, &mut table, lists, &words, at));
        let windows = match word {
            None => None,
            Some("points") => Some(Columns { renewal: Window::AsOf, upgrade: Window::AsOf }),
            Some("people" | "document" | "decision" | "sustained") => Some(only_as_of(&mut table)),
            Some(_) => read_windows(&mut table),
        };
        let grounds = grounds(&mut table, lists);
        let document = table.document();
        finish(table, word);
        if document.count() > before {
            lists.damaged.measures.insert(at);
        }
        measures.push(Measure {
            id,
            title,
            help,
            component: component.unwrap_or_default(),
            unit,
            rule: rule.unwrap_or(MeasureRule::Points(Vec::new())),
            windows: windows.unwrap_or(Columns { renewal: Window::AsOf, upgrade: Window::AsOf }),
            grounds,
        });
    }
    measures
}

fn read_rule(
    kind: &str,
    table: &mut Table<'_>,
    lists: &mut Lists<'_>,
    words: &Words<'_>,
    at: usize,
) -> Option<MeasureRule> {
    match kind {
        "people" => read_people(table, lists).map(MeasureRule::People),
        "document" => {
            let valid = table.required("valid_months").and_then(|value| months(&value));
            Some(MeasureRule::Document { valid_months: valid? })
        }
        "decision" => {
            let value = table.required("decision")?;
            let word = value.word(ReviewKind::WORDS)?;
            let decision = ReviewKind::from_word(word.as_bytes())?;
            Some(MeasureRule::Decision { decision })
        }
        "sustained" => {
            let most = table.required("up_to_months").and_then(|value| value.whole(1, 60));
            Some(MeasureRule::Sustained { up_to_months: u8::try_from(most?).ok()? })
        }
        "points" => Some(MeasureRule::Points(read_parts(table, lists, at))),
        _ => read_facts(kind, table, lists, words),
    }
}

fn read_people(table: &mut Table<'_>, lists: &Lists<'_>) -> Option<PeopleRule> {
    let credentials = table.get("credentials");
    let levels = table.get("levels");
    let highest = table.get("highest_level");
    match (&credentials, &levels, &highest) {
        (Some(value), None, None) => Some(PeopleRule::Holding(lists.credentials.many(value))),
        (None, Some(value), None) => Some(PeopleRule::AtLevel(lists.levels.many(value))),
        (None, None, Some(value)) => Some(PeopleRule::HighestLevel(lists.levels.many(value))),
        _ => {
            let message = "a people measure has exactly one of `credentials`, `levels` and \
                           `highest_level`";
            table.problem("bad-measure", message.to_owned());
            None
        }
    }
}

fn read_parts(table: &mut Table<'_>, lists: &mut Lists<'_>, at: usize) -> Vec<PointsPart> {
    let Some(value) = table.required("parts") else { return Vec::new() };
    let parts = value.array().unwrap_or_default();
    if parts.is_empty() {
        value.problem("bad-value", "`parts` is empty".to_owned(), None);
    }
    let mut read: Vec<PointsPart> = Vec::new();
    for mut part in parts.iter().filter_map(Value::table) {
        let place = part.place();
        let measure = part.required("measure").and_then(|value| lists.measures.one(&value));
        let points = part.required("points").and_then(|value| value.decimal());
        let at_most = part.get("at_most").and_then(|value| value.decimal());
        part.finish();
        if let (Some(measure), Some(points)) = (measure, points) {
            lists.parts.insert((at, read.len()), place);
            read.push(PointsPart { measure, points, at_most });
        }
    }
    read
}

fn read_facts(
    kind: &str,
    table: &mut Table<'_>,
    lists: &Lists<'_>,
    words: &Words<'_>,
) -> Option<MeasureRule> {
    let of_words: Vec<&str> = OF.iter().map(|(word, _)| *word).collect();
    let of = table.required("of").and_then(|value| value.word(&of_words));
    let of = of.and_then(|word| OF.iter().find(|(known, _)| *known == word))?.1;
    let filters = table.get("where").map(|value| read_filters(&value, of, lists, words));
    let desk = table.get("desk").and_then(|value| read_desk(&value, of));
    let support = table.get("support").map(|value| read_support(&value, of));
    let of_selection = Selection {
        kind: of,
        filters: filters.unwrap_or_default(),
        desk,
        support: support.unwrap_or_default(),
    };
    match kind {
        "count" => {
            let distinct = table.get("distinct").map(|value| {
                let text = value.text()?;
                read_field(text, of, value.document, &value.place())
            });
            let distinct = match distinct {
                Some(field) => Some(field?),
                None => None,
            };
            Some(MeasureRule::Count { of: of_selection, distinct })
        }
        "share" => {
            let value = table.required("matching")?;
            let before = value.document.count();
            let matching = read_filters(&value, of, lists, words);
            if matching.is_empty() && value.document.count() == before {
                let message = "`matching` is empty: every fact would match".to_owned();
                value.problem("bad-measure", message, None);
            }
            Some(MeasureRule::Share { of: of_selection, matching })
        }
        _ => {
            let field = table.required("field").and_then(|value| read_number_field(&value, of))?;
            let of = of_selection;
            Some(if kind == "sum" {
                MeasureRule::Sum { of, field }
            } else {
                MeasureRule::Mean { of, field }
            })
        }
    }
}

fn read_desk(value: &Value<'_>, of: FactKind) -> Option<Desk> {
    if of != FactKind::Case {
        value.problem("bad-measure", "only cases have a desk".to_owned(), None);
        return None;
    }
    value.word(Desk::WORDS).and_then(|word| Desk::from_word(word.as_bytes()))
}

fn read_support(value: &Value<'_>, of: FactKind) -> Vec<SupportMode> {
    if of != FactKind::Case {
        value.problem("bad-measure", "only cases have a kind of support".to_owned(), None);
        return Vec::new();
    }
    let words = value.set(|value| value.word(SupportMode::WORDS)).into_iter();
    words.filter_map(|(word, _)| SupportMode::from_word(word.as_bytes())).collect()
}

fn read_number_field(value: &Value<'_>, of: FactKind) -> Option<NumberField> {
    let (word, field) = match of {
        FactKind::Opportunity => ("expected_mrr", NumberField::ExpectedMrr),
        FactKind::Rating => ("score", NumberField::Score),
        FactKind::SurveyResponse => ("scores", NumberField::Scores),
        FactKind::Event => ("amount", NumberField::Amount),
        _ => {
            let message = "such facts carry no number; only opportunities, ratings, survey \
                           responses and events do";
            value.problem("bad-measure", message.to_owned(), None);
            return None;
        }
    };
    value.word(&[word]).map(|_| field)
}

/// The fields that filters and distinct counts may name.
fn fields(of: FactKind) -> &'static [(&'static str, Field)] {
    match of {
        FactKind::Opportunity => &[
            ("customer", Field::Customer),
            ("use_case", Field::UseCase),
            ("industry", Field::Industry),
            ("country", Field::Country),
        ],
        FactKind::Validation => &[("program", Field::Program), ("category", Field::Category)],
        FactKind::Case => &[
            ("customer", Field::Customer),
            ("severity", Field::Severity),
            ("opened_by", Field::OpenedBy),
            ("resolution_code", Field::ResolutionCode),
        ],
        FactKind::Event => &[("kind", Field::Kind), ("subject", Field::Subject)],
        FactKind::Reference | FactKind::Rating | FactKind::SurveyResponse => {
            &[("customer", Field::Customer)]
        }
        FactKind::Review | FactKind::Credential | FactKind::BusinessPlan => &[],
    }
}

fn read_field(text: &str, of: FactKind, document: &Document<'_>, place: &Place) -> Option<Field> {
    if let (FactKind::Event, Some(name)) = (of, text.strip_prefix("attributes."))
        && !name.is_empty()
    {
        return Some(Field::Attribute(name.to_owned()));
    }
    let found = fields(of).iter().find(|(known, _)| *known == text).map(|(_, field)| field.clone());
    if found.is_none() {
        let mut known: Vec<&str> = fields(of).iter().map(|(known, _)| *known).collect();
        if of == FactKind::Event {
            known.push("attributes.NAME");
        }
        let message = format!("such facts have no field `{}`", shown(text));
        let hint = document.did_you_mean(text, known);
        document.problem(place, "unknown-field", message, hint);
    }
    found
}

fn read_filters(
    value: &Value<'_>,
    of: FactKind,
    lists: &Lists<'_>,
    words: &Words<'_>,
) -> Vec<Filter> {
    let Some(table) = value.table() else { return Vec::new() };
    let mut filters = Vec::new();
    for (key, place, value) in table.entries() {
        if key == "attributes" && value.is_table() {
            let message = "the names of attributes stand in quotes here".to_owned();
            let hint = "write `\"attributes.NAME\" = [...]`".to_owned();
            value.document.problem(&place, "wrong-type", message, Some(hint));
            continue;
        }
        let Some(field) = read_field(key, of, value.document, &place) else { continue };
        let texts = value.fact_texts();
        for (text, place) in &texts {
            check_word(text, &field, lists, words, value.document, place);
        }
        let one_of = texts.into_iter().map(|(text, _)| text.to_owned()).collect();
        filters.push(Filter { field, one_of });
    }
    filters
}

/// Reports what is left in a measure's table. A key of another kind is no slip of spelling.
fn finish(mut table: Table<'_>, kind: Option<&str>) {
    let Some(kind) = kind else { return };
    let of_kinds = [
        ("credentials", "people"),
        ("levels", "people"),
        ("highest_level", "people"),
        ("where", "count, sum, mean and share"),
        ("of", "count, sum, mean and share"),
        ("desk", "count, sum, mean and share"),
        ("support", "count, sum, mean and share"),
        ("distinct", "count"),
        ("field", "sum and mean"),
        ("matching", "share"),
        ("valid_months", "document"),
        ("decision", "decision"),
        ("up_to_months", "sustained"),
        ("parts", "points"),
    ];
    for (key, kinds) in of_kinds {
        if table.was_asked(key) {
            continue;
        }
        if let Some(value) = table.get(key) {
            let message = format!("`{key}` belongs to measures of kind {kinds}, not {kind}");
            value.problem("bad-measure", message, None);
        }
    }
    for key in ["window", "renewal", "upgrade"] {
        if kind == "points"
            && let Some(value) = table.get(key)
        {
            let message = "points have no window: each part keeps its own".to_owned();
            value.problem("bad-window", message, None);
        }
    }
    table.finish();
}

/// A filter for a word that no fact of this edition can carry is a slip.
fn check_word(
    text: &str,
    field: &Field,
    lists: &Lists<'_>,
    words: &Words<'_>,
    document: &Document<'_>,
    place: &Place,
) {
    let known: BTreeSet<&str> = match field {
        Field::Program => {
            lists.programs.find(text, document, place);
            return;
        }
        Field::Kind => {
            lists.event_kinds.find(text, document, place);
            return;
        }
        Field::ResolutionCode => {
            lists.resolution_codes.find(text, document, place);
            return;
        }
        Field::Category => {
            if words.categories.contains(text) {
                return;
            }
            words.categories.clone()
        }
        Field::OpenedBy => OpenedBy::WORDS.iter().copied().collect(),
        Field::Severity => Severity::WORDS.iter().copied().collect(),
        Field::Customer
        | Field::UseCase
        | Field::Industry
        | Field::Country
        | Field::Subject
        | Field::Attribute(_) => return,
    };
    if !known.contains(text) {
        let message = format!("no fact can carry `{}` here", shown(text));
        let hint = document.did_you_mean(text, known);
        document.problem(place, "never-met", message, hint);
    }
}

/// The windows of a measure that looks at one day: naming it is allowed, another is not.
fn only_as_of(table: &mut Table<'_>) -> Columns<Window> {
    for key in ["window", "renewal", "upgrade"] {
        if let Some(value) = table.get(key)
            && (!value.is_text() || value.text() != Some("as_of"))
        {
            let message = "such a measure looks at one day, `as_of`".to_owned();
            value.problem("bad-window", message, None);
        }
    }
    Columns { renewal: Window::AsOf, upgrade: Window::AsOf }
}

fn read_windows(table: &mut Table<'_>) -> Option<Columns<Window>> {
    let both = table.get("window");
    let renewal = table.get("renewal");
    let upgrade = table.get("upgrade");
    match (both, renewal, upgrade) {
        (Some(both), None, None) => {
            let window = read_window(&both)?;
            Some(Columns { renewal: window, upgrade: window })
        }
        (None, Some(renewal), Some(upgrade)) => {
            let (renewal, upgrade) = (read_window(&renewal), read_window(&upgrade));
            Some(Columns { renewal: renewal?, upgrade: upgrade? })
        }
        _ => {
            let message = "a measure has either `window`, or both `renewal` and `upgrade`";
            table.problem("bad-window", message.to_owned());
            None
        }
    }
}

fn read_window(value: &Value<'_>) -> Option<Window> {
    if !value.is_table() {
        let word = value.word(&["as_of", "since_review"])?;
        return Some(if word == "as_of" { Window::AsOf } else { Window::SinceReview });
    }
    let mut table = value.table()?;
    let (rolling, before) = (table.get("rolling_months"), table.get("months_before_period"));
    table.finish();
    match (rolling, before) {
        (Some(rolling), None) => months(&rolling).map(Window::RollingMonths),
        (None, Some(before)) => months(&before).map(Window::MonthsBeforePeriod),
        _ => {
            let message = "a window has one of `rolling_months` and `months_before_period`";
            value.problem("bad-window", message.to_owned(), None);
            None
        }
    }
}
