//! `cargo xtask torture`: kills a server with SIGKILL while it writes, and an import while it
//! loads, at random moments, and looks whether anything that was acknowledged is missing.
//!
//! After each kill the server is started again on the same database: every write that was
//! acknowledged must be there, the chain must hold, and an import must be there whole or not at
//! all. Two thirds of the rounds kill the server, one third the import.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::bench::{option, shown};
use crate::http::Client;
use crate::postgres;
use crate::process::{Process, Server, answer, guildhall, token};
use crate::shell::{Outcome, command, run};

const PROFILE: &str = "debug";
/// Clients that write at the same time.
const WRITERS: usize = 4;

/// Runs the torture with its options.
pub fn run_torture(options: &[&str]) -> Outcome {
    let rounds = option(options, "--rounds", 200)?;
    run("building guildhall", command("cargo", &["build", "-q", "--workspace"]))?;
    let home = std::env::temp_dir().join(format!("guildhall-torture-{}", std::process::id()));
    fs::create_dir_all(&home).map_err(|error| format!("making {}: {error}", home.display()))?;
    let outcome = both(&home, rounds);
    // Data of a failed run is kept to be looked at.
    if outcome.is_ok() {
        let _ = fs::remove_dir_all(&home);
    }
    outcome
}

fn both(home: &Path, rounds: u64) -> Outcome {
    let server = postgres::Server::start_durable()?;
    let file = format!("sqlite:{}", shown(&home.join("torture.db")));
    for (name, database) in [("SQLite", file), ("PostgreSQL", server.new_database("torture")?)] {
        let mut torture = Torture::prepare(home, name, &database)?;
        for round in 1..=rounds {
            torture.round(round).map_err(|error| format!("{name}, round {round}: {error}"))?;
        }
        println!(
            "{name}: {rounds} kills, {} acknowledged writes, all there; {} imports cut off, none \
             half there, {} finished; the chain holds",
            torture.acknowledged.len(),
            torture.cut_off,
            torture.finished
        );
    }
    Ok(())
}

struct Torture {
    database: String,
    token: String,
    folder: PathBuf,
    chance: Chance,
    /// Facts that were acknowledged: id and the title last acknowledged.
    acknowledged: BTreeMap<String, String>,
    /// Facts of imports.
    imported: u64,
    cut_off: u64,
    finished: u64,
}

/// Random numbers good enough for moments of death.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

impl Torture {
    fn prepare(home: &Path, name: &str, database: &str) -> Outcome<Self> {
        let folder = home.join(format!("{name}-folder"));
        write(&folder, "partners.csv", "id,name,path\nada,Ada,services\n")?;
        let mut import = guildhall(PROFILE);
        import.args(["import", &shown(&folder), "--database", database]);
        answer("the first import", &mut import)?;
        let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let seed = seed.map_or(1, |time| u64::from(time.subsec_nanos()) ^ time.as_secs() << 20 | 1);
        eprintln!("==> {name}: seed {seed}");
        Ok(Self {
            database: database.to_owned(),
            token: token(PROFILE, database)?,
            folder,
            chance: Chance(seed),
            acknowledged: BTreeMap::new(),
            imported: 0,
            cut_off: 0,
            finished: 0,
        })
    }

    fn round(&mut self, round: u64) -> Outcome {
        if round.is_multiple_of(3) {
            self.kill_import(round)?;
        } else {
            self.kill_server(round)?;
        }
        self.check()
    }

    /// Writes from several clients until the server is killed.
    fn kill_server(&mut self, round: u64) -> Outcome {
        let mut server = Server::start(PROFILE, &self.database)?;
        let delay = Duration::from_millis(60 + self.chance.below(700));
        let acknowledged = Mutex::new(Vec::new());
        let (address, token) = (&server.address, &self.token);
        let process = &mut server.process.0;
        let killed = thread::scope(|scope| {
            for writer in 0..WRITERS {
                let acknowledged = &acknowledged;
                scope.spawn(move || write_until_death(address, token, round, writer, acknowledged));
            }
            thread::sleep(delay);
            let killed = process.kill().and_then(|()| process.wait());
            killed.map_err(|error| format!("killing the server: {error}"))
        });
        killed?;
        let all = acknowledged.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.acknowledged.extend(all);
        Ok(())
    }

    /// Kills an import on its way.
    fn kill_import(&mut self, round: u64) -> Outcome {
        const ROWS: u64 = 6_000;
        let mut text = String::from("id,partner,customer,stage,expected_mrr,currency\n");
        for row in 0..ROWS {
            // Writing to a string does not fail.
            let _ = writeln!(text, "imp-{round}-{row},ada,inn,Qualified,{row},USD");
        }
        write(&self.folder, "opportunities.csv", &text)?;
        let mut import = guildhall(PROFILE);
        import.args(["import", &shown(&self.folder), "--database", &self.database]);
        import.stdout(Stdio::null()).stderr(Stdio::null());
        let child = import.spawn().map_err(|error| format!("importing: {error}"))?;
        let mut process = Process(child);
        thread::sleep(Duration::from_millis(10 + self.chance.below(300)));
        let has_ended = process.0.try_wait().map_err(|error| error.to_string())?;
        drop(process);
        let count = self.count("imp-")?;
        if count == self.imported + ROWS {
            self.finished += 1;
            self.imported = count;
        } else if count == self.imported && has_ended.is_none() {
            self.cut_off += 1;
        } else {
            let held = self.imported;
            return Err(format!("{count} facts of imports are there, {held} were before"));
        }
        Ok(())
    }

    /// Everything acknowledged is there, and the chain holds.
    fn check(&self) -> Outcome {
        let rows = self.exported()?;
        for (id, title) in &self.acknowledged {
            match rows.get(id) {
                None => return Err(format!("the acknowledged fact {id} is gone")),
                // A later write may have been done without its answer having arrived.
                Some(held) if held < title => {
                    return Err(format!("{id} is {held}, acknowledged was {title}"));
                }
                Some(_) => {}
            }
        }
        let mut verify = guildhall(PROFILE);
        verify.args(["verify", "--database", &self.database]);
        answer("verifying", &mut verify).map(drop)
    }

    fn count(&self, prefix: &str) -> Outcome<u64> {
        Ok(self.exported()?.keys().filter(|id| id.starts_with(prefix)).count() as u64)
    }

    /// Ids and titles of all opportunities held now.
    fn exported(&self) -> Outcome<BTreeMap<String, String>> {
        let dir = self.folder.with_extension("out");
        // Left by the round before.
        let _ = fs::remove_dir_all(&dir);
        let mut export = guildhall(PROFILE);
        export.args(["export", &shown(&dir), "--database", &self.database]);
        answer("exporting", &mut export)?;
        let text = fs::read_to_string(dir.join("opportunities.csv")).unwrap_or_default();
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = lines.next().unwrap_or_default();
        let at = |name: &str| header.iter().position(|column| *column == name);
        let (id, title, retracted) = (at("id"), at("title"), at("retracted_at"));
        let cell = |row: &[&str], at: Option<usize>| {
            at.and_then(|at| row.get(at)).map_or_else(String::new, |cell| (*cell).to_owned())
        };
        Ok(lines
            .filter(|row| cell(row, retracted).is_empty())
            .map(|row| (cell(&row, id), cell(&row, title)))
            .collect())
    }
}

/// Adds facts and corrects each twice, noting what was acknowledged.
fn write_until_death(
    address: &str,
    token: &str,
    round: u64,
    writer: usize,
    acknowledged: &Mutex<Vec<(String, String)>>,
) {
    let mut client = Client::new(address, token);
    for number in 0_u64.. {
        let id = format!("w-{round}-{writer}-{number}");
        for (turn, title) in ["a", "b", "c"].iter().enumerate() {
            let body = serde_json::json!({
                "id": id, "partner": "ada", "customer": "inn", "title": title,
                "stage": "Qualified", "expected_mrr": number.to_string(), "currency": "USD",
            });
            let body = body.to_string();
            let (method, path) = if turn == 0 {
                ("POST", "/api/v1/facts/opportunities".to_owned())
            } else {
                ("PUT", format!("/api/v1/facts/opportunities/{id}"))
            };
            match client.ask(method, &path, Some(&body)) {
                Ok(answer) if answer.status < 300 => {
                    let mut all = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
                    all.push((id.clone(), (*title).to_owned()));
                }
                Ok(answer) if answer.status != 503 => {
                    eprintln!("    {method} {path}: {} {}", answer.status, answer.body);
                    return;
                }
                // The server is dead, or busy.
                _ => return,
            }
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Outcome {
    let path = folder.join(name);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("writing {}: {error}", path.display()))
}
