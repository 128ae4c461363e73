//! The rows of each kind of fact: which cells they have and what makes them consistent.
//!
//! Column numbers are positions in [`File::columns`].

mod affiliations;
pub(crate) mod people;

use super::ids::Hint;
use super::layout::shown;
use super::reading::{Base, Reading, Shared};
use super::row::{Known, Row};
use super::table::{Currency, Dated, Facts, Grouped, NO_CODE, Partner, Review, TableBuilder, Tags};
use super::words::{
    Desk, OpenedBy, OpportunityReview, ReferenceKind, ReviewKind, Severity, Stage, Standing,
    SupportMode, YesNo,
};
use super::{File, Ids};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::reason::Reason;
use crate::rulebook::{Catalogue, Field};

pub(crate) use affiliations::affiliations;
pub(crate) use people::People;

/// Longest partner name that is kept for display, in characters.
const NAME_SHOWN: usize = 200;

/// When the row was known: the last two columns of every file.
fn known(row: &mut Row<'_>) -> Known {
    let count = row.layout.file.columns().len();
    row.known(count - 2, count - 1)
}

/// A partner that names a parent, and the line on which it does.
struct Child {
    id: Box<[u8]>,
    parent: Box<[u8]>,
    line: u64,
}

/// Reads `partners.csv`.
pub(crate) fn partners(reading: &mut Reading<'_, '_, '_>, base: &mut Base, facts: &mut Facts) {
    let mut ids = Ids::new();
    let mut children: Vec<Child> = Vec::new();
    // A second reading has nothing to report.
    let compares = reading.rejects.is_none();
    reading.rows(&mut ids, |row, shared, catalogue| {
        let (id, known) = (row.id(0), known(row));
        let name = row.required(1);
        row.required(2);
        let path = row.known_word(2, &catalogue.paths, "path");
        let tier = tier(row, 3, path, catalogue);
        let [tier_since, last_review_on, last_renewal_on, last_upgrade_on] =
            [4, 5, 6, 7].map(|column| row.day(column));
        partner_kinds(row, 8, catalogue);
        let standing = row.word(12, Standing::from_word, Standing::WORDS, Standing::Good);
        let parent = row.optional_id(13);
        let taken = shared.finish(row, id, known);
        if let Some(parent) = parent.filter(|_| compares && row.is_worth_comparing()) {
            let line = row.record.field_line(row.layout.field(13).unwrap_or(0));
            children.push(Child { id: id.unwrap_or_default().into(), parent: parent.into(), line });
        }
        let Some(number) = taken else { return };
        let (Some(path), Some(name)) = (path, name) else { return };
        let name: String = String::from_utf8_lossy(name).chars().take(NAME_SHOWN).collect();
        facts.partners.push(Partner {
            id: number,
            name: name.into(),
            path,
            tier,
            tier_since,
            last_review_on,
            last_renewal_on,
            last_upgrade_on,
            standing,
        });
    });
    for Child { id, parent, line } in children {
        let is_missing = ids.find(&parent).is_none() && !ids.is_partial();
        if is_missing && reading.references.misses(File::Partners, &parent) {
            let message = format!("there is no partner `{}`", shown(&parent));
            let place = reading.source.map_or("", |source| source.shown.as_str());
            let problem = crate::problem::Problem::new("unknown-reference", message)
                .hint("add it to partners.csv, or correct the id");
            reading.problems.push(problem.in_file(place).at(line, "parent"));
            reading.rejected_ids().insert(id);
        }
    }
    base.numbers = vec![None; ids.len()];
    for (at, partner) in facts.partners.iter().enumerate() {
        if let Some(slot) = base.numbers.get_mut(partner.id as usize) {
            *slot = u32::try_from(at).ok();
        }
    }
    base.count = facts.partners.len();
    base.ids = ids;
}

fn tier(row: &mut Row<'_>, column: usize, path: Option<u32>, catalogue: &Catalogue) -> Option<u32> {
    let text = row.text(column)?;
    let path = path?;
    let found = catalogue.tiers.find(text).filter(|&tier| catalogue.is_tier_of(path, tier));
    if found.is_none() {
        let path_id = catalogue.paths.text(path);
        let hint = row.near(text, catalogue.tiers_of(path));
        let message = format!(
            "no edition of the network has a tier `{}` on the path `{path_id}`",
            shown(text)
        );
        row.problem(column, "unknown-word", message, hint);
    }
    found
}

fn partner_kinds(row: &mut Row<'_>, column: usize, catalogue: &Catalogue) {
    let Some(text) = row.text(column) else { return };
    for kind in text.split(|&byte| byte == b';') {
        if catalogue.partner_kinds.find(kind).is_none() {
            let hint = row.near(kind, catalogue.partner_kinds.iter());
            let message =
                format!("no edition of the network knows the partner kind `{}`", shown(kind));
            row.problem(column, "unknown-word", message, hint);
        }
    }
}

/// Reads `reviews.csv`.
pub(crate) fn reviews(reading: &mut Reading<'_, '_, '_>, base: &Base) -> (Grouped<Review>, Ids) {
    let mut ids = Ids::new();
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    let mut hint = Hint::default();
    reading.rows(&mut ids, |row, shared, catalogue| {
        let (id, known) = (row.id(0), known(row));
        row.required(1);
        let partner = row.reference(1, &base.ids, File::Partners, &mut hint);
        row.required(2);
        let path = row.known_word(2, &catalogue.paths, "path");
        let on = row.required_day(3);
        row.required(4);
        let kind = row.word(4, ReviewKind::from_word, ReviewKind::WORDS, ReviewKind::Review);
        let tier = tier(row, 5, path, catalogue);
        let valid_until = row.day(6);
        row.check_order((3, on), (6, valid_until));
        let Some(id) = shared.finish(row, id, known) else { return };
        let (Some(path), Some(on)) = (path, on) else { return };
        if let Some(partner) = partner.and_then(|partner| base.partner(partner)) {
            groups.push(partner);
            rows.push(Review { id, path, on, kind, tier, valid_until });
        }
    });
    let mut grouped = Grouped::new(rows, &groups, base.count);
    grouped.sort_groups_by(|a, b| {
        let key = |row: &Review| (row.on, row.kind);
        key(a).cmp(&key(b)).then_with(|| ids.get(a.id).cmp(ids.get(b.id)))
    });
    (grouped, ids)
}

/// Stage and review of an opportunity, as its code keeps them for explanations.
pub(crate) fn pack_pipeline(stage: Stage, review: OpportunityReview) -> u16 {
    (stage as u16) | ((review as u16) << 8)
}

/// Stage and review of an opportunity from its code.
pub(crate) fn unpack_pipeline(code: u16) -> (Option<Stage>, Option<OpportunityReview>) {
    let [review, stage] = code.to_be_bytes().map(usize::from);
    (Stage::ALL.get(stage).copied(), OpportunityReview::ALL.get(review).copied())
}

/// What a row of dated facts comes to, besides its id and partner.
struct Parsed {
    on: Option<Day>,
    end: Option<Day>,
    code: u16,
    currency: Currency,
    barred: Option<Reason>,
    tags: Tags,
    amount: Option<Decimal>,
    divisor: Option<u32>,
}

impl Default for Parsed {
    fn default() -> Self {
        Self {
            on: None,
            end: None,
            code: NO_CODE,
            currency: Currency::NONE,
            barred: None,
            tags: Tags::default(),
            amount: None,
            divisor: None,
        }
    }
}

/// Reads any of the files of dated facts: those with a partner in their second column.
pub(crate) fn dated(
    reading: &mut Reading<'_, '_, '_>,
    base: &Base,
    labels: &[Field],
    opportunities: &Ids,
    table: &mut TableBuilder,
) {
    let file = reading.file;
    let mut ids = std::mem::take(&mut table.ids);
    let (mut hint, mut opportunity_hint) = (Hint::default(), Hint::default());
    let label_columns: Vec<Option<usize>> =
        labels.iter().map(|field| label_column(file, field)).collect();
    reading.rows(&mut ids, |row: &mut Row<'_>, shared: &mut Shared<'_, '_>, catalogue| {
        let (id, known) = (row.id(0), known(row));
        row.required(1);
        let partner = row.reference(1, &base.ids, File::Partners, &mut hint);
        let parsed = match file {
            File::Opportunities => opportunity(row),
            File::References => reference(row, opportunities, &mut opportunity_hint),
            File::Ratings => rating(row),
            File::BusinessPlans => business_plan(row),
            File::Validations => validation(row, catalogue),
            File::Cases => case(row, catalogue),
            File::SurveyResponses => survey_response(row),
            File::Events => event(row, catalogue),
            File::Partners
            | File::Reviews
            | File::Affiliations
            | File::Individuals
            | File::Credentials => return,
        };
        let Some(id) = shared.finish(row, id, known) else { return };
        let Some(partner) = partner.and_then(|partner| base.partner(partner)) else { return };
        let Parsed { on, end, code, currency, barred, tags, amount, divisor } = parsed;
        table.push(partner, Dated { id, on, end, code, currency, barred, tags });
        if has_amounts(file) {
            table.amounts.push(amount.unwrap_or_default());
        }
        if file == File::SurveyResponses {
            table.divisors.push(divisor.unwrap_or(1));
        }
        for (field, column) in labels.iter().zip(&label_columns) {
            let value = match (field, column) {
                (Field::Attribute(name), Some(column)) => attribute(row.text(*column), name),
                (_, Some(column)) => row.text(*column),
                (_, None) => None,
            };
            table.push_label(value);
        }
    });
    table.ids = ids;
}

/// Whether the facts of a file carry a number that sums and means look at.
fn has_amounts(file: File) -> bool {
    matches!(file, File::Opportunities | File::Ratings | File::SurveyResponses | File::Events)
}

/// The column in which a file has a free field.
fn label_column(file: File, field: &Field) -> Option<usize> {
    match field {
        Field::Customer => file.column("customer"),
        Field::UseCase => file.column("use_case"),
        Field::Industry => file.column("industry"),
        Field::Country => file.column("country"),
        Field::Subject => file.column("subject"),
        Field::Attribute(_) => file.column("attributes"),
        Field::OpenedBy
        | Field::Severity
        | Field::ResolutionCode
        | Field::Program
        | Field::Category
        | Field::Kind => None,
    }
}

fn opportunity(row: &mut Row<'_>) -> Parsed {
    row.id(2);
    row.required(4);
    let stage = row.word(4, Stage::from_word, Stage::WORDS, Stage::Prospect);
    let approved = OpportunityReview::Approved;
    let review = row.word(5, OpportunityReview::from_word, OpportunityReview::WORDS, approved);
    row.required(6);
    let amount = row.decimal(6);
    row.required(7);
    let currency = row.currency(7);
    let launched_on = row.day(8);
    row.day(9);
    let barred = if stage != Stage::Launched {
        Some(Reason::NotLaunched)
    } else if review != approved {
        Some(Reason::NotApproved)
    } else {
        None
    };
    if stage == Stage::Launched && row.text(8).is_none() {
        let message = "a Launched opportunity has no `launched_on`".to_owned();
        row.problem(8, "launched-without-date", message, None);
    }
    let currency = currency.unwrap_or_default();
    let code = pack_pipeline(stage, review);
    Parsed { on: launched_on, amount, currency, barred, code, ..Parsed::default() }
}

fn reference(row: &mut Row<'_>, opportunities: &Ids, hint: &mut Hint) -> Parsed {
    row.id(2);
    row.reference(3, opportunities, File::Opportunities, hint);
    let kind = row.word(4, ReferenceKind::from_word, ReferenceKind::WORDS, ReferenceKind::Public);
    let on = row.required_day(5);
    let end = row.day(6);
    row.check_order((5, on), (6, end));
    let barred = (kind == ReferenceKind::Private).then_some(Reason::NotPublic);
    Parsed { on, end, barred, ..Parsed::default() }
}

fn rating(row: &mut Row<'_>) -> Parsed {
    row.id(2);
    let score = row.required(3).and_then(|text| row.score(3, text));
    let on = row.required_day(4);
    for column in [6, 7] {
        row.word(column, YesNo::from_word, YesNo::WORDS, YesNo::No);
    }
    Parsed { on, amount: score.map(|score| Decimal::from_whole(score.into())), ..Parsed::default() }
}

fn business_plan(row: &mut Row<'_>) -> Parsed {
    let submitted_on = row.required_day(2);
    let on = row.day(3);
    let end = row.day(4);
    row.check_order((2, submitted_on), (3, on));
    row.check_order((if on.is_some() { 3 } else { 2 }, on.or(submitted_on)), (4, end));
    Parsed { on, end, ..Parsed::default() }
}

fn validation(row: &mut Row<'_>, catalogue: &Catalogue) -> Parsed {
    row.required(2);
    let code = code(row.known_word(2, &catalogue.programs, "program"));
    let on = row.required_day(3);
    let end = row.day(4);
    row.check_order((3, on), (4, end));
    Parsed { on, end, code, ..Parsed::default() }
}

fn case(row: &mut Row<'_>, catalogue: &Catalogue) -> Parsed {
    row.id(2);
    let on = row.required_day(3);
    row.required(4);
    let opened_by = row.word(4, OpenedBy::from_word, OpenedBy::WORDS, OpenedBy::Partner);
    let desk = row.word(5, Desk::from_word, Desk::WORDS, Desk::Vendor);
    let led = SupportMode::PartnerLed;
    let support = row.word(6, SupportMode::from_word, SupportMode::WORDS, led);
    let severity = row.word(7, |text| Severity::from_word(text).map(Some), Severity::WORDS, None);
    let resolved_on = row.day(8);
    row.check_order((3, on), (8, resolved_on));
    let code = code(row.known_word(9, &catalogue.resolution_codes, "resolution code"));
    let tags = Tags::of_case(desk, support, opened_by, severity);
    Parsed { on, code, tags, ..Parsed::default() }
}

fn survey_response(row: &mut Row<'_>) -> Parsed {
    row.optional_id(2);
    let on = row.required_day(3);
    let (mut sum, mut count) = (0_u64, 0_u32);
    for score in row.required(4).unwrap_or_default().split(|&byte| byte == b';') {
        if !row.is_bad || !score.is_empty() {
            sum += u64::from(row.score(4, score).unwrap_or_default());
            count = count.saturating_add(1);
        }
        if row.is_bad {
            break;
        }
    }
    Parsed { on, amount: Some(Decimal::from_whole(sum)), divisor: Some(count), ..Parsed::default() }
}

fn event(row: &mut Row<'_>, catalogue: &Catalogue) -> Parsed {
    row.required(2);
    let kind = row.known_word(2, &catalogue.event_kinds, "event kind");
    let on = row.required_day(4);
    let end = row.day(5);
    row.check_order((4, on), (5, end));
    let amount = row.decimal(6);
    let currency = row.currency(7).unwrap_or_default();
    check_attributes(row, 8, kind, catalogue);
    let tags = Tags::of_event(amount.is_some());
    Parsed { on, end, code: code(kind), amount, currency, tags, ..Parsed::default() }
}

/// Events carry `name=value` pairs, each name once and among those that their kind declares.
fn check_attributes(row: &mut Row<'_>, column: usize, kind: Option<u32>, catalogue: &Catalogue) {
    let Some(text) = row.text(column) else { return };
    let known = kind.map_or(&[][..], |kind| catalogue.attributes_of(kind));
    let mut names: Vec<&[u8]> = Vec::new();
    for pair in text.split(|&byte| byte == b';') {
        let name = memchr::memchr(b'=', pair).and_then(|at| pair.get(..at)).unwrap_or_default();
        if name.is_empty() {
            let message = format!("`{}` is not of the form name=value", shown(pair));
            return row.problem(column, "bad-value", message, None);
        }
        if names.contains(&name) {
            let message = format!("the attribute `{}` stands twice", shown(name));
            return row.problem(column, "bad-value", message, None);
        }
        if !known.is_empty() && !known.iter().any(|known| known.as_bytes() == name) {
            let hint = row.near(name, known.iter().map(String::as_str));
            let message = format!("events of this kind have no attribute `{}`", shown(name));
            return row.problem(column, "unknown-word", message, hint);
        }
        if names.len() >= 100 {
            let message = "an event has more than 100 attributes".to_owned();
            return row.problem(column, "bad-value", message, None);
        }
        names.push(name);
    }
}

/// The value of an attribute in `name=value;…`.
fn attribute<'a>(text: Option<&'a [u8]>, name: &str) -> Option<&'a [u8]> {
    text?
        .split(|&byte| byte == b';')
        .find_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        .filter(|value| !value.is_empty())
}

fn code(number: Option<u32>) -> u16 {
    number.and_then(|number| u16::try_from(number).ok()).unwrap_or(NO_CODE)
}
