//! `individuals.csv` and `credentials.csv`: people, where they belong and what they hold.

use super::known;
use crate::facts::ids::Hint;
use crate::facts::reading::{Base, Reading};
use crate::facts::table::{Grouped, HeldCredential, Membership};
use crate::facts::versions::Emails;
use crate::facts::words::YesNo;
use crate::facts::{File, Ids};

/// Most e-mails of one row.
const EMAILS_LIMIT: usize = 100;

/// People while they are read.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Ids of individuals, and of persons after them.
    pub(crate) ids: Ids,
    /// The person of each individual that is known.
    person_of: Vec<Option<u32>>,
    individuals: Ids,
    pub(crate) memberships: Grouped<Membership>,
}

/// Reads `individuals.csv`.
pub(crate) fn individuals(reading: &mut Reading<'_, '_, '_>, base: &Base, people: &mut People) {
    let People { ids: persons, person_of, .. } = people;
    let mut ids = Ids::new();
    let mut emails = Emails::default();
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    let mut hint = Hint::default();
    let email_column = 4;
    // A second reading has nothing to report.
    let compares = reading.rejects.is_none();
    reading.rows(&mut ids, |row, shared, _| {
        let (id, known) = (row.id(0), known(row));
        row.required(1);
        let partner = row.reference(1, &base.ids, File::Partners, &mut hint);
        let person = row.optional_id(2).or(id);
        row.required(3);
        let joined_on = row.day(5);
        let left_on = row.day(6);
        if let (Some(joined), Some(left)) = (joined_on, left_on)
            && left < joined
        {
            let message = format!("the person left on {left}, before joining on {joined}");
            row.problem(6, "leaves-before-joining", message, None);
        }
        if let Some(emails) = row.text(email_column)
            && memchr::memchr_iter(b';', emails).count() >= EMAILS_LIMIT
        {
            let message = format!("a person has more than {EMAILS_LIMIT} e-mails");
            row.problem(email_column, "bad-value", message, None);
        }
        let consent = row.word(7, YesNo::from_word, YesNo::WORDS, YesNo::Yes);
        let taken = shared.finish(row, id, known);
        let (Some(id), Some(person)) = (id, person) else { return };
        let Some((person, _)) = persons.insert(person) else { return };
        // Of rows that are not known now, the e-mails are compared all the same.
        let number = taken.or_else(|| shared.ids.find(id));
        if let (Some(number), Some(texts), true) =
            (number, row.text(email_column), compares && row.is_worth_comparing())
        {
            let line = row.record.field_line(row.layout.field(email_column).unwrap_or_default());
            let partner = row.text(1).unwrap_or_default();
            let all = texts.split(|&byte| byte == b';').filter(|email| !email.is_empty());
            for email in all.take(EMAILS_LIMIT) {
                emails.note(partner, email, (person, number), known, line);
            }
        }
        let Some(number) = taken else { return };
        let partner = partner.and_then(|partner| base.partner(partner));
        let at = number as usize;
        if person_of.len() <= at {
            person_of.resize(at + 1, None);
        }
        if let Some(slot) = person_of.get_mut(at) {
            *slot = Some(person);
        }
        if let Some(partner) = partner {
            let has_consent = consent == YesNo::Yes;
            groups.push(partner);
            rows.push(Membership { person, joined_on, left_on, has_consent });
        }
    });
    let clashes = emails.clashes();
    reading.report_shared_emails(&clashes, &ids, email_column);
    people.memberships = Grouped::new(rows, &groups, base.count);
    people.memberships.sort_groups_by(|a, b| a.person.cmp(&b.person));
    people.individuals = ids;
}

/// Reads `credentials.csv`.
pub(crate) fn credentials(
    reading: &mut Reading<'_, '_, '_>,
    people: &mut People,
) -> (Grouped<HeldCredential>, Ids) {
    let mut ids = Ids::new();
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    let mut hint = Hint::default();
    let individuals = std::mem::take(&mut people.individuals);
    reading.rows(&mut ids, |row, shared, catalogue| {
        let (id, known) = (row.id(0), known(row));
        row.required(1);
        let individual = row.reference(1, &individuals, File::Individuals, &mut hint);
        row.required(2);
        let credential = row.known_word(2, &catalogue.credentials, "credential");
        let issued_on = row.required_day(3);
        let expires_on = row.day(4);
        row.check_order((3, issued_on), (4, expires_on));
        let Some(id) = shared.finish(row, id, known) else { return };
        let Some(issued_on) = issued_on else { return };
        let Some(credential) = credential.and_then(|number| u16::try_from(number).ok()) else {
            return;
        };
        let individual = individual.map(|number| number as usize);
        let person = individual.and_then(|at| people.person_of.get(at).copied().flatten());
        if let Some(person) = person {
            groups.push(person);
            rows.push(HeldCredential { id, issued_on, expires_on, credential });
        }
    });
    (Grouped::new(rows, &groups, people.ids.len()), ids)
}
