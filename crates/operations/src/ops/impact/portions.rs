//! The network in portions: the facts of some partners after the other are read, looked at under
//! both editions, and let go.

use std::collections::BTreeSet;

use guildhall_rules::evaluation::Evaluator;
use guildhall_rules::facts::PartnerNumber;
use guildhall_rules::impact::Pair;
use guildhall_store::Span;

use super::Editions;
use crate::{App, Error};

/// How many partners are read at once.
const STEP: usize = 500;

/// Looks at a portion of partners with their ids.
pub(super) type Look<'l> =
    dyn FnMut(&Pair<'_>, &[(PartnerNumber, String)]) -> Result<(), Error> + 'l;

/// Looks at the partners behind one. How many they were, and behind whom the next portion begins;
/// none at the end.
pub(super) fn next(
    app: &App,
    editions: &Editions,
    after: &str,
    look: &mut Look<'_>,
) -> Result<(u64, Option<String>), Error> {
    let Editions { old, new, catalogue } = editions;
    app.store.read(|tx| {
        let partners = tx.partners_after(after, STEP)?;
        let until = partners.last().filter(|_| partners.len() == STEP).map(|(id, _)| id.clone());
        if partners.is_empty() {
            return Ok((0, None));
        }
        let facts = tx.read_span(catalogue, Span { after, until: until.as_deref() })?;
        let (old, new) =
            (Evaluator::new(old, catalogue, &facts), Evaluator::new(new, catalogue, &facts));
        let wanted: BTreeSet<String> = partners.into_iter().map(|(id, _)| id).collect();
        // Subsidiaries of others are among them.
        let found: Vec<(PartnerNumber, String)> = facts
            .partners()
            .map(|number| (number, facts.partner_id(number).to_owned()))
            .filter(|(_, id)| wanted.contains(id))
            .collect();
        look(&Pair { old: &old, new: &new }, &found)?;
        Ok((found.len() as u64, until))
    })
}
