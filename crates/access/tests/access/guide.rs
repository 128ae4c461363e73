//! Holds `docs/access.md` complete: roles, scopes, kinds, actions and reasons are all told.

use std::fs;
use std::path::Path;

use guildhall_access::{Action, FAILED, NO_ROLE, ResourceKind, Role, Scope};

#[test]
fn the_guide_tells_every_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let guide = fs::read_to_string(root.join("docs/access.md")).unwrap();
    let limits = fs::read_to_string(root.join("policies/limits.cedar")).unwrap();
    let reasons = limits.split("@id(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let words = Role::ALL.iter().map(|role| role.word());
    let words = words.chain(Scope::ALL.iter().map(|scope| scope.word()));
    let words = words.chain(ResourceKind::ALL.iter().map(|kind| kind.word()));
    let words = words.chain(Action::ALL.iter().map(|action| action.word()));
    let words = words.chain(reasons).chain([NO_ROLE, FAILED]);
    let missing: Vec<&str> = words.filter(|word| !guide.contains(&format!("`{word}`"))).collect();
    assert!(missing.is_empty(), "docs/access.md does not tell {missing:?}");
}
