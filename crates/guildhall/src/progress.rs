//! Bars for long work: shown on a terminal, and only there.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// For work of which nobody knows how long it takes.
pub fn spinner(doing: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_message(doing);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// For work on so many things.
pub fn progress(count: u64, things: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::stderr_with_hz(10));
    let style =
        ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} {msg}, {eta} left");
    let bar = match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    };
    bar.with_message(things)
}

/// For rows that are counted as they go by.
pub fn counter(doing: &'static str) -> ProgressBar {
    let bar = spinner(doing);
    match ProgressStyle::with_template("{spinner} {msg}: {human_pos} rows") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
