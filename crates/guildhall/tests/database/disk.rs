//! A full disk and a disk that may only be read: a clear error, and nothing is lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::databases::Database;
use crate::{answer, guildhall, holding, json};

/// A small file system of its own, gone when this is dropped.
struct SmallDisk {
    dir: PathBuf,
}

fn mount(arguments: &[&str]) -> bool {
    Command::new("mount").args(arguments).output().is_ok_and(|output| output.status.success())
}

impl SmallDisk {
    /// None where this user may not mount.
    fn new(of: &Database, size: &str) -> Option<Self> {
        let dir = of.dir().join("disk");
        fs::create_dir_all(&dir).unwrap();
        let options = format!("size={size}");
        let shown = dir.to_str().unwrap().to_owned();
        mount(&["-t", "tmpfs", "-o", &options, "none", &shown]).then_some(Self { dir })
    }

    fn set_read_only(&self) {
        assert!(mount(&["-o", "remount,ro", self.dir.to_str().unwrap()]));
    }

    fn url(&self) -> String {
        format!("sqlite:{}", self.dir.join("small.db").display())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.dir).output();
    }
}

fn invented(database: &Database, partners: u32) -> String {
    let folder = database.dir().join("invented").display().to_string();
    answer(&format!("generate {folder} --partners {partners} --facts-per-partner 60 --seed 3"));
    folder
}

/// A new database does not fit, a filled one stays what it was.
#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let database = Database::sqlite();
    let folder = invented(&database, 900);
    let Some(disk) = SmallDisk::new(&database, "4m") else {
        return full_by_quota(&database, &folder);
    };
    let url = disk.url();
    let found = guildhall(&format!("import {folder} --database {url}"));
    assert_eq!(found.code, Some(2), "{}{}", found.stdout, found.stderr);
    assert!(found.stderr.contains("no space is left"), "{}", found.stderr);
    answer(&format!("import examples/small-network --database {url}"));
    let line = format!("network --as-of 2026-06-30 --json --database {url}");
    let before = (answer(&line), json(&format!("verify --database {url}")));
    let found = guildhall(&format!("import {folder} --json --database {url}"));
    assert_eq!(found.code, Some(2));
    assert!(found.stdout.contains("\"broken\""), "{}", found.stdout);
    assert_eq!((answer(&line), json(&format!("verify --database {url}"))), before);
    // A backup and an export that find no room leave nothing behind.
    let big = database.dir().join("big.db");
    answer(&format!("import {folder} --database sqlite:{}", big.display()));
    for command in ["backup", "export"] {
        let target = disk.dir.join("target");
        let line = format!("{command} {} --database sqlite:{}", target.display(), big.display());
        let found = guildhall(&line);
        assert_eq!(found.code, Some(2), "{}", found.stderr);
        assert!(found.stderr.contains("writing"), "{}", found.stderr);
        assert!(!target.exists());
    }
    assert_eq!(answer(&line), before.0);
}

/// Where nothing can be mounted, files of the process are kept short.
fn full_by_quota(database: &Database, folder: &str) {
    let url = &database.url;
    answer(&format!("import examples/small-network --database {url}"));
    let before = json(&format!("verify --database {url}"));
    let script = format!(
        "trap '' XFSZ; ulimit -f 2000; exec '{}' import {folder} --database {url}",
        env!("CARGO_BIN_EXE_guildhall")
    );
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(json(&format!("verify --database {url}")), before);
}

#[test]
fn a_disk_that_may_only_be_read_is_told() {
    let database = Database::sqlite();
    // Whoever may not mount is no superuser, and is kept out by permissions.
    let disk = SmallDisk::new(&database, "8m");
    let own = database.dir().join("own");
    let dir = disk.as_ref().map_or(own.as_path(), |disk| &disk.dir);
    fs::create_dir_all(dir).unwrap();
    let url = format!("sqlite:{}", dir.join("small.db").display());
    answer(&format!("import examples/web-services-guru --database {url}"));
    let line = format!("network --as-of 2026-06-30 --json --database {url}");
    let (network, verified) = (answer(&line), json(&format!("verify --database {url}")));
    set_read_only(disk.as_ref(), dir, true);
    let found = guildhall(&format!("import examples/small-network --database {url}"));
    let read = guildhall(&line);
    let seen = guildhall(&format!("verify --json --database {url}"));
    set_read_only(None, dir, false);
    assert_eq!(found.code, Some(2), "{}{}", found.stdout, found.stderr);
    assert!(found.stderr.contains("may only be read"), "{}", found.stderr);
    // Reading goes on.
    assert_eq!((read.code, read.stdout), (Some(0), network), "{}", read.stderr);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&seen.stdout).unwrap(), verified);
}

fn set_read_only(disk: Option<&SmallDisk>, dir: &Path, is_read_only: bool) {
    if let Some(disk) = disk {
        return disk.set_read_only();
    }
    let mode = if is_read_only { "a-w" } else { "u+w" };
    let _ = Command::new("chmod").args(["-R", mode]).arg(dir).output();
}

/// What a server refuses for want of rights is told too.
#[test]
fn a_server_that_lets_nobody_write_is_told() {
    let database = holding("web-services-guru", Database::postgres());
    let url = format!("{}&options=-c%20default_transaction_read_only%3Don", database.url);
    let line = format!("import examples/small-network --database {url}");
    let found = guildhall(&line);
    assert_eq!(found.code, Some(2), "{}{}", found.stdout, found.stderr);
    let network = "network --as-of 2026-06-30 --json --database";
    assert_eq!(answer(&format!("{network} {url}")), answer(&format!("{network} {}", database.url)));
}
