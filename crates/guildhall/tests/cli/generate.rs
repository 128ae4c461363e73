//! Invented networks: the same seed writes the same bytes, and they load without a problem.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::binary::run;
use crate::scratch::scratch;

fn generate(folder: &Path, name: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let arguments = [&["generate", name, "--partners", "200"], more].concat();
    let found = run(folder, &arguments);
    assert_eq!((found.code, found.stdout.as_str()), (Some(0), ""), "{}", found.stderr);
    assert!(found.stderr.starts_with("wrote "), "{}", found.stderr);
    let files = fs::read_dir(folder.join(name)).unwrap().map(Result::unwrap);
    files
        .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
        .collect()
}

#[test]
fn an_invented_network_is_the_same_for_the_same_seed_and_loads() {
    let folder = scratch("generate");
    for network in ["apn", "summit"] {
        let on = ["--rulebook", network, "--facts-per-partner", "60", "--seed"];
        let with = |name: &str, seed: &str| {
            generate(&folder, &format!("{network}-{name}"), &[&on[..], &[seed]].concat())
        };
        let first = with("first", "7");
        assert_eq!(first, with("again", "7"));
        assert_ne!(first, with("other", "8"));
        assert!(first.contains_key("partners.csv") && first.contains_key("network.toml"));
        let data = format!("{network}-first");
        let line = ["network", "--as-of", "2026-06-30", "--json", "--data", &data];
        let found = run(&folder, &line);
        assert_eq!((found.code, found.stderr.as_str()), (Some(0), ""), "{network}");
        assert_eq!(found.stdout.lines().count(), 200, "{network}");
        let is_some_held = found.stdout.lines().any(|line| !line.contains("\"tier\":null"));
        assert!(is_some_held, "{network}: nobody holds a tier");
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = scratch("not-empty");
    fs::create_dir(folder.join("mine")).unwrap();
    fs::write(folder.join("mine/notes.txt"), "kept\n").unwrap();
    let found = run(&folder, &["generate", "mine", "--partners", "3", "--seed", "1"]);
    assert_eq!((found.code, found.stdout.as_str()), (Some(1), ""));
    assert!(found.stderr.contains("[not-empty]"), "{}", found.stderr);
    assert_eq!(fs::read_dir(folder.join("mine")).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(folder.join("mine/notes.txt")).unwrap(), "kept\n");
}
