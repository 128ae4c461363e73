//! Facts of partners whose ids lie side by side: a network is evaluated a span at a time, in memory
//! that does not grow with it.

use guildhall_rules::facts::{Facts, File, Source, csv};
use guildhall_rules::rulebook::Catalogue;

use super::{cells, good, load_sources};
use crate::connection::Value;
use crate::kinds::Kind;
use crate::moment::known;
use crate::store::Tx;
use crate::{Error, values};

/// Partners whose ids lie behind one id and up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// The id behind which it begins; empty: the first.
    pub after: &'a str,
    /// The last id; none: it does not end.
    pub until: Option<&'a str>,
}

impl Span<'_> {
    /// Whether an id lies within.
    pub fn holds(&self, id: &str) -> bool {
        id > self.after && self.until.is_none_or(|until| id <= until)
    }

    /// The condition that a column lies within, with [`Self::parameters`].
    pub(crate) fn condition(&self, column: &str) -> String {
        match self.until {
            Some(_) => format!("({column} > $1 and {column} <= $2)"),
            None => format!("{column} > $1"),
        }
    }

    pub(crate) fn parameters(&self) -> Vec<Value> {
        let mut parameters = values![self.after].to_vec();
        parameters.extend(self.until.map(Value::from));
        parameters
    }
}

impl Tx<'_> {
    /// The ids and versions of the partners that are held now, behind an id, in order.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn partners_after(
        &mut self,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, i64)>, Error> {
        let sql = "select \"id\", \"version\" from \"partners\" where \"superseded_at\" is null \
                   and \"id\" > $1 order by \"id\" limit $2";
        let rows = self.query(sql, values![after, i64::try_from(limit).unwrap_or(i64::MAX)])?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.int(1)?))).collect()
    }

    /// The facts that the answers about the partners of a span are computed from, as
    /// [`Self::read_partner`] for each of them. Others may be among them, with less than all facts.
    ///
    /// # Errors
    ///
    /// Of the database.
    pub fn read_span(&mut self, catalogue: &Catalogue, span: Span<'_>) -> Result<Facts, Error> {
        let mut reader = SpanReader { tx: self, span, has_subsidiaries: false };
        let primary = span.condition("t.\"primary\"");
        let affiliations = reader.take(File::Affiliations, &[primary])?;
        reader.has_subsidiaries = affiliations.1 > 0;
        let mut texts = vec![(File::Affiliations, affiliations)];
        for file in File::ALL {
            if file != File::Affiliations {
                let conditions = reader.conditions(file);
                texts.push((file, reader.take(file, &conditions)?));
            }
        }
        texts.sort_by_key(|(file, _)| *file);
        let filled = texts.iter().filter(|(_, (_, rows))| *rows > 0);
        let sources: Vec<Source<'_>> = filled
            .map(|(file, (text, _))| Source {
                name: file.name(),
                shown: format!("the table {}", file.stem()),
                size: text.len() as u64,
                open: Box::new(text.as_slice()),
            })
            .collect();
        good(load_sources(catalogue, &sources, 1)?)
    }
}

struct SpanReader<'x, 's, 'a> {
    tx: &'x mut Tx<'s>,
    span: Span<'a>,
    has_subsidiaries: bool,
}

impl SpanReader<'_, '_, '_> {
    /// The subsidiaries of the partners, as a query.
    fn subsidiaries(&self) -> String {
        format!(
            "select a.\"subsidiary\" from \"affiliations\" a where {} and {}",
            self.span.condition("a.\"primary\""),
            known("a", None)
        )
    }

    /// Which rows of a file are wanted: those that fulfil one of these conditions, which no row
    /// fulfils twice.
    fn conditions(&self, file: File) -> Vec<String> {
        let column = match file {
            File::Individuals => return vec![self.people()],
            File::Credentials => {
                return vec![format!(
                    "t.\"individual\" in (select i.\"id\" from \"individuals\" i \
                     where {} and {})",
                    self.people().replace("t.\"", "i.\""),
                    known("i", None)
                )];
            }
            File::Partners => "t.\"id\"",
            _ => "t.\"partner\"",
        };
        let own = self.span.condition(column);
        let rolls_up = matches!(file, File::Partners | File::Validations);
        if rolls_up && self.has_subsidiaries {
            let others = format!("{column} in ({}) and not {own}", self.subsidiaries());
            return vec![own, others];
        }
        vec![own]
    }

    /// All rows of the people of the partners and their subsidiaries, wherever.
    fn people(&self) -> String {
        let of = |partners: &str| {
            format!(
                "select coalesce(p.\"person\", p.\"id\") from \"individuals\" p \
                 where {partners} and {}",
                known("p", None)
            )
        };
        let mut people = of(&self.span.condition("p.\"partner\""));
        if self.has_subsidiaries {
            people += " union ";
            people += &of(&format!("p.\"partner\" in ({})", self.subsidiaries()));
        }
        format!("coalesce(t.\"person\", t.\"id\") in ({people})")
    }

    /// The rows of a file as the folder format has them, and how many there are.
    fn take(&mut self, file: File, conditions: &[String]) -> Result<(Vec<u8>, u64), Error> {
        let kind = Kind::Fact(file);
        let (mut text, mut count) = (Vec::new(), 0);
        csv::write_record(&mut text, kind.names().map(str::as_bytes))?;
        for condition in conditions {
            let sql = format!(
                "select {} from \"{}\" t where {condition} and {} order by t.\"version\"",
                cells(kind),
                kind.table(),
                known("t", None)
            );
            self.tx.stream(&sql, &self.span.parameters(), &mut |row| {
                count += 1;
                let cells = row.iter().skip(1).map(|cell| cell.text().unwrap_or("").as_bytes());
                Ok(csv::write_record(&mut text, cells)?)
            })?;
        }
        Ok((text, count))
    }
}
