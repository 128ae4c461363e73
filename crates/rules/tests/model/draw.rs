//! Choices out of a random tape, so that what is generated shrinks towards simple things.

use super::calendar::{Ymd, plus_days, plus_months};

/// Numbers that choices are read off; behind the end all are zero.
pub(crate) struct Draw<'t> {
    tape: &'t [u16],
    at: usize,
}

impl<'t> Draw<'t> {
    pub(crate) fn new(tape: &'t [u16]) -> Self {
        Self { tape, at: 0 }
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let number = self.tape.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(number) % bound
    }

    /// Whether something holds, once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) + 1 == times
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// A part of a list that is not empty, in its order.
    pub(crate) fn some_of<T: Copy>(&mut self, list: &[T]) -> Vec<T> {
        let first = self.below(list.len());
        let mask = self.below(1 << list.len());
        let is_in = |at: usize| at == first || mask >> at & 1 == 1;
        list.iter().enumerate().filter(|(at, _)| is_in(*at)).map(|(_, item)| *item).collect()
    }

    /// A day that is often on or beside an edge as seen from another.
    pub(crate) fn day(&mut self, on: Ymd) -> Ymd {
        let nudge = |draw: &mut Self, day: Ymd| plus_days(day, [0, 0, 1, -1][draw.below(4)]);
        match self.below(10) {
            0 | 1 => nudge(self, on),
            2 | 3 => {
                let months = self.pick(&[12, 1, 6, 13, 24, 36]);
                let day = plus_months(on, -months);
                nudge(self, day)
            }
            4 => {
                let day = (on.0 - i32::from(self.once_in(2)), self.pick(&[1, 4, 7, 10]), 1);
                nudge(self, day)
            }
            5 => {
                let edges = [(2024, 2, 29), (2023, 2, 28), (2024, 8, 31), (2023, 12, 31)];
                self.pick(&edges)
            }
            6 => plus_days(on, i32::try_from(self.below(60)).expect("few")),
            _ => plus_days(on, -i32::try_from(self.below(420)).expect("few")),
        }
    }

    /// A day not before another.
    pub(crate) fn end(&mut self, on: Ymd, begin: Ymd) -> Ymd {
        self.day(on).max(begin)
    }
}
