//! A PostgreSQL server for tests: of its own, on a private socket, gone when it is dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{Outcome, command, install, output, root, run, works};

/// The variable by which tests learn of the server.
pub const VARIABLE: &str = "GUILDHALL_TEST_POSTGRES";

/// A running server.
pub struct Server {
    dir: PathBuf,
    programs: PathBuf,
    user: Option<String>,
}

impl Server {
    /// A server for tests, which does not wait for the disk: whoever kills a test kills it too.
    pub fn start() -> Outcome<Self> {
        Self::start_with("-c fsync=off")
    }

    /// A server as it is used, which does.
    pub fn start_durable() -> Outcome<Self> {
        Self::start_with("-c fsync=on")
    }

    /// Makes a cluster in a folder of its own and starts it. A server refuses to run as root, so
    /// that it then runs as `nobody`.
    fn start_with(settings: &str) -> Outcome<Self> {
        let programs = programs()?;
        let is_root = output("who runs this", command("id", &["-u"]))?.trim() == "0";
        let user = is_root.then(|| "nobody".to_owned());
        // Sockets have short names only, and `nobody` may not look into everybody's folders.
        let dir = std::env::temp_dir().join(format!("guildhall-pg-{}", std::process::id()));
        fs::create_dir_all(&dir).map_err(|error| format!("making {}: {error}", dir.display()))?;
        let server = Self { dir, programs, user };
        if let Some(user) = &server.user {
            run("giving the folder away", command("chown", &[user, &server.shown("")]))?;
        }
        let data = server.shown("data");
        let initdb =
            ["-D", &data, "-U", "guildhall", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"];
        server.quietly("initdb", &initdb)?;
        let options = format!(
            "-k {} -h '' {settings} -c max_connections=200 -c shared_buffers=256MB -c max_wal_size=4GB",
            server.dir.display()
        );
        let log = server.shown("log");
        server.quietly("pg_ctl", &["-D", &data, "-l", &log, "-w", "-o", &options, "start"])?;
        Ok(server)
    }

    /// The address of a database of it.
    pub fn url(&self) -> String {
        format!("postgres://guildhall@/postgres?host={}", self.dir.display())
    }

    /// Makes a database. Returns its address.
    pub fn new_database(&self, name: &str) -> Outcome<String> {
        let socket = self.dir.display().to_string();
        self.quietly("createdb", &["-h", &socket, "-U", "guildhall", name])?;
        Ok(format!("postgres://guildhall@/{name}?host={socket}"))
    }

    fn shown(&self, name: &str) -> String {
        self.dir.join(name).display().to_string()
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let program = self.programs.join(name).display().to_string();
        let mut command = match &self.user {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid", user, "--regid", "nogroup", "--clear-groups"]);
                command.arg(program);
                command
            }
        };
        command.args(arguments).current_dir(&self.dir).env("HOME", &self.dir);
        command
    }

    fn quietly(&self, name: &str, arguments: &[&str]) -> Outcome {
        let mut command = self.program(name, arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        run(&format!("PostgreSQL: {name}"), command)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where it cannot be stopped there is nobody to tell.
        let _ =
            self.quietly("pg_ctl", &["-D", &self.shown("data"), "-m", "immediate", "-w", "stop"]);
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// The folder of the server's programs, installed if they are missing.
fn programs() -> Outcome<PathBuf> {
    if let Some(found) = find_programs() {
        return Ok(found);
    }
    if !works("pg_createcluster", &["--help"]) {
        install(&["postgresql-common"])?;
        // The package would start a server for everybody.
        let setting = "create_main_cluster = false\n";
        let path = "/etc/postgresql-common/createcluster.conf";
        fs::write(path, setting).map_err(|error| format!("writing {path}: {error}"))?;
    }
    install(&["postgresql"])?;
    find_programs().ok_or_else(|| "PostgreSQL's programs are not where they belong".to_owned())
}

fn find_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|name| is_file(folder, name)))
        .collect();
    folders.sort();
    folders.pop()
}

fn is_file(folder: &Path, name: &str) -> bool {
    folder.join(name).is_file()
}

/// Runs a command beside a server, with its address in the environment.
pub fn beside(words: &[&str]) -> Outcome {
    let Some((program, arguments)) = words.split_first() else {
        return Err("name a command to run beside the server".to_owned());
    };
    let server = Server::start()?;
    let mut command = command(program, arguments);
    command.current_dir(std::env::current_dir().unwrap_or_else(|_| root()));
    command.env(VARIABLE, server.url());
    run(&words.join(" "), command)
}
