//! Files that are replaced while they are mapped.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use guildhall_mapped::{Mapped, replace};

fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("guildhall-mapped-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).unwrap();
    dir
}

fn names(dir: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_map_stays_as_it_was_when_its_file_is_replaced() {
    let dir = scratch("replaced");
    let path = dir.join("tiles");
    assert_eq!(replace(&path, |out| out.write_all(b"first")).unwrap(), 5);
    let first = Mapped::open(&path).unwrap();
    replace(&path, |out| out.write_all(b"the second, longer")).unwrap();
    let second = Mapped::open(&path).unwrap();
    assert_eq!(first.as_ref(), b"first");
    assert_eq!(second.as_ref(), b"the second, longer");
    assert_eq!(names(&dir), ["tiles"]);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_writer_that_fails_leaves_the_old_file_and_nothing_else() {
    let dir = scratch("fails");
    let path = dir.join("tiles");
    replace(&path, |out| out.write_all(b"first")).unwrap();
    let failed = replace(&path, |out| {
        out.write_all(b"sec")?;
        Err(io::Error::other("no more"))
    });
    assert_eq!(failed.unwrap_err().to_string(), "no more");
    assert_eq!(Mapped::open(&path).unwrap().as_ref(), b"first");
    assert_eq!(names(&dir), ["tiles"]);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_killed_writers_left_is_removed_and_what_others_write_is_not() {
    let dir = scratch("left");
    let path = dir.join("tiles");
    for name in ["tiles.0123456789abcdef.part", "tiles.0123456789abcdee.part", "tiles.x.part"] {
        fs::write(dir.join(name), "half").unwrap();
    }
    let at_work = File::open(dir.join("tiles.0123456789abcdee.part")).unwrap();
    at_work.lock().unwrap();
    replace(&path, |out| out.write_all(b"whole")).unwrap();
    assert_eq!(names(&dir), ["tiles", "tiles.0123456789abcdee.part", "tiles.x.part"]);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_file_that_somebody_writes_is_not_mapped() {
    let dir = scratch("written");
    let path = dir.join("tiles");
    fs::write(&path, "half").unwrap();
    let writer = File::open(&path).unwrap();
    writer.lock().unwrap();
    assert_eq!(Mapped::open(&path).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    drop(writer);
    assert_eq!(Mapped::open(&path).unwrap().as_ref(), b"half");
    assert!(Mapped::open(&dir.join("nothing")).is_err());
    fs::write(dir.join("empty"), "").unwrap();
    assert_eq!(Mapped::open(&dir.join("empty")).unwrap().as_ref(), b"");
    fs::remove_dir_all(dir).unwrap();
}
