//! What the rules say, in sentences for partners: what a measure counts, over which days, what a
//! review comes to, what earns a discount. Takes titles from the edition, words from the texts.

use guildhall_rules::facts::ReviewKind;
use guildhall_rules::rulebook::{
    Condition, DiscountScheme, Edition, FactKind, Field, Filter, Measure, MeasureRule, NumberField,
    PeopleRule, ReviewRules, Selection, Spend, Target, WhenLost, WhenNotMet, Window,
};

use crate::texts::{Argument, Texts};

/// The words for an edition.
#[derive(Clone, Copy)]
pub(super) struct Words<'e> {
    pub(super) t: &'static Texts,
    pub(super) edition: &'e Edition,
}

impl Words<'_> {
    /// `A, B or C`.
    fn either<S: AsRef<str>>(self, items: impl IntoIterator<Item = S>) -> String {
        let items: Vec<String> = items.into_iter().map(|item| item.as_ref().to_owned()).collect();
        match items.split_last() {
            None => String::new(),
            Some((only, [])) => only.clone(),
            Some((last, first)) => {
                let first = first.join(", ");
                self.t.tell("rules-either", &[("first", first.into()), ("last", last.into())])
            }
        }
    }

    /// A number with its bar: `4`, `at most 0.1`, `yes` of what is there or is not.
    pub(super) fn bar(self, target: Target, measure: Option<&Measure>) -> String {
        let is_yes_or_no = measure.is_some_and(|measure| {
            matches!(measure.rule, MeasureRule::Document { .. } | MeasureRule::Decision { .. })
        });
        let bar = self.t.number(&target.bar().to_string());
        match target {
            Target::AtLeast(_) if target.asks_nothing() => self.t.say("rules-asks-nothing"),
            Target::AtLeast(_) if is_yes_or_no => self.t.say("rules-yes"),
            Target::AtLeast(_) => bar,
            Target::AtMost(_) => self.t.of_it("rules-at-most", &bar),
        }
    }

    /// The title of a measure.
    pub(super) fn measure(self, at: usize) -> String {
        self.edition.measures.get(at).map(|measure| measure.title.clone()).unwrap_or_default()
    }

    /// What a measure counts: a sentence, or one and the parts behind it.
    pub(super) fn counts(self, measure: &Measure) -> Vec<String> {
        let t = self.t;
        match &measure.rule {
            MeasureRule::People(people) => vec![self.people(people)],
            MeasureRule::Count { of, distinct: None } => {
                vec![t.of_it("rules-count", &self.selection(of))]
            }
            MeasureRule::Count { of, distinct: Some(field) } => vec![t.tell(
                "rules-distinct",
                &[("facts", self.selection(of).into()), ("field", self.field(field).into())],
            )],
            MeasureRule::Sum { of, field } => vec![self.number_of("rules-sum", of, *field)],
            MeasureRule::Mean { of, field } => vec![self.number_of("rules-mean", of, *field)],
            MeasureRule::Share { of, matching } => {
                let part = matching.iter().map(|filter| self.filter(filter)).collect::<Vec<_>>();
                let arguments: [Argument<'_>; 2] = [
                    ("facts", self.selection(of).into()),
                    ("part", part.join(&t.say("rules-and")).into()),
                ];
                vec![t.tell("rules-share", &arguments)]
            }
            MeasureRule::Document { valid_months } => {
                vec![t.n("rules-document", usize::from(*valid_months))]
            }
            MeasureRule::Decision { decision } => {
                vec![t.of_it("rules-decision", &self.kind(*decision))]
            }
            MeasureRule::Sustained { up_to_months } => {
                vec![t.n("rules-sustained", usize::from(*up_to_months))]
            }
            MeasureRule::Points(parts) => {
                let part = |part: &guildhall_rules::rulebook::PointsPart| {
                    let measure = self.measure(part.measure);
                    let points = t.number(&part.points.to_string());
                    let arguments = [("points", points.into()), ("it", measure.into())];
                    let said = t.tell("rules-points-part", &arguments);
                    part.at_most.map_or(said.clone(), |most| {
                        let most = t.number(&most.to_string());
                        t.tell(
                            "rules-points-most",
                            &[("part", said.clone().into()), ("it", most.into())],
                        )
                    })
                };
                let head = std::iter::once(t.say("rules-points"));
                head.chain(parts.iter().map(part)).collect()
            }
        }
    }

    fn people(self, people: &PeopleRule) -> String {
        let levels = |at: &[usize]| {
            let found = at.iter().filter_map(|at| self.edition.levels.get(*at));
            self.either(found.map(|level| level.title.as_str()))
        };
        match people {
            PeopleRule::Holding(at) => {
                let held = at.iter().filter_map(|at| self.edition.credentials.get(*at));
                let held = self.either(held.map(|one| one.title.as_str()));
                self.t.of_it("rules-people-holding", &held)
            }
            PeopleRule::AtLevel(at) => self.t.of_it("rules-people-level", &levels(at)),
            PeopleRule::HighestLevel(at) => self.t.of_it("rules-people-highest", &levels(at)),
        }
    }

    fn number_of(self, key: &str, of: &Selection, field: NumberField) -> String {
        let currency = self.edition.currency.as_str();
        let number = match field {
            NumberField::ExpectedMrr => self.t.of_it("rules-number-expected-mrr", currency),
            NumberField::Amount => self.t.of_it("rules-number-amount", currency),
            NumberField::Score => self.t.say("rules-number-score"),
            NumberField::Scores => self.t.say("rules-number-scores"),
        };
        let facts = self.selection(of);
        self.t.tell(key, &[("facts", facts.into()), ("number", number.into())])
    }

    /// The facts that a measure looks at.
    fn selection(self, of: &Selection) -> String {
        let mut said = self.t.word("rules-facts", fact_kind(of.kind));
        for filter in &of.filters {
            said = format!("{said} {}", self.filter(filter));
        }
        if let Some(desk) = of.desk {
            said = format!("{said} {}", self.t.word("rules-desk", desk.word()));
        }
        if !of.support.is_empty() {
            let modes = of.support.iter().map(|mode| self.t.word("rules-support", mode.word()));
            said = self.t.tell(
                "rules-under-support",
                &[("facts", said.into()), ("it", self.either(modes).into())],
            );
        }
        said
    }

    fn filter(self, filter: &Filter) -> String {
        let values = filter.one_of.iter().map(|value| self.value(&filter.field, value));
        let values = self.either(values);
        let key = match filter.field {
            Field::Program => "rules-where-program",
            Field::Category => "rules-where-category",
            Field::Kind => "rules-where-kind",
            Field::OpenedBy => "rules-where-opened-by",
            Field::ResolutionCode => "rules-where-resolution-code",
            _ => {
                let field = self.field(&filter.field);
                return self
                    .t
                    .tell("rules-where", &[("field", field.into()), ("it", values.into())]);
            }
        };
        self.t.of_it(key, &values)
    }

    fn field(self, field: &Field) -> String {
        let word = match field {
            Field::Customer => "customer",
            Field::UseCase => "use_case",
            Field::Industry => "industry",
            Field::Country => "country",
            Field::OpenedBy => "opened_by",
            Field::Severity => "severity",
            Field::ResolutionCode => "resolution_code",
            Field::Program => "program",
            Field::Category => "category",
            Field::Kind => "kind",
            Field::Subject => "subject",
            Field::Attribute(name) => return self.t.of_it("rules-attribute", name),
        };
        self.t.word("rules-field", word)
    }

    /// A value as the edition titles it.
    fn value(self, field: &Field, value: &str) -> String {
        let edition = self.edition;
        let title = match field {
            Field::Program => {
                edition.programs.iter().find(|one| one.id == value).map(|one| &one.title)
            }
            Field::Kind => {
                edition.event_kinds.iter().find(|one| one.id == value).map(|one| &one.title)
            }
            Field::ResolutionCode => {
                edition.resolution_codes.iter().find(|one| one.id == value).map(|one| &one.title)
            }
            _ => None,
        };
        title.map_or_else(|| value.to_owned(), Clone::clone)
    }

    fn kind(self, kind: ReviewKind) -> String {
        self.t.word("rules-kind", kind.word())
    }

    fn kinds(self, kinds: &[ReviewKind]) -> String {
        self.either(kinds.iter().map(|kind| self.kind(*kind)))
    }

    fn window(self, window: Window) -> String {
        match window {
            Window::AsOf => self.t.say("rules-window-as-of"),
            Window::SinceReview => {
                let kinds = self.kinds(&self.edition.review.resets_windows);
                self.t.of_it("rules-window-since-review", &kinds)
            }
            Window::RollingMonths(months) => self.t.n("rules-window-rolling", usize::from(months)),
            Window::MonthsBeforePeriod(months) => {
                self.t.n("rules-window-before-period", usize::from(months))
            }
        }
    }

    /// The days that a measure looks at: one sentence, or one for each column.
    pub(super) fn windows(self, measure: &Measure) -> Vec<String> {
        if matches!(measure.rule, MeasureRule::Points(_)) {
            return vec![self.t.say("rules-window-of-parts")];
        }
        let (renewal, upgrade) = (measure.windows.renewal, measure.windows.upgrade);
        if renewal == upgrade {
            return vec![self.t.of_it("rules-window-both", &self.window(renewal))];
        }
        vec![
            self.t.of_it("rules-window-to-keep", &self.window(renewal)),
            self.t.of_it("rules-window-to-reach", &self.window(upgrade)),
        ]
    }

    /// What happens at a review.
    pub(super) fn review(self, review: &ReviewRules) -> Vec<String> {
        let t = self.t;
        let kinds = self.kinds(&review.counted_from);
        let every = t.n("rules-months", usize::from(review.every_months));
        let mut said =
            vec![t.tell("rules-review-every", &[("every", every.into()), ("it", kinds.into())])];
        if !review.resets_windows.is_empty() {
            said.push(t.of_it("rules-review-resets", &self.kinds(&review.resets_windows)));
        }
        if !review.notice_days.is_empty() {
            let days = review.notice_days.iter().map(ToString::to_string).collect::<Vec<_>>();
            let (last, first) = days
                .split_last()
                .map_or(("", [].as_slice()), |(last, first)| (last.as_str(), first));
            said.push(if first.is_empty() {
                t.of_it("rules-review-notice", last)
            } else {
                let first = first.join(", ");
                t.tell("rules-review-notices", &[("first", first.into()), ("last", last.into())])
            });
        }
        said.push(match review.grace_days {
            0 => t.say("rules-review-no-grace"),
            days => t.n("rules-review-grace", usize::from(days)),
        });
        said.push(match review.when_not_met {
            WhenNotMet::ToWhatIsMet => t.say("rules-review-to-what-is-met"),
            WhenNotMet::DownOne => t.say("rules-review-down-one"),
            WhenNotMet::Keep => t.say("rules-review-keep"),
        });
        said
    }

    /// How a discount is made up.
    pub(super) fn discount(self, scheme: &DiscountScheme) -> Vec<String> {
        let t = self.t;
        let percent = |percent: guildhall_rules::decimal::Decimal| t.number(&percent.to_string());
        let months = t.n("rules-months", usize::from(scheme.period_months));
        vec![
            t.tell(
                "rules-discount-made-of",
                &[
                    ("base", percent(scheme.base_percent).into()),
                    ("ceiling", percent(scheme.ceiling_percent).into()),
                    ("months", months.into()),
                ],
            ),
            match scheme.when_lost {
                WhenLost::EndsWithPeriod => t.say("rules-discount-ends-with-period"),
                WhenLost::EndsAtOnce => t.say("rules-discount-ends-at-once"),
            },
        ]
    }

    /// Which facts tell what is spent on what a discount is taken off.
    pub(super) fn spend(self, spend: &Spend) -> String {
        let kind = self.edition.event_kinds.get(spend.kind);
        let title = kind.map(|kind| kind.title.clone()).unwrap_or_default();
        let months = self.t.n("rules-months", usize::from(spend.months));
        self.t.tell("rules-spend", &[("kind", title.into()), ("months", months.into())])
    }

    /// What a rule of eligibility asks.
    pub(super) fn condition(self, condition: &Condition) -> String {
        match condition {
            Condition::Path(ids) => {
                let titles = ids.iter().map(|id| {
                    self.edition.path(id).map_or_else(|| id.clone(), |path| path.title.clone())
                });
                self.t.of_it("rules-eligible-path", &self.either(titles))
            }
            Condition::Tier(ids) => {
                let titles = ids.iter().map(|id| {
                    let tier = self.edition.paths.iter().find_map(|path| path.tier(id));
                    tier.map_or_else(|| id.clone(), |tier| tier.title.clone())
                });
                self.t.of_it("rules-eligible-tier", &self.either(titles))
            }
            Condition::GoodStanding => self.t.say("rules-eligible-standing"),
            Condition::Program(at) => {
                let programs = at.iter().filter_map(|at| self.edition.programs.get(*at));
                let titles = self.either(programs.map(|program| program.title.as_str()));
                self.t.of_it("rules-eligible-program", &titles)
            }
        }
    }
}

const fn fact_kind(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Review => "reviews",
        FactKind::Credential => "credentials",
        FactKind::Opportunity => "opportunities",
        FactKind::Reference => "references",
        FactKind::Rating => "ratings",
        FactKind::BusinessPlan => "business_plans",
        FactKind::Validation => "validations",
        FactKind::Case => "cases",
        FactKind::SurveyResponse => "survey_responses",
        FactKind::Event => "events",
    }
}

#[cfg(test)]
mod tests;
