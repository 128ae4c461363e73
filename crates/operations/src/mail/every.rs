//! How often something is mailed.

/// How often a digest is mailed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    /// Never.
    #[default]
    Off,
    /// Once a week, on the first day of it that the server works.
    Weekly,
    /// Once a month.
    Monthly,
}

impl Every {
    /// All.
    pub const ALL: [Self; 3] = [Self::Off, Self::Weekly, Self::Monthly];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// Reads its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.word() == word)
    }
}
