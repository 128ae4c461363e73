//! The letters that Guildhall writes: plain texts from the templates beside this file.
//!
//! A template is a line with the subject, a blank line, and paragraphs with names in braces.
//! Values are put in once and as one line each, whatever is in them, so that no value adds a
//! header, a paragraph or another name. Sends nothing.

use serde::{Deserialize, Serialize};

/// Columns of a paragraph. Links stand on lines of their own and are never broken.
const COLUMNS: usize = 76;

/// Most characters of a value, so that nobody's name becomes a letter of its own. Links are
/// shorter.
const MOST_CHARACTERS: usize = 500;

/// A letter with what it says. Days and moments are texts as the reader is to see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the names in the templates beside this file")]
pub enum Letter {
    /// Somebody is invited, and chooses a first password.
    Invitation { network: String, inviter: String, role: String, expires: String, link: String },
    /// Somebody asked for a new password.
    PasswordReset { network: String, expires: String, link: String },
    /// A tier review is due in 90, 60 or 30 days.
    ReviewNotice { partner: String, days: u32, due_on: String, forecast: String, link: String },
    /// A tier review was published.
    ReviewOutcome { partner: String, decided_on: String, outcome: String, link: String },
    /// A fact is disputed.
    DisputeOpened {
        partner: String,
        dispute: String,
        fact: String,
        opened_by: String,
        due_on: String,
        link: String,
    },
    /// A dispute was answered.
    DisputeAnswered { partner: String, dispute: String, fact: String, answer: String, link: String },
    /// An accepted plan is late, or no longer leads to its goal.
    PlanNotice { partner: String, plan: String, what: String, more: String, link: String },
    /// A partner has joined.
    EnrolmentApproved { network: String, partner: String, from: String, link: String },
    /// An organization claims the domain of this mailbox.
    DomainClaimed {
        network: String,
        organization: String,
        domain: String,
        expires: String,
        link: String,
    },
    /// A second factor was set up, replaced or removed, or a recovery code used.
    SecondFactorChanged { network: String, when: String, change: String, link: String },
    /// Somebody signed in from a network that they had not used before.
    NewSignIn { network: String, when: String, place: String, link: String },
    /// What lapses in the days that come, once a week or a month.
    Digest {
        network: String,
        about: String,
        blocks: Vec<DigestBlock>,
        link: String,
        choose: String,
        stop: String,
    },
}

/// A heading in a digest, with lines under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestBlock {
    /// The heading.
    pub title: String,
    /// One thing in each.
    pub lines: Vec<String>,
}

/// A letter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub subject: String,
    /// Lines that end with a line feed.
    pub body: String,
}

impl Letter {
    /// Fills in the template.
    pub fn write(&self) -> Written {
        let (template, values) = self.parts();
        let (subject, body) = template.split_once("\n\n").unwrap_or((template, ""));
        let subject = subject.strip_prefix("Subject: ").unwrap_or(subject);
        let body = filled(body.trim_end(), &values);
        let paragraphs: Vec<String> = body.split("\n\n").map(folded).collect();
        let body = format!("{}\n", paragraphs.join("\n\n"));
        Written { subject: filled(subject, &values), body }
    }

    /// The address at which a letter of a series is ended, of whoever gets it.
    pub fn ended_at(&self) -> Option<&str> {
        match self {
            Self::Digest { stop, .. } => Some(stop),
            _ => None,
        }
    }

    /// The template and the values of its names.
    fn parts(&self) -> (&'static str, Vec<(&'static str, String)>) {
        /// The values of these fields, by their names.
        macro_rules! of {
            ($($field:ident),*) => { vec![$((stringify!($field), one_line($field))),*] };
        }
        match self {
            Self::Invitation { network, inviter, role, expires, link } => {
                (include_str!("invitation.txt"), of!(network, inviter, role, expires, link))
            }
            Self::PasswordReset { network, expires, link } => {
                (include_str!("password_reset.txt"), of!(network, expires, link))
            }
            Self::ReviewNotice { partner, days, due_on, forecast, link } => {
                let days = &days.to_string();
                (include_str!("review_notice.txt"), of!(partner, days, due_on, forecast, link))
            }
            Self::ReviewOutcome { partner, decided_on, outcome, link } => {
                (include_str!("review_outcome.txt"), of!(partner, decided_on, outcome, link))
            }
            Self::DisputeOpened { partner, dispute, fact, opened_by, due_on, link } => (
                include_str!("dispute_opened.txt"),
                of!(partner, dispute, fact, opened_by, due_on, link),
            ),
            Self::DisputeAnswered { partner, dispute, fact, answer, link } => {
                (include_str!("dispute_answered.txt"), of!(partner, dispute, fact, answer, link))
            }
            Self::PlanNotice { partner, plan, what, more, link } => {
                (include_str!("plan_notice.txt"), of!(partner, plan, what, more, link))
            }
            Self::EnrolmentApproved { network, partner, from, link } => {
                (include_str!("enrolment_approved.txt"), of!(network, partner, from, link))
            }
            Self::DomainClaimed { network, organization, domain, expires, link } => (
                include_str!("domain_claimed.txt"),
                of!(network, organization, domain, expires, link),
            ),
            Self::SecondFactorChanged { network, when, change, link } => {
                (include_str!("second_factor_changed.txt"), of!(network, when, change, link))
            }
            Self::NewSignIn { network, when, place, link } => {
                (include_str!("new_sign_in.txt"), of!(network, when, place, link))
            }
            Self::Digest { network, about, blocks, link, choose, stop } => {
                let mut values = of!(network, about, link, choose, stop);
                values.push(("blocks", list(blocks)));
                (include_str!("digest.txt"), values)
            }
        }
    }
}

/// The blocks of a digest, each a heading and, after a blank line, its lines, indented.
fn list(blocks: &[DigestBlock]) -> String {
    let block = |block: &DigestBlock| {
        let lines: Vec<String> = block.lines.iter().flat_map(|line| item(line)).collect();
        format!("{}:\n\n{}", one_line(&block.title), lines.join("\n"))
    };
    blocks.iter().map(block).collect::<Vec<_>>().join("\n\n")
}

/// An item of a list in lines of at most [`COLUMNS`]; those behind the first are indented more.
fn item(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in one_line(text).split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("      {word}")),
            None => lines.push(format!("  * {word}")),
        }
    }
    lines
}

/// A text with values in place of the names in braces. What stands in a value is left alone.
fn filled(text: &str, values: &[(&'static str, String)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            rest = behind;
            continue;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A value as one line: blanks for line ends and controls, none beside another, and no marks that
/// turn the direction of what follows.
fn one_line(value: &str) -> String {
    let is_mark = |sign: &char| matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_end = |sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}');
    let plain: String = value
        .chars()
        .filter(|sign| !is_mark(sign))
        .map(|sign| if is_end(sign) { ' ' } else { sign })
        .collect();
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST_CHARACTERS {
        return line;
    }
    let begin: String = line.chars().take(MOST_CHARACTERS.saturating_sub(1)).collect();
    format!("{begin}…")
}

/// A paragraph in lines of at most [`COLUMNS`]; one that is indented stays as it is.
fn folded(paragraph: &str) -> String {
    if paragraph.starts_with(' ') {
        return paragraph.to_owned();
    }
    let mut lines: Vec<String> = Vec::new();
    for word in paragraph.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One letter of each kind, each value being the word given.
    fn letters(word: &str) -> Vec<Letter> {
        let w = || word.to_owned();
        let link = || "https://roofers.example/s/abc".to_owned();
        vec![
            Letter::Invitation {
                network: w(),
                inviter: w(),
                role: w(),
                expires: w(),
                link: link(),
            },
            Letter::PasswordReset { network: w(), expires: w(), link: link() },
            Letter::ReviewNotice {
                partner: w(),
                days: 90,
                due_on: w(),
                forecast: w(),
                link: link(),
            },
            Letter::ReviewOutcome { partner: w(), decided_on: w(), outcome: w(), link: link() },
            Letter::DisputeOpened {
                partner: w(),
                dispute: w(),
                fact: w(),
                opened_by: w(),
                due_on: w(),
                link: link(),
            },
            Letter::DisputeAnswered {
                partner: w(),
                dispute: w(),
                fact: w(),
                answer: w(),
                link: link(),
            },
            Letter::EnrolmentApproved { network: w(), partner: w(), from: w(), link: link() },
            Letter::DomainClaimed {
                network: w(),
                organization: w(),
                domain: w(),
                expires: w(),
                link: link(),
            },
            Letter::SecondFactorChanged { network: w(), when: w(), change: w(), link: link() },
            Letter::NewSignIn { network: w(), when: w(), place: w(), link: link() },
            Letter::Digest {
                network: w(),
                about: w(),
                blocks: vec![DigestBlock { title: w(), lines: vec![w(), w()] }],
                link: link(),
                choose: link(),
                stop: link(),
            },
        ]
    }

    #[test]
    fn every_name_of_a_template_has_a_value_and_every_value_a_name() {
        for letter in letters("x") {
            let (template, values) = letter.parts();
            assert!(template.starts_with("Subject: "), "{letter:?}");
            let names = template.split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
            let mut names: Vec<&str> = names.collect();
            names.sort_unstable();
            names.dedup();
            let mut given: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
            given.sort_unstable();
            assert_eq!(names, given, "{letter:?}");
        }
    }

    #[test]
    fn a_letter_is_filled_in_and_folded() {
        let letter = Letter::Invitation {
            network: "Summit Roofing".to_owned(),
            inviter: "Zoë Ågren".to_owned(),
            role: "alliance lead".to_owned(),
            expires: "8 March 2026, 12:00 UTC".to_owned(),
            link: "https://roofers.example/s/abc".to_owned(),
        };
        let written = letter.write();
        assert_eq!(written.subject, "Summit Roofing: you are invited");
        let expected = "\
Zoë Ågren has invited you to Summit Roofing, as alliance lead.

Choose a password here; the link works once, until 8 March 2026, 12:00 UTC:

    https://roofers.example/s/abc

If you did not expect this, you need do nothing: without a password there is
no way in.
";
        assert_eq!(written.body, expected);
    }

    #[test]
    fn no_value_adds_a_line_or_a_name() {
        let hostile = "A\r\nBcc: all@example.org\n\n{link} \u{2028}\u{202e}b\u{0}c {";
        for letter in letters(hostile) {
            let written = letter.write();
            assert_eq!(written.subject.lines().count(), 1);
            assert!(written.subject.chars().all(|sign| !sign.is_control()));
            let plain = letters("x").into_iter().find(|other| other.parts().0 == letter.parts().0);
            let plain = plain.unwrap().write();
            let paragraphs = |text: &str| text.split("\n\n").count();
            assert_eq!(paragraphs(&written.body), paragraphs(&plain.body));
            let links = |text: &str| text.matches("https://").count();
            assert_eq!(links(&written.body), links(&plain.body), "{}", written.body);
        }
    }

    #[test]
    fn lines_are_short_and_values_are_cut() {
        for letter in letters(&"word ".repeat(300)) {
            let written = letter.write();
            assert!(written.body.lines().all(|line| line.chars().count() <= COLUMNS));
            assert!(written.subject.chars().count() < 3 * MOST_CHARACTERS);
            assert!(written.body.contains('…'));
        }
    }

    #[test]
    fn letters_are_stored_and_read_again() {
        for letter in letters("Ågren") {
            let json = serde_json::to_string(&letter).unwrap();
            assert_eq!(serde_json::from_str::<Letter>(&json).unwrap(), letter);
        }
    }
}
