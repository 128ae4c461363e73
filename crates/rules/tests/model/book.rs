//! An edition as the model describes it, and the TOML that says the same.
//!
//! The network is invented: roofers and the maker of their slates.

use std::fmt::Write as _;

/// Levels of credentials; the book gives their ranks.
pub(crate) const LEVELS: [&str; 4] = ["helper", "tiler", "gable-master", "truss-surveyor"];
/// Credentials; the book gives their level and validity.
pub(crate) const CREDENTIALS: [&str; 6] =
    ["ladder-safety", "slate-basics", "slate-laying", "copper-work", "gable-art", "truss-survey"];
/// Programs with their categories.
pub(crate) const PROGRAMS: [(&str, &str); 4] = [
    ("green-roofs", "craft"),
    ("church-spires", "craft"),
    ("thatch", "tradition"),
    ("desk-club", "club"),
];
/// Kinds of events.
pub(crate) const EVENT_KINDS: [&str; 2] = ["site-visit", "slate-order"];
/// Resolution codes.
pub(crate) const CODES: [&str; 2] = ["advice", "leak"];
/// Paths.
pub(crate) const PATHS: [&str; 2] = ["laying", "trading"];
/// Tiers of each path, lowest first; a book uses the first few. Both begin with the same word.
pub(crate) const TIERS: [[&str; 4]; 2] =
    [["clay", "slate", "copper", "gilded"], ["clay", "lead", "zinc", "pewter"]];
/// What only another edition of the network knows: a credential, a program, a kind of event, and
/// a tier of the first path.
pub(crate) const ELSEWHERE: [&str; 4] = ["moss-art", "hail-guard", "open-day", "old-oak"];

/// Kinds of rows of `reviews.csv`. Of one day, the later in this list comes later.
pub(crate) const REVIEW_KINDS: [&str; 8] = [
    "enrolment",
    "review",
    "renewal",
    "upgrade",
    "downgrade",
    "executive_review",
    "suspended",
    "reinstated",
];

#[derive(Clone, Debug)]
pub(crate) struct Book {
    /// The rank of each level.
    pub(crate) ranks: [u8; 4],
    /// The level of each credential, and for how many months it is valid.
    pub(crate) credentials: [(usize, Option<i32>); 6],
    pub(crate) measures: Vec<Measure>,
    /// The tiers of each path: what each asks.
    pub(crate) paths: [Vec<Vec<Ask>>; 2],
    pub(crate) review: ReviewRules,
    pub(crate) scheme: Option<Scheme>,
}

#[derive(Clone, Debug)]
pub(crate) struct Measure {
    pub(crate) rule: Rule,
    /// In the renewal and in the upgrade column.
    pub(crate) windows: [Window; 2],
}

#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// People who hold one of these credentials.
    Holding(Vec<usize>),
    /// People who hold one of such a level.
    AtLevel(Vec<usize>),
    /// People whose highest level is one of these.
    HighestLevel(Vec<usize>),
    Facts(FactRule),
    Document(i32),
    Decision(&'static str),
    Sustained(i32),
    /// Measure, points for each, at most.
    Points(Vec<(usize, &'static str, Option<&'static str>)>),
}

#[derive(Clone, Debug)]
pub(crate) struct FactRule {
    pub(crate) of: &'static str,
    pub(crate) reads: Reads,
    pub(crate) filters: Vec<Filter>,
    pub(crate) desk: Option<&'static str>,
    pub(crate) support: Vec<&'static str>,
}

/// A field and the values that pass.
pub(crate) type Filter = (&'static str, Vec<&'static str>);

#[derive(Clone, Debug)]
pub(crate) enum Reads {
    Count,
    Distinct(&'static str),
    Sum,
    Mean,
    Share(Vec<Filter>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    AsOf,
    SinceReview,
    Rolling(i32),
    BeforePeriod(i32),
}

/// What a tier, or a discount, asks of a measure.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) measure: usize,
    pub(crate) is_ceiling: bool,
    pub(crate) bar: String,
    /// In the renewal and in the upgrade column.
    pub(crate) columns: [bool; 2],
}

#[derive(Clone, Debug)]
pub(crate) struct ReviewRules {
    pub(crate) every_months: i32,
    pub(crate) counted_from: Vec<&'static str>,
    pub(crate) resets_windows: Vec<&'static str>,
    pub(crate) grace_days: i32,
    pub(crate) when_not_met: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Scheme {
    pub(crate) period_months: u32,
    pub(crate) base: &'static str,
    pub(crate) ceiling: &'static str,
    pub(crate) ends_at_once: bool,
    pub(crate) eligibility: Vec<Condition>,
    /// What is asked, from how many facts on, and the points.
    pub(crate) measures: Vec<(Ask, Option<usize>, &'static str)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Path(Vec<&'static str>),
    Tier(Vec<&'static str>),
    GoodStanding,
    Program(Vec<&'static str>),
}

/// The field that sums and means of such facts read.
pub(crate) fn number_field(of: &str) -> &'static str {
    match of {
        "opportunities" => "expected_mrr",
        "ratings" => "score",
        "survey_responses" => "scores",
        _ => "amount",
    }
}

impl Book {
    /// The rulebook as a file.
    pub(crate) fn toml(&self) -> String {
        let mut out = head("roofs-now", "2020-01-01");
        for (level, rank) in LEVELS.iter().zip(self.ranks) {
            let _ = write!(out, "[[levels]]\nid = {level:?}\ntitle = \"L\"\nrank = {rank}\n");
        }
        for (id, (level, months)) in CREDENTIALS.iter().zip(&self.credentials) {
            let _ = write!(out, "[[credentials]]\nid = {id:?}\ntitle = \"C\"\n");
            let _ = writeln!(out, "level = {:?}", LEVELS[*level]);
            if let Some(months) = months {
                let _ = writeln!(out, "validity_months = {months}");
            }
        }
        for (id, category) in PROGRAMS {
            let _ = write!(out, "[[programs]]\nid = {id:?}\ntitle = \"P\"\n");
            let _ = writeln!(out, "category = {category:?}");
        }
        for id in CODES {
            let _ = write!(out, "[[resolution_codes]]\nid = {id:?}\ntitle = \"R\"\n");
        }
        for id in EVENT_KINDS {
            let _ = write!(out, "[[event_kinds]]\nid = {id:?}\ntitle = \"E\"\n");
        }
        for (at, measure) in self.measures.iter().enumerate() {
            measure_toml(&mut out, at, measure);
        }
        for (path, tiers) in self.paths.iter().enumerate() {
            let _ = write!(out, "[[paths]]\nid = {:?}\ntitle = \"P\"\n", PATHS[path]);
            for (tier, asks) in tiers.iter().enumerate() {
                let id = TIERS[path][tier];
                let _ = write!(out, "[[paths.tiers]]\nid = {id:?}\ntitle = \"T\"\n");
                out.push_str("[paths.tiers.requires]\n");
                for ask in asks {
                    let _ = writeln!(out, "m{} = {}", ask.measure, ask_toml(ask));
                }
            }
        }
        let review = &self.review;
        let _ = write!(
            out,
            "[review]\nevery_months = {}\ncounted_from = {:?}\nresets_windows = {:?}\n\
             grace_days = {}\nwhen_not_met = {:?}\n",
            review.every_months,
            review.counted_from,
            review.resets_windows,
            review.grace_days,
            review.when_not_met,
        );
        if let Some(scheme) = &self.scheme {
            scheme_toml(&mut out, scheme);
        }
        out
    }
}

/// Another edition of the network, with words of its own.
pub(crate) fn elsewhere_toml() -> String {
    let [credential, program, event, tier] = ELSEWHERE;
    let head = head("roofs-once", "2010-01-01");
    format!(
        "{head}[[levels]]\nid = \"elder\"\ntitle = \"L\"\nrank = 7\n\
         [[credentials]]\nid = {credential:?}\ntitle = \"C\"\nlevel = \"elder\"\n\
         [[programs]]\nid = {program:?}\ntitle = \"P\"\ncategory = \"craft\"\n\
         [[event_kinds]]\nid = {event:?}\ntitle = \"E\"\n\
         [[measures]]\nid = \"m0\"\ntitle = \"M\"\ncomponent = \"all\"\nkind = \"count\"\n\
         of = \"opportunities\"\nwindow = \"as_of\"\n\
         [[paths]]\nid = {:?}\ntitle = \"P\"\n[[paths.tiers]]\nid = {tier:?}\ntitle = \"T\"\n\
         requires = {{ m0 = 1 }}\n\
         [review]\nevery_months = 12\ncounted_from = [\"review\"]\nresets_windows = []\n\
         when_not_met = \"keep\"\n",
        PATHS[0],
    )
}

fn head(id: &str, day: &str) -> String {
    format!(
        "id = {id:?}\nnetwork = \"roofs\"\ntitle = \"Roofs\"\npublished_at = {day}T00:00:00Z\n\
         in_force_from = {day}\nevaluation = 1\ncurrency = \"EUR\"\n\
         [[components]]\nid = \"all\"\ntitle = \"All\"\n"
    )
}

fn measure_toml(out: &mut String, at: usize, measure: &Measure) {
    let _ = write!(out, "[[measures]]\nid = \"m{at}\"\ntitle = \"M\"\ncomponent = \"all\"\n");
    let ids = |names: &[&'static str], of: &[usize]| -> Vec<&'static str> {
        of.iter().map(|&at| names[at]).collect()
    };
    let _ = match &measure.rule {
        Rule::Holding(of) => {
            writeln!(out, "kind = \"people\"\ncredentials = {:?}", ids(&CREDENTIALS, of))
        }
        Rule::AtLevel(of) => writeln!(out, "kind = \"people\"\nlevels = {:?}", ids(&LEVELS, of)),
        Rule::HighestLevel(of) => {
            writeln!(out, "kind = \"people\"\nhighest_level = {:?}", ids(&LEVELS, of))
        }
        Rule::Document(months) => writeln!(out, "kind = \"document\"\nvalid_months = {months}"),
        Rule::Decision(kind) => writeln!(out, "kind = \"decision\"\ndecision = {kind:?}"),
        Rule::Sustained(most) => writeln!(out, "kind = \"sustained\"\nup_to_months = {most}"),
        Rule::Points(parts) => {
            let part = |(measure, points, most): &(usize, &str, Option<&str>)| {
                let most = most.map_or(String::new(), |most| format!(", at_most = {most}"));
                format!("{{ measure = \"m{measure}\", points = {points}{most} }}")
            };
            let parts: Vec<String> = parts.iter().map(part).collect();
            // Each part keeps its own window.
            let _ = writeln!(out, "kind = \"points\"\nparts = [{}]", parts.join(", "));
            return;
        }
        Rule::Facts(rule) => writeln!(out, "{}", facts_toml(rule)),
    };
    let [renewal, upgrade] = measure.windows.map(|window| match window {
        Window::AsOf => "\"as_of\"".to_owned(),
        Window::SinceReview => "\"since_review\"".to_owned(),
        Window::Rolling(months) => format!("{{ rolling_months = {months} }}"),
        Window::BeforePeriod(months) => format!("{{ months_before_period = {months} }}"),
    });
    let _ = if renewal == upgrade {
        writeln!(out, "window = {renewal}")
    } else {
        writeln!(out, "renewal = {renewal}\nupgrade = {upgrade}")
    };
}

fn facts_toml(rule: &FactRule) -> String {
    let number = number_field(rule.of);
    let mut out = match &rule.reads {
        Reads::Count => "kind = \"count\"".to_owned(),
        Reads::Distinct(field) => format!("kind = \"count\"\ndistinct = {field:?}"),
        Reads::Sum => format!("kind = \"sum\"\nfield = {number:?}"),
        Reads::Mean => format!("kind = \"mean\"\nfield = {number:?}"),
        Reads::Share(filters) => {
            format!("kind = \"share\"\nmatching = {}", filters_toml(filters))
        }
    };
    let _ = write!(out, "\nof = {:?}", rule.of);
    if !rule.filters.is_empty() {
        let _ = write!(out, "\nwhere = {}", filters_toml(&rule.filters));
    }
    if let Some(desk) = rule.desk {
        let _ = write!(out, "\ndesk = {desk:?}");
    }
    if !rule.support.is_empty() {
        let _ = write!(out, "\nsupport = {:?}", rule.support);
    }
    out
}

fn filters_toml(filters: &[Filter]) -> String {
    let parts: Vec<String> =
        filters.iter().map(|(field, values)| format!("{field:?} = {values:?}")).collect();
    format!("{{ {} }}", parts.join(", "))
}

fn ask_toml(ask: &Ask) -> String {
    let bar = &ask.bar;
    if !ask.is_ceiling && ask.columns == [true, true] && ask.measure.is_multiple_of(2) {
        return if bar == "1" { "true".to_owned() } else { bar.clone() };
    }
    let word = if ask.is_ceiling { "at_most" } else { "at_least" };
    let columns = match ask.columns {
        [true, true] => "",
        [true, false] => ", columns = [\"renewal\"]",
        _ => ", columns = [\"upgrade\"]",
    };
    format!("{{ {word} = {bar:?}{columns} }}")
}

fn scheme_toml(out: &mut String, scheme: &Scheme) {
    let lost = if scheme.ends_at_once { "ends_at_once" } else { "ends_with_period" };
    let _ = write!(
        out,
        "[[discounts]]\nid = \"help-line\"\ntitle = \"D\"\non = \"support\"\nperiod_months = {}\n\
         base_percent = {}\nceiling_percent = {}\nwhen_lost = {lost:?}\n",
        scheme.period_months, scheme.base, scheme.ceiling,
    );
    for (at, condition) in scheme.eligibility.iter().enumerate() {
        let _ = write!(out, "[[discounts.eligibility]]\nrule = \"r{at}\"\n");
        let _ = match condition {
            Condition::Path(paths) => writeln!(out, "path = {paths:?}"),
            Condition::Tier(tiers) => writeln!(out, "tier = {tiers:?}"),
            Condition::GoodStanding => writeln!(out, "standing = \"good\""),
            Condition::Program(programs) => writeln!(out, "program = {programs:?}"),
        };
    }
    for (ask, least, points) in &scheme.measures {
        let word = if ask.is_ceiling { "at_most" } else { "at_least" };
        let _ = write!(out, "[[discounts.measures]]\nmeasure = \"m{}\"\n", ask.measure);
        let _ = writeln!(out, "{word} = {:?}\npoints = {points}", ask.bar);
        if let Some(least) = least {
            let _ = writeln!(out, "min_n = {least}");
        }
    }
}
