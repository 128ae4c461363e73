//! Columns and cells of facts in words: labels, hints, titles of the rulebook, and the fields of a
//! form. The columns are those of the format's table; nothing here lists them a second time.

use std::sync::Arc;

use guildhall_access::Side;
use guildhall_operations::ops::Record;
use guildhall_operations::{Book, Error};
use guildhall_rules::day::Day;
use guildhall_rules::facts::{Column, File, Holds, OpportunityReview};
use guildhall_rules::rulebook::{Edition, Term};
use guildhall_store::Kind;

use crate::texts::Texts;
use crate::visit::{Visit, path_of};

/// Words for facts of one network.
pub(crate) struct Words {
    pub(crate) t: &'static Texts,
    pub(crate) book: Arc<Book>,
    /// Whether customers have pages for the visitor: not for a partner's side.
    pub(crate) has_customers: bool,
}

/// One word that a column can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

/// A cell that is shown, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellView {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) to: Option<String>,
    /// Whether it is a number, which stands at the end of its column.
    pub(crate) is_number: bool,
}

/// The columns of a kind that people fill: those of its cells.
pub(crate) fn columns(file: File) -> &'static [Column] {
    Kind::Fact(file).columns()
}

impl Words {
    pub(crate) fn of(visit: &Visit) -> Result<Self, Error> {
        let organization = &visit.caller.actor.organization;
        let has_customers = !matches!(organization, Some((Side::Partner, _)));
        Ok(Self { t: visit.t, book: visit.app().book()?, has_customers })
    }

    /// The kind, of many: `Opportunities`.
    pub(crate) fn kind(&self, file: File) -> String {
        self.t.word("fact-kind", file.stem())
    }

    /// One fact of the kind: `Opportunity`.
    pub(crate) fn one(&self, file: File) -> String {
        self.t.word("fact-one", file.stem())
    }

    /// What a column is called.
    pub(crate) fn label(&self, file: File, name: &str) -> String {
        let own = format!("fact-column-{}-{}", file.stem(), name).replace('_', "-");
        if self.t.has(&own) { self.t.say(&own) } else { self.t.word("fact-column", name) }
    }

    /// What a column is about, in plain words; empty where its label says it all.
    pub(crate) fn hint(&self, file: File, column: &Column) -> String {
        let key = format!("fact-hint-{}-{}", file.stem(), column.name).replace('_', "-");
        if self.t.has(&key) {
            return self.t.say(&key);
        }
        let by_holds = match column.holds {
            Holds::List => "fact-hint-list",
            Holds::Scores => "fact-hint-scores",
            Holds::Attributes => "fact-hint-attributes",
            Holds::Currency => "fact-hint-currency",
            _ if column.name == "id" => "fact-hint-id",
            _ if column.name == "customer" => "fact-hint-customer",
            _ => return String::new(),
        };
        self.t.say(by_holds)
    }

    /// A cell as people read it.
    pub(crate) fn value(&self, column: &Column, text: &str) -> String {
        match column.holds {
            Holds::Day => self.t.day_text(text),
            Holds::Decimal => self.t.number(text),
            Holds::Word(_) => self.t.word("fact-choice", text),
            Holds::RulebookWord(term) => self.title(term, text),
            Holds::RulebookWords(term) => {
                let titles: Vec<String> =
                    text.split(';').map(|word| self.title(term, word)).collect();
                titles.join(", ")
            }
            Holds::List | Holds::Scores | Holds::Attributes => text.replace(';', "; "),
            Holds::Text
            | Holds::Id
            | Holds::Reference(_)
            | Holds::Moment
            | Holds::Currency
            | Holds::Score => text.to_owned(),
        }
    }

    /// The title of a word of the rulebook; the word where no edition knows it.
    pub(crate) fn title(&self, term: &str, id: &str) -> String {
        let found = self
            .book
            .editions
            .iter()
            .rev()
            .find_map(|edition| terms(edition, term).into_iter().find(|known| known.id == id));
        found.map_or_else(|| id.to_owned(), |term| term.title)
    }

    /// The words of a term of the rulebook with their titles, each once, those of the latest
    /// edition first.
    fn words_of(&self, term: &str) -> Vec<Term> {
        let mut words: Vec<Term> = Vec::new();
        for edition in self.book.editions.iter().rev() {
            for word in terms(edition, term) {
                if !words.iter().any(|known| known.id == word.id) {
                    words.push(word);
                }
            }
        }
        words
    }

    /// What a column can be filled with, where that is a matter of choice.
    pub(crate) fn choices(
        &self,
        file: File,
        column: &Column,
        is_vendor: bool,
    ) -> Vec<(String, String)> {
        let word = |word: &str| (word.to_owned(), self.t.word("fact-choice", word));
        match column.holds {
            // What comes after it was handed in is the vendor's to say.
            Holds::Word(_)
                if file == File::Opportunities && column.name == "review" && !is_vendor =>
            {
                let asks = [OpportunityReview::PendingSubmission, OpportunityReview::Submitted];
                asks.into_iter().map(|review| word(review.word())).collect()
            }
            Holds::Word(words) => words.iter().map(|it| word(it)).collect(),
            Holds::Score => ["5", "4", "3", "2", "1"].map(word).into(),
            Holds::RulebookWord(term) | Holds::RulebookWords(term) => {
                self.words_of(term).into_iter().map(|term| (term.id, term.title)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The cells of a fact that are not empty, with where they lead.
    pub(crate) fn cells(&self, file: File, record: &Record) -> Vec<CellView> {
        let shown = columns(file).iter().filter(|column| column.name != "id");
        shown
            .filter_map(|column| {
                let text = record.values.get(column.name)?;
                Some(CellView {
                    label: self.label(file, column.name),
                    value: self.value(column, text),
                    to: self.leads_to(column, text),
                    is_number: column.holds == Holds::Decimal,
                })
            })
            .collect()
    }
}

impl Words {
    /// Where a cell leads, where it names something that has a page.
    fn leads_to(&self, column: &Column, text: &str) -> Option<String> {
        let is_customer = column.name == "customer" && self.has_customers;
        match column.holds {
            Holds::Reference(File::Partners) => Some(format!("/partners/{}", path_of(text))),
            Holds::Reference(file) => Some(fact_path(file.stem(), text)),
            Holds::Id if is_customer => Some(format!("/customers/{}", path_of(text))),
            Holds::Id if column.name == "person" => Some(format!("/people/{}", path_of(text))),
            _ => None,
        }
    }
}

/// The page of a fact.
pub(crate) fn fact_path(kind: &str, id: &str) -> String {
    format!("/facts/{}/{}", path_of(kind), path_of(id))
}

/// The words of a sort of term in an edition.
fn terms(edition: &Edition, term: &str) -> Vec<Term> {
    fn plain<T>(list: &[T], of: impl Fn(&T) -> (&String, &String)) -> Vec<Term> {
        list.iter()
            .map(|item| {
                let (id, title) = of(item);
                Term { id: id.clone(), title: title.clone() }
            })
            .collect()
    }
    match term {
        "path" => plain(&edition.paths, |path| (&path.id, &path.title)),
        "tier" => {
            let tiers = edition.paths.iter().flat_map(|path| path.tiers.iter());
            tiers.map(|tier| Term { id: tier.id.clone(), title: tier.title.clone() }).collect()
        }
        "credential" => plain(&edition.credentials, |one| (&one.id, &one.title)),
        "program" => plain(&edition.programs, |one| (&one.id, &one.title)),
        "event kind" => plain(&edition.event_kinds, |one| (&one.id, &one.title)),
        "resolution code" => edition.resolution_codes.clone(),
        "partner kind" => edition.partner_kinds.clone(),
        _ => Vec::new(),
    }
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldView {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) value: String,
    /// `text`, `date`, `choice`, `boxes` or `area`; `fixed` where it is not to be changed.
    pub(crate) sort: &'static str,
    /// What a phone's keyboard is to offer.
    pub(crate) keys: &'static str,
    pub(crate) choices: Vec<Choice>,
    /// What can be picked, where anything may be typed.
    pub(crate) offers: Vec<Choice>,
    pub(crate) is_required: bool,
}

/// What a form is about.
pub(crate) struct FormOf<'a> {
    pub(crate) file: File,
    pub(crate) is_vendor: bool,
    /// Columns that are not to be changed.
    pub(crate) is_fixed: &'a dyn Fn(&str) -> bool,
    /// What can be picked for a reference to rows of a file.
    pub(crate) offers: &'a dyn Fn(File) -> Vec<Choice>,
}

impl Words {
    /// The field of a column with what stands in it.
    pub(crate) fn field(&self, form: &FormOf<'_>, column: &Column, value: &str) -> FieldView {
        let mut choices: Vec<Choice> = self
            .choices(form.file, column, form.is_vendor)
            .into_iter()
            .map(|(word, label)| {
                let mut held = value.split(';');
                let is_chosen = match column.holds {
                    Holds::RulebookWords(_) => held.any(|held| held == word),
                    _ => word == value,
                };
                Choice { value: word, label, is_chosen }
            })
            .collect();
        let sort = match column.holds {
            _ if (form.is_fixed)(column.name) => "fixed",
            Holds::RulebookWords(_) => "boxes",
            Holds::Word(_) | Holds::Score | Holds::RulebookWord(_) => "choice",
            Holds::Day if value.is_empty() || Day::parse(value.as_bytes()).is_some() => "date",
            Holds::Text if column.name == "comment" || value.len() > 80 => "area",
            _ => "text",
        };
        // What was typed stays, though it is none of the words.
        if matches!(sort, "choice" | "boxes") {
            let held = if sort == "boxes" { value.split(';') } else { value.split('\0') };
            for word in held.filter(|word| !word.is_empty()) {
                if !choices.iter().any(|one| one.value == word) {
                    let (value, label) = (word.to_owned(), self.value(column, word));
                    choices.push(Choice { value, label, is_chosen: true });
                }
            }
        }
        let keys = match column.holds {
            Holds::Decimal => "decimal",
            _ => "text",
        };
        let offers = match column.holds {
            Holds::Reference(file) => (form.offers)(file),
            Holds::Currency => {
                let own = self.book.currency.iter().cloned();
                own.map(|code| Choice { label: code.clone(), value: code, is_chosen: false })
                    .collect()
            }
            _ => Vec::new(),
        };
        FieldView {
            name: column.name,
            label: self.label(form.file, column.name),
            hint: self.hint(form.file, column),
            value: value.to_owned(),
            sort,
            keys,
            choices,
            offers,
            is_required: column.is_required && column.name != "id",
        }
    }
}
