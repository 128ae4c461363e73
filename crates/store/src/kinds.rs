//! The kinds of rows that are kept for ever: the facts of the folder format, and the registry.
//!
//! Each kind is a table of its own, named after it, with the cells of its rows as text and the
//! history columns behind them. The tables are made by the migrations; a test holds them equal to
//! what is said here.

use guildhall_rules::facts::{Column, File, Holds};

/// A kind of row with history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A kind of fact: a file of the folder format.
    Fact(File),
    /// A company or body: vendor, partner or customer, with its profile.
    Organization,
    /// A part of a customer: ministry, franchise, territory, business function.
    Unit,
    /// What a customer runs: its owner, accounts, regions, services.
    Workload,
}

const fn column(name: &'static str, is_required: bool, holds: Holds) -> Column {
    Column { name, is_required, holds }
}

const ORGANIZATIONS: &[Column] = &[
    column("id", true, Holds::Id),
    column("side", true, Holds::Word(&["vendor", "partner", "customer"])),
    column("name", true, Holds::Text),
    column("legal_name", false, Holds::Text),
    column("website", false, Holds::Text),
    column("domains", false, Holds::List),
    column("offices", false, Holds::List),
    column("country", false, Holds::Text),
    column("description", false, Holds::Text),
];
const UNITS: &[Column] = &[
    column("id", true, Holds::Id),
    column("customer", true, Holds::Id),
    column("name", true, Holds::Text),
    column("kind", false, Holds::Text),
    column("parent", false, Holds::Id),
];
const WORKLOADS: &[Column] = &[
    column("id", true, Holds::Id),
    column("customer", true, Holds::Id),
    column("unit", false, Holds::Id),
    column("name", true, Holds::Text),
    column("owner", false, Holds::Text),
    column("accounts", false, Holds::List),
    column("regions", false, Holds::List),
    column("environment", true, Holds::Word(&["on_premises", "test", "production"])),
    column("design_services", false, Holds::List),
];

/// The columns in which individuals hold personal values.
pub(crate) const PERSONAL: [&str; 2] = ["name", "emails"];

impl Kind {
    /// Every kind, in the order in which they refer to each other.
    pub fn all() -> impl Iterator<Item = Self> {
        File::ALL.into_iter().map(Self::Fact).chain([
            Self::Organization,
            Self::Unit,
            Self::Workload,
        ])
    }

    /// Its table, which is also its name in addresses and files.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Fact(file) => file.stem(),
            Self::Organization => "organizations",
            Self::Unit => "units",
            Self::Workload => "workloads",
        }
    }

    /// The kind with a table.
    pub fn from_table(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.table() == name)
    }

    /// What one row is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fact(file) => file.row_word(),
            Self::Organization => "organization",
            Self::Unit => "unit",
            Self::Workload => "workload",
        }
    }

    /// The columns of its cells, the id first, without the history.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Fact(file) => {
                let columns = file.columns();
                columns.get(..columns.len().saturating_sub(2)).unwrap_or_default()
            }
            Self::Organization => ORGANIZATIONS,
            Self::Unit => UNITS,
            Self::Workload => WORKLOADS,
        }
    }

    /// The position of a column.
    pub fn position(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.name == name)
    }

    /// The names of its columns.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.columns().iter().map(|column| column.name)
    }

    /// Whether its rows hold values of a person, which can be erased.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::Fact(File::Individuals))
    }

    /// The column that names the partner to whom a row belongs.
    pub fn partner_column(self) -> Option<&'static str> {
        match self {
            Self::Fact(File::Partners) => Some("id"),
            _ => self.names().find(|name| *name == "partner"),
        }
    }

    /// The column that names the customer of whom a row tells.
    pub fn customer_column(self) -> Option<&'static str> {
        self.names().find(|name| *name == "customer")
    }
}
