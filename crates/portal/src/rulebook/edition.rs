//! One edition in plain words: tiers side by side, what counts, reviews, discounts, catalogues,
//! what is assumed, where it comes from.

use askama::Template;
use guildhall_access::Action;
use guildhall_operations::http::Path;
use guildhall_operations::ops::editions;
use guildhall_rules::rulebook::{
    DiscountScheme, Edition, Grounds, Measure, MeasureRule, PeopleRule, Requirement, Tier,
};

use super::words::Words;
use super::{State, before, may, state};
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Visit, path_of};

/// What a statement rests on: the number of its assumption, and those of its sources.
#[derive(Clone, Debug, Default)]
struct Mark {
    assumed: Option<usize>,
    sources: Vec<usize>,
}

struct CellView {
    tier: String,
    text: String,
    /// In which column alone it is asked, in words.
    only: String,
    is_asked: bool,
    mark: Mark,
}

struct RowView {
    title: String,
    anchor: String,
    unit: String,
    cells: Vec<CellView>,
    /// The sources of all its cells.
    sources: Mark,
}

struct TierView {
    title: String,
    /// What it was called, and from when.
    names: Vec<String>,
    mark: Mark,
}

struct PathView {
    title: String,
    tiers: Vec<TierView>,
    rows: Vec<RowView>,
}

struct MeasureView {
    title: String,
    anchor: String,
    unit: String,
    help: String,
    counts: String,
    parts: Vec<String>,
    windows: Vec<String>,
    mark: Mark,
}

struct ComponentView {
    title: String,
    measures: Vec<MeasureView>,
}

struct EarnView {
    title: String,
    bar: String,
    least: String,
    points: String,
    mark: Mark,
}

struct DiscountView {
    title: String,
    made_of: Vec<String>,
    eligible: Vec<(String, Mark)>,
    earns: Vec<EarnView>,
    /// Which facts tell what is spent on it.
    spend: Option<(String, Mark)>,
    mark: Mark,
}

struct CredentialView {
    title: String,
    id: String,
    valid: String,
    counts_in: Vec<String>,
}

struct LevelView {
    title: String,
    credentials: Vec<CredentialView>,
}

struct TermView {
    title: String,
    id: String,
    more: String,
}

struct AssumedView {
    number: usize,
    about: String,
    why: String,
}

struct SourceView {
    number: usize,
    title: String,
    certainty: String,
}

#[derive(Template)]
#[template(path = "portal/rulebook/edition.html")]
struct EditionPage {
    shell: Shell,
    id: String,
    path: String,
    title: String,
    state: State,
    from: String,
    published: String,
    sha256: String,
    currency: String,
    before: Option<String>,
    examples: usize,
    may_publish: bool,
    sees_network: bool,
    paths: Vec<PathView>,
    components: Vec<ComponentView>,
    counts_people: bool,
    review: Vec<String>,
    review_mark: Mark,
    discounts: Vec<DiscountView>,
    levels: Vec<LevelView>,
    programs: Vec<TermView>,
    terms: Vec<(String, Vec<TermView>)>,
    assumed: Vec<AssumedView>,
    sources: Vec<SourceView>,
}

/// Numbers assumptions in the order in which they are met.
struct Notes {
    assumed: Vec<AssumedView>,
}

impl Notes {
    fn mark(&mut self, about: &str, grounds: &Grounds) -> Mark {
        let assumed = grounds.assumed.as_ref().map(|why| {
            let number = self.assumed.len() + 1;
            let (about, why) = (about.to_owned(), why.clone());
            self.assumed.push(AssumedView { number, about, why });
            number
        });
        let mut sources: Vec<usize> = grounds.sources.iter().map(|at| at + 1).collect();
        sources.sort_unstable();
        Mark { assumed, sources }
    }
}

/// Makes the parts of the page, in the order in which they stand on it.
struct Maker<'e> {
    words: Words<'e>,
    edition: &'e Edition,
    notes: Notes,
}

impl Maker<'_> {
    fn paths(&mut self) -> Vec<PathView> {
        let edition = self.edition;
        let mut views = Vec::new();
        for path in &edition.paths {
            let mut tiers = Vec::new();
            for tier in &path.tiers {
                tiers.push(self.tier(&path.title, tier));
            }
            let mut asked: Vec<usize> =
                path.tiers.iter().flat_map(|tier| &tier.requires).map(|one| one.measure).collect();
            asked.sort_unstable();
            asked.dedup();
            let mut rows = Vec::new();
            for at in asked {
                let Some(measure) = edition.measures.get(at) else { continue };
                let mut cells = Vec::new();
                for tier in &path.tiers {
                    let requirement = tier.requires.iter().find(|one| one.measure == at);
                    cells.push(self.cell(&path.title, tier, measure, requirement));
                }
                let mut sources: Vec<usize> =
                    cells.iter().flat_map(|cell| cell.mark.sources.iter().copied()).collect();
                sources.sort_unstable();
                sources.dedup();
                rows.push(RowView {
                    sources: Mark { assumed: None, sources },
                    title: measure.title.clone(),
                    anchor: measure.id.clone(),
                    unit: measure.unit.clone().unwrap_or_default(),
                    cells,
                });
            }
            views.push(PathView { title: path.title.clone(), tiers, rows });
        }
        views
    }

    fn tier(&mut self, path: &str, tier: &Tier) -> TierView {
        let t = self.words.t;
        let names = tier.names.iter().map(|name| {
            let day = t.day(name.from);
            t.tell("rules-called", &[("it", name.name.clone().into()), ("day", day.into())])
        });
        TierView {
            names: names.collect(),
            mark: self.notes.mark(&format!("{path}, {}", tier.title), &tier.grounds),
            title: tier.title.clone(),
        }
    }

    fn cell(
        &mut self,
        path: &str,
        tier: &Tier,
        measure: &Measure,
        asked: Option<&Requirement>,
    ) -> CellView {
        let tier_title = tier.title.clone();
        let Some(asked) = asked else {
            return CellView {
                tier: tier_title,
                text: String::new(),
                only: String::new(),
                is_asked: false,
                mark: Mark::default(),
            };
        };
        let t = self.words.t;
        let only = match (asked.columns.renewal, asked.columns.upgrade) {
            (true, false) => t.say("rules-only-to-keep"),
            (false, true) => t.say("rules-only-to-reach"),
            _ => String::new(),
        };
        let about = format!("{path}, {}: {}", tier.title, measure.title);
        CellView {
            tier: tier_title,
            text: self.words.bar(asked.target, Some(measure)),
            only,
            is_asked: true,
            mark: self.notes.mark(&about, &asked.grounds),
        }
    }

    fn components(&mut self) -> Vec<ComponentView> {
        let edition = self.edition;
        let mut views = Vec::new();
        for (number, component) in edition.components.iter().enumerate() {
            let mut measures = Vec::new();
            for measure in edition.measures.iter().filter(|one| one.component == number) {
                let mut counts = self.words.counts(measure).into_iter();
                measures.push(MeasureView {
                    title: measure.title.clone(),
                    anchor: measure.id.clone(),
                    unit: measure.unit.clone().unwrap_or_default(),
                    help: measure.help.clone().unwrap_or_default(),
                    counts: counts.next().unwrap_or_default(),
                    parts: counts.collect(),
                    windows: self.words.windows(measure),
                    mark: self.notes.mark(&measure.title, &measure.grounds),
                });
            }
            if !measures.is_empty() {
                views.push(ComponentView { title: component.title.clone(), measures });
            }
        }
        views
    }

    fn discount(&mut self, scheme: &DiscountScheme) -> DiscountView {
        let (words, t) = (self.words, self.words.t);
        let mark = self.notes.mark(&scheme.title, &scheme.grounds);
        let mut eligible = Vec::new();
        for rule in &scheme.eligibility {
            let said = words.condition(&rule.condition);
            let mark = self.notes.mark(&format!("{}: {said}", scheme.title), &rule.grounds);
            eligible.push((said, mark));
        }
        let mut earns = Vec::new();
        for earning in &scheme.measures {
            let title = words.measure(earning.measure);
            let mark = self.notes.mark(&format!("{}: {title}", scheme.title), &earning.grounds);
            let measure = self.edition.measures.get(earning.measure);
            let bar = words.bar(earning.target, measure);
            let least = usize::try_from(earning.min_n.unwrap_or(0)).unwrap_or(0);
            earns.push(EarnView {
                title,
                bar,
                least: if least > 0 { t.n("rules-least", least) } else { String::new() },
                points: t.number(&earning.points.to_string()),
                mark,
            });
        }
        let spend = scheme.spend.as_ref().map(|spend| {
            let said = words.spend(spend);
            (
                said,
                self.notes.mark(
                    &format!("{}: {}", scheme.title, t.say("rules-spend-about")),
                    &spend.grounds,
                ),
            )
        });
        DiscountView {
            title: scheme.title.clone(),
            made_of: words.discount(scheme),
            eligible,
            earns,
            spend,
            mark,
        }
    }

    fn levels(&self) -> Vec<LevelView> {
        let edition = self.edition;
        let mut order: Vec<usize> = (0..edition.levels.len()).collect();
        order.sort_by_key(|at| edition.levels.get(*at).map(|level| level.rank));
        let views = order.into_iter().filter_map(|number| {
            let level = edition.levels.get(number)?;
            let held = edition.credentials.iter().enumerate();
            let held = held.filter(|(_, credential)| credential.level == number);
            let credentials = held.map(|(at, credential)| CredentialView {
                title: credential.title.clone(),
                id: credential.id.clone(),
                valid: credential.validity_months.map_or_else(
                    || self.words.t.say("rules-valid-without-end"),
                    |months| self.words.t.n("rules-months", usize::from(months)),
                ),
                counts_in: self.counting(at, number),
            });
            Some(LevelView { title: level.title.clone(), credentials: credentials.collect() })
        });
        views.collect()
    }

    /// The titles of the measures that look at a credential.
    fn counting(&self, credential: usize, level: usize) -> Vec<String> {
        let looks = |measure: &&Measure| match &measure.rule {
            MeasureRule::People(PeopleRule::Holding(held)) => held.contains(&credential),
            MeasureRule::People(PeopleRule::AtLevel(at) | PeopleRule::HighestLevel(at)) => {
                at.contains(&level)
            }
            _ => false,
        };
        self.edition.measures.iter().filter(looks).map(|measure| measure.title.clone()).collect()
    }

    fn terms(&self) -> Vec<(String, Vec<TermView>)> {
        let (edition, t) = (self.edition, self.words.t);
        let plain = |terms: &[guildhall_rules::rulebook::Term]| -> Vec<TermView> {
            let view = |term: &guildhall_rules::rulebook::Term| TermView {
                title: term.title.clone(),
                id: term.id.clone(),
                more: String::new(),
            };
            terms.iter().map(view).collect()
        };
        let events = edition.event_kinds.iter().map(|kind| TermView {
            title: kind.title.clone(),
            id: kind.id.clone(),
            more: kind.attributes.join(", "),
        });
        let lists = [
            (t.say("rules-partner-kinds"), plain(&edition.partner_kinds)),
            (t.say("rules-resolution-codes"), plain(&edition.resolution_codes)),
            (t.say("rules-event-kinds"), events.collect()),
        ];
        lists.into_iter().filter(|(_, terms)| !terms.is_empty()).collect()
    }

    fn sources(&self) -> Vec<SourceView> {
        use guildhall_rules::rulebook::Certainty;
        let sources = self.edition.sources.iter().enumerate();
        let view = sources.map(|(at, source)| {
            let certainty = match source.certainty {
                Certainty::High => "high",
                Certainty::Medium => "medium",
                Certainty::Low => "low",
            };
            SourceView {
                number: at + 1,
                title: source.title.clone(),
                certainty: self.words.t.word("rules-certainty", certainty),
            }
        });
        view.collect()
    }
}

pub(super) async fn show(Path(id): Path<String>, visit: Visit) -> Answer {
    visit
        .page(move |visit| {
            let (app, t) = (visit.app(), visit.t);
            let (shown, edition) = editions::read(app, &visit.caller, &id)?;
            let book = app.book()?;
            let words = Words { t, edition: &edition };
            let mut maker =
                Maker { words, edition: &edition, notes: Notes { assumed: Vec::new() } };
            let paths = maker.paths();
            let components = maker.components();
            let review_mark =
                maker.notes.mark(&t.say("rules-review-title"), &edition.review.grounds);
            let schemes = edition.discounts.iter();
            let discounts = schemes.map(|scheme| maker.discount(scheme)).collect();
            let programs = edition.programs.iter().map(|program| TermView {
                title: program.title.clone(),
                id: program.id.clone(),
                more: program.category.clone(),
            });
            Ok(EditionPage {
                shell: visit.shell(Place::Rulebook, shown.title.clone()),
                path: path_of(&shown.id),
                state: state(&shown, &book, app.clock.today(), app.clock.now()),
                from: t.day_text(&shown.in_force_from),
                published: t.moment_text(&shown.published_at),
                currency: edition.currency.clone(),
                before: before(&book, &edition).map(|before| path_of(&before.id)),
                examples: shown.examples.len(),
                sees_network: super::impact::may_ask(visit),
                may_publish: shown.state == "draft" && may(visit, Action::PublishEdition, &id),
                counts_people: edition
                    .measures
                    .iter()
                    .any(|measure| matches!(measure.rule, MeasureRule::People(_))),
                review: words.review(&edition.review),
                review_mark,
                paths,
                components,
                discounts,
                levels: maker.levels(),
                programs: programs.collect(),
                terms: maker.terms(),
                sources: maker.sources(),
                assumed: maker.notes.assumed,
                id: shown.id,
                title: shown.title,
                sha256: shown.sha256,
            })
        })
        .await
}
