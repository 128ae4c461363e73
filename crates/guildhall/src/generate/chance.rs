//! Chance and the calendar of an invented network: whole numbers only, the same on every platform.

use jiff::ToSpan;
use jiff::civil::Date;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng;

/// A day, as a position in the [`Calendar`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(u32);

impl Day {
    /// The first day on which anything happens.
    pub(super) const FIRST: Self = Self(0);
    /// The last day on which anything happens: 1,460 days later.
    pub(super) const UNTIL: Self = Self(1_460);

    pub(super) fn before(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }

    pub(super) fn after(self, days: u32) -> Self {
        Self(self.0 + days)
    }

    /// The day itself if it is past, else the last that is.
    pub(super) fn happened(self) -> Self {
        self.min(Self::UNTIL)
    }
}

/// The days from four years before the end to four years after it, written out once.
pub(super) struct Calendar {
    days: Vec<String>,
}

impl Calendar {
    pub(super) fn until(until: Date) -> Self {
        let day = |offset: i64| until.saturating_add((offset - i64::from(Day::UNTIL.0)).days());
        Self { days: (0..=2 * i64::from(Day::UNTIL.0)).map(|it| day(it).to_string()).collect() }
    }

    pub(super) fn text(&self, day: Day) -> &[u8] {
        let place = usize::try_from(day.0).unwrap_or(usize::MAX);
        self.days.get(place).or(self.days.last()).map_or(b"", |text| text.as_bytes())
    }
}

/// Chance, in whole numbers only.
pub(super) struct Dice(Pcg64Mcg);

impl Dice {
    /// The dice of one partner of the network with this seed.
    pub(super) fn new(seed: u64, partner: u64) -> Self {
        // Neighbouring seeds and partners must not give related sequences, so both are mixed
        // into the whole state (the finalizer of SplitMix64).
        let mix = |value: u64| {
            let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            value ^ (value >> 31)
        };
        let high = mix(seed.wrapping_add(0x9E37_79B9_7F4A_7C15));
        let low = mix(high ^ mix(partner));
        Self(Pcg64Mcg::new((u128::from(mix(low)) << 64) | u128::from(low)))
    }

    /// A number below `end`; 0 if `end` is 0.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let drawn = self.0.next_u64() >> 32;
        u32::try_from((drawn * u64::from(end)) >> 32).unwrap_or(0)
    }

    /// The same for numbers that are not small.
    pub(super) fn number_below(&mut self, end: u64) -> u64 {
        let drawn = u128::from(self.0.next_u64());
        u64::try_from((drawn * u128::from(end)) >> 64).unwrap_or(0)
    }

    /// A number from `first` to `last`.
    pub(super) fn between(&mut self, first: u32, last: u32) -> u32 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// True so many times in a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// `total * part / whole`, rounded up or down by chance, so that the mean is exact.
    pub(super) fn portion(&mut self, total: u32, part: u32, whole: u32) -> u32 {
        let share = u64::from(total) * u64::from(part) + u64::from(self.below(whole));
        u32::try_from(share / u64::from(whole)).unwrap_or(u32::MAX)
    }

    pub(super) fn index(&mut self, length: usize) -> usize {
        let end = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(end)).unwrap_or(0)
    }

    pub(super) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.index(words.len())).copied().unwrap_or("")
    }

    pub(super) fn chosen<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        values.get(self.index(values.len()))
    }

    /// Any of the last so many days.
    pub(super) fn day_within(&mut self, days: u32) -> Day {
        Day::UNTIL.before(self.between(0, days))
    }

    pub(super) fn day_between(&mut self, first: Day, last: Day) -> Day {
        Day(self.between(first.0, last.0))
    }

    /// A day of the four years; later ones are more frequent, as business grows.
    pub(super) fn recent_day(&mut self) -> Day {
        self.day_within(1_460).max(self.day_within(1_460))
    }

    /// A satisfaction score, mostly a good one.
    pub(super) fn score(&mut self) -> &'static str {
        self.pick(&["5", "5", "5", "5", "4", "4", "4", "3", "2", "1"])
    }
}
