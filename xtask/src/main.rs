//! Chores of the repository: `cargo xtask test` runs everything that CI runs, `cargo xtask bench
//! network` measures.

mod bench;
mod browser;
mod contract;
mod http;
mod postgres;
mod process;
mod shell;
mod test;
mod torture;

use std::process::ExitCode;

use shell::Outcome;

const USAGE: &str = "\
usage:
  cargo xtask postgres CMD …   run a command beside a PostgreSQL server of its own, whose address
                               is in GUILDHALL_TEST_POSTGRES
  cargo xtask test             install what a test needs, then run everything that CI runs
  cargo xtask bench network    time a network of 100,000 partners against DuckDB
      [--partners N]           of another size
      [--rounds N]             measure so often (5)
  cargo xtask bench portal     time pages over a network of 100,000 partners, on both databases
  cargo xtask bench impact     time a change of rules, a sweep and a forecast, against DuckDB
      [--partners N]           of another size (100,000)
      [--rounds N]             measure so often (3)
  cargo xtask bench store      import, start, answer on SQLite and PostgreSQL side by side
      [--partners N]           of another size (100,000)
      [--seconds N]            answer for so long (30)
  cargo xtask bench climb      plans of 200 and of 5,000 people, beside the greedy choice
      [--rounds N]             over so many networks of each size (5)
  cargo xtask contract         try every route by the OpenAPI document, on both databases
      [--examples N]           so many requests for each (100)
  cargo xtask browser [WORD …]   walk the portal in Chromium, or the journeys named so
  cargo xtask pictures [WORD …]  take the pictures of docs/pictures anew
  cargo xtask torture          kill the server while it writes and the import while it loads
      [--rounds N]             so often on each database (200)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome: Outcome = match words.as_slice() {
        ["test"] => test::run(),
        ["postgres", rest @ ..] => postgres::beside(rest),
        ["bench", "network", rest @ ..] => bench::network::run_bench(rest),
        ["bench", "portal", rest @ ..] => bench::portal::run_bench(rest),
        ["bench", "impact", rest @ ..] => bench::impact::run_bench(rest),
        ["bench", "climb", rest @ ..] => bench::climb::run_bench(rest),
        ["bench", "store", rest @ ..] => bench::store::run_bench(rest),
        ["contract", rest @ ..] => contract::run_contract(rest),
        ["browser", words @ ..] => browser::run_journeys(words),
        ["pictures", words @ ..] => browser::take_pictures(words),
        ["torture", rest @ ..] => torture::run_torture(rest),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
