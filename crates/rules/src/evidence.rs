//! Evidence: every fact that a measure could ever count, and what came of it in each column.
//!
//! The lists are complete: a fact of the partner that a measure's filter lets through stands, for
//! each column, in exactly one of the two, and where those of subsidiaries count, so do they. The
//! value can be recomputed from those counted.

use serde::Serialize;

use crate::day::Day;
use crate::evaluation::{
    CompiledMeasure, Days, Evaluator, Holdings, Place, Reads, Verdict, Viewpoint, by_person,
    credential_reason, decision_reason, document_last, document_reason, field, is_decision,
    last_valid_day, membership_reason,
};
use crate::facts::{
    Dated, HeldCredential, Membership, PartnerNumber, Review, Table, unpack_pipeline,
};
use crate::number::Number;
use crate::reason::Reason;
use crate::rulebook::{Column, Columns, FactKind, MeasureRule};

/// A fact that counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Its id.
    pub fact: String,
    /// Its kind.
    pub kind: FactKind,
    /// Whom or what it is about: the person of a credential, else the fact itself.
    pub subject: String,
    /// The columns in which it counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// What more there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A fact that did not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCounted {
    /// Its id.
    pub fact: String,
    /// Its kind.
    pub kind: FactKind,
    /// Whom or what it is about: the person of a credential, else the fact itself.
    pub subject: String,
    /// The columns in which it did not count for this reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// The first reason that applies.
    pub reason: Reason,
    /// The reason with its days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Both lists of a measure, each in the order of the facts' ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Facts that counted.
    pub counted: Vec<Counted>,
    /// Facts that did not.
    pub not_counted: Vec<NotCounted>,
}

/// What came of a fact in one column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    verdict: Verdict,
    detail: Option<String>,
}

/// What came of a fact.
struct Judged {
    fact: String,
    kind: FactKind,
    subject: String,
    /// The subsidiary by which it is listed.
    through: Option<String>,
    outcomes: Columns<Outcome>,
}

impl Evaluator<'_> {
    /// The evidence of a measure, whose window in each column is these days.
    pub(crate) fn evidence(
        &self,
        measure: usize,
        partner: PartnerNumber,
        view: &Viewpoint,
        days: &dyn Fn(usize, Column) -> Days,
    ) -> Evidence {
        let mut judged = self.judge_all(measure, partner, view, days);
        judged.sort_by(|a, b| (&a.fact, a.kind).cmp(&(&b.fact, b.kind)));
        let mut evidence = Evidence::default();
        for fact in judged {
            evidence.add(fact);
        }
        evidence
    }

    fn judge_all(
        &self,
        measure: usize,
        partner: PartnerNumber,
        view: &Viewpoint,
        days: &dyn Fn(usize, Column) -> Days,
    ) -> Vec<Judged> {
        let windows = Columns {
            renewal: days(measure, Column::Renewal),
            upgrade: days(measure, Column::Upgrade),
        };
        match self.measures.get(measure) {
            None | Some(CompiledMeasure::Sustained { .. }) => Vec::new(),
            Some(CompiledMeasure::People { bit }) => self.judge_people(*bit, partner, view),
            Some(CompiledMeasure::Dated { of, reads }) => {
                let Some(table) = self.facts.table(of.kind) else { return Vec::new() };
                let judge = |at: usize, row: &Dated| {
                    let outcome = |days: Days| {
                        let verdict = of.judge(table, at, row, days, view);
                        let detail = match verdict {
                            Verdict::Not(reason) => {
                                self.dated_detail(of.kind, row, reason, days, view)
                            }
                            Verdict::Counted => counted_detail(reads, table, at, row),
                            Verdict::NotListed => None,
                        };
                        Outcome { verdict, detail }
                    };
                    dated_judged(of.kind, table, row, windows, outcome)
                };
                let mut judged = Vec::new();
                for owner in self.owners(of.kind, partner, view) {
                    let range = table.rows.range(owner.0);
                    let rows = table.rows.rows.get(range.clone()).unwrap_or_default();
                    let through = (owner != partner).then(|| self.facts.partner_id(owner));
                    let of_owner = range.zip(rows).filter_map(|(at, row)| judge(at, row));
                    judged.extend(of_owner.map(|fact| fact.through(through)));
                }
                judged
            }
            Some(CompiledMeasure::Document { valid_months }) => {
                let table = &self.facts.business_plans;
                let judge = |row: &Dated| {
                    let outcome = |_| {
                        let reason = document_reason(row, *valid_months, view);
                        let detail =
                            reason.map(|reason| plan_detail(row, *valid_months, reason, view));
                        Outcome { verdict: reason.into(), detail }
                    };
                    dated_judged(FactKind::BusinessPlan, table, row, windows, outcome)
                };
                table.rows.of(partner.0).iter().filter_map(judge).collect()
            }
            Some(CompiledMeasure::Decision { kind }) => {
                let Some(of) = self.facts.partner(partner) else { return Vec::new() };
                let rows = self.facts.reviews.of(partner.0).iter();
                rows.filter(|row| is_decision(row, *kind, of))
                    .map(|row| self.judge_decision(row, view))
                    .collect()
            }
            Some(CompiledMeasure::Points) => self.judge_points(measure, partner, view, days),
        }
    }

    /// The facts of all parts; one counts in a column where it counts for some part.
    fn judge_points(
        &self,
        measure: usize,
        partner: PartnerNumber,
        view: &Viewpoint,
        days: &dyn Fn(usize, Column) -> Days,
    ) -> Vec<Judged> {
        let rule = self.edition.measures.get(measure).map(|measure| &measure.rule);
        let Some(MeasureRule::Points(parts)) = rule else { return Vec::new() };
        let mut all: Vec<Judged> = Vec::new();
        for part in parts {
            for fact in self.judge_all(part.measure, partner, view, days) {
                let same = all
                    .iter_mut()
                    .find(|other| (&other.fact, other.kind) == (&fact.fact, fact.kind));
                match same {
                    None => all.push(fact),
                    Some(known) => {
                        let pairs = [
                            (&mut known.outcomes.renewal, fact.outcomes.renewal),
                            (&mut known.outcomes.upgrade, fact.outcomes.upgrade),
                        ];
                        for (known, new) in pairs {
                            let is_better = known.verdict != Verdict::Counted
                                && (new.verdict == Verdict::Counted
                                    || known.verdict == Verdict::NotListed);
                            if is_better {
                                *known = new;
                            }
                        }
                    }
                }
            }
        }
        all
    }

    fn judge_decision(&self, row: &Review, view: &Viewpoint) -> Judged {
        let reason = decision_reason(row, view);
        let detail = match (reason, row.valid_until) {
            (Some(Reason::Expired), Some(last)) => Some(format!("last valid day was {last}")),
            (Some(_), _) => Some(format!("decided on {}, after {}", row.on, view.as_of)),
            (None, _) => None,
        };
        let outcome = Outcome { verdict: reason.into(), detail };
        let fact = self.facts.review_ids.text(row.id).to_owned();
        Judged {
            subject: fact.clone(),
            fact,
            kind: FactKind::Review,
            through: None,
            outcomes: Columns { renewal: outcome.clone(), upgrade: outcome },
        }
    }

    fn judge_people(&self, bit: u32, partner: PartnerNumber, view: &Viewpoint) -> Vec<Judged> {
        let mut judged = Vec::new();
        let holdings = Holdings::new(&self.people, view);
        for rows in by_person(&self.members(partner, view)) {
            let Some(first) = rows.first() else { continue };
            let listed: Vec<&HeldCredential> = self
                .facts
                .credentials
                .of(first.person)
                .iter()
                .filter(|held| self.people.is_listed(held, bit))
                .collect();
            let of_person = membership_reason(rows, view);
            let mask = holdings.mask(self.facts.credentials.of(first.person));
            let is_in = of_person.is_none() && mask & 1_u64.checked_shl(bit).unwrap_or(0) != 0;
            let stands = |held: &&HeldCredential| {
                of_person.is_none()
                    && credential_reason(self.people.rule(held), held, view).is_none()
            };
            let through = self.subsidiary_of(first.person, of_person, partner, view);
            let best =
                listed.iter().copied().filter(stands).min_by_key(|held| self.preference(held));
            for held in &listed {
                let outcome =
                    self.person_outcome(held, best.filter(|_| is_in), (rows, of_person), view);
                judged.push(Judged {
                    fact: self.facts.credential_ids.text(held.id).to_owned(),
                    kind: FactKind::Credential,
                    subject: self.facts.people_ids.text(first.person).to_owned(),
                    through: through.map(str::to_owned),
                    outcomes: Columns { renewal: outcome.clone(), upgrade: outcome },
                });
            }
        }
        judged
    }

    /// Sorts the credential that stands for its person first: the highest level, then the
    /// latest last day, then the smallest id.
    fn preference(&self, held: &HeldCredential) -> impl Ord + use<'_> {
        let rule = self.people.rule(held);
        let last = last_valid_day(rule, held).unwrap_or(Day::MAX);
        let is_endless = last_valid_day(rule, held).is_none();
        let id = self.facts.credential_ids.text(held.id);
        (std::cmp::Reverse((rule.rank, is_endless, last)), id)
    }

    fn person_outcome(
        &self,
        held: &HeldCredential,
        best: Option<&HeldCredential>,
        (rows, of_person): (&[Membership], Option<Reason>),
        view: &Viewpoint,
    ) -> Outcome {
        let rule = self.people.rule(held);
        let of_credential = credential_reason(rule, held, view);
        let reason = match (of_credential, of_person) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some(reason) = reason {
            let detail = self.person_detail(held, rows, reason, view);
            return Outcome { verdict: Verdict::Not(reason), detail };
        }
        match best {
            Some(best) if best.id == held.id => Outcome { verdict: Verdict::Counted, detail: None },
            Some(best) => {
                let is_lower = rule.rank < self.people.rule(best).rank;
                let reason =
                    if is_lower { Reason::LowerLevelThanCounted } else { Reason::DuplicatePerson };
                let id = self.facts.credential_ids.text(best.id);
                Outcome { verdict: Verdict::Not(reason), detail: Some(format!("counted by {id}")) }
            }
            None => Outcome {
                verdict: Verdict::Not(Reason::LowerLevelThanCounted),
                detail: Some("the person's highest level is another".to_owned()),
            },
        }
    }

    fn person_detail(
        &self,
        held: &HeldCredential,
        rows: &[Membership],
        reason: Reason,
        view: &Viewpoint,
    ) -> Option<String> {
        match reason {
            Reason::UnknownToEdition => {
                let id = self.catalogue.credentials.text(held.credential.into());
                Some(format!("this edition has no credential {id}"))
            }
            Reason::NoConsent => Some("the person's consent is no".to_owned()),
            Reason::NotYetJoined => {
                let joins =
                    rows.iter().filter_map(|row| row.joined_on).filter(|on| *on > view.last);
                joins.min().map(|on| format!("joins on {on}"))
            }
            Reason::Left => {
                rows.iter().filter_map(|row| row.left_on).max().map(|on| format!("left on {on}"))
            }
            Reason::NotYetIssued => {
                Some(format!("issued on {}, after {}", held.issued_on, view.as_of))
            }
            Reason::Expired => last_valid_day(self.people.rule(held), held)
                .map(|last| format!("last valid day was {last}")),
            _ => None,
        }
    }

    fn dated_detail(
        &self,
        kind: FactKind,
        row: &Dated,
        reason: Reason,
        days: Days,
        view: &Viewpoint,
    ) -> Option<String> {
        match reason {
            Reason::UnknownToEdition => {
                let ids = match kind {
                    FactKind::Validation => &self.catalogue.programs,
                    _ => &self.catalogue.event_kinds,
                };
                Some(format!("this edition has no {}", ids.text(row.code.into())))
            }
            Reason::NotYetIssued => {
                row.on.map(|on| format!("granted on {on}, after {}", view.as_of))
            }
            Reason::Expired if kind == FactKind::Event => {
                row.end.map(|until| format!("ended on {until}"))
            }
            Reason::Expired => row.end.map(|last| format!("last valid day was {last}")),
            Reason::NotLaunched => {
                unpack_pipeline(row.code).0.map(|stage| format!("stage is {}", stage.word()))
            }
            Reason::NotApproved => {
                unpack_pipeline(row.code).1.map(|review| format!("review is {}", review.word()))
            }
            Reason::NotPublic => Some("the reference is private".to_owned()),
            Reason::Withdrawn => row.end.map(|on| format!("withdrawn on {on}")),
            Reason::OutsideWindow => Some(outside(kind, row.on, days, view)),
            Reason::OtherCurrency => Some(if row.currency == crate::facts::Currency::NONE {
                "the amount has no currency".to_owned()
            } else {
                format!("the amount is in {}, not {}", row.currency, self.edition.currency)
            }),
            Reason::OtherDesk => Some(format!("desk is {}", row.tags.desk().word())),
            Reason::OtherSupport => Some(format!("support is {}", row.tags.support().word())),
            _ => None,
        }
    }
}

impl Judged {
    /// The same, listed by way of a subsidiary.
    fn through(mut self, subsidiary: Option<&str>) -> Self {
        self.through = subsidiary.map(str::to_owned);
        self
    }
}

impl Evidence {
    /// Adds a fact, once for each different outcome.
    fn add(&mut self, judged: Judged) {
        let Judged { fact, kind, subject, through, outcomes } = judged;
        let Columns { mut renewal, upgrade } = outcomes;
        let mut entries = Vec::new();
        if renewal.verdict == upgrade.verdict {
            if let (Some(before), Some(after)) = (&renewal.detail, &upgrade.detail)
                && before != after
            {
                renewal.detail = Some(format!("renewal: {before}; upgrade: {after}"));
            }
            entries.push((renewal, Column::BOTH.to_vec()));
        } else {
            entries.push((renewal, vec![Column::Renewal]));
            entries.push((upgrade, vec![Column::Upgrade]));
        }
        for (Outcome { verdict, mut detail }, columns) in entries {
            if let Some(subsidiary) = &through {
                let own = detail.map_or_else(String::new, |detail| format!("{detail}; "));
                detail = Some(format!("{own}subsidiary {subsidiary}"));
            }
            let (fact, subject) = (fact.clone(), subject.clone());
            match verdict {
                Verdict::NotListed => {}
                Verdict::Counted => {
                    self.counted.push(Counted { fact, kind, subject, columns, detail });
                }
                Verdict::Not(reason) => self.not_counted.push(NotCounted {
                    fact,
                    kind,
                    subject,
                    columns,
                    reason,
                    detail,
                }),
            }
        }
    }

    /// The same lists for something that has no columns.
    #[must_use]
    pub(crate) fn without_columns(mut self) -> Self {
        for entry in &mut self.counted {
            entry.columns.clear();
        }
        for entry in &mut self.not_counted {
            entry.columns.clear();
        }
        self
    }
}

/// What came of a dated fact in both columns; nothing where the measure does not list it.
fn dated_judged(
    kind: FactKind,
    table: &Table,
    row: &Dated,
    windows: Columns<Days>,
    outcome: impl Fn(Days) -> Outcome,
) -> Option<Judged> {
    let outcomes = Columns { renewal: outcome(windows.renewal), upgrade: outcome(windows.upgrade) };
    if outcomes.renewal.verdict == Verdict::NotListed {
        return None;
    }
    let fact = table.ids.text(row.id).to_owned();
    Some(Judged { subject: fact.clone(), fact, kind, through: None, outcomes })
}

/// What a fact brings to the value, where that is not just one more.
fn counted_detail(reads: &Reads, table: &Table, at: usize, row: &Dated) -> Option<String> {
    match reads {
        Reads::Share(matching) => {
            let is_part = matching.pass(|place| field(table, at, row, place));
            is_part.then(|| "in the share".to_owned())
        }
        Reads::Sum | Reads::Mean => {
            let amount = Number::from_decimal(table.amounts.get(at).copied().unwrap_or_default());
            let divisor = table.divisors.get(at).copied().unwrap_or(1);
            Some(
                format!("{} {}", amount.divided_by(divisor.into()), row.currency)
                    .trim_end()
                    .to_owned(),
            )
        }
        Reads::Distinct { place: Place::Label(label), .. } => {
            Some(table.label_texts.text(table.label(at, *label)).to_owned())
        }
        Reads::Count | Reads::Distinct { .. } => None,
    }
}

fn plan_detail(row: &Dated, valid_months: u16, reason: Reason, view: &Viewpoint) -> String {
    match (reason, row.on) {
        (Reason::Expired, Some(on)) => {
            format!("last valid day was {}", document_last(row, on, valid_months))
        }
        (_, Some(on)) => format!("validated on {on}, after {}", view.as_of),
        (Reason::Expired, None) => "never validated, and past its last day".to_owned(),
        (_, None) => "never validated".to_owned(),
    }
}

/// Where a day lies that is outside its window.
fn outside(kind: FactKind, on: Option<Day>, days: Days, view: &Viewpoint) -> String {
    let verb = match kind {
        FactKind::Opportunity => "launched",
        FactKind::Reference => "published",
        FactKind::Rating => "rated",
        FactKind::BusinessPlan => "validated",
        FactKind::Validation => "granted",
        FactKind::Case => "opened",
        FactKind::SurveyResponse => "answered",
        FactKind::Review => "decided",
        FactKind::Credential => "issued",
        FactKind::Event => "happened",
    };
    let Some(on) = on else { return format!("has no day on which it was {verb}") };
    match days {
        Days::Unknown => format!("{verb} on {on}; the window has no beginning"),
        Days::From(from) | Days::Between(from, _) if on < from => {
            format!("{verb} on {on}, before {from}")
        }
        Days::Between(_, until) => format!("{verb} on {on}, not before {until}"),
        Days::From(_) | Days::InForce => format!("{verb} on {on}, after {}", view.as_of),
    }
}
