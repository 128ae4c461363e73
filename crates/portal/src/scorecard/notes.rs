//! Footnotes: what an edition assumes, and where its numbers come from.

use guildhall_rules::rulebook::{Certainty, Edition, Grounds};

use crate::texts::Texts;

/// The footnotes of a page, in the order in which they are first referred to.
#[derive(Default)]
pub(super) struct Notes(Vec<Note>);

/// Why something is assumed.
pub(super) struct Note {
    pub(super) letter: String,
    pub(super) about: Vec<String>,
    pub(super) text: String,
}

/// A reference to a note.
pub(super) struct Mark {
    pub(super) letter: String,
}

impl Notes {
    /// A reference for something that rests on assumptions; none for anything else. One text is
    /// one note, however often it is referred to.
    pub(super) fn mark(&mut self, grounds: &Grounds, about: &str) -> Option<Mark> {
        let text = grounds.assumed.as_ref()?;
        let known = self.0.iter_mut().find(|note| note.text == *text);
        if let Some(note) = known {
            if !note.about.iter().any(|known| known == about) {
                note.about.push(about.to_owned());
            }
            return Some(Mark { letter: note.letter.clone() });
        }
        let letter = letters(self.0.len());
        let about = vec![about.to_owned()];
        self.0.push(Note { letter: letter.clone(), about, text: text.clone() });
        Some(Mark { letter })
    }

    pub(super) fn into_list(self) -> Vec<Note> {
        self.0
    }
}

/// `a` to `z`, then `aa`, `ab`: letters, since a raised digit behind a number is a power.
fn letters(mut number: usize) -> String {
    let mut reversed = Vec::new();
    loop {
        let place = u8::try_from(number % 26).unwrap_or_default();
        reversed.push(char::from(b'a' + place));
        if number < 26 {
            return reversed.into_iter().rev().collect();
        }
        number = number / 26 - 1;
    }
}

/// A source, at the end of the page.
pub(super) struct SourceView {
    pub(super) title: String,
    pub(super) certainty: String,
}

pub(super) fn sources(t: &Texts, edition: &Edition) -> Vec<SourceView> {
    let view = |source: &guildhall_rules::rulebook::Source| SourceView {
        title: super::book::or_id(&source.title, &source.id),
        certainty: t.say(match source.certainty {
            Certainty::High => "sheet-source-high",
            Certainty::Medium => "sheet-source-medium",
            Certainty::Low => "sheet-source-low",
        }),
    };
    edition.sources.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_behind_z() {
        for (number, text) in [(0, "a"), (25, "z"), (26, "aa"), (27, "ab"), (701, "zz")] {
            assert_eq!(letters(number), text);
        }
    }
}
