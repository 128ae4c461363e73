//! Days as year, month and day, and steps between them that anybody can check by hand.

/// A day. Tuples compare as days do.
pub(crate) type Ymd = (i32, u32, u32);

fn month_length(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day after.
pub(crate) fn next((year, month, day): Ymd) -> Ymd {
    if day < month_length(year, month) {
        (year, month, day + 1)
    } else if month < 12 {
        (year, month + 1, 1)
    } else {
        (year + 1, 1, 1)
    }
}

/// The day before.
pub(crate) fn before((year, month, day): Ymd) -> Ymd {
    match (month, day) {
        (1, 1) => (year - 1, 12, 31),
        (_, 1) => (year, month - 1, month_length(year, month - 1)),
        _ => (year, month, day - 1),
    }
}

/// So many days later, or earlier when negative, one step at a time.
pub(crate) fn plus_days(mut day: Ymd, count: i32) -> Ymd {
    for _ in 0..count.abs() {
        day = if count > 0 { next(day) } else { before(day) };
    }
    day
}

/// So many months later, or earlier when negative; the last day of a month that is too short.
pub(crate) fn plus_months((mut year, mut month, day): Ymd, count: i32) -> Ymd {
    for _ in 0..count.abs() {
        (year, month) = match (count > 0, month) {
            (true, 12) => (year + 1, 1),
            (true, _) => (year, month + 1),
            (false, 1) => (year - 1, 12),
            (false, _) => (year, month - 1),
        };
    }
    (year, month, day.min(month_length(year, month)))
}

/// As files and scorecards write it.
pub(crate) fn show((year, month, day): Ymd) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// As files write it.
pub(crate) fn read(text: &str) -> Ymd {
    let mut parts = text.split('-').map(|part| part.parse::<u32>().expect("a number"));
    let mut part = || parts.next().expect("three parts");
    (i32::try_from(part()).expect("a year"), part(), part())
}
