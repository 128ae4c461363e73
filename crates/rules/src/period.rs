//! Periods of a year by name: `2026`, `2026-H1`, `2026-Q3`, `2026-07`.

use std::fmt;

use crate::day::Day;

/// A period of whole months that divides a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    year: u32,
    /// From 0.
    number: u32,
    months: u32,
}

/// The letter before the number of a period of so many months; none: the number of the month.
const LETTERS: [(u32, &str); 6] = [(12, ""), (6, "H"), (4, "T"), (3, "Q"), (2, "B"), (1, "")];

impl Period {
    /// The period of so many months (1, 2, 3, 4, 6 or 12) in which a day lies.
    pub fn containing(day: Day, months: u8) -> Self {
        let months = u32::from(months).clamp(1, 12);
        Self { year: day.year(), number: (day.month() - 1) / months, months }
    }

    /// Reads the name of a period of so many months.
    pub fn parse(text: &str, months: u8) -> Option<Self> {
        let months = u32::from(months);
        let (_, letter) = LETTERS.into_iter().find(|(known, _)| *known == months)?;
        let year_text =
            text.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
        let year: u32 = year_text.parse().ok().filter(|year| *year > 0)?;
        if months == 12 {
            return (text.len() == 4).then_some(Self { year, number: 0, months });
        }
        let rest = text.get(4..)?.strip_prefix('-')?.strip_prefix(letter)?;
        let is_written_so = rest.bytes().all(|byte| byte.is_ascii_digit())
            && rest.len() == if months == 1 { 2 } else { 1 };
        let number: u32 = rest.parse().ok().filter(|_| is_written_so)?;
        (1..=12 / months).contains(&number).then(|| Self { year, number: number - 1, months })
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        let month = i8::try_from(self.number * self.months + 1).unwrap_or(1);
        let year = i16::try_from(self.year).unwrap_or(9999);
        Day::new(year, month, 1).unwrap_or(Day::MAX)
    }

    /// The day behind its last.
    pub fn until(self) -> Day {
        self.first_day().plus_months(i32::try_from(self.months).unwrap_or(12))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, number, months } = self;
        let letter = LETTERS.into_iter().find(|(known, _)| known == months);
        match (months, letter) {
            (1, _) => write!(f, "{year:04}-{:02}", number + 1),
            (2..12, Some((_, letter))) => write!(f, "{year:04}-{letter}{}", number + 1),
            _ => write!(f, "{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_printed() {
        for (name, months, first, until) in [
            ("2021", 12, "2021-01-01", "2022-01-01"),
            ("2021-H1", 6, "2021-01-01", "2021-07-01"),
            ("2021-H2", 6, "2021-07-01", "2022-01-01"),
            ("2024-Q1", 3, "2024-01-01", "2024-04-01"),
            ("2024-02", 1, "2024-02-01", "2024-03-01"),
        ] {
            let period = Period::parse(name, months);
            let printed = period.map(|period| {
                (period.to_string(), period.first_day().to_string(), period.until().to_string())
            });
            assert_eq!(printed, Some((name.into(), first.into(), until.into())));
            assert_eq!(period.map(|period| Period::containing(period.first_day(), months)), period);
        }
        for (name, months) in [
            ("2021-H3", 6),
            ("2021-H0", 6),
            ("2021-h1", 6),
            ("2021-Q1", 6),
            ("2021H1", 6),
            ("2021-13", 1),
            ("2021-1", 1),
            ("21-H1", 6),
            ("0000-H1", 6),
            ("2021-H1 ", 6),
            ("２021", 12),
        ] {
            assert_eq!(Period::parse(name, months), None, "{name}");
        }
    }
}
