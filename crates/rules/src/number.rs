//! Exact values: counts, sums, shares and means without rounding.
//!
//! Everything is compared exactly. Only printing rounds, and only values that do not terminate.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::BigUint;
use num_rational::Ratio;
use num_traits::Zero;

use crate::decimal::Decimal;
use crate::rulebook::Target;

/// An exact number that is not negative.
///
/// Small, because a network has millions of them: a decimal, a fraction of two machine words,
/// or, hardly ever, anything larger behind a pointer.
#[derive(Clone, Debug)]
pub struct Number(Form);

#[derive(Clone, Debug)]
enum Form {
    Decimal(Decimal),
    /// Numerator and a denominator that is not zero; not reduced.
    Fraction(u64, u64),
    Large(Box<Ratio<BigUint>>),
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Form::Decimal(Decimal::ZERO));

    /// A count.
    pub const fn from_count(count: u64) -> Self {
        Self(Form::Decimal(Decimal::from_whole(count)))
    }

    /// A decimal.
    pub const fn from_decimal(decimal: Decimal) -> Self {
        Self(Form::Decimal(decimal))
    }

    /// A part of a whole; zero where the whole is zero.
    pub const fn from_share(part: u64, whole: u64) -> Self {
        if whole == 0 { Self::ZERO } else { Self(Form::Fraction(part, whole)) }
    }

    pub(crate) fn to_ratio(&self) -> Ratio<BigUint> {
        match &self.0 {
            Form::Decimal(decimal) => Ratio::new(
                BigUint::from(decimal.whole()) * Decimal::STEPS + decimal.fraction(),
                BigUint::from(Decimal::STEPS),
            ),
            Form::Fraction(part, whole) => Ratio::new(BigUint::from(*part), BigUint::from(*whole)),
            Form::Large(ratio) => (**ratio).clone(),
        }
    }

    fn from_ratio(ratio: Ratio<BigUint>) -> Self {
        match (u64::try_from(ratio.numer()), u64::try_from(ratio.denom())) {
            (Ok(count), Ok(1)) => Self::from_count(count),
            (Ok(part), Ok(whole)) => Self(Form::Fraction(part, whole)),
            _ => Self(Form::Large(Box::new(ratio))),
        }
    }

    /// The sum of two numbers.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self::from_ratio(self.to_ratio() + other.to_ratio())
    }

    /// The product with a decimal.
    #[must_use]
    pub fn times(&self, factor: Decimal) -> Self {
        Self::from_ratio(self.to_ratio() * Self::from_decimal(factor).to_ratio())
    }

    /// The product of two numbers.
    #[must_use]
    pub fn product(&self, other: &Self) -> Self {
        Self::from_ratio(self.to_ratio() * other.to_ratio())
    }

    /// How far apart two numbers are.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let (own, other) = (self.to_ratio(), other.to_ratio());
        Self::from_ratio(if own < other { other - own } else { own - other })
    }

    /// The quotient by a count; zero where the count is zero.
    #[must_use]
    pub fn divided_by(&self, count: u64) -> Self {
        match self.0 {
            _ if count == 0 => Self::ZERO,
            Form::Decimal(whole) if whole.fraction() == 0 => Self::from_share(whole.whole(), count),
            _ => Self::from_ratio(self.to_ratio() / BigUint::from(count)),
        }
    }

    /// The smaller of this and a decimal.
    #[must_use]
    pub fn at_most(self, ceiling: Decimal) -> Self {
        if self.compare(ceiling) == Ordering::Greater { Self::from_decimal(ceiling) } else { self }
    }

    /// How it compares with a decimal.
    pub fn compare(&self, other: Decimal) -> Ordering {
        match &self.0 {
            Form::Decimal(own) => own.cmp(&other),
            Form::Fraction(part, whole) => {
                // All products stay below 2^128: 2^64 * 10^18 and 2^64 * 2^64.
                let (part, whole) = (u128::from(*part), u128::from(*whole));
                let rest = part % whole * u128::from(Decimal::STEPS);
                (part / whole)
                    .cmp(&u128::from(other.whole()))
                    .then_with(|| rest.cmp(&(u128::from(other.fraction()) * whole)))
            }
            Form::Large(ratio) => (**ratio).cmp(&Self::from_decimal(other).to_ratio()),
        }
    }

    /// How much it lacks of a decimal; zero where it reaches it.
    #[must_use]
    pub fn short_of(&self, bar: Decimal) -> Self {
        let (own, bar) = (self.to_ratio(), Self::from_decimal(bar).to_ratio());
        if own < bar { Self::from_ratio(bar - own) } else { Self::ZERO }
    }

    /// Whether it is less than another number.
    pub fn is_less_than(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (_, Form::Decimal(other)) => self.compare(*other) == Ordering::Less,
            _ => self.to_ratio() < other.to_ratio(),
        }
    }

    /// Whether it reaches a target.
    pub fn meets(&self, target: Target) -> bool {
        match target {
            Target::AtLeast(bar) => self.compare(bar) != Ordering::Less,
            Target::AtMost(bar) => self.compare(bar) != Ordering::Greater,
        }
    }

    /// Thousandths of itself in a whole, at most `most`; for drawing only.
    pub fn permille_of(&self, whole: Decimal, most: u32) -> u32 {
        let whole = Self::from_decimal(whole).to_ratio();
        if whole.is_zero() {
            return most;
        }
        let part = self.to_ratio() / whole * BigUint::from(1000_u32);
        u32::try_from(part.to_integer()).map_or(most, |part| part.min(most))
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        if let (Form::Decimal(own), Form::Decimal(other)) = (&self.0, &other.0) {
            return own == other;
        }
        self.to_ratio() == other.to_ratio()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    /// Exactly where it terminates, without trailing zeros; else rounded to six decimals, half
    /// away from zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Form::Decimal(decimal) = self.0 {
            return decimal.fmt(f);
        }
        let ratio = self.to_ratio();
        let places = decimal_places(ratio.denom());
        let scale = BigUint::from(10_u32).pow(places.unwrap_or(6));
        let scaled = match places {
            Some(_) => ratio.numer() * &scale / ratio.denom(),
            None => (ratio.numer() * &scale * 2_u32 + ratio.denom()) / (ratio.denom() * 2_u32),
        };
        let whole = &scaled / &scale;
        write!(f, "{whole}")?;
        let rest = scaled % &scale;
        if !rest.is_zero() {
            let width = places.unwrap_or(6) as usize;
            let digits = format!("{:0>width$}", rest.to_string());
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl serde::Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How many places the decimal expansion of a reduced fraction has, if it ends.
fn decimal_places(denominator: &BigUint) -> Option<u32> {
    let (twos, rest) = factor_out(denominator.clone(), 2);
    let (fives, rest) = factor_out(rest, 5);
    (rest == BigUint::from(1_u32)).then_some(twos.max(fives))
}

fn factor_out(mut number: BigUint, factor: u32) -> (u32, BigUint) {
    let mut count = 0;
    while !number.is_zero() && (&number % factor).is_zero() {
        number /= factor;
        count += 1;
    }
    (count, number)
}

/// A sum of decimals, which cannot overflow with fewer than 2^64 of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    whole: u128,
    fraction: u128,
}

impl Sum {
    /// Adds one.
    #[inline]
    pub fn add(&mut self, decimal: Decimal) {
        self.whole += u128::from(decimal.whole());
        self.fraction += u128::from(decimal.fraction());
    }

    /// The sum.
    pub fn into_number(self) -> Number {
        const STEPS: u128 = Decimal::STEPS as u128;
        let whole = self.whole + self.fraction / STEPS;
        match (u64::try_from(whole), u64::try_from(self.fraction % STEPS)) {
            (Ok(whole), Ok(fraction)) => Number::from_decimal(Decimal::from_parts(whole, fraction)),
            _ => Number::from_ratio(Ratio::new(
                BigUint::from(self.whole) * STEPS + self.fraction,
                BigUint::from(STEPS),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text.as_bytes()).unwrap_or_default()
    }

    #[test]
    fn values_that_end_are_printed_in_full_and_others_rounded_half_away() {
        for (part, whole, printed) in [
            (5, 1, "5"),
            (1, 8, "0.125"),
            (1, 1024, "0.0009765625"),
            (2, 3, "0.666667"),
            (1, 3, "0.333333"),
            (12, 3, "4"),
            (0, 7, "0"),
            (7, 0, "0"),
            // 0.0000005 does not end when a third is added: 1/3000000 and a half of 10^-6.
            (5, 3, "1.666667"),
        ] {
            assert_eq!(Number::from_share(part, whole).to_string(), printed);
        }
        let half =
            Number::from_share(1, 2_000_000).plus(&Number::from_share(1, 3).times(decimal("0")));
        assert_eq!(half.to_string(), "0.0000005");
    }

    #[test]
    fn comparing_is_exact() {
        let third = Number::from_share(1, 3);
        assert!(third.meets(Target::AtLeast(decimal("0.333333333333333333"))));
        assert!(!third.meets(Target::AtMost(decimal("0.333333333333333333"))));
        assert!(Number::from_share(1, 10).meets(Target::AtMost(decimal("0.1"))));
        assert!(Number::from_count(4).meets(Target::AtLeast(decimal("4"))));
        assert!(!Number::from_count(4).meets(Target::AtLeast(decimal("4.000000000000000001"))));
    }

    #[test]
    fn sums_do_not_overflow() {
        let most = decimal("18446744073709551615.999999999999999999");
        let mut sum = Sum::default();
        for _ in 0..1000 {
            sum.add(most);
        }
        let number = sum.into_number();
        assert_eq!(number.to_string(), "18446744073709551615999.999999999999999");
        assert_eq!(number.compare(most), Ordering::Greater);
        assert_eq!(number.divided_by(1000), Number::from_decimal(most));
    }
}
