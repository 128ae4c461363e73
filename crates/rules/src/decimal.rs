//! Decimals as rulebooks and facts write them: exact, not negative, at most 18 places.

use std::fmt;

/// An exact decimal from 0 to just under 2^64, in steps of 10^-18.
///
/// The two parts are kept apart so that sums of any number of facts cannot overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    whole: u64,
    /// In units of 10^-18; below 10^18.
    fraction: u64,
}

/// Why a text is not a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDecimal {
    /// It is not written as digits with at most one point between digits.
    Malformed,
    /// It is negative.
    Negative,
    /// It has more than 18 places.
    TooManyPlaces,
    /// Its whole part does not fit in 64 bits.
    TooLarge,
}

impl NotDecimal {
    /// What is wrong, to be put behind the value.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Malformed => "is not a decimal",
            Self::Negative => "is negative",
            Self::TooManyPlaces => "has more than 18 places",
            Self::TooLarge => "is too large",
        }
    }
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { whole: 0, fraction: 0 };
    /// Steps in one unit: 10^18.
    pub const STEPS: u64 = 1_000_000_000_000_000_000;

    /// A whole number.
    pub const fn from_whole(whole: u64) -> Self {
        Self { whole, fraction: 0 }
    }

    /// A decimal from its two parts; what is over a whole in the fraction is cut.
    pub(crate) const fn from_parts(whole: u64, fraction: u64) -> Self {
        Self { whole, fraction: fraction % Self::STEPS }
    }

    /// The part before the point.
    pub const fn whole(self) -> u64 {
        self.whole
    }

    /// The part behind the point, in units of 10^-18.
    pub const fn fraction(self) -> u64 {
        self.fraction
    }

    /// Reads digits with an optional point and at most 18 places behind it. A sign, an
    /// exponent, spaces, grouping and a point without digits on both sides are refused.
    pub fn parse(text: &[u8]) -> Result<Self, NotDecimal> {
        if let [b'-', rest @ ..] = text {
            return Self::parse(rest).and(Err(NotDecimal::Negative));
        }
        let point = memchr::memchr(b'.', text);
        let (whole, fraction) = match point {
            Some(at) => {
                let (whole, rest) = text.split_at(at);
                (whole, rest.get(1..).filter(|digits| !digits.is_empty()))
            }
            None => (text, Some(&[][..])),
        };
        let fraction = fraction.ok_or(NotDecimal::Malformed)?;
        if whole.is_empty() || !whole.iter().chain(fraction).all(u8::is_ascii_digit) {
            return Err(NotDecimal::Malformed);
        }
        if fraction.len() > 18 {
            return Err(NotDecimal::TooManyPlaces);
        }
        let mut result = Self::ZERO;
        for byte in whole {
            result.whole = result
                .whole
                .checked_mul(10)
                .and_then(|sum| sum.checked_add(u64::from(byte - b'0')))
                .ok_or(NotDecimal::TooLarge)?;
        }
        for place in 0..18 {
            let digit = fraction.get(place).map_or(0, |byte| byte - b'0');
            result.fraction = result.fraction * 10 + u64::from(digit);
        }
        Ok(result)
    }
}

impl fmt::Display for Decimal {
    /// Without trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.whole)?;
        if self.fraction > 0 {
            let places = format!("{:018}", self.fraction);
            write!(f, ".{}", places.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(text.as_bytes()).map_err(|wrong| serde::de::Error::custom(wrong.message()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_printed_without_trailing_zeros() {
        for (text, printed) in [
            ("0", "0"),
            ("007", "7"),
            ("1500.00", "1500"),
            ("0.10", "0.1"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("18446744073709551615.5", "18446744073709551615.5"),
        ] {
            assert_eq!(Decimal::parse(text.as_bytes()).map(|d| d.to_string()), Ok(printed.into()));
        }
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        use NotDecimal::{Malformed, Negative, TooLarge, TooManyPlaces};
        for (text, reason) in [
            ("", Malformed),
            (".5", Malformed),
            ("5.", Malformed),
            ("1,5", Malformed),
            ("1e3", Malformed),
            ("+1", Malformed),
            (" 1", Malformed),
            ("1.2.3", Malformed),
            ("-", Malformed),
            ("-1", Negative),
            ("0.0000000000000000001", TooManyPlaces),
            ("18446744073709551616", TooLarge),
        ] {
            assert_eq!(Decimal::parse(text.as_bytes()), Err(reason), "{text}");
        }
    }
}
