//! What the groups of a program choose from: bundles of people, chances of efforts, values.

use std::collections::BTreeMap;

use super::numbers::LARGEST;
use super::{Lines, Source, WholeLine};
use crate::day::Day;
use crate::plan::people::Bundle;
use crate::plan::program::{Choice, Group, Program, without_beaten};

impl Lines<'_, '_, '_> {
    pub(super) fn add_classes(
        &self,
        lines: &[WholeLine],
        first_of_time: usize,
        program: &mut Program,
        sources: &mut Vec<Source>,
    ) {
        let mut by_menu: BTreeMap<Vec<Choice>, usize> = BTreeMap::new();
        for (number, class) in self.parts.classes.iter().enumerate() {
            let choices = self.parts.menu(class).iter().enumerate().map(|(at, bundle)| {
                let mut gains = gains_of(lines, bundle);
                if self.parts.at_once.is_some() {
                    gains.extend(self.time_of(bundle, first_of_time));
                }
                let (money, days) = (bundle.money, i128::from(bundle.days));
                (Choice { money, days, people: 1, cost: 0, gains }, at)
            });
            let (menu, bundles) = without_beaten(choices.collect());
            if menu.is_empty() {
                continue;
            }
            let most = u32::try_from(class.members.len()).unwrap_or(u32::MAX);
            if let Some(group) = by_menu.get(&menu) {
                if let Some(Source::Classes(classes)) = sources.get_mut(*group) {
                    classes.push((number, bundles));
                }
                if let Some(group) = program.groups.get_mut(*group) {
                    group.most += most;
                }
                continue;
            }
            by_menu.insert(menu.clone(), program.groups.len());
            sources.push(Source::Classes(vec![(number, bundles)]));
            program.groups.push(Group { most, choices: menu });
        }
    }

    /// The time that a bundle takes of those who prepare at once, until each check.
    fn time_of(&self, bundle: &Bundle, first: usize) -> Vec<(usize, i64)> {
        let length = |end: &Day| -> i64 {
            let items = bundle.items.iter().zip(&bundle.lengths);
            items.filter(|(item, _)| item.last <= *end).map(|(_, length)| i64::from(*length)).sum()
        };
        let ends = self.parts.ends.iter().enumerate();
        ends.map(|(at, end)| (first + at, -length(end))).filter(|(_, days)| *days != 0).collect()
    }

    /// How much of each line could be lost at most by what is chosen.
    fn losses(&self, lines: &[WholeLine], program: &Program) -> Vec<i64> {
        let mut losses: Vec<i64> = vec![0; program.needed.len()];
        let mut add = |line: usize, loss: i64, most: Option<u32>| {
            if let Some(slot) = losses.get_mut(line).filter(|_| loss > 0) {
                let all = most.map_or(LARGEST, |most| loss.saturating_mul(i64::from(most)));
                *slot = slot.saturating_add(all);
            }
        };
        for group in &program.groups {
            for (line, gain) in group.choices.iter().flat_map(|choice| &choice.gains) {
                add(*line, -gain, Some(group.most));
            }
        }
        for (at, line) in lines.iter().enumerate() {
            for ((candidate, _), weight) in &line.chances {
                let most = self.parts.candidates.get(*candidate).and_then(|one| one.most);
                add(at, -weight, most);
            }
            for (_, weight) in &line.values {
                add(at, -weight, Some(1));
            }
        }
        losses
    }

    pub(super) fn add_candidates(
        &self,
        lines: &[WholeLine],
        program: &mut Program,
        sources: &mut Vec<Source>,
    ) {
        let losses = self.losses(lines, program);
        for (number, candidate) in self.parts.candidates.iter().enumerate() {
            let choices = (0..candidate.chances.len()).map(|chance| {
                let (money, days) = (candidate.money, i128::from(candidate.days));
                let gains = gains_of_chance(lines, (number, chance));
                (Choice { money, days, people: 0, cost: 0, gains }, chance)
            });
            let (choices, chances) = without_beaten(choices.collect());
            // More than everything that is needed, and could be lost, is never of use.
            let enough = choices.iter().flat_map(|choice| &choice.gains).map(|(line, weight)| {
                let needed = program.needed.get(*line).copied().unwrap_or(0).max(0);
                let lost = losses.get(*line).copied().unwrap_or(0);
                if *weight > 0 { needed.saturating_add(lost) / weight + 1 } else { 0 }
            });
            let enough: i64 = enough.fold(0_i64, i64::saturating_add).clamp(0, 1 << 20);
            let enough = u32::try_from(enough).unwrap_or(u32::MAX);
            let most = candidate.most.map_or(enough, |most| most.min(enough.max(1)));
            sources.push(Source::Candidate(number, chances));
            program.groups.push(Group { most, choices });
        }
        for value in 0..self.values.len() {
            let of = |line: &WholeLine| {
                line.values.iter().find(|(of, _)| *of == value).map(|(_, weight)| *weight)
            };
            let gains = lines.iter().enumerate().filter_map(|(at, line)| Some((at, of(line)?)));
            let gains = gains.collect();
            sources.push(Source::Value);
            let choices = vec![Choice { money: 0, days: 0, people: 0, cost: 0, gains }];
            program.groups.push(Group { most: 1, choices });
        }
    }
}

fn gains_of_chance(lines: &[WholeLine], key: (usize, usize)) -> Vec<(usize, i64)> {
    let of = |line: &WholeLine| {
        line.chances.iter().find(|(of, _)| *of == key).map(|(_, weight)| *weight)
    };
    lines.iter().enumerate().filter_map(|(at, line)| Some((at, of(line)?))).collect()
}

fn gains_of(lines: &[WholeLine], bundle: &Bundle) -> Vec<(usize, i64)> {
    let of = |line: &WholeLine| -> i64 {
        let weights = line.people.iter().map(|((check, bit), weight)| {
            let has = |masks: &[u64]| masks.get(*check).is_some_and(|mask| mask >> bit & 1 == 1);
            if has(&bundle.gained) {
                *weight
            } else if has(&bundle.lost) {
                -weight
            } else {
                0
            }
        });
        weights.sum()
    };
    let gains = lines.iter().enumerate().map(|(at, line)| (at, of(line)));
    gains.filter(|(_, gain)| *gain != 0).collect()
}
