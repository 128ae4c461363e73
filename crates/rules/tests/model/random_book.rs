//! Random editions that are free of contradictions.

use super::book::{
    Ask, Book, CODES, CREDENTIALS, Condition, EVENT_KINDS, FactRule, Filter, LEVELS, Measure,
    PATHS, PROGRAMS, Reads, ReviewRules, Rule, Scheme, TIERS, Window,
};
use super::draw::Draw;
use super::judge::{Fraction, decimal, whole};

/// Customers as exports have them; any text is an id.
pub(crate) const CUSTOMERS: [&str; 4] =
    ["dormer", "O'Hara, \"Roofs\"", "Zwölf\nSparren", "Zwölf\r\nSparren"];

const OF: [&str; 7] = [
    "opportunities",
    "references",
    "ratings",
    "validations",
    "cases",
    "survey_responses",
    "events",
];

/// The fields that rules may look at, with the values that facts have there.
fn fields(of: &str) -> Vec<(&'static str, Vec<&'static str>)> {
    let customers = ("customer", CUSTOMERS.to_vec());
    match of {
        "opportunities" => vec![
            customers,
            ("use_case", vec!["reroof", "repair"]),
            ("industry", vec!["church", "farm"]),
            ("country", vec!["AT", "NO"]),
        ],
        "validations" => vec![
            ("program", PROGRAMS.map(|(id, _)| id).to_vec()),
            ("category", vec!["craft", "tradition", "club"]),
        ],
        "cases" => vec![
            customers,
            ("severity", vec!["low", "high"]),
            ("opened_by", vec!["partner", "customer"]),
            ("resolution_code", CODES.to_vec()),
        ],
        "events" => vec![
            ("kind", EVENT_KINDS.to_vec()),
            ("subject", vec!["job-1", "job-2"]),
            ("attributes.grade", vec!["a", "b"]),
        ],
        _ => vec![customers],
    }
}

/// An edition. With `only_more_is_better`, no fact more can lower a value or break a target.
pub(crate) fn book(tape: &[u16], only_more_is_better: bool) -> Book {
    let turned = |by: u16| -> Vec<u16> {
        tape.iter().map(|number| number.wrapping_add(by.wrapping_mul(7919))).collect()
    };
    let drawn = |by| draw_book(&turned(by), only_more_is_better);
    (0..500).map(drawn).find(fits_together).expect("one book in five hundred fits together")
}

/// Whether a book says nothing that cannot be: such books are refused, and others are drawn.
fn fits_together(book: &Book) -> bool {
    let refused = ["always-met", "bad-discount", "bad-sustained", "never-met", "unreachable-tier"];
    match guildhall_rules::rulebook::load("rulebook.toml", &book.toml()) {
        Ok(_) => true,
        Err(problems) => problems.shown().iter().any(|problem| !refused.contains(&problem.code)),
    }
}

fn draw_book(tape: &[u16], only_more_is_better: bool) -> Book {
    let mut maker = Maker { draw: Draw::new(tape), only_more_is_better };
    let ranks = [0, 1, 2, 2].map(|rank| if maker.draw.once_in(6) { 1 } else { rank });
    let credentials = [0, 0, 1, 1, 2, 3].map(|level| {
        let level = if maker.draw.once_in(6) { 1 } else { level };
        (level, maker.draw.pick(&[None, Some(12), Some(36), Some(1), Some(13)]))
    });
    let mut book = Book {
        ranks,
        credentials,
        measures: Vec::new(),
        paths: [Vec::new(), Vec::new()],
        review: maker.review(),
        scheme: None,
    };
    for _ in 0..=maker.draw.below(6) {
        let measure = maker.measure(&book);
        book.measures.push(measure);
    }
    for path in 0..2 {
        book.paths[path] = maker.tiers(&book);
    }
    name_all(&mut book);
    if maker.draw.below(3) > 0 {
        book.scheme = Some(maker.scheme(&mut book.measures));
    }
    book
}

/// Every measure must be asked by something.
fn name_all(book: &mut Book) {
    for measure in 0..book.measures.len() {
        let is_named = book.paths.iter().flatten().flatten().any(|ask| ask.measure == measure);
        if !is_named && let Some(tier) = book.paths[0].last_mut() {
            tier.push(Ask {
                measure,
                is_ceiling: false,
                bar: "1".to_owned(),
                columns: [true, true],
            });
        }
    }
}

/// Bars that can be asked of a measure, lowest first.
fn bars(rule: &Rule) -> Vec<&'static str> {
    let (all, most): (&[&str], Option<Fraction>) = match rule {
        Rule::Document(_) | Rule::Decision(_) => (&["0", "1"], None),
        Rule::Sustained(months) => {
            (&["0", "1", "3", "12"], Some(whole(usize::try_from(*months).unwrap_or(0))))
        }
        Rule::Points(_) => (&["0", "1", "2.5", "7", "10.01", "300"], None),
        Rule::Facts(rule) => match &rule.reads {
            Reads::Sum => (&["0", "0.3", "100", "100.1", "250", "1000"], None),
            Reads::Mean if rule.of == "events" || rule.of == "opportunities" => {
                (&["0", "33.333333", "50", "100"], None)
            }
            Reads::Mean => (&["0", "2.5", "3", "3.333333", "4.25", "5"], None),
            Reads::Share(_) => (&["0", "0.25", "0.333333333333333333", "0.5", "1"], None),
            Reads::Distinct(field) => {
                let own = rule.filters.iter().find(|(name, _)| name == field);
                let most = match own {
                    Some((_, values)) => Some(values.len()),
                    None if *field == "program" => Some(programs(&rule.filters)),
                    None => None,
                };
                (&["0", "1", "2", "3"], most.map(whole))
            }
            Reads::Count => (&["0", "1", "2", "3", "2.000000000000000001"], None),
        },
        _ => (&["0", "1", "2", "3"], None),
    };
    let mut bars: Vec<&'static str> = all.to_vec();
    bars.retain(|bar| most.as_ref().is_none_or(|most| decimal(bar) <= *most));
    bars.sort_by_key(|bar| decimal(bar));
    bars
}

fn programs(filters: &[Filter]) -> usize {
    let category = filters.iter().find(|(name, _)| *name == "category");
    let is_meant = |(_, of): &&(&str, &str)| category.is_none_or(|(_, values)| values.contains(of));
    PROGRAMS.iter().filter(is_meant).count()
}

struct Maker<'t> {
    draw: Draw<'t>,
    only_more_is_better: bool,
}

impl Maker<'_> {
    fn review(&mut self) -> ReviewRules {
        let kinds = ["review", "renewal", "upgrade", "enrolment", "downgrade"];
        ReviewRules {
            every_months: self.draw.pick(&[12, 6, 1, 13]),
            counted_from: self.draw.some_of(&kinds),
            resets_windows: self.draw.some_of(&kinds),
            grace_days: self.draw.pick(&[0, 90, 1]),
            when_not_met: self.draw.pick(&["to_what_is_met", "down_one", "keep"]),
        }
    }

    fn measure(&mut self, book: &Book) -> Measure {
        let as_of = |rule: Rule| Measure { rule, windows: [Window::AsOf; 2] };
        // Sustained months and points are no parts of points.
        let parts: Vec<usize> = (0..book.measures.len())
            .filter(|at| !matches!(book.measures[*at].rule, Rule::Points(_) | Rule::Sustained(_)))
            .collect();
        match self.draw.below(14) {
            0..=2 => as_of(self.people(book)),
            3 => as_of(Rule::Document(self.draw.pick(&[12, 1, 13]))),
            4 => as_of(Rule::Decision(self.draw.pick(&["executive_review", "upgrade", "review"]))),
            5 => as_of(Rule::Sustained(self.draw.pick(&[12, 2, 1]))),
            6 | 7 if !parts.is_empty() => {
                let part = |maker: &mut Self| {
                    let measure = maker.draw.pick(&parts);
                    let points = maker.draw.pick(&["1", "2.5", "0.01", "0"]);
                    (measure, points, maker.draw.pick(&[None, Some("3"), Some("0.1")]))
                };
                as_of(Rule::Points((0..=self.draw.below(3)).map(|_| part(self)).collect()))
            }
            _ => {
                let rule = Rule::Facts(self.facts());
                let windows =
                    [Window::AsOf, Window::SinceReview, Window::Rolling(12), Window::Rolling(1)];
                let renewal = self.draw.pick(&windows);
                let upgrade = if self.draw.once_in(2) { self.draw.pick(&windows) } else { renewal };
                Measure { rule, windows: [renewal, upgrade] }
            }
        }
    }

    fn people(&mut self, book: &Book) -> Rule {
        let one = self.draw.below(CREDENTIALS.len());
        let level = book.credentials[one].0;
        let mut levels = vec![level];
        if self.draw.once_in(2) {
            levels.push(self.draw.below(LEVELS.len()));
        }
        levels.sort_unstable();
        levels.dedup();
        match self.draw.below(3) {
            0 => {
                let all: Vec<usize> = (0..CREDENTIALS.len()).collect();
                Rule::Holding(self.draw.some_of(&all))
            }
            1 => Rule::AtLevel(levels),
            _ if self.only_more_is_better => {
                let is_up = |at: &usize| book.ranks[*at] >= book.ranks[level];
                Rule::HighestLevel((0..LEVELS.len()).filter(is_up).collect())
            }
            _ => Rule::HighestLevel(levels),
        }
    }

    fn facts(&mut self) -> FactRule {
        let of = self.draw.pick(&OF);
        let has_number = !matches!(of, "references" | "validations" | "cases");
        let reads = match self.draw.below(8) {
            0 => match self.field(of).0 {
                // The engine takes the codes of cases without one for one more code.
                "resolution_code" => Reads::Count,
                field => Reads::Distinct(field),
            },
            // The engine's sum of scores is of single scores, not of the means of answers.
            1 if has_number && of != "survey_responses" => Reads::Sum,
            2 if has_number && !self.only_more_is_better => Reads::Mean,
            3 | 4 if !self.only_more_is_better => Reads::Share(self.filters(of, 1)),
            _ => Reads::Count,
        };
        let least = usize::from(self.draw.once_in(3));
        let filters = self.filters(of, least);
        let is_case = of == "cases";
        FactRule {
            of,
            reads,
            filters,
            desk: if is_case {
                self.draw.pick(&[None, Some("vendor"), Some("partner")])
            } else {
                None
            },
            support: if is_case && self.draw.once_in(2) {
                self.draw.some_of(&["partner_led", "resold", "direct"])
            } else {
                Vec::new()
            },
        }
    }

    fn field(&mut self, of: &str) -> Filter {
        let fields = fields(of);
        let at = self.draw.below(fields.len());
        fields[at].clone()
    }

    fn filters(&mut self, of: &str, count: usize) -> Vec<Filter> {
        let mut filters: Vec<Filter> = Vec::new();
        let more = usize::from(count > 0 && self.draw.once_in(4));
        for _ in 0..count + more {
            let (name, values) = self.field(of);
            if filters.iter().all(|(known, _)| *known != name) {
                filters.push((name, self.draw.some_of(&values)));
            }
        }
        filters
    }

    fn tiers(&mut self, book: &Book) -> Vec<Vec<Ask>> {
        let count = 2 + self.draw.below(3);
        // Of each measure, which way its bars go on this path and how far they have come.
        let mut ladder: Vec<(bool, usize)> = Vec::new();
        for measure in &book.measures {
            let is_ceiling = !self.only_more_is_better && self.draw.once_in(5);
            let last = bars(&measure.rule).len() - 1;
            ladder.push((is_ceiling, if is_ceiling { last } else { self.draw.below(2).min(last) }));
        }
        let mut tiers = Vec::new();
        for _ in 0..count {
            let mut asks = Vec::new();
            for (measure, (is_ceiling, at)) in ladder.iter_mut().enumerate() {
                let bars = bars(&book.measures[measure].rule);
                if self.draw.once_in(3) {
                    continue;
                }
                let bar = bars[*at].to_owned();
                let columns = self.draw.pick(&[
                    [true; 2],
                    [true; 2],
                    [true; 2],
                    [true, false],
                    [false, true],
                ]);
                asks.push(Ask { measure, is_ceiling: *is_ceiling, bar, columns });
                let step = self.draw.below(2);
                *at = if *is_ceiling {
                    at.saturating_sub(step)
                } else {
                    (*at + step).min(bars.len() - 1)
                };
            }
            tiers.push(asks);
        }
        tiers
    }

    /// A scheme, with measures of its own that are added to the others.
    fn scheme(&mut self, measures: &mut Vec<Measure>) -> Scheme {
        let mut asked = Vec::new();
        for _ in 0..self.draw.below(4) {
            let rule = Rule::Facts(self.facts());
            let is_ceiling = !self.only_more_is_better && self.draw.once_in(2);
            let bars = bars(&rule);
            let ask = Ask {
                measure: measures.len(),
                is_ceiling,
                bar: self.draw.pick(&bars).to_owned(),
                columns: [true, true],
            };
            let windows = [Window::BeforePeriod(self.draw.pick(&[6, 12, 1])); 2];
            measures.push(Measure { rule, windows });
            asked.push((
                ask,
                self.draw.pick(&[None, Some(1), Some(2)]),
                self.draw.pick(&["5", "2.5", "60"]),
            ));
        }
        let mut eligibility = Vec::new();
        for _ in 0..self.draw.below(3) {
            eligibility.push(match self.draw.below(4) {
                0 => Condition::GoodStanding,
                1 => Condition::Tier(self.draw.some_of(&TIERS[0][..2])),
                2 => Condition::Program(self.draw.some_of(&PROGRAMS.map(|(id, _)| id))),
                _ => Condition::Path(self.draw.some_of(&PATHS)),
            });
        }
        Scheme {
            period_months: self.draw.pick(&[6, 3, 12, 1, 2, 4]),
            base: self.draw.pick(&["25", "0", "12.5"]),
            ceiling: self.draw.pick(&["40", "25", "30.25"]),
            ends_at_once: self.draw.once_in(2),
            eligibility,
            measures: asked,
        }
    }
}
