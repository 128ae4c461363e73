//! x
use guildhall_rules::{rulebook::Edition, scorecard::Scorecard};
pub fn render(_: &Scorecard, _: &Edition) -> Result<String, askama::Error> {
    Ok(String::new())
}
