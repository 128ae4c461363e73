//! Moments as the database keeps them: text that sorts as the moments do.

use jiff::Timestamp;

use crate::Error;

/// A moment as text of one length: RFC 3339 in UTC with nine places.
pub fn to_text(moment: Timestamp) -> String {
    format!("{moment:.9}")
}

/// A moment from its text.
pub fn from_text(text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| Error::Unexpected(format!("`{text}` as a moment")))
}

/// As the folder format writes it: without needless zeros.
pub fn plain(text: &str) -> String {
    text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), |moment| moment.to_string())
}

/// Which versions were known: the one predicate, written once. `parameter` is the position of the
/// moment among the parameters, if a moment is asked about.
pub(crate) fn known(alias: &str, parameter: Option<usize>) -> String {
    let dot = if alias.is_empty() { "" } else { "." };
    match parameter {
        None => format!("{alias}{dot}\"superseded_at\" is null"),
        Some(at) => format!(
            "({alias}{dot}\"recorded_at\" is null or {alias}{dot}\"recorded_at\" <= ${at}) and \
             ({alias}{dot}\"superseded_at\" is null or {alias}{dot}\"superseded_at\" > ${at})"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_sort_as_their_moments() {
        let moments = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:01Z"];
        let texts: Vec<String> =
            moments.iter().map(|moment| to_text(moment.parse().unwrap())).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(texts.iter().map(|text| plain(text)).collect::<Vec<_>>(), moments);
        assert_eq!(texts[0].len(), 30);
    }
}
