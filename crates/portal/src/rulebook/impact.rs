//! What a change of rules would do to the network: how many by tier, who is moved and why, what is
//! left to do, the notice that each partner would get, one threshold varied; and the same as a
//! page to print, as CSV and as a drawing. Whatever takes long says how far it has come.

pub(super) mod curve;
pub(super) mod file;
mod sweep;
mod words;

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_operations::http::read_day;
use guildhall_operations::ops::editions::{self, EditionShown};
use guildhall_operations::ops::impact::{self, Asked, Editions, Found, Narrowed, Report};
use guildhall_operations::{App, Error, csv_text};
use guildhall_rules::impact::words::{discount_text, effect_text, gap_text, money_text};
use guildhall_rules::impact::{Effect, PartnerImpact};
use guildhall_rules::rulebook::Column;
use guildhall_rules::words::tier_of_two;
use words::{TierRow, Total};

use super::Choice;
use crate::form::{Fields, address};
use crate::scorecard::or_id;
use crate::shell::{Place, Shell};
use crate::visit::{Answer, Done, Visit, path_of};

/// How many partners a page tells of.
const ROWS: usize = 25;
/// How many the page to print tells of.
const PRINTED: usize = 1_000;
/// For how long a page looks before it says how far it has come.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long a file does.
const LONG_PATIENCE: Duration = Duration::from_secs(120);
/// The fields that say what is compared.
const COMPARED: [&str; 3] = ["old", "new", "as_of"];

/// The routes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/rulebook/impact", get(show))
        .route("/rulebook/impact.csv", get(csv))
        .route("/rulebook/impact/report.html", get(report))
        .route("/rulebook/impact/notice", get(show_notice))
        .route("/rulebook/impact/notice.txt", get(notice_file))
        .route("/rulebook/impact/sweep", get(sweep::show))
        .route("/rulebook/impact/sweep.svg", get(sweep::picture))
}

/// Whether the visitor may ask what a change of rules does to the network.
pub(super) fn may_ask(visit: &Visit) -> bool {
    impact::report_allowed(visit.app(), &visit.caller).is_ok()
}

/// What is compared, as it is chosen.
struct Compared {
    choices: Vec<Choice>,
    old: String,
    new: String,
    as_of: String,
}

impl Compared {
    /// What the query asks for; by default the latest edition against the one before it, today.
    fn of(visit: &Visit, query: &Fields) -> Result<Self, Error> {
        let mut listed = editions::list(visit.app(), &visit.caller)?;
        listed.sort_by(|a, b| b.in_force_from.cmp(&a.in_force_from));
        let nth = |at: usize| listed.get(at).map(|one| one.id.clone());
        let new = query.typed("new").map(str::to_owned).or_else(|| nth(0)).unwrap_or_default();
        let behind = listed.iter().position(|one| one.id == new).map_or(1, |at| at + 1);
        let old = query.typed("old").map(str::to_owned);
        let old = old.or_else(|| nth(behind)).unwrap_or_default();
        let today = visit.app().clock.today().to_string();
        let as_of = query.typed("as_of").map_or(today, str::to_owned);
        let choice = |one: &EditionShown| Choice {
            id: one.id.clone(),
            title: match listed.iter().filter(|other| other.title == one.title).count() {
                1 => or_id(&one.title, &one.id),
                _ => format!("{} {}", one.title, one.id),
            },
            from: visit.t.day_text(&one.in_force_from),
        };
        Ok(Self { choices: listed.iter().map(choice).collect(), old, new, as_of })
    }

    /// What is asked for; none before two editions are chosen.
    fn asked(&self) -> Result<Option<Asked>, Error> {
        if self.old.is_empty() || self.new.is_empty() || self.old == self.new {
            return Ok(None);
        }
        let as_of = read_day("as_of", Some(&self.as_of))?;
        Ok(Some(Asked { old: self.old.clone(), new: self.new.clone(), as_of }))
    }

    /// The address of a page about the same, with other fields beside.
    fn to(&self, path: &str, more: &[(&str, &str)]) -> String {
        let own = [("old", &self.old), ("new", &self.new), ("as_of", &self.as_of)];
        let own = own.into_iter().map(|(name, value)| (name, value.as_str()));
        let all: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
        address(path, &all)
    }
}

/// What a query asks for, where both editions have to be named.
fn asked(query: &Fields) -> Result<Asked, Error> {
    let named = |name: &'static str| {
        let missing = || Error::field(name, "required", "name an edition");
        query.typed(name).map(str::to_owned).ok_or_else(missing)
    };
    let as_of = read_day("as_of", query.typed("as_of"))?;
    Ok(Asked { old: named("old")?, new: named("new")?, as_of })
}

fn narrowed(query: &Fields) -> Result<Narrowed, Error> {
    let effect = |word: &str| {
        let found = Effect::ALL.into_iter().find(|effect| effect.word() == word);
        let message = format!("`{word}` is no way in which a partner is moved");
        found.ok_or_else(|| Error::field("effect", "bad-value", message))
    };
    Ok(Narrowed {
        effect: query.typed("effect").map(effect).transpose()?,
        path: query.typed("path").map(str::to_owned),
        text: query.typed("q").map(str::to_owned),
    })
}

#[derive(Template)]
#[template(path = "portal/rulebook/impact.html")]
struct ImpactPage {
    shell: Shell,
    compared: Compared,
    /// How far it has come, where it is not done: a sentence, and where to look again.
    under_way: Option<(String, String)>,
    found: Option<FoundView>,
}

/// What was found, ready to show.
struct FoundView {
    /// Who was looked at, when, by what was on record.
    head: String,
    /// Where to have it computed anew, where the network has changed since.
    afresh: Option<String>,
    totals: Vec<Total>,
    tiers: Vec<TierRow>,
    discount: Option<String>,
    list: ListView,
    csv: String,
    report: String,
    sweep: String,
}

/// The list of those that are moved.
struct ListView {
    q: String,
    effect: String,
    path: String,
    effects: Vec<(String, String)>,
    paths: Vec<(String, String)>,
    is_narrowed: bool,
    all: String,
    count: String,
    rows: Vec<MovedView>,
    earlier: Option<String>,
    later: Option<String>,
}

/// A partner that is moved.
struct MovedView {
    name: String,
    to: String,
    held: String,
    notice: String,
    effects: Vec<EffectView>,
    because: Vec<String>,
    todo: Vec<(String, Vec<String>)>,
}

/// In which way.
struct EffectView {
    tag: &'static str,
    word: String,
    text: String,
}

async fn show(visit: Visit) -> Answer {
    visit.page(|visit| ImpactPage::of(visit, &visit.query())).await
}

impl ImpactPage {
    fn of(visit: &Visit, query: &Fields) -> Result<Self, Error> {
        let (app, t) = (visit.app(), visit.t);
        let compared = Compared::of(visit, query)?;
        let shell = visit.shell(Place::Rulebook, t.say("rules-impact-title"));
        let Some(asked) = compared.asked()? else {
            // Whoever may not see the network is told so.
            impact::report_allowed(app, &visit.caller)?;
            return Ok(Self { shell, compared, under_way: None, found: None });
        };
        let afresh = query.has("afresh");
        let (under_way, found) = match impact::report(app, &visit.caller, &asked, PATIENCE, afresh)?
        {
            Found::UnderWay { done, partners } => {
                (Some((told(visit, done, partners), visit.path.clone())), None)
            }
            Found::Whole { found, is_outdated } => {
                (None, Some(FoundView::of(visit, query, &compared, &found, is_outdated)?))
            }
        };
        Ok(Self { shell, compared, under_way, found })
    }
}

/// How far the computing has come.
fn told(visit: &Visit, done: u64, partners: u64) -> String {
    let number = |number: u64| visit.t.number(&number.to_string());
    let arguments = [("done", number(done).into()), ("partners", number(partners).into())];
    visit.t.tell("rules-impact-under-way", &arguments)
}

impl FoundView {
    fn of(
        visit: &Visit,
        query: &Fields,
        compared: &Compared,
        report: &Report,
        is_outdated: bool,
    ) -> Result<Self, Error> {
        let t = visit.t;
        let number = |number: u64| t.number(&number.to_string());
        let impact = &report.impact;
        let arguments = [
            ("partners", number(impact.partners).into()),
            ("day", t.day(impact.as_of).into()),
            ("at", t.moment(report.computed_at).into()),
        ];
        let discount = impact.discount.as_ref();
        let discount = discount
            .map(|discount| format!("{} {}", discount_text(discount), money_text(discount)));
        Ok(Self {
            head: t.tell("rules-impact-head", &arguments),
            afresh: is_outdated.then(|| compared.to("/rulebook/impact", &[("afresh", "1")])),
            totals: words::totals(t, impact, &|effect| {
                compared.to("/rulebook/impact", &[("effect", effect)]) + "#moved"
            }),
            tiers: words::tiers(t, impact, &report.editions),
            discount,
            list: ListView::of(visit, query, compared, report)?,
            csv: compared.to("/rulebook/impact.csv", &narrowing(query)),
            report: compared.to("/rulebook/impact/report.html", &narrowing(query)),
            sweep: compared.to("/rulebook/impact/sweep", &[]),
        })
    }
}

/// The fields of a query that narrow the list.
fn narrowing(query: &Fields) -> Vec<(&str, &str)> {
    let names = ["effect", "path", "q"];
    names.into_iter().filter_map(|name| Some((name, query.typed(name)?))).collect()
}

impl ListView {
    fn of(
        visit: &Visit,
        query: &Fields,
        compared: &Compared,
        report: &Report,
    ) -> Result<Self, Error> {
        let (app, t) = (visit.app(), visit.t);
        let by = narrowed(query)?;
        let at: usize = query.get("page").parse().unwrap_or(1).max(1);
        let all: Vec<_> = report.narrowed(&by).collect();
        let begin = (at - 1).saturating_mul(ROWS);
        let shown: Vec<_> = all.iter().copied().skip(begin).take(ROWS).collect();
        let found = impact::reasons(app, report, &shown)?;
        let to_page = |page: usize| {
            let page = if page > 1 { page.to_string() } else { String::new() };
            let mut fields = narrowing(query);
            fields.push(("page", &page));
            compared.to("/rulebook/impact", &fields) + "#moved"
        };
        let editions = &report.editions;
        let effects = Effect::ALL
            .into_iter()
            .map(|effect| (effect.word().to_owned(), t.word("rules-impact-effect", effect.word())));
        let paths = editions.new.paths.iter().chain(&editions.old.paths);
        let mut paths: Vec<(String, String)> =
            paths.map(|path| (path.id.clone(), path.title.clone())).collect();
        let mut seen = std::collections::BTreeSet::new();
        paths.retain(|(id, _)| seen.insert(id.clone()));
        let as_of = report.impact.as_of;
        Ok(Self {
            q: query.get("q").to_owned(),
            effect: query.get("effect").to_owned(),
            path: query.get("path").to_owned(),
            effects: effects.collect(),
            paths,
            is_narrowed: by != Narrowed::default(),
            all: compared.to("/rulebook/impact", &[]) + "#moved",
            count: t.n("rules-impact-count", all.len()),
            rows: found
                .iter()
                .map(|one| MovedView::of(visit, compared, editions, one, as_of))
                .collect(),
            earlier: (at > 1).then(|| to_page(at - 1)),
            later: (begin + ROWS < all.len()).then(|| to_page(at + 1)),
        })
    }
}

/// What happens, without the word for it, which stands before it.
fn without_word(text: String) -> String {
    text.split_once(": ").map(|(_, rest)| rest.to_owned()).unwrap_or(text)
}

impl MovedView {
    fn of(
        visit: &Visit,
        compared: &Compared,
        editions: &Editions,
        found: &PartnerImpact,
        as_of: guildhall_rules::day::Day,
    ) -> Self {
        let t = visit.t;
        let none = t.say("rules-impact-no-tier");
        let title = |tier: &Option<String>| {
            tier.as_ref().map_or_else(
                || none.clone(),
                |tier| tier_of_two((&editions.old, &editions.new), &found.path, tier, as_of),
            )
        };
        let effects = found.effects.iter().map(|effect| EffectView {
            tag: words::tag(*effect),
            word: t.word("rules-impact-effect", effect.word()),
            text: without_word(effect_text(*effect, found, &title)),
        });
        let new_tiers = found
            .new_tiers
            .iter()
            .map(|tier| t.of_it("rules-impact-new-tier", &title(&Some(tier.clone()))));
        let because = found.because.iter().map(|because| words::reason(because, &title));
        let todo = Column::BOTH.into_iter().filter_map(|column| {
            let gaps: Vec<_> = found.gaps.iter().filter(|gap| gap.column == column).collect();
            let tier = title(&Some(gaps.first()?.tier.clone()));
            let key = match column {
                Column::Renewal => "rules-impact-to-keep",
                Column::Upgrade => "rules-impact-to-reach",
            };
            Some((t.of_it(key, &tier), gaps.into_iter().map(gap_text).collect()))
        });
        Self {
            name: found.name.clone(),
            to: format!("/partners/{}/scorecard", path_of(&found.partner)),
            held: title(&found.tier),
            notice: compared.to("/rulebook/impact/notice", &[("partner", &found.partner)]),
            effects: effects.collect(),
            because: new_tiers.chain(because).collect(),
            todo: todo.collect(),
        }
    }
}

/// What was found of the network, for a file.
fn whole(visit: &Visit, asked: &Asked) -> Result<Arc<Report>, Error> {
    match impact::report(visit.app(), &visit.caller, asked, LONG_PATIENCE, false)? {
        Found::Whole { found, .. } => Ok(found),
        Found::UnderWay { .. } => {
            let message = "it is still being computed; open the page and ask again in a minute";
            Err(Error::conflict("under-way", message))
        }
    }
}

async fn csv(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let query = visit.query();
            let asked = asked(&query)?;
            let by = narrowed(&query)?;
            let report = whole(visit, &asked)?;
            let mut bytes = Vec::new();
            csv_text::write_row(&mut bytes, words::HEAD).map_err(Error::internal)?;
            impact::each(visit.app(), &report, &by, &mut |found| {
                let row = words::row(&found, &report.editions, report.impact.as_of);
                csv_text::write_row(&mut bytes, row.iter().map(String::as_str))
                    .map_err(Error::internal)
            })?;
            let name = format!("impact-{}-{}.csv", asked.old, asked.new);
            Ok(Done::File { name, kind: "text/csv; charset=utf-8", bytes })
        })
        .await
}

async fn report(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let query = visit.query();
            let asked = asked(&query)?;
            let by = narrowed(&query)?;
            let report = whole(visit, &asked)?;
            let wanted: Vec<_> = report.narrowed(&by).collect();
            let told = wanted.get(..wanted.len().min(PRINTED)).unwrap_or_default();
            let untold = (wanted.len() - told.len()) as u64;
            let mut told_of = report.impact.clone();
            told_of.moved = impact::reasons(visit.app(), &report, told)?;
            let Editions { old, new, .. } = &*report.editions;
            let bytes = file::impact_sheet(&told_of, old, new, untold)?.into_bytes();
            let name = format!("impact-{}-{}.html", asked.old, asked.new);
            Ok(Done::File { name, kind: "text/html; charset=utf-8", bytes })
        })
        .await
}

#[derive(Template)]
#[template(path = "portal/rulebook/notice.html")]
struct NoticePage {
    shell: Shell,
    name: String,
    to: String,
    back: String,
    file: String,
    text: String,
    what: String,
}

async fn show_notice(visit: Visit) -> Answer {
    visit
        .page(|visit| {
            let query = visit.query();
            let asked = asked(&query)?;
            let partner = query.get("partner");
            let (found, text, editions) =
                impact::notice(visit.app(), &visit.caller, &asked, partner)?;
            let fields: Vec<(&str, &str)> =
                COMPARED.iter().map(|name| (*name, query.get(name))).collect();
            let mut of_partner = fields.clone();
            of_partner.push(("partner", partner));
            Ok(NoticePage {
                shell: visit.shell(Place::Rulebook, visit.t.say("rules-notice-title")),
                to: format!("/partners/{}/scorecard", path_of(&found.partner)),
                name: found.name,
                back: address("/rulebook/impact", &fields),
                file: address("/rulebook/impact/notice.txt", &of_partner),
                what: visit.t.of_it("rules-notice-what", &editions.new.title),
                text,
            })
        })
        .await
}

async fn notice_file(visit: Visit) -> Answer {
    visit
        .run(|visit| {
            let query = visit.query();
            let partner = query.get("partner");
            let (found, text, _) =
                impact::notice(visit.app(), &visit.caller, &asked(&query)?, partner)?;
            let name = format!("{}-notice.txt", found.partner);
            Ok(Done::File { name, kind: "text/plain; charset=utf-8", bytes: text.into_bytes() })
        })
        .await
}
