//! Fields of a form about a row of the registry or a profile: what each holds, what was typed, and
//! what somebody else has put there since.

use std::collections::BTreeMap;

use guildhall_operations::ops::Cells;

use super::form::Fields;
use super::texts::Texts;

/// A field as the form shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldView {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) hint: String,
    pub(super) is_required: bool,
    /// Whether the text is long.
    pub(super) is_long: bool,
    /// Values to choose from, with their words; empty where it is typed.
    pub(super) options: Vec<(String, String)>,
    /// What is held by now, where that differs from what was typed.
    pub(super) now: Option<String>,
}

/// What a field is, before it holds anything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sort {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) is_list: bool,
    pub(super) is_long: bool,
}

impl Sort {
    /// A text.
    pub(super) const fn text(name: &'static str, is_required: bool) -> Self {
        Self { name, is_required, is_list: false, is_long: false }
    }

    /// Texts with semicolons between.
    pub(super) const fn list(name: &'static str) -> Self {
        Self { name, is_required: false, is_list: true, is_long: false }
    }
}

/// The field with a value; its label is the word of its name.
pub(super) fn field(t: &Texts, sort: Sort, value: &str) -> FieldView {
    FieldView {
        name: sort.name.to_owned(),
        label: t.word("row-field", sort.name),
        value: value.to_owned(),
        hint: if sort.is_list { t.say("row-list-hint") } else { String::new() },
        is_required: sort.is_required,
        is_long: sort.is_long,
        options: Vec::new(),
        now: None,
    }
}

/// What was typed into the fields, those that were sent.
pub(super) fn cells(fields: &Fields, names: impl IntoIterator<Item = &'static str>) -> Cells {
    let sent = names.into_iter().filter(|name| fields.has(name));
    let typed = |name: &'static str| {
        (name.to_owned(), fields.typed(name).map(|text| text.replace("\r\n", "\n")))
    };
    Cells(sent.map(typed).collect())
}

/// What a form is filled with: what was typed before, else what is held.
pub(super) fn filled(fields: &Fields, held: &BTreeMap<String, String>, name: &str) -> String {
    let held = || held.get(name).cloned().unwrap_or_default();
    if fields.has(name) { fields.get(name).to_owned() } else { held() }
}

/// Notes what is held by now beside what was typed.
pub(super) fn compare(views: &mut [FieldView], held: &BTreeMap<String, String>) {
    for view in views {
        let now = held.get(&view.name).map_or("", String::as_str);
        view.now = (now != view.value.trim()).then(|| now.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_what_was_typed_and_shows_what_is_held_by_now() {
        let held = BTreeMap::from([("name".to_owned(), "Ada & Co".to_owned())]);
        let typed = Fields::read(b"name=Ada&country=");
        let t = Texts::english();
        let sort = Sort::text("name", true);
        assert_eq!(filled(&typed, &held, "name"), "Ada");
        assert_eq!(filled(&Fields::default(), &held, "name"), "Ada & Co");
        let mut views = [field(t, sort, "Ada"), field(t, Sort::list("domains"), "")];
        compare(&mut views, &held);
        assert_eq!(views[0].now.as_deref(), Some("Ada & Co"));
        assert_eq!(views[1].now, None);
        let cells = cells(&typed, ["name", "country", "website"]);
        assert_eq!(cells.0.len(), 2);
        assert_eq!(cells.0["country"], None);
    }
}
