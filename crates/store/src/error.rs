//! What can go wrong with a database.

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address of the database cannot be read.
    #[error("`{url}` is no address of a database: {why}")]
    Url {
        /// The address, without its password.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The database cannot be reached or opened.
    #[error("the database cannot be opened: {0}")]
    Unreachable(String),
    /// The database was made by a newer release.
    #[error("the database has the schema {found}, this release knows {known}")]
    Newer {
        /// The number of the last migration that the database has had.
        found: i64,
        /// The number of the last migration of this release.
        known: i64,
    },
    /// An applied migration is not the one of this release.
    #[error("migration {0} was applied with another text")]
    OtherMigration(i64),
    /// Somebody else changed the same rows; trying again may succeed.
    #[error("the database is busy with other changes")]
    Busy,
    /// A row breaks a constraint: it is there already, or refers to nothing.
    #[error("the change does not fit what is stored: {0}")]
    Constraint(String),
    /// No space is left.
    #[error("no space is left on the disk of the database")]
    Full,
    /// The database may only be read.
    #[error("the database may only be read")]
    ReadOnly,
    /// The file of the database is not what SQLite wrote.
    #[error("the file of the database is damaged: {0}")]
    Damaged(String),
    /// Taking rows or writing files failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database refused for another reason.
    #[error("the database refused: {0}")]
    Refused(String),
    /// A row does not have the shape that this release writes.
    #[error("the database holds what this release does not write: {0}")]
    Unexpected(String),
}

impl Error {
    /// Whether it is worth trying again.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy)
    }
}
