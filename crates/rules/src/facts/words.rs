//! The enumerations of the facts format: words that every network shares.

use serde::Serialize;

/// Makes an enumeration whose variants are written as the given words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// Every word, in the same order.
            pub const WORDS: &[&str] = &[$($word,)*];

            /// The word for it.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// The value that a word stands for.
            pub fn from_word(word: &[u8]) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word().as_bytes() == word)
            }
        }
    };
}

words! {
    /// Whether a partner may take part.
    Standing {
        /// In good standing.
        Good = "good",
        /// Suspended.
        Suspended = "suspended",
    }
}

words! {
    /// The kinds of row in a partner's history. Of rows of one day, a later kind comes later.
    ReviewKind {
        /// The partner joined the path.
        Enrolment = "enrolment",
        /// The tier was reviewed.
        Review = "review",
        /// The membership was renewed.
        Renewal = "renewal",
        /// The partner went up.
        Upgrade = "upgrade",
        /// The partner went down.
        Downgrade = "downgrade",
        /// An executive of the vendor gave consent.
        ExecutiveReview = "executive_review",
        /// The partner was suspended.
        Suspended = "suspended",
        /// The partner was let in again.
        Reinstated = "reinstated",
    }
}

words! {
    /// The stages of an opportunity (seed: the vendor's own pipeline).
    Stage {
        /// Identified.
        Prospect = "Prospect",
        /// The need is real.
        Qualified = "Qualified",
        /// The way to build it is agreed.
        TechnicalValidation = "Technical Validation",
        /// The price is proposed.
        BusinessValidation = "Business Validation",
        /// Signed.
        Committed = "Committed",
        /// Done, and billed.
        Launched = "Launched",
        /// Given up.
        ClosedLost = "Closed Lost",
    }
}

words! {
    /// How far the vendor's review of an opportunity has come.
    OpportunityReview {
        /// Not handed in.
        PendingSubmission = "Pending Submission",
        /// Handed in.
        Submitted = "Submitted",
        /// Being read.
        InReview = "In review",
        /// Sent back for changes.
        ActionRequired = "Action Required",
        /// Accepted.
        Approved = "Approved",
        /// Refused.
        Rejected = "Rejected",
    }
}

words! {
    /// Who may see a reference.
    ReferenceKind {
        /// Everybody.
        Public = "public",
        /// Vendor and partner.
        Private = "private",
    }
}

words! {
    /// Who opened a case.
    OpenedBy {
        /// The partner.
        Partner = "partner",
        /// The end customer.
        Customer = "customer",
    }
}

words! {
    /// Whose desk received a case.
    Desk {
        /// The vendor's.
        Vendor = "vendor",
        /// The partner's own.
        Partner = "partner",
    }
}

words! {
    /// The kind of support under which a case was opened.
    SupportMode {
        /// The partner stands in front.
        PartnerLed = "partner_led",
        /// The vendor's plan, sold by the partner.
        Resold = "resold",
        /// The vendor's plan, bought from the vendor.
        Direct = "direct",
    }
}

words! {
    /// How bad a case is.
    Severity {
        /// General guidance.
        Low = "low",
        /// System impaired.
        Normal = "normal",
        /// Production impaired.
        High = "high",
        /// Production down.
        Urgent = "urgent",
        /// Business-critical system down.
        Critical = "critical",
    }
}

words! {
    /// Yes or no.
    YesNo {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
    }
}
