//! `guildhall user`, as an operator runs it beside a database.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "shared/binary.rs"]
mod binary;
#[path = "shared/scratch.rs"]
mod scratch;

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use binary::{Run, command, run};
use scratch::scratch;

const DATABASE: &str = "sqlite:users.db";

fn user(folder: &Path, rest: &str) -> Run {
    let arguments = ["user"].into_iter().chain(rest.split(' '));
    let arguments: Vec<&str> = arguments.chain(["--database", DATABASE]).collect();
    run(folder, &arguments)
}

#[test]
fn the_first_sign_in_of_a_fresh_server_is_a_link() {
    let folder = scratch("user-link");
    let made = user(&folder, "create --email olga@summit.example --name Olga --role operator");
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let secret = made.stdout.trim().strip_prefix("http://127.0.0.1:8080/invitations/").unwrap();
    assert_eq!(secret.len(), 52);
    let listed = user(&folder, "list");
    let line = "olga@summit.example  Olga  vendor  operator  invited  password only\n";
    assert_eq!(listed.stdout, line);
    let token = user(&folder, "token --email olga@summit.example --name ci");
    assert_eq!(token.code, Some(1), "who has not come has no tokens: {}", token.stderr);
}

#[test]
fn a_password_may_come_by_stdin_and_is_checked() {
    let folder = scratch("user-password");
    let create = |password: &str| {
        let arguments = "user create --email sam@slate.example --name Sam --role auditor \
                         --password-stdin --database";
        let mut child = command(&folder)
            .args(arguments.split_whitespace())
            .arg(DATABASE)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = create("password1234");
    assert!(code == Some(1) && told.contains("[weak-password]"), "{told}");
    assert_eq!(create("three grey herons").0, Some(0));
    let (code, told) = create("three grey herons");
    assert!(code == Some(1) && told.contains("[email-taken]"), "{told}");
    let token = user(&folder, "token --email SAM@slate.example --name ci --scope write");
    assert!(token.stdout.starts_with("gh_") && token.stdout.len() == 56, "{}", token.stderr);
    for one in ["reset-second-factor", "disable"] {
        let done = user(&folder, &format!("{one} --email sam@slate.example"));
        assert_eq!(done.code, Some(0), "{}", done.stderr);
    }
    let listed = user(&folder, "list --json").stdout;
    assert!(listed.contains("\"state\": \"disabled\""), "{listed}");
    let missing = user(&folder, "disable --email nobody@slate.example");
    assert!(missing.code == Some(1) && missing.stderr.contains("[unknown-user]"));
}

#[test]
fn what_is_wrong_is_told() {
    let folder = scratch("user-wrong");
    for (arguments, code) in [
        ("create --email olga --name Olga --role operator", "bad-value"),
        ("create --email o@s.example --name Olga --role operater", "bad-value"),
        ("create --email o@s.example --name Olga --role delivery", "missing-value"),
        ("create --email o@s.example --name O --role delivery --organization x", "unknown-organ"),
        ("token --email o@s.example --name ci --scope all", "bad-value"),
    ] {
        let told = user(&folder, arguments);
        assert!(told.code == Some(1) && told.stderr.contains(code), "{arguments}: {}", told.stderr);
    }
}
