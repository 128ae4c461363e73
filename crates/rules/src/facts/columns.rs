//! The files of a folder of facts and their columns: the format's table of contents.

/// The files of a folder, one for each kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// `partners.csv`
    Partners,
    /// `reviews.csv`
    Reviews,
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
}

const fn required(name: &'static str) -> Column {
    Column { name, is_required: true }
}

const fn optional(name: &'static str) -> Column {
    Column { name, is_required: false }
}

/// The two columns that every file may have: when the network learned of the row, and until
/// when it held the row to be true.
const RECORDED_AT: Column = optional("recorded_at");
const RETRACTED_AT: Column = optional("retracted_at");

impl File {
    /// Every file, in the order in which problems are reported.
    pub const ALL: [Self; 12] = [
        Self::Partners,
        Self::Reviews,
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
    required("id"),
    required("name"),
    required("path"),
    optional("tier"),
    optional("tier_since"),
    optional("last_review_on"),
    optional("last_renewal_on"),
    optional("last_upgrade_on"),
    optional("kinds"),
    optional("country"),
    optional("website"),
    optional("domains"),
    optional("standing"),
    optional("parent"),
    RECORDED_AT,
    RETRACTED_AT,
];
const REVIEWS: &[Column] = &[
    required("id"),
    required("partner"),
    required("path"),
    required("on"),
    required("kind"),
    optional("tier"),
    optional("valid_until"),
    RECORDED_AT,
    RETRACTED_AT,
];
const INDIVIDUALS: &[Column] = &[
    required("id"),
    required("partner"),
    optional("person"),
    required("name"),
    optional("emails"),
    optional("joined_on"),
    optional("left_on"),
    optional("consent"),
    RECORDED_AT,
    RETRACTED_AT,
];
const CREDENTIALS: &[Column] = &[
    required("id"),
    required("individual"),
    required("credential"),
    required("issued_on"),
    optional("expires_on"),
    RECORDED_AT,
    RETRACTED_AT,
];
const OPPORTUNITIES: &[Column] = &[
    required("id"),
    required("partner"),
    required("customer"),
    optional("title"),
    required("stage"),
    optional("review"),
    required("expected_mrr"),
    required("currency"),
    optional("launched_on"),
    optional("closed_on"),
    optional("use_case"),
    optional("industry"),
    optional("country"),
    RECORDED_AT,
    RETRACTED_AT,
];
const REFERENCES: &[Column] = &[
    required("id"),
    required("partner"),
    required("customer"),
    optional("opportunity"),
    optional("kind"),
    required("published_on"),
    optional("withdrawn_on"),
    RECORDED_AT,
    RETRACTED_AT,
];
const RATINGS: &[Column] = &[
    required("id"),
    required("partner"),
    required("customer"),
    required("score"),
    required("rated_on"),
    optional("engagement"),
    optional("consent"),
    optional("consent_public"),
    optional("comment"),
    RECORDED_AT,
    RETRACTED_AT,
];
const BUSINESS_PLANS: &[Column] = &[
    required("id"),
    required("partner"),
    required("submitted_on"),
    optional("validated_on"),
    optional("valid_until"),
    RECORDED_AT,
    RETRACTED_AT,
];
const VALIDATIONS: &[Column] = &[
    required("id"),
    required("partner"),
    required("program"),
    required("granted_on"),
    optional("expires_on"),
    RECORDED_AT,
    RETRACTED_AT,
];
const CASES: &[Column] = &[
    required("id"),
    required("partner"),
    required("customer"),
    required("opened_on"),
    required("opened_by"),
    optional("desk"),
    optional("support"),
    optional("severity"),
    optional("resolved_on"),
    optional("resolution_code"),
    RECORDED_AT,
    RETRACTED_AT,
];
const SURVEY_RESPONSES: &[Column] = &[
    required("id"),
    required("partner"),
    optional("customer"),
    required("responded_on"),
    required("scores"),
    RECORDED_AT,
    RETRACTED_AT,
];
const EVENTS: &[Column] = &[
    required("id"),
    required("partner"),
    required("kind"),
    optional("subject"),
    required("on"),
    optional("until"),
    optional("amount"),
    optional("currency"),
    optional("attributes"),
    RECORDED_AT,
    RETRACTED_AT,
];
