//! One threshold of the newer edition varied over the network: a curve with its table.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::ops::editions;
use guildhall_operations::ops::impact::{self, Found};
use guildhall_rules::decimal::Decimal;
use guildhall_rules::impact::{Sweep, SweptRequirement};
use guildhall_rules::rulebook::{Edition, MeasureRule, Target};

use super::{Asked, Compared, LONG_PATIENCE, PATIENCE, asked, curve, told};
use crate::form::{FieldProblems, Fields};
use crate::scorecard::or_id;
use crate::shell::{Place, Shell};
use crate::texts::Texts;
use crate::visit::{Answer, Done, Visit};

#[derive(Template)]
#[template(path = "portal/rulebook/sweep.html")]
struct SweepPage {
    shell: Shell,
    compared: Compared,
    back: String,
    /// Requirements to choose from: value, words.
    requirements: Vec<(String, String)>,
    requirement: String,
    from: String,
    to: String,
    problems: FieldProblems,
    under_way: Option<(String, String)>,
    found: Option<SweptView>,
}

/// What was found.
struct SweptView {
    head: String,
    what: String,
    svg: String,
    picture: String,
    rows: Vec<PointView>,
}

struct PointView {
    threshold: String,
    attain: String,
    keep: String,
    is_asked: bool,
}

/// What is varied, as it is chosen: a requirement, from where to where.
struct Chosen {
    requirement: String,
    from: String,
    to: String,
    /// Whether values of the measure are whole numbers.
    is_counted: bool,
}

/// No threshold is greater.
const MOST: u64 = 1_000_000_000;
/// So many steps are wanted where numbers need not be whole.
const STEPS: u64 = 20;

impl Chosen {
    /// What the query asks for; by default the first requirement of the highest tier, from nothing
    /// to twice its bar.
    fn of(t: &Texts, query: &Fields, edition: &Edition) -> Self {
        let all = requirements(t, edition);
        let first = all.last().map(|(value, ..)| value.clone()).unwrap_or_default();
        let requirement = query.typed("requirement").map_or(first, str::to_owned);
        let bar = all.iter().find(|(value, ..)| *value == requirement).map(|(.., bar)| *bar);
        let measure = requirement.split_once('.').map(|(_, measure)| measure);
        let rule = edition.measures.iter().find(|one| Some(one.id.as_str()) == measure);
        let rule = rule.map(|one| &one.rule);
        let twice = match rule {
            Some(MeasureRule::Share { .. }) => 1,
            _ => bar.map_or(20, |bar| bar.whole().max(5).saturating_mul(2)),
        };
        Self {
            is_counted: matches!(
                rule,
                Some(
                    MeasureRule::People(_)
                        | MeasureRule::Count { .. }
                        | MeasureRule::Document { .. }
                        | MeasureRule::Decision { .. }
                        | MeasureRule::Sustained { .. }
                )
            ),
            from: query.typed("from").unwrap_or("0").to_owned(),
            to: query.typed("to").map_or_else(|| twice.to_string(), str::to_owned),
            requirement,
        }
    }

    fn read(&self, t: &Texts) -> Result<SweptRequirement, Error> {
        let wrong = |field: &'static str, message: &str| Error::field(field, "bad-value", message);
        let said = |field: &'static str, key: &str| wrong(field, &t.say(key));
        let (tier, measure) = self
            .requirement
            .split_once('.')
            .ok_or_else(|| wrong("requirement", "it is not a tier and a measure"))?;
        let number = |field: &'static str, text: &str| {
            let number = Decimal::parse(text.as_bytes());
            let number = number.map_err(|_| said(field, "rules-sweep-no-number"))?;
            match number {
                _ if number.whole() > MOST => Err(said(field, "rules-sweep-too-much")),
                _ if self.is_counted && number.fraction() > 0 => {
                    Err(said(field, "rules-sweep-whole"))
                }
                _ => Ok(number),
            }
        };
        let (from, to) = (number("from", &self.from)?, number("to", &self.to)?);
        if to <= from {
            return Err(said("to", "rules-sweep-reversed"));
        }
        let range = SweptRequirement::range(tier, measure, (from, to), self.step(from, to));
        range.map_err(|message| wrong("to", message))
    }

    /// The step of a short range between whole numbers, of what need not be whole itself.
    fn step(&self, from: Decimal, to: Decimal) -> Option<Decimal> {
        let is_whole = from.fraction() == 0 && to.fraction() == 0;
        let length = to.whole().checked_sub(from.whole())?;
        if self.is_counted || !is_whole || length >= STEPS {
            return None;
        }
        let hundredths = length * (100 / STEPS);
        let step = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        Decimal::parse(step.as_bytes()).ok()
    }
}

/// Requirements of an edition, tier by tier: the value of the field, words, and the bar.
fn requirements(t: &Texts, edition: &Edition) -> Vec<(String, String, Decimal)> {
    let tiers =
        edition.paths.iter().flat_map(|path| path.tiers.iter().map(move |tier| (path, tier)));
    let mut all: Vec<(String, String, Decimal)> = Vec::new();
    for (path, tier) in tiers {
        for requirement in &tier.requires {
            let Some(measure) = edition.measures.get(requirement.measure) else { continue };
            let value = format!("{}.{}", tier.id, measure.id);
            let sense = match requirement.target {
                Target::AtLeast(_) => "≥",
                Target::AtMost(_) => "≤",
            };
            let bar = requirement.target.bar();
            let number = t.number(&bar.to_string());
            let title = or_id(&measure.title, &measure.id);
            let words = format!("{} · {}: {title} {sense} {number}", path.title, tier.title);
            if !all.iter().any(|(known, ..)| *known == value) {
                all.push((value, words, bar));
            }
        }
    }
    all
}

pub(super) async fn show(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let query = visit.query();
            match SweepPage::of(visit, &query, None) {
                Ok(page) => Done::page(&page),
                Err(error) => {
                    visit.again(error, |problems| SweepPage::of(visit, &query, Some(problems)))
                }
            }
        })
        .await
}

impl SweepPage {
    /// Where there are problems, nothing is varied.
    fn of(visit: &Visit, query: &Fields, problems: Option<FieldProblems>) -> Result<Self, Error> {
        let (app, t) = (visit.app(), visit.t);
        impact::report_allowed(app, &visit.caller)?;
        let compared = Compared::of(visit, query)?;
        let (_, edition) = editions::read(app, &visit.caller, &compared.new)?;
        let chosen = Chosen::of(t, query, &edition);
        let all = requirements(t, &edition);
        let (mut under_way, mut found) = (None, None);
        if query.has("requirement") && problems.is_none() {
            let asked = Asked { old: compared.new.clone(), ..compared_day(&compared)? };
            let swept = chosen.read(t)?;
            match impact::sweep(app, &visit.caller, &asked, &swept, PATIENCE)? {
                Found::UnderWay { done, partners } => {
                    under_way = Some((told(visit, done, partners), visit.path.clone()));
                }
                Found::Whole { found: sweep, .. } => {
                    let fields = [
                        ("requirement", chosen.requirement.as_str()),
                        ("from", chosen.from.as_str()),
                        ("to", chosen.to.as_str()),
                    ];
                    let picture = compared.to("/rulebook/impact/sweep.svg", &fields);
                    found = Some(SweptView::of(visit, &edition, &sweep, picture));
                }
            }
        }
        Ok(Self {
            shell: visit.shell(Place::Rulebook, t.say("rules-sweep-title")),
            back: compared.to("/rulebook/impact", &[]),
            requirements: all.into_iter().map(|(value, words, _)| (value, words)).collect(),
            requirement: chosen.requirement,
            from: chosen.from,
            to: chosen.to,
            problems: problems.unwrap_or_default(),
            under_way,
            found,
            compared,
        })
    }
}

/// The newer edition on the day.
fn compared_day(compared: &Compared) -> Result<Asked, Error> {
    let as_of = guildhall_operations::http::read_day("as_of", Some(&compared.as_of))?;
    Ok(Asked { old: compared.old.clone(), new: compared.new.clone(), as_of })
}

impl SweptView {
    fn of(visit: &Visit, edition: &Edition, sweep: &Sweep, picture: String) -> Self {
        let t = visit.t;
        let number = |text: &str| t.number(text);
        let mut tiers = edition.paths.iter().flat_map(|path| &path.tiers);
        let tier = tiers.find(|tier| tier.id == sweep.tier);
        let tier = tier.map_or(sweep.tier.as_str(), |tier| tier.title.as_str());
        let arguments = [
            ("measure", sweep.title.as_str().into()),
            ("tier", tier.into()),
            ("day", t.day(sweep.as_of).into()),
            ("partners", number(&sweep.partners.to_string()).into()),
            ("holders", number(&sweep.holders.to_string()).into()),
        ];
        let rows = sweep.points.iter().map(|point| PointView {
            threshold: number(&point.threshold.to_string()),
            attain: number(&point.attain.to_string()),
            keep: number(&point.keep.to_string()),
            is_asked: Some(point.threshold) == sweep.asked,
        });
        Self {
            head: t.tell("rules-sweep-head", &arguments),
            what: t.tell("rules-sweep-what", &arguments),
            svg: curve::drawn(sweep, &t.tell("rules-sweep-label", &arguments)),
            picture,
            rows: rows.collect(),
        }
    }
}

pub(super) async fn picture(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let query = visit.query();
            let asked = asked(&query)?;
            let (_, edition) = editions::read(visit.app(), &visit.caller, &asked.new)?;
            let swept = Chosen::of(visit.t, &query, &edition).read(visit.t)?;
            let asked = Asked { old: asked.new.clone(), ..asked };
            let (app, caller) = (visit.app(), &visit.caller);
            let found = match impact::sweep(app, caller, &asked, &swept, LONG_PATIENCE)? {
                Found::Whole { found, .. } => found,
                Found::UnderWay { .. } => {
                    let message = "it is still being computed; ask again in a minute";
                    return Err(Error::conflict("under-way", message));
                }
            };
            let bytes = curve::sweep_picture(&found).into_bytes();
            let name = format!("sweep-{}.svg", found.measure);
            Ok(Done::File { name, kind: "image/svg+xml", bytes })
        })
        .await
}
