//! What the sources say, setting by setting, with where each value is from.

use std::collections::BTreeMap;
use std::time::Duration;

use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use toml::de::{DeTable, DeValue};

use super::Sources;
use super::settings::{SETTINGS, Setting};

/// Where a value stands.
#[derive(Clone, Debug)]
enum Place<'s> {
    Line { file: &'s str, line: u64 },
    Variable(String),
    Flag(String),
}

/// The strongest value of each setting that is given, and the problems so far.
pub(super) struct Given<'s> {
    values: BTreeMap<&'static str, (String, Place<'s>)>,
    problems: Problems,
}

impl<'s> Given<'s> {
    /// Takes what the sources say. Names that no setting has are problems.
    pub(super) fn gather(sources: &Sources<'s>) -> Self {
        let mut given = Self { values: BTreeMap::new(), problems: Problems::new() };
        if let Some((file, text)) = sources.file {
            given.read_file(file, text);
        }
        for (variable, value) in &sources.environment {
            given.read_variable(variable, value);
        }
        for (name, value) in &sources.flags {
            match Setting::named(name) {
                Some(setting) => {
                    let place = Place::Flag(setting.flag());
                    given.values.insert(setting.name, (value.clone(), place));
                }
                None => given.unknown(name, None),
            }
        }
        given
    }

    fn read_file(&mut self, file: &'s str, text: &str) {
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let line = line_of(text, error.span().unwrap_or(0..0).start);
            let message: String = error.message().chars().take(200).collect();
            self.problems.push(Problem::new("bad-toml", message).in_file(file).on_line(line));
        }
        // What a broken line has taken with it would be found missing.
        if errors.is_empty() {
            self.read_table(file, text, "", root.get_ref());
        }
    }

    fn read_table(&mut self, file: &'s str, text: &str, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            let line = line_of(text, key.span().start);
            let is_table = SETTINGS.iter().any(|setting| {
                setting.name.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'))
            });
            match (Setting::named(&name), value.get_ref()) {
                (None, DeValue::Table(inner)) if is_table => {
                    self.read_table(file, text, &format!("{name}."), inner);
                }
                (None, _) => self.unknown(&name, Some((file, line))),
                (Some(setting), value) => match plain(value) {
                    Some(value) => {
                        let place = Place::Line { file, line };
                        self.values.insert(setting.name, (value, place));
                    }
                    None => {
                        let message = format!("`{name}` is of the type {}", value.type_str());
                        let hint = "write a text, a number, `true`, `false` or a list of texts";
                        let problem = Problem::new("bad-setting", message).hint(hint);
                        self.problems.push(problem.in_file(file).on_line(line));
                    }
                },
            }
        }
    }

    fn read_variable(&mut self, variable: &str, value: &str) {
        let Some(rest) = variable.strip_prefix("GUILDHALL_") else { return };
        if let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == variable) {
            let place = Place::Variable(variable.to_owned());
            self.values.insert(setting.name, (value.to_owned(), place));
            return;
        }
        // Kubernetes sets these for a service that is called guildhall.
        let is_of_a_cluster = rest.starts_with("SERVICE_") || rest.starts_with("PORT");
        if !is_of_a_cluster {
            let variables: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
            let hint = did_you_mean(variable, variables.iter().map(String::as_str));
            let message = format!("no setting has the variable `{variable}`");
            self.problems.push(Problem::new("unknown-setting", message).maybe_hint(hint));
        }
    }

    fn unknown(&mut self, name: &str, place: Option<(&str, u64)>) {
        let hint = did_you_mean(name, SETTINGS.iter().map(|setting| setting.name));
        let message = format!("there is no setting `{name}`");
        let problem = Problem::new("unknown-setting", message).maybe_hint(hint);
        self.problems.push(match place {
            Some((file, line)) => problem.in_file(file).on_line(line),
            None => problem,
        });
    }

    /// Reads the value of a setting, or its default. `read` says what the value is not.
    ///
    /// After a problem the fallback stands in, as nobody will see the configuration.
    pub(super) fn value<T>(
        &mut self,
        name: &'static str,
        fallback: T,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        let setting = Setting::named(name);
        let (text, place) = match self.values.get(name) {
            Some((text, place)) => (text.as_str(), Some(place)),
            None => (setting.map_or("", |setting| setting.default), None),
        };
        let what = match read(text.trim()) {
            Ok(value) => return value,
            Err(what) => what,
        };
        let is_secret = setting.is_some_and(|setting| setting.is_secret);
        let shown = if is_secret { "the value".to_owned() } else { format!("`{text}`") };
        let problem =
            |named: &str| Problem::new("bad-setting", format!("{shown} of `{named}` is {what}"));
        self.problems.push(match place {
            Some(Place::Line { file, line }) => problem(name).in_file(*file).on_line(*line),
            Some(Place::Variable(named) | Place::Flag(named)) => problem(named),
            None => problem(name),
        });
        fallback
    }

    /// A whole number within the setting's range.
    pub(super) fn whole(&mut self, name: &'static str) -> u64 {
        let range = Setting::named(name).and_then(|setting| setting.range);
        let (least, most) = range.unwrap_or((0, u64::MAX));
        self.value(name, least, |text| {
            let number = text.parse().ok().filter(|number| (least..=most).contains(number));
            number.ok_or_else(|| format!("no whole number from {least} to {most}"))
        })
    }

    /// A duration in a unit of so many seconds.
    pub(super) fn seconds(&mut self, name: &'static str, unit: u64) -> Duration {
        Duration::from_secs(self.whole(name).saturating_mul(unit))
    }

    /// `true` or `false`.
    pub(super) fn yes_no(&mut self, name: &'static str) -> bool {
        self.value(name, false, |text| {
            text.parse().map_err(|_| "neither `true` nor `false`".to_owned())
        })
    }

    /// Notes a problem that no single value has.
    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// All problems, in the order of the file's lines.
    pub(super) fn finish(mut self) -> Problems {
        self.problems.sort();
        self.problems
    }
}

/// A value as the environment would have it: lists with commas.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Boolean(is_true) => Some(is_true.to_string()),
        DeValue::Array(list) => {
            let texts: Option<Vec<&str>> =
                list.iter().map(|item| item.get_ref().as_str()).collect();
            texts.map(|texts| texts.join(", "))
        }
        _ => None,
    }
}

/// The line of a position, from 1.
fn line_of(text: &str, at: usize) -> u64 {
    let before = text.bytes().take(at).filter(|byte| *byte == b'\n').count();
    u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1)
}
