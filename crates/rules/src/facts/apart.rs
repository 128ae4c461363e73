//! The facts of one partner apart from the network, and the same facts with others added: what
//! plans try out. Nothing here is kept.

use super::kinds::pack_pipeline;
use super::table::{
    Affiliation, Dated, Grouped, HeldCredential, Membership, Partner, Review, Table, TableBuilder,
    Tags,
};
use super::{Currency, Facts, Ids, NO_CODE, OpportunityReview, PartnerNumber, ReviewKind, Stage};
use crate::day::Day;
use crate::decimal::Decimal;
use crate::rulebook::FactKind;

/// Kinds of dated facts.
pub(crate) const DATED_KINDS: [FactKind; 8] = [
    FactKind::Opportunity,
    FactKind::Reference,
    FactKind::Rating,
    FactKind::BusinessPlan,
    FactKind::Validation,
    FactKind::Case,
    FactKind::SurveyResponse,
    FactKind::Event,
];

/// The partner in facts that were taken apart.
pub(crate) const THE_PARTNER: PartnerNumber = PartnerNumber(0);

/// A fact that is added to those of a partner.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Addition {
    /// A person passes; persons by their number.
    Credential { person: u32, credential: u16, on: Day },
    /// Something new happens.
    Dated { kind: FactKind, fact: NewFact },
    /// An opportunity is launched and approved, by its number among opportunities. Without a day
    /// it keeps its own.
    Launch { id: u32, on: Option<Day> },
    /// A row of the tier's history.
    Review { on: Day, kind: ReviewKind, tier: Option<u32> },
}

/// A dated fact that is new.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewFact {
    pub(crate) id: String,
    pub(crate) on: Day,
    pub(crate) code: Option<u16>,
    pub(crate) currency: Currency,
    pub(crate) amount: Option<Decimal>,
    /// The values of the kind's free fields, in the catalogue's order.
    pub(crate) labels: Vec<Option<String>>,
}

impl Facts {
    /// The facts that the answers about one partner are made of: its own, and those of its
    /// subsidiaries, at any time. The partner is [`THE_PARTNER`] among them.
    pub(crate) fn apart(&self, partner: PartnerNumber) -> Self {
        let affiliations = self.affiliations.of(partner.0);
        let mut owners = vec![partner.0];
        for row in affiliations {
            if !owners.contains(&row.subsidiary) {
                owners.push(row.subsidiary);
            }
        }
        let mut apart = Self::default();
        self.copy_partners(&owners, &mut apart);
        let of = |number: u32| owners.iter().position(|owner| *owner == number);
        let rows: Vec<Affiliation> = affiliations
            .iter()
            .map(|row| Affiliation {
                subsidiary: of(row.subsidiary).and_then(|at| u32::try_from(at).ok()).unwrap_or(0),
                ..*row
            })
            .collect();
        apart.affiliations = Grouped::new(rows, &vec![0; affiliations.len()], owners.len());
        self.copy_people(&owners, &mut apart);
        for kind in DATED_KINDS {
            if let (Some(table), Some(slot)) = (self.table(kind), apart.table_mut(kind)) {
                *slot = table.apart(&owners);
            }
        }
        apart
    }

    fn copy_partners(&self, owners: &[u32], apart: &mut Self) {
        let mut reviews: Vec<Review> = Vec::new();
        let mut groups = Vec::new();
        for (at, owner) in (0_u32..).zip(owners) {
            let Some(partner) = self.partner(PartnerNumber(*owner)) else { continue };
            let id = insert(&mut apart.partner_ids, self.partner_ids.get(partner.id));
            apart.partners.push(Partner { id, ..partner.clone() });
            for row in self.reviews.of(*owner) {
                let id = insert(&mut apart.review_ids, self.review_ids.get(row.id));
                reviews.push(Review { id, ..*row });
                groups.push(at);
            }
        }
        apart.reviews = Grouped::new(reviews, &groups, owners.len());
    }

    fn copy_people(&self, owners: &[u32], apart: &mut Self) {
        let (mut rows, mut groups) = (Vec::new(), Vec::new());
        let (mut held, mut persons): (Vec<HeldCredential>, Vec<u32>) = (Vec::new(), Vec::new());
        for (at, owner) in (0_u32..).zip(owners) {
            for row in self.memberships.of(*owner) {
                let known = apart.people_ids.len();
                let person = insert(&mut apart.people_ids, self.people_ids.get(row.person));
                rows.push(Membership { person, ..*row });
                groups.push(at);
                if person as usize != known {
                    continue;
                }
                for row in self.credentials.of(row.person) {
                    let id = insert(&mut apart.credential_ids, self.credential_ids.get(row.id));
                    held.push(HeldCredential { id, ..*row });
                    persons.push(person);
                }
            }
        }
        apart.memberships = Grouped::new(rows, &groups, owners.len());
        apart.memberships.sort_groups_by(|a, b| a.person.cmp(&b.person));
        apart.credentials = Grouped::new(held, &persons, apart.people_ids.len());
    }

    /// The same facts with others. Only for facts taken apart.
    pub(crate) fn with(&self, additions: &[Addition]) -> Self {
        let mut facts = self.clone();
        let held = additions.iter().filter_map(|one| match one {
            Addition::Credential { person, credential, on } => Some((*person, *credential, *on)),
            _ => None,
        });
        facts.add_credentials(held);
        let reviews = additions.iter().filter_map(|one| match one {
            Addition::Review { on, kind, tier } => Some((*on, *kind, *tier)),
            _ => None,
        });
        facts.add_reviews(reviews);
        for kind in DATED_KINDS {
            let is_changed = additions.iter().any(|one| match one {
                Addition::Dated { kind: of, .. } => *of == kind,
                Addition::Launch { .. } => kind == FactKind::Opportunity,
                _ => false,
            });
            if is_changed
                && let (Some(table), Some(slot)) = (self.table(kind), facts.table_mut(kind))
            {
                *slot = table.with(kind, self.partners.len(), additions);
            }
        }
        facts
    }

    fn add_credentials(&mut self, added: impl Iterator<Item = (u32, u16, Day)>) {
        let mut added: Vec<(u32, u16, Day)> = added.collect();
        if added.is_empty() {
            return;
        }
        added.sort_by_key(|(person, ..)| *person);
        let count = self.people_ids.len();
        let (mut rows, mut groups) = (Vec::new(), Vec::new());
        let mut next = added.into_iter().peekable();
        for person in 0..u32::try_from(count).unwrap_or(u32::MAX) {
            rows.extend_from_slice(self.credentials.of(person));
            while let Some((_, credential, issued_on)) = next.next_if(|(of, ..)| *of == person) {
                let id = format!("planned credential {}", self.credential_ids.len());
                let id = insert(&mut self.credential_ids, id.as_bytes());
                rows.push(HeldCredential { id, issued_on, expires_on: None, credential });
            }
            groups.resize(rows.len(), person);
        }
        self.credentials = Grouped::new(rows, &groups, count);
    }

    /// Adds rows to the partner's history. A history told in short is written out first, for it
    /// is passed over as soon as there is one row.
    fn add_reviews(&mut self, added: impl Iterator<Item = (Day, ReviewKind, Option<u32>)>) {
        let added: Vec<(Day, ReviewKind, Option<u32>)> = added.collect();
        let Some(partner) = self.partners.first().cloned().filter(|_| !added.is_empty()) else {
            return;
        };
        let mut rows = self.reviews.of(0).to_vec();
        let mut add = |on: Day, kind: ReviewKind, tier: Option<u32>, ids: &mut Ids| {
            let id = insert(ids, format!("assumed {} {on}", kind.word()).as_bytes());
            rows.push(Review { id, path: partner.path, on, kind, tier, valid_until: None });
        };
        if self.reviews.of(0).is_empty() {
            let since = partner.tier_since.unwrap_or(Day::MIN);
            if partner.tier.is_some() {
                // Of the kinds that neither reset windows nor are counted from.
                add(since, ReviewKind::Reinstated, partner.tier, &mut self.review_ids);
            }
            for (kind, on) in [
                (ReviewKind::Review, partner.last_review_on),
                (ReviewKind::Renewal, partner.last_renewal_on),
                (ReviewKind::Upgrade, partner.last_upgrade_on),
            ] {
                if let Some(on) = on {
                    add(on, kind, None, &mut self.review_ids);
                }
            }
            if partner.standing == super::Standing::Suspended {
                add(since, ReviewKind::Suspended, None, &mut self.review_ids);
            }
        }
        for (on, kind, tier) in added {
            add(on, kind, tier, &mut self.review_ids);
        }
        rows.sort_by_key(|row| (row.on, row.kind));
        let mut groups = vec![0; rows.len()];
        for owner in 1..u32::try_from(self.partners.len()).unwrap_or(u32::MAX) {
            rows.extend_from_slice(self.reviews.of(owner));
            groups.resize(rows.len(), owner);
        }
        self.reviews = Grouped::new(rows, &groups, self.partners.len());
    }
}

impl Table {
    /// The rows of some partners, numbered anew in their order.
    fn apart(&self, owners: &[u32]) -> Self {
        let mut builder = self.emptied();
        for (at, owner) in (0_u32..).zip(owners) {
            self.copy(self.rows.range(*owner), at, &mut builder, |row| row);
        }
        builder.finish(owners.len())
    }

    fn emptied(&self) -> TableBuilder {
        TableBuilder { label_count: self.label_count, ..TableBuilder::default() }
    }

    fn copy(
        &self,
        range: std::ops::Range<usize>,
        owner: u32,
        to: &mut TableBuilder,
        change: impl Fn(Dated) -> Dated,
    ) {
        for at in range {
            let Some(row) = self.rows.rows.get(at) else { continue };
            let id = insert(&mut to.ids, self.ids.get(row.id));
            to.push(owner, Dated { id, ..change(*row) });
            to.amounts.extend(self.amounts.get(at));
            to.divisors.extend(self.divisors.get(at));
            for field in 0..self.label_count {
                let label = self.label(at, field);
                let text = (label != super::NO_LABEL).then(|| self.label_texts.get(label));
                to.push_label(text);
            }
        }
    }

    /// The rows of all partners with what is added to those of the first.
    fn with(&self, kind: FactKind, partners: usize, additions: &[Addition]) -> Self {
        let mut builder = self.emptied();
        let launched = |row: Dated| {
            let found = additions.iter().find_map(|one| match one {
                Addition::Launch { id, on } if *id == row.id && kind == FactKind::Opportunity => {
                    Some(*on)
                }
                _ => None,
            });
            match found {
                Some(on) => Dated {
                    on: on.or(row.on),
                    barred: None,
                    code: pack_pipeline(Stage::Launched, OpportunityReview::Approved),
                    ..row
                },
                None => row,
            }
        };
        for owner in 0..u32::try_from(partners).unwrap_or(u32::MAX) {
            self.copy(self.rows.range(owner), owner, &mut builder, launched);
        }
        for addition in additions {
            if let Addition::Dated { kind: of, fact } = addition
                && *of == kind
            {
                add(&mut builder, kind, fact);
            }
        }
        builder.finish(partners)
    }
}

fn add(builder: &mut TableBuilder, kind: FactKind, fact: &NewFact) {
    let launched = || pack_pipeline(Stage::Launched, OpportunityReview::Approved);
    let id = insert(&mut builder.ids, fact.id.as_bytes());
    let code = match kind {
        FactKind::Opportunity => launched(),
        _ => fact.code.unwrap_or(NO_CODE),
    };
    let tags = match kind {
        FactKind::Event => Tags::of_event(fact.amount.is_some()),
        _ => Tags::default(),
    };
    let (on, currency) = (Some(fact.on), fact.currency);
    builder.push(0, Dated { id, on, end: None, code, currency, barred: None, tags });
    let has_amounts = matches!(
        kind,
        FactKind::Opportunity | FactKind::Rating | FactKind::SurveyResponse | FactKind::Event
    );
    if has_amounts {
        builder.amounts.push(fact.amount.unwrap_or_default());
    }
    if kind == FactKind::SurveyResponse {
        builder.divisors.push(1);
    }
    for field in 0..builder.label_count {
        let value = fact.labels.get(field).and_then(Option::as_ref);
        builder.push_label(value.map(String::as_bytes));
    }
}

fn insert(ids: &mut Ids, text: &[u8]) -> u32 {
    ids.insert(text).map_or(u32::MAX, |(number, _)| number)
}
