//! `guildhall rulebook impact`: what a change of rules does to a network.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use guildhall_rules::day::Day;
use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::Facts;
use guildhall_rules::impact::{Pair, SweptRequirement};
use guildhall_rules::rulebook::Edition;

use crate::cli::ImpactArgs;
use crate::clock::today;
use crate::failure::{Failure, talk};
use crate::folder::threads;
use crate::output;
use crate::progress::{progress, spinner};
use crate::sources::Sources;
use crate::terminal::plain;
use crate::text;

/// Runs the command.
pub fn run(args: &ImpactArgs) -> Result<ExitCode, Failure> {
    let mut sources = Sources::open(&args.sources)?;
    let (old, new) = (sources.name_edition(&args.old)?, sources.name_edition(&args.new)?);
    let as_of = args.when.as_of.unwrap_or_else(today);
    let loading = spinner("reading facts");
    let facts = sources.numbers(args.when.known_at);
    loading.finish_and_clear();
    let facts = facts?;
    let evaluator = |edition| Evaluator::new(edition, &sources.catalogue, &facts);
    if let Some(sweep) = &args.sweep {
        return print_sweep(args, &evaluator(&new), sweep, as_of);
    }
    let pair = Pair { old: &evaluator(&old), new: &evaluator(&new) };
    let impact = pair.impact(as_of, args.when.known_at, threads());
    if let Some(path) = &args.html {
        let page = guildhall_server::impact_sheet(&impact, &old, &new, 0)
            .map_err(|error| Failure::Broken(format!("writing the page: {error}")))?;
        output::write(path, &page)?;
    }
    if let Some(dir) = &args.notices {
        write_notices(dir, &pair, &facts, (&old, &new), as_of)?;
    }
    if args.json {
        super::print_json(&impact)?;
    } else {
        text::impact::print(&mut anstream::stdout().lock(), &old, &new, &impact)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_sweep(
    args: &ImpactArgs,
    evaluator: &Evaluator<'_>,
    asked: &SweptRequirement,
    as_of: Day,
) -> Result<ExitCode, Failure> {
    let sweep = evaluator.sweep(asked, as_of, threads()).map_err(|problem| *problem)?;
    if let Some(path) = &args.svg {
        output::write(path, &guildhall_server::sweep_picture(&sweep))?;
    }
    if args.json {
        super::print_json(&sweep)?;
    } else {
        text::sweep::print(&mut anstream::stdout().lock(), evaluator.edition(), &sweep)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes a notice for every partner, moved or not.
fn write_notices(
    dir: &Path,
    pair: &Pair<'_>,
    facts: &Facts,
    editions: (&Edition, &Edition),
    as_of: Day,
) -> Result<(), Failure> {
    super::check_new_folder(dir)?;
    let broken =
        |error: &std::io::Error| Failure::broken(&format!("writing {}", dir.display()), error);
    fs::create_dir_all(dir).map_err(|error| broken(&error))?;
    let bar = progress(facts.partners().len() as u64, "notices");
    for partner in bar.wrap_iter(facts.partners()) {
        let impact = pair.impact_on(partner, as_of);
        let name = format!("{}.txt", file_name(&impact.partner));
        let notice = guildhall_rules::impact::notice(editions, &impact, as_of);
        fs::write(dir.join(name), notice).map_err(|error| broken(&error))?;
    }
    bar.finish_and_clear();
    talk(&format!("{} notices in {}", facts.partners().len(), plain(&dir.display().to_string())));
    Ok(())
}

/// The id as a name that every file system takes: what is not plain is written by its bytes. Long
/// ones keep their beginning, with a number made of the whole.
fn file_name(id: &str) -> String {
    const LONGEST: usize = 120;
    let mut name = String::new();
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            byte => name.push_str(&format!("%{byte:02X}")),
        }
    }
    if name.len() > LONGEST {
        let number = id.bytes().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(1_099_511_628_211).wrapping_add(u64::from(byte))
        });
        name.truncate(LONGEST);
        name.push_str(&format!("-{number:016x}"));
    }
    name
}
