//! What is supposed, as it stands in addresses: `leaves=PERSON=DATE` and so on, in the words of the
//! command line. Whether it can be is found out on the facts.

use guildhall_rules::day::Day;
use guildhall_rules::facts::Supposition;
use guildhall_rules::problem::{Problem, Problems};

/// The names under which suppositions stand in addresses.
pub const KEYS: [&str; 5] = ["leaves", "passes", "launches", "granted", "plan_validated"];
/// How many things can be supposed at once.
pub const MOST_SUPPOSED: usize = 100;

/// The name under which a supposition stands.
pub(super) const fn key(supposition: &Supposition) -> &'static str {
    match supposition {
        Supposition::Leaves { .. } => "leaves",
        Supposition::Passes { .. } => "passes",
        Supposition::Launches { .. } => "launches",
        Supposition::Granted { .. } => "granted",
        Supposition::PlanValidated { .. } => "plan_validated",
    }
}

/// A supposition as it stands in an address: its name and its value.
pub fn written(supposition: &Supposition) -> (&'static str, String) {
    let value = match supposition {
        Supposition::Leaves { person, on } => format!("{person}={on}"),
        Supposition::Passes { person, credential, on } => format!("{person}={credential}@{on}"),
        Supposition::Launches { opportunity, on } => format!("{opportunity}={on}"),
        Supposition::Granted { program, on } => format!("{program}={on}"),
        Supposition::PlanValidated { on } => on.to_string(),
    };
    (key(supposition), value)
}

/// Reads what stands under the names of [`KEYS`]; what stands under others is passed over. The same
/// thing twice is one thing, the last of its days.
///
/// # Errors
///
/// Everything that cannot be read, and that there is too much.
pub fn read<'f>(
    fields: impl Iterator<Item = (&'f str, &'f str)>,
) -> Result<Vec<Supposition>, Problems> {
    let (mut all, mut problems) = (Vec::<Supposition>::new(), Problems::new());
    for (name, value) in fields.filter(|(name, _)| KEYS.contains(name)) {
        match one(name, value) {
            Ok(supposition) => match all.iter_mut().find(|known| is_same(known, &supposition)) {
                Some(known) => *known = supposition,
                None => all.push(supposition),
            },
            Err(problem) => problems.push(*problem),
        }
    }
    if all.len() > MOST_SUPPOSED {
        let message = format!("more than {MOST_SUPPOSED} things are supposed");
        problems.push(Problem::new("too-many-suppositions", message));
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// Whether two tell of the same thing, be it of other days.
fn is_same(one: &Supposition, other: &Supposition) -> bool {
    let without_day = |supposition: &Supposition| {
        let mut supposition = supposition.clone();
        match &mut supposition {
            Supposition::Leaves { on, .. }
            | Supposition::Passes { on, .. }
            | Supposition::Launches { on, .. }
            | Supposition::Granted { on, .. }
            | Supposition::PlanValidated { on } => *on = Day::MIN,
        }
        supposition
    };
    without_day(one) == without_day(other)
}

fn one(name: &str, value: &str) -> Result<Supposition, Box<Problem>> {
    let form = match name {
        "passes" => "write it as PERSON=CREDENTIAL@DATE, the date as 2026-03-31",
        "plan_validated" => "write it as DATE, as in 2026-03-31",
        _ => "write it as ID=DATE, the date as 2026-03-31",
    };
    let wrong = || {
        let shown: String = value.chars().filter(|char| !char.is_control()).take(100).collect();
        let message = format!("`{shown}` cannot be read");
        let mut problem = Problem::new("bad-value", message).hint(form);
        problem.column = Some(name.to_owned());
        Box::new(problem)
    };
    let day = |text: &str| Day::parse(text.as_bytes()).ok_or_else(wrong);
    if name == "plan_validated" {
        return Ok(Supposition::PlanValidated { on: day(value)? });
    }
    if name == "passes" {
        let (person, rest) = value.split_once('=').ok_or_else(wrong)?;
        let (credential, on) = rest.rsplit_once('@').ok_or_else(wrong)?;
        let (person, credential) = (person.to_owned(), credential.to_owned());
        return Ok(Supposition::Passes { person, credential, on: day(on)? });
    }
    let (id, on) = value.rsplit_once('=').ok_or_else(wrong)?;
    let (id, on) = (id.to_owned(), day(on)?);
    Ok(match name {
        "leaves" => Supposition::Leaves { person: id, on },
        "launches" => Supposition::Launches { opportunity: id, on },
        _ => Supposition::Granted { program: id, on },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_supposed_goes_into_an_address_and_comes_back() {
        let fields = [
            ("leaves", "eve=x=2026-03-01"),
            ("as_of", "2026-01-01"),
            ("passes", "eve=mosaic@2026-04-01"),
            ("launches", "roof-1=2026-05-01"),
            ("granted", "guild=2026-06-01"),
            ("plan_validated", "2026-07-01"),
        ];
        let all = read(fields.into_iter()).unwrap();
        let back: Vec<(&str, String)> = all.iter().map(written).collect();
        let kept = fields.iter().filter(|(name, _)| *name != "as_of");
        let kept: Vec<(&str, String)> = kept.map(|(name, it)| (*name, (*it).to_owned())).collect();
        assert_eq!(back, kept);
    }

    #[test]
    fn the_same_thing_twice_is_one_thing() {
        let fields = [("leaves", "eve=2026-03-01"), ("leaves", "eve=2026-04-01")];
        let all = read(fields.into_iter()).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(written(&all[0]).1, "eve=2026-04-01");
    }

    #[test]
    fn everything_that_cannot_be_read_is_told_at_once_with_what_helps() {
        let fields = [("leaves", "eve"), ("passes", "eve=mosaic"), ("plan_validated", "soon")];
        let problems = read(fields.into_iter()).unwrap_err();
        let told: Vec<(&str, bool)> = problems
            .shown()
            .iter()
            .map(|problem| (problem.column.as_deref().unwrap(), problem.hint.is_some()))
            .collect();
        assert_eq!(told, [("leaves", true), ("passes", true), ("plan_validated", true)]);
    }
}
