//! Worked examples as pages show them: prose as HTML, blocks of facts as tables, expectations as
//! they are written. HTML in a text stands there as text.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A piece of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Prose, as HTML.
    Prose(String),
    /// Facts: the file that they are of, its columns, its rows.
    Facts {
        /// As `credentials.csv`.
        file: String,
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    /// What must come out.
    Expected(Expected),
}

/// What an example says must come out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expected {
    /// `scorecard` or `discount`.
    pub(super) kind: String,
    pub(super) partner: String,
    /// The day or the period.
    pub(super) when: String,
    /// The state of knowledge, where it is not the latest.
    pub(super) known_at: String,
    /// What stands above the rows: all of it, of a discount.
    pub(super) head: String,
    /// The rows of a scorecard.
    pub(super) rows: Vec<ExpectedRow>,
}

/// A row of a scorecard that must come out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ExpectedRow {
    /// The measure: its id, until somebody puts its title here.
    pub(super) measure: String,
    pub(super) renewal: String,
    pub(super) upgrade: String,
    /// What counted and what did not, a line for each reason.
    pub(super) facts: Vec<String>,
}

/// The pieces of a text, cut before each heading of the second level: the first holds what stands
/// before them.
pub(super) fn sections(text: &str) -> Vec<Vec<Piece>> {
    let mut cut = Cut::default();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        cut.take(event);
    }
    cut.end_prose();
    cut.sections.push(cut.pieces);
    cut.sections.retain(|pieces| !pieces.is_empty());
    cut.sections
}

#[derive(Default)]
struct Cut<'t> {
    sections: Vec<Vec<Piece>>,
    pieces: Vec<Piece>,
    prose: Vec<Event<'t>>,
    depth: usize,
    /// The words of the fence of a block that is being read, and what it holds.
    block: Option<(String, String)>,
    /// Whether an image is being left out: its words stay.
    is_link_left_out: bool,
}

impl<'t> Cut<'t> {
    fn end_prose(&mut self) {
        let events = std::mem::take(&mut self.prose);
        if !events.is_empty() {
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, events.into_iter());
            self.pieces.push(Piece::Prose(html));
        }
    }

    fn take(&mut self, event: Event<'t>) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if self.depth == 0 && is_known(&info) =>
            {
                self.end_prose();
                self.block = Some((info.into_string(), String::new()));
            }
            Event::End(TagEnd::CodeBlock) if self.block.is_some() => {
                if let Some((info, text)) = self.block.take() {
                    self.pieces.push(piece(&info, &text));
                }
            }
            Event::Text(text) if self.block.is_some() => {
                if let Some((_, held)) = &mut self.block {
                    held.push_str(&text);
                }
            }
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) if self.depth == 0 => {
                self.end_prose();
                let pieces = std::mem::take(&mut self.pieces);
                self.sections.push(pieces);
                self.push_start(lower(HeadingLevel::H2));
            }
            Event::Start(Tag::Heading { level, .. }) => self.push_start(lower(level)),
            Event::End(TagEnd::Heading(level)) => {
                let Tag::Heading { level, .. } = lower(level) else { return };
                self.push_end(TagEnd::Heading(level));
            }
            Event::Start(Tag::Link { ref dest_url, .. }) if !is_web(dest_url) => {
                self.is_link_left_out = true;
            }
            Event::End(TagEnd::Link) if self.is_link_left_out => self.is_link_left_out = false,
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            // Raw HTML is text.
            Event::Html(text) | Event::InlineHtml(text) => self.prose.push(Event::Text(text)),
            Event::Start(tag) => self.push_start(tag),
            Event::End(tag) => self.push_end(tag),
            other => self.prose.push(other),
        }
    }

    fn push_start(&mut self, tag: Tag<'t>) {
        self.depth += 1;
        self.prose.push(Event::Start(tag));
    }

    fn push_end(&mut self, tag: TagEnd) {
        self.depth = self.depth.saturating_sub(1);
        self.prose.push(Event::End(tag));
    }
}

/// A heading one level further down, as the page has the first for itself, without an id.
fn lower(level: HeadingLevel) -> Tag<'static> {
    let level = match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    };
    Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }
}

fn is_web(address: &CowStr<'_>) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

fn is_known(info: &str) -> bool {
    matches!(info.split_whitespace().next(), Some("csv" | "scorecard" | "discount"))
}

fn piece(info: &str, text: &str) -> Piece {
    let mut words = info.split_whitespace();
    let kind = words.next().unwrap_or_default().to_owned();
    if kind == "csv" {
        let file = words.next().unwrap_or_default().to_owned();
        let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(cells);
        let head = lines.next().unwrap_or_default();
        return Piece::Facts { file, head, rows: lines.collect() };
    }
    let mut expected = Expected { kind, ..Expected::default() };
    expected.read(text);
    for (name, value) in words.filter_map(|word| word.split_once('=')) {
        let value = value.to_owned();
        match name {
            "partner" => expected.partner = value,
            "as-of" | "period" if expected.when.is_empty() => expected.when = value,
            "known-at" => expected.known_at = value,
            _ => {}
        }
    }
    Piece::Expected(expected)
}

impl Expected {
    /// Reads what comes out: of a scorecard three lines, and rows whose cells are set in.
    fn read(&mut self, text: &str) {
        let head = if self.kind == "scorecard" { 3 } else { usize::MAX };
        for (at, line) in text.trim_end().lines().enumerate() {
            if at < head {
                self.head.push_str(line);
                self.head.push('\n');
                continue;
            }
            let Some(inner) = line.strip_prefix("  ") else {
                let measure = line.trim().to_owned();
                self.rows.push(ExpectedRow { measure, ..ExpectedRow::default() });
                continue;
            };
            let Some(row) = self.rows.last_mut() else { continue };
            if let Some(cell) = inner.strip_prefix("renewal ") {
                cell.clone_into(&mut row.renewal);
            } else if let Some(cell) = inner.strip_prefix("upgrade ") {
                cell.clone_into(&mut row.upgrade);
            } else {
                row.facts.push(inner.to_owned());
            }
        }
    }
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for char in line.chars() {
        match char {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            char => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(char);
                }
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_cut_into_prose_facts_and_expectations() {
        let text = "# Slips\n\nA *slip*.\n\n## One\n\n```csv partners.csv\nid,name\nada,\"A, B\"\n```\n\
                    ```scorecard partner=ada as-of=2026-01-01\ntier none\nno column\n\
                    no review\nroofs\n  renewal 1 of 2 not met\n  upgrade 1 of 3 not met\n  counted o-1\n\
                    ```\n";
        let sections = sections(text);
        assert_eq!(sections.len(), 2);
        let prose = "<h2>Slips</h2>\n<p>A <em>slip</em>.</p>\n";
        assert_eq!(sections[0], [Piece::Prose(prose.to_owned())]);
        assert_eq!(sections[1].len(), 3);
        let facts = Piece::Facts {
            file: "partners.csv".to_owned(),
            head: vec!["id".to_owned(), "name".to_owned()],
            rows: vec![vec!["ada".to_owned(), "A, B".to_owned()]],
        };
        assert_eq!(sections[1][1], facts);
        let Piece::Expected(expected) = &sections[1][2] else { panic!("{:?}", sections[1][2]) };
        assert_eq!(expected.when, "2026-01-01");
        assert_eq!(expected.head, "tier none\nno column\nno review\n");
        let row = ExpectedRow {
            measure: "roofs".to_owned(),
            renewal: "1 of 2 not met".to_owned(),
            upgrade: "1 of 3 not met".to_owned(),
            facts: vec!["counted o-1".to_owned()],
        };
        assert_eq!(expected.rows, [row]);
    }

    #[test]
    fn html_and_foreign_links_of_an_example_do_nothing() {
        let text = "A <b onclick=x>bold</b> [link](javascript:alert(1)), ![image](https://x/y.png)\n\n\
                    <script>alert(1)</script>\n\n    ## code\n";
        let html = format!("{:?}", sections(text));
        for bad in ["<b", "<script", "javascript", "<img"] {
            assert!(!html.contains(bad), "{bad}: {html}");
        }
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }
}
