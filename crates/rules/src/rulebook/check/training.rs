//! What a training catalogue says that does not fit together: trainings that wait for each other.

use super::Check;
use crate::rulebook::{Prerequisite, Training};

impl Check<'_, '_> {
    /// Reports every training that, directly or through others, has to come before itself.
    pub(super) fn training(&self) {
        let trainings = &self.edition.training;
        for (at, training) in trainings.iter().enumerate() {
            if waits_for_itself(trainings, at) {
                let message = format!("`{}` has to come before itself", training.id);
                let place = self.lists.trainings.place(at);
                self.document.problem(&place, "training-cycle", message, None);
            }
        }
    }
}

/// Whether a training is among those that must be taken before it. A credential may be
/// got by any training that leads to it, so that all of these come before.
fn waits_for_itself(trainings: &[Training], begin: usize) -> bool {
    let before = |at: usize| -> Vec<usize> {
        let Some(training) = trainings.get(at) else { return Vec::new() };
        let required = training.requires.iter().flat_map(|one| match one {
            Prerequisite::Training(at) => vec![*at],
            Prerequisite::Credential(of) => {
                let leading = trainings.iter().enumerate();
                leading.filter(|(_, one)| one.leads_to == Some(*of)).map(|(at, _)| at).collect()
            }
        });
        required.chain(training.after.iter().copied()).collect()
    };
    let mut seen = vec![false; trainings.len()];
    let mut next = before(begin);
    while let Some(at) = next.pop() {
        if at == begin {
            return true;
        }
        if let Some(seen) = seen.get_mut(at).filter(|seen| !**seen) {
            *seen = true;
            next.extend(before(at));
        }
    }
    false
}
