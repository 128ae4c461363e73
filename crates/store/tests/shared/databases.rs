//! Fresh databases for tests: a file, and one on the server that the test command started.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// The variable that names the server.
const VARIABLE: &str = "GUILDHALL_TEST_POSTGRES";

/// A database that is gone when this is dropped.
pub struct Database {
    pub url: String,
    dir: PathBuf,
    on_server: Option<(String, String)>,
}

fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("guildhall_{}_{count}", std::process::id())
}

impl Database {
    /// A new file.
    pub fn sqlite() -> Self {
        let dir = std::env::temp_dir().join(fresh_name());
        std::fs::create_dir_all(&dir).unwrap();
        let url = format!("sqlite:{}", dir.join("test.db").display());
        Self { url, dir, on_server: None }
    }

    /// A new database on the server.
    pub fn postgres() -> Self {
        let server = std::env::var(VARIABLE).unwrap_or_else(|_| {
            panic!("{VARIABLE} names no server: run `cargo xtask postgres cargo test`")
        });
        let name = fresh_name();
        let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
        // Another locale than that of the server: text sorts bytewise all the same.
        client
            .batch_execute(&format!(
                "create database {name} template template0 locale_provider icu icu_locale 'en-US'"
            ))
            .unwrap();
        let url = server.replace("/postgres?", &format!("/{name}?"));
        let dir = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&dir).unwrap();
        Self { url, dir, on_server: Some((server, name)) }
    }

    /// One of each.
    pub fn both() -> [Self; 2] {
        [Self::sqlite(), Self::postgres()]
    }

    /// A folder for the test's own files.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
        if let Some((server, name)) = &self.on_server
            && let Ok(mut client) = postgres::Client::connect(server, postgres::NoTls)
        {
            let _ = client.batch_execute(&format!("drop database {name} with (force)"));
        }
    }
}
