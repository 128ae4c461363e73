//! A program of whole numbers: groups choose, lines have to be reached, cost is to be least.

/// What has to be reached, and what can be chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    /// For each line, how much is needed at least.
    pub(super) needed: Vec<i64>,
    pub(super) groups: Vec<Group>,
}

/// Some who are alike, of whom each makes one choice or none.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// How many there are.
    pub(super) most: u32,
    pub(super) choices: Vec<Choice>,
}

/// Something to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice {
    /// What is to be least.
    pub(super) cost: i128,
    pub(super) money: i128,
    pub(super) days: i128,
    /// One where it takes a person.
    pub(super) people: i128,
    /// Lines and what is added to them.
    pub(super) gains: Vec<(usize, i64)>,
}

/// Lines and groups that have to do with each other, by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) lines: Vec<usize>,
    pub(super) groups: Vec<usize>,
}

/// How many of each group choose what.
pub(super) type Counts = Vec<Vec<u32>>;

/// What is to be least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Objective {
    /// Money.
    Money,
    /// People who have to do something.
    People,
    /// Nothing: what reaches every line will do.
    Nothing,
}

/// Choices of one group without those that another one beats, and what is left of what they are
/// for: as much of every line for no more money, and of equal money for no more days. What adds
/// nothing to any line is left out too.
pub(super) fn without_beaten(mut all: Vec<(Choice, usize)>) -> (Vec<Choice>, Vec<usize>) {
    all.sort_by(|(a, _), (b, _)| (a.money, a.days, &a.gains).cmp(&(b.money, b.days, &b.gains)));
    let mut kept: Vec<(Choice, usize)> = Vec::new();
    for (choice, of) in all {
        let has_gain = choice.gains.iter().any(|(_, gain)| *gain > 0);
        if has_gain && !kept.iter().any(|(other, _)| other.gains_as_much(&choice)) {
            kept.push((choice, of));
        }
    }
    kept.into_iter().unzip()
}

impl Choice {
    /// Whether it adds as much as another to every line; gains are in the order of lines.
    fn gains_as_much(&self, other: &Self) -> bool {
        let of = |gains: &[(usize, i64)], line: usize| {
            let found = gains.binary_search_by_key(&line, |(line, _)| *line).ok();
            found.and_then(|at| gains.get(at)).map_or(0, |(_, gain)| *gain)
        };
        let mut lines = self.gains.iter().chain(&other.gains);
        lines.all(|(line, _)| of(&self.gains, *line) >= of(&other.gains, *line))
    }
}

impl Program {
    /// The program with costs: `first` for what is to be least alone, else with what decides
    /// between equals: money, then days, then people.
    pub(super) fn with_costs(&self, objective: Objective, first: bool) -> Self {
        let mut program = self.clone();
        let total = |of: fn(&Choice) -> i128| -> i128 {
            let groups = self.groups.iter();
            let largest = groups.map(|group| {
                i128::from(group.most) * group.choices.iter().map(of).max().unwrap_or(0)
            });
            largest.sum::<i128>() + 1
        };
        let (money, days) = (total(|one| one.money), total(|one| one.days));
        let people = total(|one| one.people);
        for choice in program.groups.iter_mut().flat_map(|group| &mut group.choices) {
            choice.cost = match (objective, first) {
                (Objective::Money, true) => choice.money,
                (Objective::People, true) => choice.people,
                (Objective::Nothing, _) => 0,
                (Objective::Money, false) => {
                    (choice.money * days + choice.days) * people + choice.people
                }
                (Objective::People, false) => {
                    (choice.people * money + choice.money) * days + choice.days
                }
            };
        }
        program
    }

    /// The sum of something over what is chosen.
    pub(super) fn total(&self, counts: &Counts, of: impl Fn(&Choice) -> i128) -> i128 {
        let groups = self.groups.iter().zip(counts);
        let sums = groups.map(|(group, counts)| {
            let choices = group.choices.iter().zip(counts);
            choices.map(|(choice, count)| of(choice) * i128::from(*count)).sum::<i128>()
        });
        sums.sum()
    }

    /// Whether every line is reached and no group chooses too often.
    pub(super) fn is_reached(&self, counts: &Counts) -> bool {
        let mut missing = self.needed.clone();
        for (group, counts) in self.groups.iter().zip(counts) {
            if counts.iter().map(|count| u64::from(*count)).sum::<u64>() > u64::from(group.most) {
                return false;
            }
            for (choice, count) in group.choices.iter().zip(counts) {
                for (line, gain) in &choice.gains {
                    if let Some(missing) = missing.get_mut(*line) {
                        *missing -= gain * i64::from(*count);
                    }
                }
            }
        }
        missing.iter().all(|missing| *missing <= 0)
    }

    /// The parts that have nothing to do with each other. A line that no group adds to is a part
    /// without groups; a group that adds to no line is in none, for nothing asks for it.
    pub(super) fn parts(&self) -> Vec<Part> {
        let mut part_of: Vec<usize> = (0..self.needed.len()).collect();
        fn root(part_of: &[usize], mut at: usize) -> usize {
            while let Some(next) = part_of.get(at).copied().filter(|next| *next != at) {
                at = next;
            }
            at
        }
        for group in &self.groups {
            let mut lines = group.choices.iter().flat_map(|choice| &choice.gains);
            let Some((first, _)) = lines.next() else { continue };
            for (line, _) in lines {
                let (a, b) = (root(&part_of, *first), root(&part_of, *line));
                if let Some(slot) = part_of.get_mut(a.max(b)) {
                    *slot = a.min(b);
                }
            }
        }
        let mut parts: std::collections::BTreeMap<usize, Part> = std::collections::BTreeMap::new();
        for line in 0..self.needed.len() {
            parts.entry(root(&part_of, line)).or_default().lines.push(line);
        }
        for (at, group) in self.groups.iter().enumerate() {
            let first = group.choices.iter().flat_map(|choice| &choice.gains).next();
            if let Some((line, _)) = first {
                parts.entry(root(&part_of, *line)).or_default().groups.push(at);
            }
        }
        parts.into_values().collect()
    }

    /// A part as a program of its own.
    pub(super) fn part(&self, part: &Part) -> Self {
        let needed = part.lines.iter().filter_map(|line| self.needed.get(*line).copied()).collect();
        let groups = part.groups.iter().filter_map(|at| self.groups.get(*at));
        let groups = groups.map(|group| {
            let choices = group.choices.iter().map(|choice| {
                let gains = choice
                    .gains
                    .iter()
                    .filter_map(|(line, gain)| Some((part.lines.binary_search(line).ok()?, *gain)));
                Choice { gains: gains.collect(), ..choice.clone() }
            });
            Group { most: group.most, choices: choices.collect() }
        });
        Self { needed, groups: groups.collect() }
    }

    /// Nothing is chosen.
    pub(super) fn nothing(&self) -> Counts {
        self.groups.iter().map(|group| vec![0; group.choices.len()]).collect()
    }

    /// The same program that only has to reach some of its lines.
    pub(super) fn with_lines(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut program = self.clone();
        for (line, needed) in program.needed.iter_mut().enumerate() {
            if !keep(line) {
                *needed = i64::MIN / 4;
            }
        }
        program
    }
}
