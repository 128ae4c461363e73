//! What things cost the partner, and when its people have time: its costs file, checked and kept.

use askama::Template;
use guildhall_operations::Error;
use guildhall_operations::http::Path;
use guildhall_operations::ops::plans;

use crate::form::{FieldProblems, Form};
use crate::naming::Naming;
use crate::scorecard::{Head, Part, base_of, place};
use crate::shell::Shell;
use crate::visit::{Answer, Done, Visit};

#[derive(Template)]
#[template(path = "portal/plans/costs.html")]
struct CostsPage {
    shell: Shell,
    head: Head,
    text: String,
    version: i64,
    changed: Option<String>,
    template: String,
    problems: FieldProblems,
    /// Problems with their lines.
    lines: Vec<String>,
}

pub(super) async fn show(Path(partner): Path<String>, visit: Visit) -> Answer {
    visit.page(move |visit| page(visit, &partner, None, FieldProblems::default(), Vec::new())).await
}

fn page(
    visit: &Visit,
    partner: &str,
    typed: Option<&str>,
    problems: FieldProblems,
    lines: Vec<String>,
) -> Result<CostsPage, Error> {
    let (app, t) = (visit.app(), visit.t);
    let costs = plans::costs(app, &visit.caller, partner)?;
    let naming = Naming::of(visit, [partner], costs.changed_by.as_deref())?;
    let head = Head::of(visit, partner, &naming.partner(partner), Part::Plans);
    let changed = costs.changed_at.as_deref().zip(costs.changed_by.as_deref()).map(|(at, by)| {
        let by = naming.user(by, "naming-partner");
        t.tell("plan-costs-changed", &[("by", by.into()), ("at", t.moment_text(at).into())])
    });
    Ok(CostsPage {
        shell: visit.shell(place(visit, partner), t.say("plan-costs-title")),
        head,
        text: typed.map_or(costs.text, str::to_owned),
        version: costs.version,
        changed,
        template: plans::costs_template(app, &visit.caller, partner)?,
        problems,
        lines,
    })
}

pub(super) async fn save(Path(partner): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let tag = fields.typed("version").map(|version| format!("\"v{version}\""));
        let text = fields.get("text").replace("\r\n", "\n");
        match plans::put_costs(visit.app(), &visit.caller, &partner, tag.as_deref(), &text) {
            Ok(_) => {
                let to = format!("{}/plans", base_of(&partner));
                Ok(Done::saying(to, "notice-costs-saved", String::new()))
            }
            Err(error) => {
                let lines = match &error {
                    Error::Invalid(found) => {
                        found.shown().iter().map(ToString::to_string).collect()
                    }
                    _ => Vec::new(),
                };
                visit.again(error, |problems| page(visit, &partner, Some(&text), problems, lines))
            }
        }
    })
    .await
}
