//! Civil days and the arithmetic of months.
//!
//! A [`Day`] is a day of the calendar without a time zone, from 0001-01-01 to 9999-12-31.
//! Arithmetic is total: it stops at those ends instead of failing. Subtracting months clamps
//! to the last day of a shorter month (31 March minus one month is 28 or 29 February).

use std::fmt;
use std::num::NonZeroU32;

use jiff::ToSpan;
use jiff::civil::Date;

/// More days and months than the calendar has: going further changes nothing.
const DAYS: i32 = 4_000_000;
const MONTHS: i32 = 120_000;

/// A civil day, packed so that comparing two is comparing two integers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NonZeroU32);

impl Day {
    /// The first day that can be written.
    pub const MIN: Self = Self::pack(1, 1, 1);
    /// The last day that can be written.
    pub const MAX: Self = Self::pack(9999, 12, 31);

    #[expect(clippy::panic, reason = "evaluated only with a month and day of at least 1")]
    const fn pack(year: u32, month: u32, day: u32) -> Self {
        match NonZeroU32::new((year << 9) | (month << 5) | day) {
            Some(packed) => Self(packed),
            None => panic!("a day of the calendar is not zero"),
        }
    }

    /// The day with these parts, if the calendar has it and its year is 1 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = Date::new(year, month, day).ok()?;
        (1..=9999).contains(&year).then(|| Self::from_date(date))
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
            return None;
        };
        let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
        let year = digit(y1)? * 1000 + digit(y2)? * 100 + digit(y3)? * 10 + digit(y4)?;
        let month = digit(m1)? * 10 + digit(m2)?;
        let day = digit(d1)? * 10 + digit(d2)?;
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            _ => return None,
        };
        (year > 0 && (1..=last).contains(&day)).then(|| Self::pack(year, month, day))
    }

    /// The nearest day to a date of the calendar library.
    pub fn from_date(date: Date) -> Self {
        match (u32::try_from(date.year()), u32::try_from(date.month()), u32::try_from(date.day())) {
            (Ok(year), Ok(month), Ok(day)) if year > 0 => Self::pack(year, month, day),
            _ => Self::MIN,
        }
    }

    /// The same day in the calendar library.
    pub fn to_date(self) -> Date {
        let packed = self.0.get();
        let part = |bits: u32| i8::try_from(bits).unwrap_or(1);
        let year = i16::try_from(packed >> 9).unwrap_or(9999);
        Date::new(year, part((packed >> 5) & 15), part(packed & 31)).unwrap_or(Date::MAX)
    }

    /// This many days later (earlier when negative).
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_date(self.to_date().saturating_add(days.clamp(-DAYS, DAYS).days()))
    }

    /// This many months later (earlier when negative), clamped to the month's last day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self::from_date(self.to_date().saturating_add(months.clamp(-MONTHS, MONTHS).months()))
    }

    /// Days from this day to another; negative when the other is earlier.
    pub fn days_until(self, other: Self) -> i32 {
        self.to_date().until(other.to_date()).map_or(0, |span| span.get_days())
    }

    /// A number that sorts as days do.
    pub(crate) const fn packed(self) -> u32 {
        self.0.get()
    }

    /// The day of such a number; none for zero.
    pub(crate) const fn from_packed(packed: u32) -> Option<Self> {
        match NonZeroU32::new(packed) {
            Some(packed) => Some(Self(packed)),
            None => None,
        }
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> u32 {
        self.0.get() >> 9
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        (self.0.get() >> 5) & 15
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packed = self.0.get();
        write!(f, "{:04}-{:02}-{:02}", packed >> 9, (packed >> 5) & 15, packed & 31)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("not a day of the calendar, as 2026-01-01");
        Self::parse(text.as_bytes()).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text.as_bytes()).unwrap_or(Day::MIN)
    }

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for good in ["0001-01-01", "2024-02-29", "2000-02-29", "9999-12-31"] {
            assert_eq!(Day::parse(good.as_bytes()).map(|d| d.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2021-13-01",
            "2021-00-10",
            "2021-04-31",
            "0000-01-01",
            "2021-1-01",
            "21-01-01",
            "2021-01-01 ",
            "2021/01/01",
            "２021-01-01",
            "-021-01-01",
        ] {
            assert_eq!(Day::parse(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn parsing_agrees_with_the_calendar_library() {
        let mut date = Date::constant(1895, 12, 20);
        while date < Date::constant(2105, 1, 1) {
            assert_eq!(Day::parse(date.to_string().as_bytes()), Some(Day::from_date(date)));
            assert_eq!(Day::from_date(date).to_date(), date);
            date = date.saturating_add(1.day());
        }
    }

    #[test]
    fn months_clamp_to_the_end_of_a_shorter_month() {
        assert_eq!(day("2021-03-31").plus_months(-1), day("2021-02-28"));
        assert_eq!(day("2024-02-29").plus_months(12), day("2025-02-28"));
        assert_eq!(day("2024-02-29").plus_months(-12), day("2023-02-28"));
        assert_eq!(day("2021-11-01").plus_days(90), day("2022-01-30"));
    }

    #[test]
    fn arithmetic_stops_at_the_ends() {
        assert_eq!(Day::MAX.plus_days(1), Day::MAX);
        assert_eq!(Day::MAX.plus_months(36), Day::MAX);
        assert_eq!(Day::MIN.plus_months(-1), Day::MIN);
        assert_eq!(Day::MIN.plus_days(i32::MIN), Day::MIN);
    }
}
