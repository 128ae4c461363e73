//! A network of roofers, its edition and a partner of it, written out by hand.

use guildhall_rules::day::Day;
use guildhall_rules::decimal::Decimal;
use guildhall_rules::discount::{DiscountStatement, Eligibility, MeasuredPoints};
use guildhall_rules::evaluation::State;
use guildhall_rules::evidence::{Counted, NotCounted};
use guildhall_rules::facts::ReviewKind;
use guildhall_rules::number::Number;
use guildhall_rules::reason::Reason;
use guildhall_rules::review::{ReviewForecast, ReviewOutcome};
use guildhall_rules::rulebook::{
    Certainty, Column, Columns, Component, Condition, DatedName, DiscountMeasure, DiscountScheme,
    DiscountUse, Edition, EligibilityRule, FactKind, Grounds, Measure, MeasureRule, NumberField,
    Path, PeopleRule, Program, Requirement, ReviewRules, Selection, Source, Target, Tier, WhenLost,
    WhenNotMet, Window,
};
use guildhall_rules::scorecard::{CellText, ColumnHead, Row, Scorecard};
use jiff::Timestamp;

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text.as_bytes()).expect("a day")
}

pub(crate) fn decimal(text: &str) -> Decimal {
    Decimal::parse(text.as_bytes()).expect("a decimal")
}

fn number(text: &str) -> Number {
    Number::from_decimal(decimal(text))
}

fn assumed(text: &str) -> Grounds {
    Grounds { sources: Vec::new(), assumed: Some(text.to_owned()) }
}

fn selection(kind: FactKind) -> Selection {
    Selection { kind, filters: Vec::new(), desk: None, support: Vec::new() }
}

/// The measures: id, title, component, unit.
const MEASURES: [(&str, &str, usize, Option<&str>); 10] = [
    ("installers", "Certified installers", 0, Some("people")),
    ("experts", "Master roofers", 0, Some("people")),
    ("safety_course", "People with the safety course", 0, Some("people")),
    ("jobs", "Completed projects", 1, None),
    ("revenue", "Revenue of completed projects", 1, Some("EUR a month")),
    ("business_plan", "Validated business plan", 1, None),
    ("complaints", "Projects with a complaint", 2, None),
    ("grade", "Mean grade of site audits", 2, None),
    ("references", "Public references", 2, None),
    ("guild_review", "Review by the guild", 2, None),
];

fn rule(id: &str) -> MeasureRule {
    match id {
        "jobs" => MeasureRule::Count { of: selection(FactKind::Opportunity), distinct: None },
        "revenue" => MeasureRule::Sum {
            of: selection(FactKind::Opportunity),
            field: NumberField::ExpectedMrr,
        },
        "business_plan" => MeasureRule::Document { valid_months: 12 },
        "complaints" => MeasureRule::Share { of: selection(FactKind::Case), matching: Vec::new() },
        "grade" => MeasureRule::Mean { of: selection(FactKind::Event), field: NumberField::Amount },
        "references" => MeasureRule::Count { of: selection(FactKind::Reference), distinct: None },
        "guild_review" => MeasureRule::Decision { decision: ReviewKind::ExecutiveReview },
        _ => MeasureRule::People(PeopleRule::Holding(Vec::new())),
    }
}

fn measures() -> Vec<Measure> {
    let measure = |(id, title, component, unit): (&str, &str, usize, Option<&str>)| Measure {
        id: id.to_owned(),
        title: title.to_owned(),
        help: (id == "jobs")
            .then(|| "Projects that are launched and approved, by the day of launch.".to_owned()),
        component,
        unit: unit.map(str::to_owned),
        rule: rule(id),
        windows: Columns { renewal: Window::SinceReview, upgrade: Window::RollingMonths(12) },
        grounds: if id == "complaints" {
            assumed("Pooled over the window; the handbook says “average”.")
        } else {
            Grounds::default()
        },
    };
    MEASURES.into_iter().map(measure).collect()
}

fn tier(id: &str, title: &str, requires: &[(usize, Target)]) -> Tier {
    let ask = |(at, &(measure, target)): (usize, &(usize, Target))| Requirement {
        measure,
        target,
        columns: Columns { renewal: true, upgrade: true },
        grounds: if at == 1 {
            assumed("No number is published; this is what partners report.")
        } else {
            Grounds::default()
        },
    };
    Tier {
        id: id.to_owned(),
        title: title.to_owned(),
        names: vec![
            DatedName { from: day("2015-01-01"), name: format!("Old {title}") },
            DatedName { from: day("2029-01-01"), name: title.to_owned() },
        ],
        requires: requires.iter().enumerate().map(ask).collect(),
        grounds: Grounds::default(),
    }
}

fn discount_scheme() -> DiscountScheme {
    let rule = |rule: &str, condition| EligibilityRule {
        rule: rule.to_owned(),
        condition,
        grounds: Grounds::default(),
    };
    DiscountScheme {
        id: "helpline".to_owned(),
        title: "Helpline discount".to_owned(),
        on: DiscountUse::Support,
        period_months: 6,
        base_percent: decimal("25"),
        ceiling_percent: decimal("40"),
        when_lost: WhenLost::EndsWithPeriod,
        eligibility: vec![
            rule("path", Condition::Path(vec!["fitting".to_owned()])),
            rule("tier", Condition::Tier(vec!["upper".to_owned(), "tiles".to_owned()])),
            rule("standing", Condition::GoodStanding),
            rule("licensed_trader", Condition::Program(vec![0])),
        ],
        measures: vec![DiscountMeasure {
            measure: 6,
            target: Target::AtMost(decimal("0.1")),
            min_n: None,
            points: decimal("5"),
            grounds: assumed("The ceiling is not published."),
        }],
        spend: None,
        grounds: assumed("The base is what is left of the published maximum."),
    }
}

fn source(title: &str, certainty: Certainty) -> Source {
    Source { id: "source".to_owned(), title: title.to_owned(), certainty }
}

/// The edition.
pub(crate) fn edition() -> Edition {
    let component = |(id, title): (&str, &str)| Component { id: id.into(), title: title.into() };
    let at_least = |text: &str| Target::AtLeast(decimal(text));
    Edition {
        id: "roofers-2031".to_owned(),
        network: "roofers".to_owned(),
        title: "Roofers’ Network, handbook of 2031".to_owned(),
        published_at: Timestamp::UNIX_EPOCH,
        in_force_from: day("2031-01-01"),
        evaluation: 1,
        currency: "EUR".to_owned(),
        training: Vec::new(),
        efforts: Vec::new(),
        sources: vec![
            source("Partner handbook, January 2031", Certainty::High),
            source("Minutes of the regional meeting, March 2031", Certainty::Medium),
            source("A partner’s newsletter", Certainty::Low),
        ],
        components: [("knowledge", "Knowledge"), ("work", "Work done"), ("trust", "Trust")]
            .map(component)
            .into(),
        levels: Vec::new(),
        credentials: Vec::new(),
        programs: vec![Program {
            id: "licensed_trader".to_owned(),
            title: "Licensed trader".to_owned(),
            category: "enrolment".to_owned(),
        }],
        resolution_codes: Vec::new(),
        partner_kinds: Vec::new(),
        event_kinds: Vec::new(),
        measures: measures(),
        paths: vec![Path {
            id: "fitting".to_owned(),
            title: "Fitting".to_owned(),
            tiers: vec![
                tier("base", "Base", &[]),
                tier("upper", "Ridge", &[(0, at_least("4")), (3, at_least("3"))]),
                tier("tiles", "Summit", &[(0, at_least("6")), (1, at_least("2"))]),
            ],
        }],
        review: ReviewRules {
            every_months: 12,
            counted_from: Vec::new(),
            resets_windows: Vec::new(),
            notice_days: vec![90, 60, 30],
            grace_days: 90,
            when_not_met: WhenNotMet::ToWhatIsMet,
            grounds: assumed("The length of the grace is not published."),
        },
        discounts: vec![discount_scheme()],
    }
}

/// A cell: value, target (after `<` where it is a ceiling), state, days of the window.
pub(crate) fn cell(
    value: &str,
    target: &str,
    state: State,
    days: Option<(&str, &str)>,
) -> CellText {
    let (is_ceiling, bar) = match target.strip_prefix('<') {
        Some(bar) => (true, bar),
        None => (false, target),
    };
    CellText {
        value: number(value),
        target: (!bar.is_empty()).then(|| decimal(bar)),
        is_ceiling,
        state,
        from: days.and_then(|(from, _)| (!from.is_empty()).then(|| day(from))),
        until: days.map(|(_, until)| day(until)),
    }
}

fn counted(fact: &str, kind: FactKind, subject: &str, columns: &[Column]) -> Counted {
    Counted {
        fact: fact.to_owned(),
        kind,
        subject: subject.to_owned(),
        columns: columns.to_vec(),
        detail: None,
    }
}

fn left_out(
    fact: &str,
    kind: FactKind,
    columns: &[Column],
    reason: Reason,
    detail: &str,
) -> NotCounted {
    NotCounted {
        fact: fact.to_owned(),
        kind,
        subject: fact.replace("cert", "person"),
        columns: columns.to_vec(),
        reason,
        detail: Some(detail.to_owned()),
    }
}

/// A row of a measure.
pub(crate) fn row(measure: &str, renewal: CellText, upgrade: CellText) -> Row {
    let known = MEASURES.into_iter().find(|known| known.0 == measure);
    let (_, title, component, unit) = known.unwrap_or((measure, measure, 9, None));
    let components = ["knowledge", "work", "trust"];
    Row {
        measure: measure.to_owned(),
        title: title.to_owned(),
        component: components.get(component).copied().unwrap_or("elsewhere").to_owned(),
        unit: unit.map(str::to_owned),
        renewal,
        upgrade,
        counted: Some(Vec::new()),
        not_counted: Some(Vec::new()),
    }
}

fn rows() -> Vec<Row> {
    use State::{Met, NotMet, NotRequired, Unknown};
    let since = Some(("2030-11-01", "2031-07-01"));
    let rolling = Some(("2030-07-01", "2031-07-01"));
    let mut rows = vec![
        row("installers", cell("5", "4", Met, None), cell("5", "6", NotMet, None)),
        row("experts", cell("2", "", NotRequired, None), cell("2", "2", Met, None)),
        row("safety_course", cell("14", "4", Met, None), cell("14", "10", Met, None)),
        row("jobs", cell("2", "3", NotMet, since), cell("21", "20", Met, rolling)),
        row(
            "revenue",
            cell("4250.5", "1500", Met, since),
            cell("21480.75", "30000", NotMet, rolling),
        ),
        row("business_plan", cell("0", "", NotRequired, None), cell("0", "1", NotMet, None)),
        row("complaints", cell("0.08", "<0.1", Met, since), cell("0.08", "<0.05", NotMet, rolling)),
        row("grade", cell("4.25", "4", Met, since), cell("4.25", "4.5", NotMet, rolling)),
        row("references", cell("1", "1", Met, since), cell("0", "6", Unknown, rolling)),
        row("guild_review", cell("1", "1", Met, None), cell("1", "1", Met, None)),
    ];
    add_facts(&mut rows);
    rows
}

fn add_facts(rows: &mut [Row]) {
    let both = Column::BOTH;
    let upgrade = [Column::Upgrade];
    for row in rows {
        let (Some(yes), Some(no)) = (&mut row.counted, &mut row.not_counted) else { continue };
        match row.measure.as_str() {
            "installers" => {
                let kind = FactKind::Credential;
                for at in 1..=5 {
                    let (fact, person) = (format!("cert-{at}"), format!("person-{at}"));
                    yes.push(counted(&fact, kind, &person, &both));
                }
                let expired = "last valid day was 2031-02-01";
                no.push(left_out("cert-6", kind, &both, Reason::Expired, expired));
                let left = "left on 2031-05-31";
                no.push(left_out("cert-7", kind, &both, Reason::Left, left));
                let again = "counted by cert-2";
                no.push(left_out("cert-8", kind, &both, Reason::DuplicatePerson, again));
            }
            "jobs" => {
                let kind = FactKind::Opportunity;
                for at in 1..=21 {
                    let fact = format!("roof-{at}");
                    let is_recent = at > 19;
                    let columns = if is_recent { &both[..] } else { &upgrade[..] };
                    yes.push(counted(&fact, kind, &fact, columns));
                    if !is_recent {
                        let columns = [Column::Renewal];
                        let reason = Reason::OutsideWindow;
                        let detail = "launched on 2030-09-14, before 2030-11-01";
                        no.push(left_out(&fact, kind, &columns, reason, detail));
                    }
                }
                let stage = "stage is Committed";
                no.push(left_out("roof-22", kind, &both, Reason::NotLaunched, stage));
            }
            _ => {}
        }
    }
}

/// A statement of the discount, with a loss within the period.
pub(crate) fn statement() -> DiscountStatement {
    let rule = |rule: &str, state, detail: Option<&str>| Eligibility {
        rule: rule.to_owned(),
        state,
        detail: detail.map(str::to_owned),
    };
    let measured = |measure: &str, title: &str, value: &str, target: &str, state: State| {
        let found = cell(value, target, state, None);
        MeasuredPoints {
            measure: measure.to_owned(),
            title: title.to_owned(),
            value: found.value,
            target: found.target.unwrap_or_default(),
            is_ceiling: found.is_ceiling,
            n: 50,
            min_n: None,
            state,
            points: if state == State::Met { decimal("5") } else { Decimal::ZERO },
            counted: vec![counted("call-1", FactKind::Case, "call-1", &[])],
            not_counted: vec![left_out(
                "call-2",
                FactKind::Case,
                &[],
                Reason::OtherDesk,
                "desk is partner",
            )],
        }
    };
    DiscountStatement {
        partner: "gable".to_owned(),
        network: "roofers".to_owned(),
        rulebook: "roofers-2031".to_owned(),
        period: "2031-H1".to_owned(),
        from: day("2030-07-01"),
        until: day("2031-01-01"),
        eligible: true,
        eligibility: vec![
            rule("path", State::Met, None),
            rule("tier", State::Met, Some("upper; lost on 2031-03-05")),
            rule("standing", State::Met, None),
            rule("licensed_trader", State::Met, None),
        ],
        base_percent: decimal("25"),
        measures: vec![
            measured("complaints", "Complaints", "0.08", "<0.1", State::Met),
            MeasuredPoints {
                n: 6,
                min_n: Some(10),
                ..measured("grade", "Quality survey", "4.61", "4.5", State::NotMet)
            },
            MeasuredPoints {
                n: 0,
                ..measured("answered", "Calls answered late", "0", "<0.05", State::Unknown)
            },
        ],
        percent: number("30"),
        lost_on: Some(day("2031-03-05")),
        when_lost: WhenLost::EndsWithPeriod,
        period_days: (day("2031-01-01"), day("2031-07-01")),
        title: "Helpline discount".to_owned(),
        ceiling_percent: decimal("40"),
    }
}

/// A partner somewhere in the middle: something of everything.
pub(crate) fn scorecard() -> Scorecard {
    let head = |tier: &str| ColumnHead { tier: Some(tier.to_owned()), met: Some(false) };
    Scorecard {
        partner: "gable".to_owned(),
        name: "Gable & Daughters".to_owned(),
        network: "roofers".to_owned(),
        rulebook: "roofers-2031".to_owned(),
        as_of: day("2031-06-30"),
        known_at: "2031-07-15T09:30:00Z".parse().ok(),
        path: "fitting".to_owned(),
        tier: Some("upper".to_owned()),
        tier_is_unknown: false,
        renewal: head("upper"),
        upgrade: head("tiles"),
        attained: Some("base".to_owned()),
        review: ReviewForecast {
            last_on: Some(day("2030-11-01")),
            due_on: Some(day("2031-11-01")),
            outcome: Some(ReviewOutcome::Grace),
            to_tier: Some("upper".to_owned()),
            grace_until: Some(day("2032-01-30")),
            after_grace: Some("base".to_owned()),
        },
        support_discount: Some(statement()),
        rows: rows(),
    }
}

/// A partner with everything that a page could stumble over.
pub(crate) fn awkward() -> Scorecard {
    let mut scorecard = scorecard();
    scorecard.partner = "<script>alert('partner')</script>".to_owned();
    scorecard.name = format!(
        "Donaudampfschifffahrts{}gesellschaft \u{202e}&\u{0}\u{7} שיפוצי גגות «הרעפים» בע״מ",
        "elektrizitätenhauptbetriebswerkbau".repeat(6)
    );
    scorecard.path = "fitting".to_owned();
    let kind = FactKind::Opportunity;
    for row in &mut scorecard.rows {
        let (Some(yes), Some(no)) = (&mut row.counted, &mut row.not_counted) else { continue };
        match row.measure.as_str() {
            "experts" => {
                row.title = format!("Master roofers {}", "of the widest sort ".repeat(12));
                let long = "x".repeat(300);
                yes.push(counted(&long, FactKind::Credential, "أحمد السقاف", &Column::BOTH));
                let name = "<script>alert(1)</script>";
                yes.push(counted(name, FactKind::Credential, "\"'&<b>", &[Column::Renewal]));
            }
            "jobs" => {
                for at in 100..600 {
                    let fact = format!("roof-{at}");
                    let columns = &Column::BOTH;
                    let reason = Reason::OtherCurrency;
                    let detail = "the amount is in CHF, not EUR";
                    no.push(left_out(&fact, kind, columns, reason, detail));
                }
            }
            "revenue" => {
                let most = "18446744073709551615.123456789012345678";
                row.renewal.value = number(most);
                row.upgrade.value = number(most).times(decimal(most));
                row.upgrade.target = Some(decimal("18446744073709551615"));
                row.unit = Some("EUR a month".to_owned());
            }
            "complaints" => row.upgrade.target = Some(Decimal::ZERO),
            _ => {}
        }
    }
    scorecard
}

/// A partner of whom hardly anything is known.
pub(crate) fn bare() -> Scorecard {
    let nothing = || ColumnHead { tier: None, met: None };
    Scorecard {
        name: String::new(),
        known_at: None,
        path: "thatching".to_owned(),
        tier: None,
        tier_is_unknown: true,
        renewal: nothing(),
        upgrade: nothing(),
        attained: None,
        review: ReviewForecast::default(),
        support_discount: None,
        rows: Vec::new(),
        ..scorecard()
    }
}
