//! The templates of imports with sample data.

use super::*;

const HOSTILE: &str = "<b>=1+1";

fn tried(outcome: Option<Vec<CountView>>) -> TriedPart {
    TriedPart {
        t: Texts::english(),
        outcome,
        is_clean: false,
        left_out: HOSTILE.to_owned(),
        digest: "d".to_owned(),
        problems: vec![ProblemView {
            place: HOSTILE.to_owned(),
            message: HOSTILE.to_owned(),
            hint: HOSTILE.to_owned(),
            row: HOSTILE.to_owned(),
        }],
        count: 3,
        more: 2,
        has_rejects: true,
    }
}

#[test]
fn what_trying_came_to_is_rendered() {
    let html = tried(None).render().unwrap_or_default();
    assert!(html.contains("3 problems") && html.contains("2 more are not shown"), "{html}");
    assert!(html.contains("value=\"rejects\"") && !html.contains("value=\"import\""), "{html}");
    assert!(!html.contains("<b>"), "{html}");
    let row = CountView {
        kind: "Events".to_owned(),
        added: "1".to_owned(),
        changed: "2".to_owned(),
        retracted: "3".to_owned(),
        same: "4".to_owned(),
    };
    let html = tried(Some(vec![row])).render().unwrap_or_default();
    assert!(html.contains("value=\"import\"") && !html.contains("<b>"), "{html}");
}

#[test]
fn past_imports_and_the_form_are_rendered() {
    let past = Past {
        entry: 1,
        at: "2026-06-30T12:00:00Z".to_owned(),
        by: "u".to_owned(),
        details: serde_json::json!({
            "counts": { "events": { "added": 1200, "changed": 2, "retracted": 3, "same": 4 } },
            "files": [],
            "left_out": 5,
        }),
        place: 1,
    };
    let view = past_view(Texts::english(), &past, HOSTILE.to_owned());
    assert_eq!((view.added.as_str(), view.left_out.as_str()), ("1,200", "5"));
    let shell = || Shell::sample("Imports");
    let page = ImportsPage { shell: shell(), may_import: true, imports: vec![view] };
    let html = page.render().unwrap_or_default();
    assert!(html.contains("&#60;b&#62;=1+1") && html.contains("/imports/new"), "{html}");
    let kind = Complete { value: "events", label: "Events".to_owned(), is_chosen: true };
    let page = NewPage {
        shell: shell(),
        kinds: vec![kind],
        leaves_out: true,
        is_complete_open: true,
        problems: FieldProblems::default(),
        tried: String::new(),
    };
    let html = page.render().unwrap_or_default();
    assert!(html.contains("value=\"events\" checked"), "{html}");
}
