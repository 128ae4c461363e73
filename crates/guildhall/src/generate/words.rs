//! The words that invented facts are made of: enumerations of the format, and invented names.

pub(super) const STAGES: &[&str] = &[
    "Prospect",
    "Qualified",
    "Technical Validation",
    "Business Validation",
    "Committed",
    "Closed Lost",
    "Closed Lost",
];
pub(super) const OPPORTUNITY_REVIEWS: &[&str] =
    &["Pending Submission", "Submitted", "In review", "Action Required", "Rejected"];
pub(super) const SEVERITIES: &[&str] =
    &["low", "normal", "normal", "high", "urgent", "critical", ""];
pub(super) const COUNTRIES: &[&str] = &[
    "AU", "BR", "CA", "CH", "DE", "DK", "ES", "FR", "GB", "IE", "IL", "IN", "IT", "JP", "KR", "MX",
    "NL", "NO", "NZ", "PL", "PT", "SE", "SG", "US", "ZA",
];
pub(super) const COLOURS: &[&str] = &[
    "Amber", "Ashen", "Azure", "Blue", "Brisk", "Bright", "Calm", "Cedar", "Clear", "Copper",
    "Coral", "Crimson", "Distant", "Early", "Fair", "Gentle", "Golden", "Grey", "Hazel", "Indigo",
    "Ivory", "Late", "Little", "Lucid", "Mellow", "Misty", "Noble", "Olive", "Quiet", "Rapid",
    "Russet", "Sage", "Scarlet", "Silver", "Steady", "Sunlit", "Teal", "Umber", "Violet", "Warm",
];
pub(super) const THINGS: &[&str] = &[
    "Anchor", "Beacon", "Birch", "Bridge", "Brook", "Canyon", "Cliff", "Compass", "Cove", "Delta",
    "Dune", "Elm", "Falcon", "Fern", "Fjord", "Forge", "Glade", "Harbour", "Heron", "Hill",
    "Island", "Kite", "Lantern", "Larch", "Loom", "Meadow", "Mill", "Moor", "Orchard", "Otter",
    "Pebble", "Pine", "Quarry", "Reef", "Ridge", "River", "Sail", "Sparrow", "Spruce", "Summit",
    "Thistle", "Tide", "Valley", "Willow",
];
pub(super) const COMPANIES: &[&str] = &[
    "Advisers", "Circle", "Company", "Digital", "Group", "House", "Labs", "Logic", "Partners",
    "Studio", "Systems", "Works",
];
pub(super) const GIVEN: &[&str] = &[
    "Ada", "Aiko", "Amara", "Anselm", "Beatriz", "Björn", "Carmen", "Chidi", "Dalia", "Dmitri",
    "Edda", "Emre", "Farid", "Fiona", "Goran", "Greta", "Hana", "Hugo", "Ines", "Ivo", "Jonas",
    "Jun", "Kaya", "Kofi", "Lena", "Liam", "Łucja", "Malik", "Mei", "Nadia", "Nils", "Olga",
    "Omar", "Petra", "Priya", "Quinn", "Rafael", "Rosa", "Samir", "Signe", "Tariq", "Tove", "Uma",
    "Viktor", "Wanda", "Yara", "Yusuf", "Zoë",
];
pub(super) const FAMILY: &[&str] = &[
    "Abara", "Almeida", "Bauer", "Berg", "Castro", "Chen", "Dudek", "Dubois", "Eriksen", "Farkas",
    "Ferrari", "García", "Grant", "Haddad", "Hughes", "Ito", "Ivanova", "Jansen", "Kaur", "Kim",
    "Kowal", "Larsen", "Lindgren", "Mbeki", "Moreau", "Müller", "Nagai", "Novak", "O'Brien",
    "Okafor", "Park", "Pereira", "Quist", "Rahman", "Rossi", "Sato", "Schmidt", "Silva", "Singh",
    "Tanaka", "Thomsen", "Ueda", "Varga", "Weber", "Wójcik", "Yilmaz", "Zhang", "Ziegler",
];
pub(super) const USE_CASES: &[&str] = &[
    "Analytics",
    "Archive",
    "Backup",
    "Contact centre",
    "Data lake",
    "Forecasting",
    "Hosting",
    "Integration",
    "Migration",
    "Modernisation",
    "Monitoring",
    "Security review",
    "Web shop",
];
pub(super) const INDUSTRIES: &[&str] = &[
    "agriculture",
    "education",
    "energy",
    "finance",
    "government",
    "health",
    "logistics",
    "manufacturing",
    "media",
    "retail",
    "telecommunications",
    "travel",
];
pub(super) const COMMENTS: &[&str] = &[
    "On time and friendly.",
    "Good work, clear reports",
    "They said \"Tuesday\", and it was Tuesday",
    "Slow to answer, but thorough",
    "Would ask them again",
    "Très bien",
];
