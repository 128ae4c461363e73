//! What does not fit together between editions.

use crate::problem::{Problem, Problems};
use crate::rulebook::Edition;

/// Reports what does not fit together between the editions of networks: ids used twice, editions
/// that come into force before the one that was published before them, and editions of which
/// none is the later. The text beside each edition is its file.
pub fn check_sequence(editions: &[(&str, &Edition)]) -> Problems {
    let mut problems = Problems::new();
    for (at, (file, edition)) in editions.iter().enumerate() {
        let others = editions.iter().take(at);
        if let Some((other, _)) = others.clone().find(|(_, other)| other.id == edition.id) {
            let message = format!("the edition `{}` is in {other} already", edition.id);
            problems.push(Problem::new("id-used-twice", message).in_file(*file).at(1, "1"));
        }
    }
    let mut sorted: Vec<&(&str, &Edition)> = editions.iter().collect();
    sorted.sort_by_key(|(_, edition)| {
        (&edition.network, edition.published_at, edition.in_force_from)
    });
    for (at, pair) in sorted.windows(2).enumerate() {
        let [(_, before), (file, after)] = pair else { continue };
        // A correction of an older edition has that edition's day, whenever it is published.
        let is_correction = sorted.iter().take(at).any(|(_, other)| {
            other.network == after.network && other.in_force_from == after.in_force_from
        });
        if before.network == after.network
            && after.in_force_from < before.in_force_from
            && !is_correction
        {
            let message = format!(
                "`{}`, published after `{}`, comes into force before it: on {}, not after {}",
                after.id, before.id, after.in_force_from, before.in_force_from
            );
            let hint = "a correction has the same day; a later edition a later one";
            let problem = Problem::new("edition-out-of-order", message).in_file(*file).at(1, "1");
            problems.push(problem.hint(hint));
        }
        if before.network == after.network
            && before.id != after.id
            && (before.published_at, before.in_force_from)
                == (after.published_at, after.in_force_from)
        {
            let message = format!(
                "`{}` and `{}` were published at the same moment for the same day",
                before.id, after.id
            );
            let problem =
                Problem::new("edition-at-the-same-moment", message).in_file(*file).at(1, "1");
            problems.push(problem.hint("one of them must be the later"));
        }
    }
    problems
}
