//! Any text is a costs file or a list of problems, and a plan can be made by it.
#![no_main]

use std::sync::LazyLock;

use guildhall_fuzz::{FOLDER, RULEBOOK, check_problems, days, files, load_with, sources};
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::{Facts, LoadOptions, Mapping, References};
use guildhall_rules::plan::{Costs, Goal, Request, plan};
use guildhall_rules::rulebook::{self, Catalogue, Edition};
use libfuzzer_sys::fuzz_target;

/// What can be done in the invented network.
const TRAINING: &str = r#"
[[training]]
id = "school"
title = "School"
cost = 45
days = 15
[[training]]
id = "installer-test"
title = "Installer's test"
leads_to = "roof-installer"
cost = 80.5
days = 10
requires = ["school"]
after = ["starter-day"]
[[training]]
id = "starter-day"
title = "Starter's day"
leads_to = "starter"
cost = 0
days = 1
[[efforts]]
id = "hand-over"
title = "Hand over"
of = "open_opportunities"
cost = 35
days = 9
[[efforts]]
id = "show"
title = "Show a house"
of = "references"
cost = 20
days = 5
at_most = 2
"#;

static NETWORK: LazyLock<(Edition, Catalogue)> = LazyLock::new(|| {
    let text = format!("{RULEBOOK}{TRAINING}");
    let edition = rulebook::load("tiles-2026.toml", &text);
    let edition = edition.unwrap_or_else(|problems| panic!("{problems:#?}"));
    let catalogue = Catalogue::new([&edition]);
    (edition, catalogue)
});

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    let files = files(FOLDER.as_bytes());
    let options = LoadOptions { known_at: None, threads: 1, references: References::Folder };
    load_with(&sources(&files), &Mapping::default(), &NETWORK.1, options, None).facts
});

fuzz_target!(|text: &str| {
    let (edition, catalogue) = &*NETWORK;
    let costs = match Costs::read("costs.toml", text, edition) {
        Ok(costs) => costs,
        Err(problems) => {
            assert!(!problems.is_empty());
            return check_problems(&problems);
        }
    };
    let evaluator = Evaluator::new(edition, catalogue, &FACTS);
    let path = edition.paths.first().unwrap();
    let tier = path.tiers.last().unwrap().id.clone();
    let [as_of, by] = [days()[2], days()[2].plus_months(9)];
    let goal = Goal::Tier { tier, by };
    let work = 100_000;
    let (known_at, stop, in_full) = (None, &|| false, true);
    let request = Request { goal: &goal, as_of, known_at, costs: &costs, work, stop, in_full };
    let Some(partner) = FACTS.partners().next() else { return };
    match plan(&evaluator, partner, &request) {
        Ok(plan) => {
            assert!(plan.steps.iter().all(|step| as_of < step.begin && step.due <= by));
            serde_json::to_string(&plan).unwrap();
        }
        Err(problems) => check_problems(&problems),
    }
});
