//! The files of a folder of facts and their columns: the format's table of contents.

use super::words::{
    Desk, OpenedBy, OpportunityReview, ReferenceKind, ReviewKind, Severity, Stage, Standing,
    SupportMode, YesNo,
};

/// The files of a folder, one for each kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// `partners.csv`
    Partners,
    /// `reviews.csv`
    Reviews,
    /// `affiliations.csv`
    Affiliations,
    /// `individuals.csv`
    Individuals,
    /// `credentials.csv`
    Credentials,
    /// `opportunities.csv`
    Opportunities,
    /// `references.csv`
    References,
    /// `ratings.csv`
    Ratings,
    /// `business_plans.csv`
    BusinessPlans,
    /// `validations.csv`
    Validations,
    /// `cases.csv`
    Cases,
    /// `survey_responses.csv`
    SurveyResponses,
    /// `events.csv`
    Events,
}

/// A column of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub name: &'static str,
    /// Whether the file must have it and every row must fill it.
    pub is_required: bool,
    /// What its cells hold.
    pub holds: Holds,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Any text.
    Text,
    /// An id, of the row itself or of something without a file.
    Id,
    /// The id of a row of another file.
    Reference(File),
    /// A day, `YYYY-MM-DD`.
    Day,
    /// A moment, RFC 3339 in UTC.
    Moment,
    /// A decimal: not negative, at most 18 places.
    Decimal,
    /// Three capital letters of ISO 4217.
    Currency,
    /// A whole number from 1 to 5.
    Score,
    /// Such numbers, separated by semicolons.
    Scores,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A word of the network's rulebook: what it names there.
    RulebookWord(&'static str),
    /// Such words, separated by semicolons.
    RulebookWords(&'static str),
    /// Texts separated by semicolons.
    List,
    /// `name=value` pairs separated by semicolons.
    Attributes,
}

const fn required(name: &'static str, holds: Holds) -> Column {
    Column { name, is_required: true, holds }
}

const fn optional(name: &'static str, holds: Holds) -> Column {
    Column { name, is_required: false, holds }
}

const ID: Column = required("id", Holds::Id);
const PARTNER: Column = required("partner", Holds::Reference(File::Partners));
const CUSTOMER: Column = required("customer", Holds::Id);

/// The two columns that every file may have: when the network learned of the row, and until
/// when it held the row to be true.
const RECORDED_AT: Column = optional("recorded_at", Holds::Moment);
const RETRACTED_AT: Column = optional("retracted_at", Holds::Moment);

impl File {
    /// Every file, in the order in which problems are reported.
    pub const ALL: [Self; 13] = [
        Self::Partners,
        Self::Reviews,
        Self::Affiliations,
        Self::Individuals,
        Self::Credentials,
        Self::Opportunities,
        Self::References,
        Self::Ratings,
        Self::BusinessPlans,
        Self::Validations,
        Self::Cases,
        Self::SurveyResponses,
        Self::Events,
    ];

    /// Its name without the ending.
    pub const fn stem(self) -> &'static str {
        match self {
            Self::Partners => "partners",
            Self::Reviews => "reviews",
            Self::Affiliations => "affiliations",
            Self::Individuals => "individuals",
            Self::Credentials => "credentials",
            Self::Opportunities => "opportunities",
            Self::References => "references",
            Self::Ratings => "ratings",
            Self::BusinessPlans => "business_plans",
            Self::Validations => "validations",
            Self::Cases => "cases",
            Self::SurveyResponses => "survey_responses",
            Self::Events => "events",
        }
    }

    /// Its name.
    pub fn name(self) -> String {
        format!("{}.csv", self.stem())
    }

    /// The file with a stem.
    pub fn from_stem(stem: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.stem() == stem)
    }

    /// What one row of it is called.
    pub const fn row_word(self) -> &'static str {
        match self {
            Self::Partners => "partner",
            Self::Reviews => "review",
            Self::Affiliations => "affiliation",
            Self::Individuals => "individual",
            Self::Credentials => "credential",
            Self::Opportunities => "opportunity",
            Self::References => "reference",
            Self::Ratings => "rating",
            Self::BusinessPlans => "business plan",
            Self::Validations => "validation",
            Self::Cases => "case",
            Self::SurveyResponses => "survey response",
            Self::Events => "event",
        }
    }

    /// Its columns. Loading refers to them by position.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Partners => PARTNERS,
            Self::Reviews => REVIEWS,
            Self::Affiliations => AFFILIATIONS,
            Self::Individuals => INDIVIDUALS,
            Self::Credentials => CREDENTIALS,
            Self::Opportunities => OPPORTUNITIES,
            Self::References => REFERENCES,
            Self::Ratings => RATINGS,
            Self::BusinessPlans => BUSINESS_PLANS,
            Self::Validations => VALIDATIONS,
            Self::Cases => CASES,
            Self::SurveyResponses => SURVEY_RESPONSES,
            Self::Events => EVENTS,
        }
    }

    /// The position of a column in [`Self::columns`].
    pub fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.name == name)
    }
}

const PARTNERS: &[Column] = &[
    ID,
    required("name", Holds::Text),
    required("path", Holds::RulebookWord("path")),
    optional("tier", Holds::RulebookWord("tier")),
    optional("tier_since", Holds::Day),
    optional("last_review_on", Holds::Day),
    optional("last_renewal_on", Holds::Day),
    optional("last_upgrade_on", Holds::Day),
    optional("kinds", Holds::RulebookWords("partner kind")),
    optional("country", Holds::Text),
    optional("website", Holds::Text),
    optional("domains", Holds::List),
    optional("standing", Holds::Word(Standing::WORDS)),
    optional("parent", Holds::Reference(File::Partners)),
    RECORDED_AT,
    RETRACTED_AT,
];
const REVIEWS: &[Column] = &[
    ID,
    PARTNER,
    required("path", Holds::RulebookWord("path")),
    required("on", Holds::Day),
    required("kind", Holds::Word(ReviewKind::WORDS)),
    optional("tier", Holds::RulebookWord("tier")),
    optional("valid_until", Holds::Day),
    RECORDED_AT,
    RETRACTED_AT,
];
const AFFILIATIONS: &[Column] = &[
    ID,
    required("subsidiary", Holds::Reference(File::Partners)),
    required("primary", Holds::Reference(File::Partners)),
    required("from", Holds::Day),
    optional("until", Holds::Day),
    RECORDED_AT,
    RETRACTED_AT,
];
const INDIVIDUALS: &[Column] = &[
    ID,
    PARTNER,
    optional("person", Holds::Id),
    required("name", Holds::Text),
    optional("emails", Holds::List),
    optional("joined_on", Holds::Day),
    optional("left_on", Holds::Day),
    optional("consent", Holds::Word(YesNo::WORDS)),
    RECORDED_AT,
    RETRACTED_AT,
];
const CREDENTIALS: &[Column] = &[
    ID,
    required("individual", Holds::Reference(File::Individuals)),
    required("credential", Holds::RulebookWord("credential")),
    required("issued_on", Holds::Day),
    optional("expires_on", Holds::Day),
    RECORDED_AT,
    RETRACTED_AT,
];
const OPPORTUNITIES: &[Column] = &[
    ID,
    PARTNER,
    CUSTOMER,
    optional("title", Holds::Text),
    required("stage", Holds::Word(Stage::WORDS)),
    optional("review", Holds::Word(OpportunityReview::WORDS)),
    required("expected_mrr", Holds::Decimal),
    required("currency", Holds::Currency),
    optional("launched_on", Holds::Day),
    optional("closed_on", Holds::Day),
    optional("use_case", Holds::Text),
    optional("industry", Holds::Text),
    optional("country", Holds::Text),
    RECORDED_AT,
    RETRACTED_AT,
];
const REFERENCES: &[Column] = &[
    ID,
    PARTNER,
    CUSTOMER,
    optional("opportunity", Holds::Reference(File::Opportunities)),
    optional("kind", Holds::Word(ReferenceKind::WORDS)),
    required("published_on", Holds::Day),
    optional("withdrawn_on", Holds::Day),
    RECORDED_AT,
    RETRACTED_AT,
];
const RATINGS: &[Column] = &[
    ID,
    PARTNER,
    CUSTOMER,
    required("score", Holds::Score),
    required("rated_on", Holds::Day),
    optional("engagement", Holds::Text),
    optional("consent", Holds::Word(YesNo::WORDS)),
    optional("consent_public", Holds::Word(YesNo::WORDS)),
    optional("comment", Holds::Text),
    RECORDED_AT,
    RETRACTED_AT,
];
const BUSINESS_PLANS: &[Column] = &[
    ID,
    PARTNER,
    required("submitted_on", Holds::Day),
    optional("validated_on", Holds::Day),
    optional("valid_until", Holds::Day),
    RECORDED_AT,
    RETRACTED_AT,
];
const VALIDATIONS: &[Column] = &[
    ID,
    PARTNER,
    required("program", Holds::RulebookWord("program")),
    required("granted_on", Holds::Day),
    optional("expires_on", Holds::Day),
    RECORDED_AT,
    RETRACTED_AT,
];
const CASES: &[Column] = &[
    ID,
    PARTNER,
    CUSTOMER,
    required("opened_on", Holds::Day),
    required("opened_by", Holds::Word(OpenedBy::WORDS)),
    optional("desk", Holds::Word(Desk::WORDS)),
    optional("support", Holds::Word(SupportMode::WORDS)),
    optional("severity", Holds::Word(Severity::WORDS)),
    optional("resolved_on", Holds::Day),
    optional("resolution_code", Holds::RulebookWord("resolution code")),
    RECORDED_AT,
    RETRACTED_AT,
];
const SURVEY_RESPONSES: &[Column] = &[
    ID,
    PARTNER,
    optional("customer", Holds::Id),
    required("responded_on", Holds::Day),
    required("scores", Holds::Scores),
    RECORDED_AT,
    RETRACTED_AT,
];
const EVENTS: &[Column] = &[
    ID,
    PARTNER,
    required("kind", Holds::RulebookWord("event kind")),
    optional("subject", Holds::Id),
    required("on", Holds::Day),
    optional("until", Holds::Day),
    optional("amount", Holds::Decimal),
    optional("currency", Holds::Currency),
    optional("attributes", Holds::Attributes),
    RECORDED_AT,
    RETRACTED_AT,
];
