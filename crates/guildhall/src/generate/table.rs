//! The files of a folder of facts while they are written: rows and fields, as fast as a disk
//! takes them. Which rows there are is decided elsewhere.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::chance::{Calendar, Day};
use super::{Summary, Vocabulary};

/// The files of the folder, all open.
pub(super) struct Files {
    pub(super) partners: Table,
    pub(super) reviews: Table,
    pub(super) individuals: Table,
    pub(super) credentials: Table,
    pub(super) opportunities: Table,
    pub(super) references: Table,
    pub(super) ratings: Table,
    pub(super) business_plans: Table,
    pub(super) validations: Table,
    pub(super) cases: Table,
    pub(super) survey_responses: Table,
    pub(super) events: Option<Table>,
}

impl Files {
    pub(super) fn create(dir: &Path, vocabulary: &Vocabulary) -> io::Result<Self> {
        let table = |name, columns| Table::create(dir, name, columns);
        let events = "id,partner,kind,subject,on,until,amount,currency,attributes";
        Ok(Self {
            partners: table(
                "partners.csv",
                "id,name,path,tier,tier_since,last_review_on,last_renewal_on,last_upgrade_on,\
                 kinds,country,website,domains,standing,parent",
            )?,
            reviews: table("reviews.csv", "id,partner,path,on,kind,tier,valid_until")?,
            individuals: table(
                "individuals.csv",
                "id,partner,person,name,emails,joined_on,left_on,consent",
            )?,
            credentials: table("credentials.csv", "id,individual,credential,issued_on,expires_on")?,
            opportunities: table(
                "opportunities.csv",
                "id,partner,customer,title,stage,review,expected_mrr,currency,launched_on,\
                 closed_on,use_case,industry,country",
            )?,
            references: table(
                "references.csv",
                "id,partner,customer,opportunity,kind,published_on,withdrawn_on",
            )?,
            ratings: table(
                "ratings.csv",
                "id,partner,customer,score,rated_on,engagement,consent,consent_public,comment",
            )?,
            business_plans: table(
                "business_plans.csv",
                "id,partner,submitted_on,validated_on,valid_until",
            )?,
            validations: table("validations.csv", "id,partner,program,granted_on,expires_on")?,
            cases: table(
                "cases.csv",
                "id,partner,customer,opened_on,opened_by,desk,support,severity,resolved_on,\
                 resolution_code",
            )?,
            survey_responses: table(
                "survey_responses.csv",
                "id,partner,customer,responded_on,scores",
            )?,
            events: if vocabulary.event_kinds.is_empty() {
                None
            } else {
                Some(table("events.csv", events)?)
            },
        })
    }

    /// Writes what is still held back, and counts.
    pub(super) fn finish(self) -> io::Result<Summary> {
        let tables = [
            self.partners,
            self.reviews,
            self.individuals,
            self.credentials,
            self.opportunities,
            self.references,
            self.ratings,
            self.business_plans,
            self.validations,
            self.cases,
            self.survey_responses,
        ];
        let mut rows = Vec::with_capacity(tables.len() + 1);
        for mut table in tables.into_iter().chain(self.events) {
            table.out.flush()?;
            rows.push((table.name, table.rows));
        }
        Ok(Summary { rows })
    }
}

/// A file of facts being written, row by row and field by field.
pub(super) struct Table {
    name: &'static str,
    out: BufWriter<File>,
    row: Vec<u8>,
    /// Rows written so far. Ids count from 1, so the row at hand has the id `rows + 1`.
    pub(super) rows: u64,
}

impl Table {
    pub(super) fn create(dir: &Path, name: &'static str, columns: &str) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 16, File::create(dir.join(name))?);
        out.write_all(columns.as_bytes())?;
        out.write_all(b"\n")?;
        Ok(Self { name, out, row: Vec::with_capacity(512), rows: 0 })
    }

    /// This many fields without a value.
    pub(super) fn empty(&mut self, fields: usize) {
        self.row.extend(std::iter::repeat_n(b',', fields));
    }

    /// A field of text, quoted where the text asks for it.
    pub(super) fn text(&mut self, text: &str) {
        if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.row.push(b'"');
            self.row.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.row.push(b'"');
        } else {
            self.row.extend_from_slice(text.as_bytes());
        }
        self.row.push(b',');
    }

    /// A field of words, none of which needs a quote.
    pub(super) fn words(&mut self, words: &[&str]) {
        self.join(words, b' ');
    }

    /// A field with a list.
    pub(super) fn list(&mut self, values: &[&str]) {
        self.join(values, b';');
    }

    pub(super) fn join(&mut self, values: &[&str], separator: u8) {
        for value in values {
            self.row.extend_from_slice(value.as_bytes());
            self.row.push(separator);
        }
        self.row.pop();
        self.row.push(b',');
    }

    pub(super) fn id(&mut self, prefix: &str, number: u64) {
        self.address(prefix, number, "");
    }

    /// The id of the row at hand.
    pub(super) fn own_id(&mut self, prefix: &str) {
        self.id(prefix, self.rows + 1);
    }

    /// A field made of a number, with something before and after it.
    pub(super) fn address(&mut self, before: &str, number: u64, after: &str) {
        self.row.extend_from_slice(before.as_bytes());
        self.digits(number, 6);
        self.row.extend_from_slice(after.as_bytes());
        self.row.push(b',');
    }

    /// The addresses of a person, at hosts of a partner; unique because the person's number is.
    pub(super) fn email(&mut self, hosts: &[(&str, u64)], person: u64) {
        for (name, partner) in hosts {
            self.row.extend_from_slice(name.as_bytes());
            self.digits(person, 1);
            self.row.extend_from_slice(b"@p");
            self.digits(*partner, 6);
            self.row.extend_from_slice(b".example;");
        }
        self.row.pop();
        self.row.push(b',');
    }

    pub(super) fn day(&mut self, calendar: &Calendar, day: Day) {
        self.row.extend_from_slice(calendar.text(day));
        self.row.push(b',');
    }

    pub(super) fn day_if(&mut self, calendar: &Calendar, day: Option<Day>) {
        match day {
            Some(day) => self.day(calendar, day),
            None => self.empty(1),
        }
    }

    /// An amount in hundredths, without trailing zeros.
    pub(super) fn amount(&mut self, hundredths: u64) {
        self.digits(hundredths / 100, 1);
        match hundredths % 100 {
            0 => {}
            tenths if tenths % 10 == 0 => {
                self.row.push(b'.');
                self.digits(tenths / 10, 1);
            }
            hundredths => {
                self.row.push(b'.');
                self.digits(hundredths, 2);
            }
        }
        self.row.push(b',');
    }

    /// The network's currency, or another.
    pub(super) fn currency(&mut self, own: &str, is_foreign: bool) {
        self.text(match (is_foreign, own) {
            (false, own) => own,
            (true, "EUR") => "GBP",
            (true, _) => "EUR",
        });
    }

    /// A number of at least so many digits.
    pub(super) fn digits(&mut self, number: u64, width: usize) {
        let mut rest = number;
        let mut digits = [b'0'; 20];
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            used += 1;
            if rest == 0 {
                break;
            }
        }
        let start = digits.len() - used.max(width);
        self.row.extend_from_slice(digits.get(start..).unwrap_or_default());
    }

    /// Ends the row and writes it.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.row.pop();
        self.row.push(b'\n');
        self.out.write_all(&self.row)?;
        self.row.clear();
        self.rows += 1;
        Ok(())
    }
}
