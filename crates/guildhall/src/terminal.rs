//! What the terminal can show: its width, colours, the marks of states.

pub use guildhall_rules::words::plain;

use guildhall_rules::evaluation::State;

/// The colours in use. Every meaning is also in a word or a mark.
pub mod style {
    use anstyle::{AnsiColor, Color, Style};

    const fn coloured(color: AnsiColor) -> Style {
        Style::new().fg_color(Some(Color::Ansi(color)))
    }

    /// Met, gained.
    pub const GOOD: Style = coloured(AnsiColor::Green);
    /// Not met, lost, wrong.
    pub const BAD: Style = coloured(AnsiColor::Red);
    /// Unknown, soon.
    pub const UNSURE: Style = coloured(AnsiColor::Yellow);
    /// Places in files.
    pub const PLACE: Style = Style::new().bold();
    /// Headings.
    pub const HEAD: Style = Style::new().bold();
    /// What may be passed over.
    pub const FAINT: Style = Style::new().dimmed();
}

/// The width to write for: the terminal's, between 72 and 100; 80 where there is none.
pub fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = || console_width().unwrap_or(80);
    asked.unwrap_or_else(found).clamp(72, 100)
}

fn console_width() -> Option<usize> {
    let (terminal_size::Width(width), _) = terminal_size::terminal_size()?;
    Some(width.into())
}

/// The mark of a state and its colour.
pub fn mark(state: State) -> (&'static str, anstyle::Style) {
    match state {
        State::Met => ("✓", style::GOOD),
        State::NotMet => ("✗", style::BAD),
        State::Unknown => ("?", style::UNSURE),
        State::NotRequired => ("·", style::FAINT),
    }
}

/// A text cut or filled with blanks to a number of terminal cells.
pub fn fit(text: &str, cells: usize) -> String {
    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
    let wide = text.width();
    if wide <= cells {
        return format!("{text}{}", " ".repeat(cells - wide));
    }
    let mut used = 0;
    let mut short = String::new();
    for char in text.chars() {
        let next = char.width().unwrap_or(0);
        if used + next + 1 > cells {
            break;
        }
        used += next;
        short.push(char);
    }
    format!("{short}…{}", " ".repeat(cells.saturating_sub(used + 1)))
}
