//! x
use guildhall_rules::{scorecard::Scorecard, rulebook::Edition};
pub fn render(_: &Scorecard, _: &Edition) -> Result<String, askama::Error> { Ok(String::new()) }
