//! The e-mail domains of a partner: claimed here, confirmed by a link in a mailbox of the domain.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::routing::get;
use guildhall_access::{Action, Resource, ResourceKind};

use super::form::{FieldProblems, Fields, Form};
use super::naming::Naming;
use super::shell::{Place, Shell};
use super::visit::{Answer, Done, Visit, path_of};
use crate::ops::domains::{self, Domain};
use crate::rest::Path;
use crate::{App, Error};

/// The route.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/partners/{id}/domains", get(show).post(claim))
}

struct Line {
    domain: String,
    claimed: String,
    confirmed: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/domains.html")]
struct DomainsPage {
    shell: Shell,
    partner: String,
    partner_to: String,
    lines: Vec<Line>,
    may_claim: bool,
    domain: String,
    mailbox: String,
    problems: FieldProblems,
}

fn page(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    problems: FieldProblems,
) -> Result<DomainsPage, Error> {
    let (app, caller, t) = (visit.app(), &visit.caller, visit.t);
    let line = |domain: Domain| Line {
        claimed: t.moment_text(&domain.claimed_at),
        confirmed: domain.verified_at.map(|at| t.moment_text(&at)),
        domain: domain.domain,
    };
    let lines = domains::list(app, caller, id)?.into_iter().map(line).collect();
    let organization = Resource::new(ResourceKind::Organization, id).of_partner(id);
    let naming = Naming::of(visit, [id], [])?;
    Ok(DomainsPage {
        shell: visit.shell(Place::Partner, t.say("domains-title")),
        partner: naming.partner(id),
        partner_to: format!("/partners/{}", path_of(id)),
        lines,
        may_claim: app
            .access
            .decide(&caller.actor, Action::EditOrganization, &organization)
            .is_allowed(),
        domain: fields.get("domain").to_owned(),
        mailbox: fields.typed("mailbox").unwrap_or("postmaster").to_owned(),
        problems,
    })
}

async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.page(move |visit| page(visit, &id, &visit.query(), FieldProblems::default())).await
}

async fn claim(Path(id): Path<String>, form: Form) -> Answer {
    form.act(move |visit, fields| {
        let (domain, mailbox) = (fields.get("domain"), fields.get("mailbox"));
        match domains::claim(visit.app(), &visit.caller, &id, domain, mailbox) {
            Ok(claimed) => {
                let to = format!("/partners/{}/domains", path_of(&id));
                Ok(Done::saying(to, "notice-domain-claimed", claimed.domain))
            }
            Err(error) => visit.again(error, |problems| page(visit, &id, fields, problems)),
        }
    })
    .await
}
