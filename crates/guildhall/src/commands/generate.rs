//! `guildhall generate`: an invented network of any size as a folder of facts.

use std::process::ExitCode;

use guildhall_rules::problem::Problem;
use guildhall_rules::rulebook::Edition;

use crate::cli::GenerateArgs;
use crate::editions::{Editions, Wanted};
use crate::failure::{Failure, talk};
use crate::generate::{CredentialChoice, Size, Vocabulary, generate};
use crate::progress::progress;
use crate::terminal::plain;

/// Runs the command.
pub fn run(args: &GenerateArgs) -> Result<ExitCode, Failure> {
    let dir = &args.dir;
    super::check_new_folder(dir)?;
    if args.until.year() < 10 {
        let message = format!("--until {} leaves no years before it", args.until);
        return Err(Problem::new("bad-argument", message).into());
    }
    let mut editions = Editions::load(args.rulebooks.as_deref())?;
    let wanted = match &args.rulebook {
        Some(name) => editions.resolve(name)?,
        None => Wanted::Network(Editions::default_network().to_owned()),
    };
    let edition = editions.choose(&wanted, args.until, None)?;
    let size = Size {
        partners: args.partners,
        facts_per_partner: args.facts_per_partner,
        seed: args.seed,
        until: args.until.to_date(),
    };
    let bar = progress(args.partners.into(), "partners");
    let made = generate(dir, &vocabulary(edition), &size, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let summary =
        made.map_err(|error| Failure::broken(&format!("writing {}", dir.display()), &error))?;
    talk(&format!("wrote {} rows to {}", summary.total(), plain(&dir.display().to_string())));
    Ok(ExitCode::SUCCESS)
}

/// What an edition lets a partner have. Lower levels are the more common.
fn vocabulary(edition: &Edition) -> Vocabulary {
    let rank = |level: usize| edition.levels.get(level).map_or(0, |level| u32::from(level.rank));
    Vocabulary {
        network: edition.network.clone(),
        currency: edition.currency.clone(),
        paths: edition
            .paths
            .iter()
            .map(|path| (path.id.clone(), path.tiers.iter().map(|tier| tier.id.clone()).collect()))
            .collect(),
        credentials: edition
            .credentials
            .iter()
            .map(|credential| CredentialChoice {
                id: credential.id.clone(),
                weight: 12 / (1 + rank(credential.level)),
            })
            .collect(),
        programs: edition.programs.iter().map(|program| program.id.clone()).collect(),
        resolution_codes: edition.resolution_codes.iter().map(|code| code.id.clone()).collect(),
        event_kinds: edition.event_kinds.iter().map(|kind| kind.id.clone()).collect(),
        partner_kinds: edition.partner_kinds.iter().map(|kind| kind.id.clone()).collect(),
    }
}
