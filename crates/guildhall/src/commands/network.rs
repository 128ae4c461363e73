//! `guildhall network`: all partners, one line each, as they are computed.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::csv::write_record;
use guildhall_rules::facts::{Facts, PartnerNumber};
use guildhall_rules::rulebook::{Column, Edition};
use guildhall_rules::scorecard::{FactLists, Scorecard};
use guildhall_server::csv_text;

use crate::cli::{NetworkArgs, NetworkFormat};
use crate::clock::today;
use crate::failure::Failure;
use crate::progress::{progress, spinner};
use crate::sources::Sources;
use crate::text;

/// Runs the command.
pub fn run(args: &NetworkArgs) -> Result<ExitCode, Failure> {
    let sources = Sources::open(&args.sources)?;
    let as_of = args.when.as_of.unwrap_or_else(today);
    let known_at = args.when.known_at;
    let edition = sources.edition(as_of, known_at)?;
    let loading = spinner("reading facts");
    let facts = sources.network(known_at);
    loading.finish_and_clear();
    let facts = facts?;
    let evaluator = Evaluator::new(edition, &sources.catalogue, &facts);
    let partners = sorted(&facts);
    let lists = if args.explain { FactLists::Listed } else { FactLists::Omitted };
    let bar = progress(partners.len() as u64, "partners");
    let one = |partner: PartnerNumber| evaluator.scorecard(partner, as_of, known_at, lists);
    match args.format() {
        NetworkFormat::Json => {
            let mut out = BufWriter::new(io::stdout().lock());
            for partner in bar.wrap_iter(partners.into_iter()) {
                serde_json::to_writer(&mut out, &one(partner)).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
        }
        NetworkFormat::Csv => {
            let mut out = BufWriter::new(io::stdout().lock());
            write_csv(&mut out, edition, bar.wrap_iter(partners.into_iter()).map(one))?;
            out.flush()?;
        }
        NetworkFormat::Text => {
            let mut out = BufWriter::new(anstream::stdout().lock());
            let scorecards = bar.wrap_iter(partners.into_iter()).map(one);
            text::network::print(&mut out, edition, as_of, scorecards)?;
            out.flush()?;
        }
    }
    bar.finish_and_clear();
    Ok(ExitCode::SUCCESS)
}

/// Partners in the order of their ids.
fn sorted(facts: &Facts) -> Vec<PartnerNumber> {
    let mut partners: Vec<PartnerNumber> = facts.partners().collect();
    partners.sort_by_key(|partner| facts.partner_id(*partner));
    partners
}

/// One row for each partner, two columns for each measure of any path.
fn write_csv(
    out: &mut impl Write,
    edition: &Edition,
    scorecards: impl Iterator<Item = Scorecard>,
) -> io::Result<()> {
    let mut head: Vec<String> = [
        "partner",
        "name",
        "rulebook",
        "as_of",
        "path",
        "tier",
        "renewal_tier",
        "renewal_met",
        "upgrade_tier",
        "upgrade_met",
        "attained",
        "review_due_on",
        "review_outcome",
        "review_to_tier",
        "grace_until",
        "support_discount_percent",
    ]
    .map(str::to_owned)
    .to_vec();
    let is_required = |at: usize| {
        let tiers = edition.paths.iter().flat_map(|path| &path.tiers);
        tiers.flat_map(|tier| &tier.requires).any(|asked| asked.measure == at)
    };
    let measures: Vec<&str> = (0..edition.measures.len())
        .filter(|&at| is_required(at))
        .filter_map(|at| edition.measures.get(at).map(|measure| measure.id.as_str()))
        .collect();
    for measure in &measures {
        for column in Column::BOTH {
            head.push(format!("{measure}_{}", column.word()));
            head.push(format!("{measure}_{}_state", column.word()));
        }
    }
    write_record(out, head.iter().map(String::as_bytes))?;
    for scorecard in scorecards {
        let fields = csv_fields(&scorecard, &measures);
        csv_text::write_row(out, fields.iter().map(String::as_str))?;
    }
    Ok(())
}

fn csv_fields(scorecard: &Scorecard, measures: &[&str]) -> Vec<String> {
    fn text(value: Option<impl ToString>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }
    let review = &scorecard.review;
    let discount = scorecard.support_discount.as_ref();
    let mut fields = vec![
        scorecard.partner.clone(),
        scorecard.name.clone(),
        scorecard.rulebook.clone(),
        scorecard.as_of.to_string(),
        scorecard.path.clone(),
        text(scorecard.tier.as_ref()),
        text(scorecard.renewal.tier.as_ref()),
        text(scorecard.renewal.met),
        text(scorecard.upgrade.tier.as_ref()),
        text(scorecard.upgrade.met),
        text(scorecard.attained.as_ref()),
        text(review.due_on),
        text(review.outcome.map(guildhall_rules::review::ReviewOutcome::word)),
        text(review.to_tier.as_ref()),
        text(review.grace_until),
        text(discount.map(|discount| &discount.percent)),
    ];
    for measure in measures {
        let row = scorecard.rows.iter().find(|row| row.measure == *measure);
        for column in Column::BOTH {
            let cell = row.map(|row| row.cell(column));
            fields.push(text(cell.map(|cell| &cell.value)));
            fields.push(text(cell.map(|cell| cell.state.word())));
        }
    }
    fields
}
