//! The exact numbers of a model's lines, and whole numbers from them.

use num_bigint::{BigInt, BigUint};
use num_rational::Ratio;
use num_traits::{Signed, Zero};

use crate::decimal::Decimal;
use crate::evaluation::Value;

pub(super) type Exact = Ratio<BigInt>;

/// Numbers of a line stay below this.
pub(super) const LARGEST: i64 = 1 << 40;

pub(super) fn small(number: &BigInt) -> i64 {
    i64::try_from(number).unwrap_or(if number.is_negative() { -LARGEST } else { LARGEST })
}

pub(super) fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    let (mut a, mut b) = (a.clone(), b.clone());
    while !b.is_zero() {
        let rest = &a % &b;
        a = std::mem::replace(&mut b, rest);
    }
    a
}

pub(super) fn lcm(a: &BigInt, b: &BigInt) -> BigInt {
    a / gcd(a, b) * b
}

pub(super) fn exact(decimal: Decimal) -> Exact {
    let steps = BigInt::from(decimal.whole()) * Decimal::STEPS + decimal.fraction();
    Exact::new(steps, BigInt::from(Decimal::STEPS))
}

pub(super) fn number(value: &Value) -> Exact {
    if !value.is_known {
        return Exact::zero();
    }
    let ratio: Ratio<BigUint> = value.number.to_ratio();
    Exact::new(ratio.numer().clone().into(), ratio.denom().clone().into())
}
