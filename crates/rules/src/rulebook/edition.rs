//! What an edition of a rulebook says, once it has been read and checked.
//!
//! These are plain values: every reference by id in the file has become an index into the
//! list that it names, so that evaluation never looks anything up by text. An [`Edition`] is
//! made only by [`super::load`], which refuses anything inconsistent; the type of each field
//! therefore needs no second check. How the file spells all this is in `docs/rulebook.md`.

use jiff::Timestamp;

use super::training::{Effort, Training};
use crate::day::Day;
use crate::decimal::Decimal;

/// One dated edition of a network's rules. Once in force it never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Edition {
    /// Unique among all editions, for example `tiles-2026`.
    pub id: String,
    /// The network whose rules these are.
    pub network: String,
    /// A title for people.
    pub title: String,
    /// When the vendor published it; as known before then, it does not exist.
    pub published_at: Timestamp,
    /// The first day on which it applies.
    pub in_force_from: Day,
    /// The version of the evaluation it was written for.
    pub evaluation: u32,
    /// The currency of every amount of money in it, as an ISO 4217 code.
    pub currency: String,
    /// Where the numbers come from.
    pub sources: Vec<Source>,
    /// The groups of rows of the scorecard, in order.
    pub components: Vec<Component>,
    /// Levels of credentials.
    pub levels: Vec<Level>,
    /// The credential catalogue.
    pub credentials: Vec<Credential>,
    /// Programs: competencies, designations, enrolments.
    pub programs: Vec<Program>,
    /// Resolution codes of support cases.
    pub resolution_codes: Vec<Term>,
    /// Kinds of partner, a self-description.
    pub partner_kinds: Vec<Term>,
    /// Event kinds of the network's own.
    pub event_kinds: Vec<EventKind>,
    /// Measures, in the order in which rows are shown.
    pub measures: Vec<Measure>,
    /// Paths with their tier ladders.
    pub paths: Vec<Path>,
    /// What happens at a review.
    pub review: ReviewRules,
    /// Discount schemes.
    pub discounts: Vec<DiscountScheme>,
    /// The training catalogue: courses and examinations.
    pub training: Vec<Training>,
    /// What else can be done to reach a goal, and what it costs.
    pub efforts: Vec<Effort>,
}

/// Which sources a statement rests on, and what in it nobody has confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Indexes into [`Edition::sources`].
    pub sources: Vec<usize>,
    /// Why the statement is an assumption, when it is one.
    pub assumed: Option<String>,
}

/// A document that a number was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id in this edition.
    pub id: String,
    /// Its title, with a date where one is known.
    pub title: String,
    /// How sure the vendor may be of it.
    pub certainty: Certainty,
}

/// How far a source can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The vendor's own text.
    High,
    /// The vendor's text restated by somebody else, or two sources that agree.
    Medium,
    /// One unofficial source.
    Low,
}

/// A term of a list that carries no rule: a resolution code, a kind of partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its id, as facts write it.
    pub id: String,
    /// Its title for people.
    pub title: String,
}

/// A group of rows of the scorecard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its id.
    pub id: String,
    /// Its title for people.
    pub title: String,
}

/// A level of credentials. Levels of one rank are equals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its id.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// Its height: a person's highest level is the one of the highest rank held.
    pub rank: u8,
}

/// A credential of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its id, as facts write it.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// Index into [`Edition::levels`].
    pub level: usize,
    /// Months for which it is valid when a fact names no last day; none: for ever.
    pub validity_months: Option<u16>,
}

/// A program that a partner can be validated for or enrolled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its id, as facts write it.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// The vendor's word for the sort of program, by which measures select.
    pub category: String,
}

/// A kind of event that this network counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventKind {
    /// Its id, as facts write it.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// Names of the attributes that such an event may carry.
    pub attributes: Vec<String>,
}

/// A number that tiers can require: one row of the scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its id.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// One sentence that tells a partner what counts.
    pub help: Option<String>,
    /// Index into [`Edition::components`].
    pub component: usize,
    /// What is counted, for display after the number: `people`, `EUR a month`.
    pub unit: Option<String>,
    /// How the value is found.
    pub rule: MeasureRule,
    /// The window in each column.
    pub windows: Columns<Window>,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// Something that each of the two columns of a scorecard has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns<T> {
    /// Keeping the tier held.
    pub renewal: T,
    /// Reaching the next one.
    pub upgrade: T,
}

/// The two columns of a scorecard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// What it takes to keep the tier held.
    Renewal,
    /// What it takes to reach the next tier.
    Upgrade,
}

impl Column {
    /// Both columns, in the order in which they are shown.
    pub const BOTH: [Self; 2] = [Self::Renewal, Self::Upgrade];

    /// The word that rulebooks, JSON and text use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Renewal => "renewal",
            Self::Upgrade => "upgrade",
        }
    }
}

impl<T> Columns<T> {
    /// The value of one column, to be changed.
    pub const fn get_mut(&mut self, column: Column) -> &mut T {
        match column {
            Column::Renewal => &mut self.renewal,
            Column::Upgrade => &mut self.upgrade,
        }
    }

    /// The value of one column.
    pub const fn get(&self, column: Column) -> &T {
        match column {
            Column::Renewal => &self.renewal,
            Column::Upgrade => &self.upgrade,
        }
    }
}

/// How a measure finds its value.
#[derive(Clone, Debug, PartialEq)]
pub enum MeasureRule {
    /// People who hold a credential; each counts once.
    People(PeopleRule),
    /// Facts that count, or distinct values among them.
    Count {
        /// Which facts.
        of: Selection,
        /// Count different values of this field instead of facts.
        distinct: Option<Field>,
    },
    /// The sum of a number over the facts that count.
    Sum {
        /// Which facts.
        of: Selection,
        /// Which number.
        field: NumberField,
    },
    /// The mean of a number over the facts that count.
    Mean {
        /// Which facts.
        of: Selection,
        /// Which number.
        field: NumberField,
    },
    /// The part of the facts that count for which a further condition holds: 0 to 1.
    Share {
        /// Which facts are the whole.
        of: Selection,
        /// What those of the part satisfy.
        matching: Vec<Filter>,
    },
    /// 1 while a validated plan is valid.
    Document {
        /// Months from validation until the last day, where the fact names none.
        valid_months: u16,
    },
    /// 1 while a decision of this kind is in force.
    Decision {
        /// A kind of review, for example an executive review.
        decision: crate::facts::ReviewKind,
    },
    /// Whole months for which all other requirements of the tier have been met.
    Sustained {
        /// Counting stops here.
        up_to_months: u8,
    },
    /// Points: the weighted sum of other measures.
    Points(Vec<PointsPart>),
}

/// Which people a measure counts, by what they hold on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleRule {
    /// Holders of any of these credentials (indexes into [`Edition::credentials`]).
    Holding(Vec<usize>),
    /// Holders of a credential of any of these levels (indexes into [`Edition::levels`]).
    AtLevel(Vec<usize>),
    /// People whose highest level is one of these.
    HighestLevel(Vec<usize>),
}

/// One part of a points measure.
#[derive(Clone, Debug, PartialEq)]
pub struct PointsPart {
    /// Index into [`Edition::measures`] of the measure that is weighted.
    pub measure: usize,
    /// Points for each unit of its value.
    pub points: Decimal,
    /// At most this many points from this part.
    pub at_most: Option<Decimal>,
}

/// Dated facts that a measure looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The kind of fact.
    pub kind: FactKind,
    /// Facts that do not pass are none of this measure's business and are not listed.
    pub filters: Vec<Filter>,
    /// Cases only: the desk that must have received it; another is not counted.
    pub desk: Option<crate::facts::Desk>,
    /// Cases only: the kinds of support under which it must have been opened.
    pub support: Vec<crate::facts::SupportMode>,
}

/// A condition on a field of a fact: its value is one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The field looked at.
    pub field: Field,
    /// The values that pass.
    pub one_of: Vec<String>,
}

/// A field of a fact that filters and distinct counts can look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The customer of an opportunity, reference, rating, case or response.
    Customer,
    /// The use case of an opportunity.
    UseCase,
    /// The industry of an opportunity.
    Industry,
    /// The country of an opportunity.
    Country,
    /// Who opened a case.
    OpenedBy,
    /// The severity of a case.
    Severity,
    /// The resolution code of a case.
    ResolutionCode,
    /// The program of a validation.
    Program,
    /// The category of a validation's program.
    Category,
    /// The kind of an event.
    Kind,
    /// The subject of an event.
    Subject,
    /// An attribute of an event, by name.
    Attribute(String),
}

/// A number on a fact that sums and means can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberField {
    /// Monthly revenue expected of an opportunity, in the edition's currency.
    ExpectedMrr,
    /// The score of a rating.
    Score,
    /// The mean of a survey response's scores.
    Scores,
    /// The amount of an event, in the edition's currency where it has a currency.
    Amount,
}

/// The kinds of fact that a measure can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// A decision of a review, or an executive review.
    Review,
    /// A credential held by a person.
    Credential,
    /// An opportunity.
    Opportunity,
    /// A customer reference.
    Reference,
    /// A customer's rating.
    Rating,
    /// A business plan.
    BusinessPlan,
    /// A program granted to the partner.
    Validation,
    /// A support case.
    Case,
    /// An answer to the quality survey.
    SurveyResponse,
    /// Whatever else the network counts.
    Event,
}

/// The days that a measure looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// What is in force on the day itself.
    AsOf,
    /// From the last event that resets windows, to the day.
    SinceReview,
    /// This many months ending with the day.
    RollingMonths(u16),
    /// This many whole months before a discount period begins.
    MonthsBeforePeriod(u16),
}

/// A path on which partners climb.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Its id, as facts write it.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// Its tiers, lowest first.
    pub tiers: Vec<Tier>,
}

/// A rung of a path's ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// Its id, as facts write it.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// Titles that it had before, each from a day on, oldest first.
    pub names: Vec<DatedName>,
    /// What it takes, in the order of the measures.
    pub requires: Vec<Requirement>,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// A title that something had from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedName {
    /// The first day of the name.
    pub from: Day,
    /// The name.
    pub name: String,
}

/// One thing that a tier asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Index into [`Edition::measures`].
    pub measure: usize,
    /// The bar.
    pub target: Target,
    /// The columns in which it is asked.
    pub columns: Columns<bool>,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// A bar that a value must reach or stay under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Met by a value that is at least this.
    AtLeast(Decimal),
    /// Met by a value that is at most this.
    AtMost(Decimal),
}

impl Target {
    /// The number of the bar.
    pub const fn bar(self) -> Decimal {
        match self {
            Self::AtLeast(bar) | Self::AtMost(bar) => bar,
        }
    }

    /// Whether it asks for nothing: at least zero.
    pub fn asks_nothing(self) -> bool {
        self == Self::AtLeast(Decimal::ZERO)
    }
}

/// What happens at a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRules {
    /// A review is due this many months after the last.
    pub every_months: u16,
    /// The kinds of row from which the next due day is counted.
    pub counted_from: Vec<crate::facts::ReviewKind>,
    /// The kinds of row that begin a new renewal window.
    pub resets_windows: Vec<crate::facts::ReviewKind>,
    /// Days before the due day on which the partner is told, most first.
    pub notice_days: Vec<u16>,
    /// Days of grace when the renewal column is not met; zero: none.
    pub grace_days: u16,
    /// Where a partner goes that is still short when the grace is over.
    pub when_not_met: WhenNotMet,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// Where a partner goes that does not meet its renewal column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenNotMet {
    /// To the highest tier not above the held one whose renewal column is met.
    ToWhatIsMet,
    /// One tier down.
    DownOne,
    /// Nowhere: the tier is kept.
    Keep,
}

/// A discount that is earned anew for every period.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscountScheme {
    /// Its id.
    pub id: String,
    /// Its title for people.
    pub title: String,
    /// What the discount is on.
    pub on: DiscountUse,
    /// Length of a period in months: 1, 2, 3, 4, 6 or 12, so that a year divides evenly.
    pub period_months: u8,
    /// Percent given to whoever is eligible.
    pub base_percent: Decimal,
    /// Percent that is never exceeded.
    pub ceiling_percent: Decimal,
    /// What happens when a condition is lost within a period.
    pub when_lost: WhenLost,
    /// Who is eligible.
    pub eligibility: Vec<EligibilityRule>,
    /// What earns points.
    pub measures: Vec<DiscountMeasure>,
    /// Which facts tell what is spent on it; none where none do.
    pub spend: Option<Spend>,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// How facts tell what a partner spends on what a discount is taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spend {
    /// The kind of the events whose amounts are added up (index into [`Edition::event_kinds`]).
    pub kind: usize,
    /// How many months, the last ending with the day.
    pub months: u16,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// What a discount is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscountUse {
    /// The price of partner-led support.
    Support,
}

/// What happens to a discount when a condition is lost within its period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenLost {
    /// It runs on to the end of the period.
    EndsWithPeriod,
    /// It ends on the day of the loss.
    EndsAtOnce,
}

/// A condition of a discount scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EligibilityRule {
    /// Its name in the statement.
    pub rule: String,
    /// What it asks.
    pub condition: Condition,
    /// Where it comes from.
    pub grounds: Grounds,
}

/// What an eligibility rule asks on the first day of the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The partner is on one of these paths (ids).
    Path(Vec<String>),
    /// The partner holds one of these tiers (ids).
    Tier(Vec<String>),
    /// The partner is in good standing.
    GoodStanding,
    /// One of these programs is in force (indexes into [`Edition::programs`]).
    Program(Vec<usize>),
}

/// A measure that earns points of discount.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscountMeasure {
    /// Index into [`Edition::measures`].
    pub measure: usize,
    /// The bar.
    pub target: Target,
    /// Fewer facts than this are too few.
    pub min_n: Option<u32>,
    /// Percentage points earned by meeting it.
    pub points: Decimal,
    /// Where it comes from.
    pub grounds: Grounds,
}
