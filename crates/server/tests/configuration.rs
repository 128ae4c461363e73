//! Holds the guide to the configuration equal to the table of settings.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

use std::fs;
use std::path::Path;

use guildhall_server::config::{Config, Sources, table};
use guildhall_server::tls::Roots;

const GUIDE: &str = "../../docs/configuration.md";

fn guide() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE)).unwrap()
}

#[test]
fn the_guide_prints_the_table_of_settings() {
    let text = guide();
    let begin = text.find("| setting |").unwrap();
    let end = begin + text[begin..].find("\n\n").unwrap() + 1;
    if std::env::var_os("UPDATE").is_some() {
        let text = format!("{}{}{}", &text[..begin], table(), &text[end..]);
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE), text).unwrap();
    } else {
        assert_eq!(&text[begin..end], table(), "UPDATE=1 rewrites it");
    }
}

#[test]
fn the_example_of_the_guide_is_a_configuration() {
    let text = guide();
    let example = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let sources = Sources { file: Some(("guildhall.toml", example)), ..Sources::default() };
    let config = Config::read(&sources, &Roots::from_pem(b"")).unwrap();
    assert!(config.is_https() && config.mailer.is_configured());
}
