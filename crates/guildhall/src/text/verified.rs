//! What verifying came to, as text.

use std::io::{self, Write};

use guildhall_store::Verified;

use super::{grouped, wrapped};
use crate::terminal::{plain, style, width};

/// The head of the chain, as `--head` reads it.
pub fn head(verified: &Verified) -> Option<String> {
    verified.head.as_ref().map(|(seq, sha256)| format!("{seq}:{sha256}"))
}

/// Prints what was gone through, then every fault with its place.
pub fn print(out: &mut impl Write, verified: &Verified, decisions: u64) -> io::Result<()> {
    let (good, bad, place) = (style::GOOD, style::BAD, style::PLACE);
    writeln!(out, "Journal entries  {}", grouped(&verified.entries.to_string()))?;
    writeln!(out, "Facts            {}", grouped(&verified.facts.to_string()))?;
    writeln!(out, "Decisions        {} recomputed", grouped(&decisions.to_string()))?;
    writeln!(out, "Head             {}", head(verified).as_deref().unwrap_or("none"))?;
    let unsealed: Vec<String> = verified.unsealed.iter().map(ToString::to_string).collect();
    let unsealed = match unsealed.as_slice() {
        [] => "none".to_owned(),
        list => list.join(", "),
    };
    for (at, line) in wrapped(&unsealed, width() - 17).iter().enumerate() {
        writeln!(out, "{}{line}", if at == 0 { "Unsealed         " } else { "                 " })?;
    }
    if verified.problems.is_empty() {
        return writeln!(out, "\n{good}✓ nothing was changed behind the journal{good:#}");
    }
    writeln!(out)?;
    for fault in &verified.problems {
        let text = format!("{}: {} [{}]", plain(&fault.place), plain(&fault.message), fault.code);
        for (at, line) in wrapped(&text, width() - 4).iter().enumerate() {
            let indent = if at == 0 { "" } else { "    " };
            writeln!(out, "{indent}{place}{line}{place:#}")?;
        }
    }
    let count = verified.problems.len() as u64 + verified.more;
    let noun = if count == 1 { "problem" } else { "problems" };
    writeln!(out, "{bad}✗ {} {noun}{bad:#}", grouped(&count.to_string()))
}
