//! A notice for a partner: what new rules mean for them, in plain words, ready to be mailed to whoever
//! leads the alliance there.
//!
//! Keeping a tier and reaching one are told apart, because they look at other times: each section
//! says at which.

use std::fmt::Write as _;

use crate::day::Day;
use crate::evaluation::State;
use crate::impact::{Asked, Because, Effect, Gap, PartnerImpact};
use crate::number::Number;
use crate::rulebook::{Column, Edition, Measure, MeasureRule, Window};

use super::words::moved_text;
use crate::words::{day_text, grouped, percent, plain, tier_of_two, wrapped};

/// The width of a notice in characters.
const WIDTH: usize = 72;

/// The notice of a partner.
pub fn notice(editions: (&Edition, &Edition), impact: &PartnerImpact, as_of: Day) -> String {
    let mut notice = Notice { editions, impact, as_of, out: String::new() };
    notice.head();
    notice.keeping();
    notice.reaching();
    notice.discount();
    let (old, new) = editions;
    let _ = writeln!(notice.out, "Edition before: {}. Edition after: {}.", old.id, new.id);
    notice.out
}

/// A notice while it is written.
struct Notice<'n> {
    editions: (&'n Edition, &'n Edition),
    impact: &'n PartnerImpact,
    as_of: Day,
    out: String,
}

impl Notice<'_> {
    fn head(&mut self) {
        let (new, as_of) = (self.editions.1, self.as_of);
        self.paragraph(&plain(&self.impact.name));
        let verb = if new.in_force_from <= as_of { "came" } else { "come" };
        self.paragraph(&format!(
            "New rules of the network ({}) {verb} into force on {}. This is what they mean for \
             you, as your facts stood on {}.",
            plain(&new.title),
            day_text(new.in_force_from),
            day_text(as_of)
        ));
        let held = match &self.impact.tier {
            Some(tier) => format!(
                "You hold {}. New rules alone do not take it away: tiers change by reviews and \
                 decisions.",
                self.title(Some(tier))
            ),
            None => "You hold no tier.".to_owned(),
        };
        let calm = if self.impact.effects.is_empty() {
            " Nothing changes for your tier and your discount."
        } else {
            ""
        };
        self.paragraph(&format!("{held}{calm}"));
    }

    /// What the next review looks at.
    fn keeping(&mut self) {
        let Some(tier) = &self.impact.tier else { return };
        let tier = self.title(Some(tier));
        let Some(is_met) = self.impact.renewal_after else { return };
        self.heading(&format!("Keeping {tier}"));
        let seen = self.windows(Column::Renewal);
        let now = if is_met {
            format!("You meet all that keeps {tier}")
        } else {
            format!("You do not meet all that keeps {tier}")
        };
        let before = match (self.impact.renewal_before, is_met) {
            (Some(true), false) => {
                "; under the rules before you did. Your next review would not \
                                    renew it"
            }
            (Some(false), true) => "; under the rules before you did not",
            (Some(true), true) | (Some(false), false) => ", as under the rules before",
            (None, _) => "",
        };
        self.paragraph(&format!("Your next tier review looks at {seen}. {now}{before}."));
        self.reasons(Column::Renewal);
        self.gaps(Column::Renewal, "Missing at your next review");
    }

    /// What a higher tier looks at.
    fn reaching(&mut self) {
        self.heading("Reaching a tier");
        let seen = self.windows(Column::Upgrade);
        let (before, after) = (&self.impact.attained_before, &self.impact.attained_after);
        let now = match after {
            Some(tier) => format!("meet all that the tiers up to {} ask", self.title(Some(tier))),
            None => "do not meet all that the lowest tier asks".to_owned(),
        };
        let then = match before {
            _ if before == after => ", as under the rules before".to_owned(),
            Some(tier) => {
                format!("; under the rules before it was all up to {}", self.title(Some(tier)))
            }
            None => "; under the rules before it was not even all of the lowest".to_owned(),
        };
        let mut text =
            format!("A step up to a tier looks at {seen}. Measured so, you {now}{then}.");
        for tier in &self.impact.new_tiers {
            let _ = write!(text, " {} is a new tier.", self.title(Some(tier)));
        }
        let next = self.impact.gaps.iter().find(|gap| gap.column == Column::Upgrade);
        let next = next.map(|gap| self.title(Some(&gap.tier)));
        if self.impact.effects.contains(&Effect::ComesNear)
            && let Some(next) = &next
        {
            let _ = write!(text, " One requirement is left between you and {next}.");
        }
        self.paragraph(&text);
        self.reasons(Column::Upgrade);
        if let Some(next) = next {
            self.gaps(Column::Upgrade, &format!("Missing for {next}"));
        }
    }

    fn discount(&mut self) {
        let moves = [Effect::DiscountHigher, Effect::DiscountLower];
        if !self.impact.effects.iter().any(|effect| moves.contains(effect)) {
            return;
        }
        self.heading("Your support discount");
        let percent = |value: &Option<Number>| {
            value.as_ref().map_or_else(|| "0".to_owned(), |value| grouped(&value.to_string()))
        };
        let before = percent(&self.impact.discount_before);
        let after = percent(&self.impact.discount_after);
        let money = self.impact.money.as_ref();
        let money = money.map(|money| format!(" In money that is {}.", moved_text(money)));
        self.paragraph(&format!(
            "Your support discount would be {after} percent, where it is {before}.{}",
            money.unwrap_or_default()
        ));
    }

    /// What the new rules change in a column, tier by tier.
    fn reasons(&mut self, column: Column) {
        let reasons: Vec<&Because> =
            self.impact.because.iter().filter(|because| because.column == column).collect();
        for of_tier in reasons.chunk_by(|one, next| one.tier == next.tier) {
            let Some(first) = of_tier.first() else { continue };
            let tier = self.title(Some(&first.tier));
            let verb = if column == Column::Renewal { "keeping" } else { "reaching" };
            let _ = writeln!(self.out, "What the new rules change for {verb} {tier}:");
            for because in of_tier {
                let text = self.because(because);
                item(&mut self.out, &text);
            }
            self.out.push('\n');
        }
    }

    fn gaps(&mut self, column: Column, title: &str) {
        let gaps: Vec<&Gap> = self.impact.gaps.iter().filter(|gap| gap.column == column).collect();
        if gaps.is_empty() {
            return;
        }
        let _ = writeln!(self.out, "{title}:");
        for gap in gaps {
            let text = self.gap(gap);
            item(&mut self.out, &text);
        }
        self.out.push('\n');
    }

    fn because(&self, because: &Because) -> String {
        let title = plain(&because.title);
        let of = self.reading(&because.measure);
        match (&because.before, &because.after) {
            (Some(before), None) => {
                let has = of.has(before);
                format!(
                    "{title}: no longer asked; the rules before asked for {}{has}",
                    of.bar(before)
                )
            }
            (None, Some(after)) => {
                format!("{title}: newly asked, {}{}", of.bar(after), of.has(after))
            }
            (Some(before), Some(after)) if before.target != after.target => {
                let (new, old, has) = (of.bar(after), of.bar(before), of.has(after));
                format!("{title}: {new} asked, where the rules before asked for {old}{has}")
            }
            (Some(before), Some(after)) => {
                let (new, old) = (of.value(after), of.value(before));
                let asked = of.bar(after);
                format!(
                    "{title}: {new} counted, where the rules before counted {old}; {asked} asked"
                )
            }
            (None, None) => title,
        }
    }

    fn gap(&self, gap: &Gap) -> String {
        let title = plain(&gap.title);
        let of = self.reading(&gap.measure);
        let asked = &gap.asked;
        if asked.state == State::Unknown {
            let bar = of.bar(asked);
            return format!("{title}: {bar} asked; the facts on record do not tell what you have");
        }
        match (&gap.missing, of.shape) {
            (Some(_), Shape::YesNo) => format!("{title}: still missing"),
            (Some(missing), Shape::Plain) => {
                let missing = grouped(&missing.to_string());
                let value = grouped(&asked.value.to_string());
                format!("{title}: {missing} more needed; you have {value} of {}", of.bar(asked))
            }
            (_, _) => format!("{title}: you are at {}, {} asked", of.value(asked), of.bar(asked)),
        }
    }

    /// How the values of a measure are read: by the edition after, or by the one before.
    fn reading(&self, measure: &str) -> Reading {
        let of = |edition: &Edition| edition.measure(measure).map(Reading::of);
        of(self.editions.1).or_else(|| of(self.editions.0)).unwrap_or_default()
    }

    /// What a column looks at: the windows of all that the partner's path asks in it.
    fn windows(&self, column: Column) -> String {
        let new = self.editions.1;
        let paths = new.paths.iter().filter(|path| path.id == self.impact.path);
        let asked = paths.flat_map(|path| &path.tiers).flat_map(|tier| &tier.requires);
        let mut parts: Vec<String> = Vec::new();
        for asked in asked {
            let Some(measure) = new.measures.get(asked.measure) else { continue };
            let part = self.window(*measure.windows.get(column));
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        // What is held on the day goes last.
        parts.sort_by_key(|part| part == ON_THE_DAY);
        if parts.is_empty() { ON_THE_DAY.to_owned() } else { parts.join(", and ") }
    }

    fn window(&self, window: Window) -> String {
        match window {
            Window::AsOf => ON_THE_DAY.to_owned(),
            Window::SinceReview => "what has happened since the last tier review".to_owned(),
            Window::RollingMonths(months) => {
                format!("what happened in the {months} months up to {}", day_text(self.as_of))
            }
            Window::MonthsBeforePeriod(months) => {
                format!("what happened in the {months} months before the period")
            }
        }
    }

    fn title(&self, tier: Option<&String>) -> String {
        tier.map_or_else(
            || "no tier".to_owned(),
            |tier| tier_of_two(self.editions, &self.impact.path, tier, self.as_of),
        )
    }

    fn heading(&mut self, text: &str) {
        let text = plain(text);
        let _ = writeln!(self.out, "{text}\n{}\n", "-".repeat(text.chars().count().min(WIDTH)));
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrapped(text, WIDTH) {
            let _ = writeln!(self.out, "{line}");
        }
        self.out.push('\n');
    }
}

const ON_THE_DAY: &str = "what stands on the day";

/// How values are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shape {
    #[default]
    Plain,
    YesNo,
    Share,
    Mean,
}

/// How the values of a measure are read.
#[derive(Clone, Debug, Default)]
struct Reading {
    shape: Shape,
    unit: Option<String>,
}

impl Reading {
    fn of(measure: &Measure) -> Self {
        let shape = match &measure.rule {
            MeasureRule::Document { .. } | MeasureRule::Decision { .. } => Shape::YesNo,
            MeasureRule::Share { .. } => Shape::Share,
            MeasureRule::Mean { .. } => Shape::Mean,
            _ => Shape::Plain,
        };
        Self { shape, unit: measure.unit.clone() }
    }

    fn number(&self, number: &str) -> String {
        match (self.shape, number) {
            (Shape::Share, number) => percent(number),
            (Shape::YesNo, "0") => "none".to_owned(),
            (Shape::YesNo, "1") => "one".to_owned(),
            (_, number) => self.with_unit(number),
        }
    }

    fn with_unit(&self, number: &str) -> String {
        match &self.unit {
            None => grouped(number),
            Some(unit) if number == "1" => format!("1 {}", singular(unit)),
            Some(unit) => format!("{} {unit}", grouped(number)),
        }
    }

    fn value(&self, asked: &Asked) -> String {
        if asked.state == State::Unknown {
            return "an unknown number".to_owned();
        }
        self.number(&asked.value.to_string())
    }

    /// What is asked, with its sense.
    fn bar(&self, asked: &Asked) -> String {
        let sense = match (asked.is_ceiling, self.shape) {
            (true, _) => "at most ",
            (false, Shape::Share | Shape::Mean) => "at least ",
            (false, Shape::Plain | Shape::YesNo) => "",
        };
        format!("{sense}{}", self.number(&asked.target.to_string()))
    }

    fn has(&self, asked: &Asked) -> String {
        match self.shape {
            _ if asked.state == State::Unknown => String::new(),
            Shape::Share | Shape::Mean => format!("; you are at {}", self.value(asked)),
            Shape::Plain | Shape::YesNo => {
                let value = asked.value.to_string();
                let value =
                    if self.shape == Shape::YesNo { self.number(&value) } else { grouped(&value) };
                format!("; you have {value}")
            }
        }
    }
}

/// One of what a unit counts.
fn singular(unit: &str) -> String {
    match unit {
        "people" => "person".to_owned(),
        unit if unit.contains(' ') => unit.to_owned(),
        unit => match (unit.strip_suffix("ies"), unit.strip_suffix('s')) {
            (Some(stem), _) => format!("{stem}y"),
            (None, Some(stem)) => stem.to_owned(),
            (None, None) => unit.to_owned(),
        },
    }
}

fn item(out: &mut String, text: &str) {
    for (at, line) in wrapped(text, WIDTH - 2).iter().enumerate() {
        let mark = if at == 0 { "* " } else { "  " };
        let _ = writeln!(out, "{mark}{line}");
    }
}
