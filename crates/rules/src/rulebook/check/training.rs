//! What a training catalogue says that does not fit together: trainings that wait for each other.

use super::Check;
use crate::rulebook::training::waits_for_itself;

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
