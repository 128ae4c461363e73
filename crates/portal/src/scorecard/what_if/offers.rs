//! What can be supposed: people who leave or pass, opportunities that are launched, programs that
//! are granted. Only what is chosen goes into the address; lists are searched and paged.

use std::collections::BTreeMap;

use guildhall_operations::Error;
use guildhall_operations::ops::facts::{self, Sought};
use guildhall_operations::ops::forecast;
use guildhall_operations::ops::people::{self, Lapse, Listed};
use guildhall_operations::ops::standing;
use guildhall_rules::facts::Supposition;
use guildhall_rules::rulebook::Edition;

use super::super::book::or_id;
use super::state::State;
use crate::visit::{Visit, path_of};

/// How many people stand on a page.
const PEOPLE: usize = 20;
/// How many credentials of a person are named.
const HELD: usize = 3;
/// How many opportunities are offered.
const OPPORTUNITIES: usize = 15;
/// How many facts are looked through for them.
const LOOKED_THROUGH: usize = 4_000;
/// How many are read at once for that.
const AT_ONCE: usize = 500;
/// How many programs are offered.
const PROGRAMS: usize = 80;

/// A box that supposes something, and its day.
pub(super) struct Tick {
    /// What it says but for the day.
    pub(super) value: String,
    pub(super) is_on: bool,
    pub(super) day: String,
}

impl Tick {
    pub(super) fn of(
        state: &State,
        name: &str,
        rest: &str,
        is_it: impl Fn(&Supposition) -> bool,
    ) -> Self {
        let chosen = state.supposed.iter().find(|one| is_it(one));
        let day = chosen.map_or_else(|| state.usual_day(), day_of);
        let value = if rest.is_empty() { name.to_owned() } else { format!("{name}={rest}") };
        Self { value, is_on: chosen.is_some(), day: day.to_string() }
    }
}

fn day_of(supposition: &Supposition) -> guildhall_rules::day::Day {
    match supposition {
        Supposition::Leaves { on, .. }
        | Supposition::Passes { on, .. }
        | Supposition::Launches { on, .. }
        | Supposition::PlanValidated { on }
        | Supposition::Granted { on, .. } => *on,
    }
}

/// Something chosen that the page does not show: it is sent along unseen.
pub(super) struct Unseen {
    pub(super) name: &'static str,
    pub(super) value: String,
}

fn unseen(state: &State, is_unseen: impl Fn(&Supposition) -> bool) -> Vec<Unseen> {
    let chosen = state.supposed.iter().filter(|one| is_unseen(one));
    chosen
        .map(|one| {
            let (name, value) = forecast::written(one);
            Unseen { name, value }
        })
        .collect()
}

/// The people of the partner.
pub(super) struct PeopleView {
    pub(super) name: String,
    pub(super) levels: Vec<LevelView>,
    pub(super) rows: Vec<PersonView>,
    pub(super) count: usize,
    pub(super) unseen: Vec<Unseen>,
    pub(super) page: usize,
    pub(super) earlier: Option<usize>,
    pub(super) later: Option<usize>,
}

/// Credentials of one level.
pub(super) struct LevelView {
    pub(super) title: String,
    pub(super) credentials: Vec<CredentialView>,
}

pub(super) struct CredentialView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) is_chosen: bool,
}

pub(super) struct PersonView {
    pub(super) name: String,
    pub(super) to: String,
    pub(super) holds: Vec<String>,
    pub(super) more: usize,
    pub(super) leaves: Tick,
    pub(super) passes: Option<Tick>,
    /// The last day of what they hold of the credential that is chosen.
    pub(super) holds_until: Option<String>,
    pub(super) holds_it: bool,
}

impl PeopleView {
    /// None for whoever may not see people.
    pub(super) fn of(
        visit: &Visit,
        partner: &str,
        state: &State,
        edition: &Edition,
    ) -> Result<Option<Self>, Error> {
        let all = match people::list(visit.app(), &visit.caller, partner) {
            Ok(all) => all,
            Err(Error::NotFound { .. } | Error::Denied { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let wanted = state.name.to_lowercase();
        let is_wanted = |one: &&Listed| {
            !one.has_left && (wanted.is_empty() || one.name.to_lowercase().contains(&wanted))
        };
        let found: Vec<&Listed> = all.iter().filter(is_wanted).collect();
        let pages = found.len().div_ceil(PEOPLE).max(1);
        let page = state.page.min(pages - 1);
        let shown: Vec<&Listed> = found.iter().skip(page * PEOPLE).take(PEOPLE).copied().collect();
        let known = edition.credentials.iter().find(|one| one.id == state.credential);
        let credential = known.map(|one| one.id.as_str());
        let is_shown = |person: &str| shown.iter().any(|one| one.person == person);
        Ok(Some(Self {
            name: state.name.clone(),
            levels: levels(edition, credential),
            rows: shown.iter().map(|one| person(visit, state, one, credential)).collect(),
            count: found.len(),
            unseen: unseen(state, |one| match one {
                Supposition::Leaves { person, .. } => !is_shown(person),
                Supposition::Passes { person, credential: of, .. } => {
                    !is_shown(person) || credential != Some(of.as_str())
                }
                _ => false,
            }),
            page,
            earlier: page.checked_sub(1),
            later: Some(page + 1).filter(|next| *next < pages),
        }))
    }
}

fn levels(edition: &Edition, chosen: Option<&str>) -> Vec<LevelView> {
    let mut levels: Vec<(u8, LevelView)> = Vec::new();
    for (at, level) in edition.levels.iter().enumerate() {
        let of_level = edition.credentials.iter().filter(|one| one.level == at);
        let credentials: Vec<CredentialView> = of_level
            .map(|one| CredentialView {
                is_chosen: chosen == Some(one.id.as_str()),
                title: or_id(&one.title, &one.id),
                id: one.id.clone(),
            })
            .collect();
        if !credentials.is_empty() {
            let title = or_id(&level.title, &level.id);
            levels.push((level.rank, LevelView { title, credentials }));
        }
    }
    levels.sort_by_key(|(rank, _)| *rank);
    levels.into_iter().map(|(_, level)| level).collect()
}

fn person(visit: &Visit, state: &State, one: &Listed, credential: Option<&str>) -> PersonView {
    let standing = one.credentials.iter().filter(|held| held.lapse != Lapse::Past);
    let count = standing.clone().count();
    let of_it = credential.and_then(|id| standing.clone().find(|held| held.credential == id));
    let leaves = Tick::of(
        state,
        "leaves",
        &one.person,
        |chosen| matches!(chosen, Supposition::Leaves { person, .. } if *person == one.person),
    );
    let passes = credential.map(|id| {
        Tick::of(state, "passes", &format!("{}={id}", one.person), |chosen| {
            matches!(chosen, Supposition::Passes { person, credential, .. }
                if *person == one.person && credential == id)
        })
    });
    PersonView {
        name: or_id(&one.name, &one.person),
        to: format!("/people/{}", path_of(&one.person)),
        holds: standing.take(HELD).map(|held| held.title.clone()).collect(),
        more: count.saturating_sub(HELD),
        leaves,
        passes,
        holds_it: of_it.is_some(),
        holds_until: of_it.and_then(|held| held.last_on).map(|last| visit.t.day(last)),
    }
}

/// Opportunities that are not launched, or not approved.
pub(super) struct OpportunitiesView {
    pub(super) find: String,
    pub(super) rows: Vec<OpportunityView>,
    pub(super) has_more: bool,
    pub(super) unseen: Vec<Unseen>,
}

pub(super) struct OpportunityView {
    pub(super) id: String,
    pub(super) to: String,
    pub(super) title: String,
    pub(super) stage: String,
    pub(super) amount: String,
    pub(super) launches: Tick,
}

impl OpportunitiesView {
    /// None for whoever may not see opportunities.
    pub(super) fn of(visit: &Visit, partner: &str, state: &State) -> Result<Option<Self>, Error> {
        let (mut rows, mut after, mut looked) = (Vec::new(), None, 0);
        loop {
            let text = Some(state.find.clone()).filter(|text| !text.is_empty());
            let sought = Sought { text, after, limit: AT_ONCE, ..Sought::default() };
            let found = facts::find(visit.app(), &visit.caller, "opportunities", partner, &sought);
            let mut found = match found {
                Ok(found) => found,
                Err(Error::NotFound { .. } | Error::Denied { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            let is_last = found.len() <= AT_ONCE;
            found.truncate(AT_ONCE);
            looked += found.len();
            after = found.last().map(|last| last.id.clone());
            rows.extend(found.into_iter().filter(is_open));
            if is_last || rows.len() > OPPORTUNITIES || looked >= LOOKED_THROUGH {
                break;
            }
        }
        let has_more = rows.len() > OPPORTUNITIES;
        rows.truncate(OPPORTUNITIES);
        let is_shown = |id: &str| rows.iter().any(|row| row.id == id);
        let unseen = unseen(
            state,
            |one| matches!(one, Supposition::Launches { opportunity, .. } if !is_shown(opportunity)),
        );
        let rows = rows.iter().map(|row| opportunity(visit, state, row)).collect();
        Ok(Some(Self { find: state.find.clone(), rows, has_more, unseen }))
    }
}

fn is_open(record: &guildhall_operations::ops::Record) -> bool {
    let value = |name: &str| record.values.get(name).map_or("", String::as_str);
    match value("stage") {
        "Launched" => !["", "Approved"].contains(&value("review")),
        "Closed Lost" => false,
        _ => true,
    }
}

fn opportunity(
    visit: &Visit,
    state: &State,
    record: &guildhall_operations::ops::Record,
) -> OpportunityView {
    let value = |name: &str| record.values.get(name).cloned().unwrap_or_default();
    let amount = format!("{} {}", visit.t.number(&value("expected_mrr")), value("currency"));
    let cell = |name: &str| record.values.get(name).map(String::as_str);
    let title = standing::opportunity_title(cell("title"), cell("customer"));
    OpportunityView {
        to: format!("/facts/opportunities/{}", path_of(&record.id)),
        title: title.unwrap_or_default(),
        stage: match value("stage").as_str() {
            "Launched" => value("review"),
            stage => stage.to_owned(),
        },
        amount,
        launches: Tick::of(
            state,
            "launches",
            &record.id,
            |chosen| matches!(chosen, Supposition::Launches { opportunity, .. } if *opportunity == record.id),
        ),
        id: record.id.clone(),
    }
}

/// Programs by their category.
pub(super) struct ProgramsView {
    pub(super) categories: Vec<CategoryView>,
    pub(super) unseen: Vec<Unseen>,
}

pub(super) struct CategoryView {
    pub(super) title: String,
    pub(super) programs: Vec<ProgramView>,
    /// Whether something of it is supposed.
    pub(super) is_open: bool,
}

pub(super) struct ProgramView {
    pub(super) title: String,
    pub(super) granted: Tick,
}

impl ProgramsView {
    pub(super) fn of(
        visit: &Visit,
        partner: &str,
        state: &State,
        edition: &Edition,
    ) -> Result<Self, Error> {
        let sought = Sought { limit: 500, ..Sought::default() };
        let found = facts::find(visit.app(), &visit.caller, "validations", partner, &sought);
        let held = match found {
            Ok(found) => found,
            Err(Error::NotFound { .. } | Error::Denied { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        let today = state.today.to_string();
        let is_held = |id: &str| {
            held.iter().any(|row| {
                let value = |name: &str| row.values.get(name);
                value("program").is_some_and(|program| program == id)
                    && value("expires_on").is_none_or(|last| *last >= today)
            })
        };
        let open = edition.programs.iter().filter(|program| !is_held(&program.id));
        let open: Vec<_> = open.take(PROGRAMS).collect();
        let mut categories: BTreeMap<&str, Vec<ProgramView>> = BTreeMap::new();
        for program in &open {
            let granted = Tick::of(
                state,
                "granted",
                &program.id,
                |chosen| matches!(chosen, Supposition::Granted { program: of, .. } if *of == program.id),
            );
            let view = ProgramView { title: or_id(&program.title, &program.id), granted };
            categories.entry(&program.category).or_default().push(view);
        }
        let unseen = unseen(state, |one| {
            matches!(one, Supposition::Granted { program, .. }
                if !open.iter().any(|known| known.id == *program))
        });
        let named = |(category, programs): (&str, Vec<ProgramView>)| CategoryView {
            title: category.replace(['_', '-'], " "),
            is_open: programs.iter().any(|program| program.granted.is_on),
            programs,
        };
        Ok(Self { categories: categories.into_iter().map(named).collect(), unseen })
    }
}
