//! What a change of rules does to the network, and one threshold varied, over REST.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use guildhall_operations::http::{Page, Paging, ProblemDetails, Query, blocking, read_day};
use guildhall_operations::ops::impact::{self, Asked, Found, Narrowed, Report};
use guildhall_operations::{App, Caller, Error};
use guildhall_rules::decimal::Decimal;
use guildhall_rules::impact::{Effect, PartnerImpact, SweptRequirement};
use guildhall_store::plain_moment;
use serde::{Deserialize, Serialize};
use serde_json::{Value as AnyJson, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// For how long a request looks before it says how far it has come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(compared)).routes(routes!(swept))
}

/// How far an answer that takes long has come. The same request, a little later, goes on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
struct UnderWay {
    /// Partners that are done.
    done: u64,
    /// Partners in all, about.
    partners: u64,
}

/// What is compared, and whom of the moved to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ImpactQuery {
    /// The id of the edition before.
    old: String,
    /// The id of the edition after; it may be a draft.
    new: String,
    /// The day on which both are looked at, `YYYY-MM-DD`; today (UTC) if not given.
    #[param(format = Date)]
    as_of: Option<String>,
    /// Only partners that are moved in this way: `gains`, `loses`, `endangered`, `relieved`,
    /// `comes_near`, `discount_higher` or `discount_lower`.
    effect: Option<String>,
    /// Only partners on this path.
    path: Option<String>,
    /// Only partners with this text in their name or id.
    text: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many partners it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl ImpactQuery {
    fn read(self) -> Result<(Asked, Narrowed, Paging), Error> {
        let Self { old, new, as_of, effect, path, text, cursor, limit } = self;
        let as_of = read_day("as_of", as_of.as_deref())?;
        let effect = effect.map(|word| {
            let found = Effect::ALL.into_iter().find(|effect| effect.word() == word);
            let message = format!("`{word}` is no way in which a partner is moved");
            found.ok_or_else(|| Error::field("effect", "bad-value", message))
        });
        let by = Narrowed { effect: effect.transpose()?, path, text };
        Ok((Asked { old, new, as_of }, by, Paging { cursor, limit }))
    }
}

/// What a change of rules does to the network: two editions over the same facts on one day. Counts
/// are of the whole network; those that are moved stand on pages, by name, with why and what is
/// left to do. A large network takes longer than a request: then the answer is 202 and how far it
/// has come, and the same request goes on.
#[utoipa::path(
    get, path = "/rulebook/impact", tag = "editions", params(ImpactQuery),
    responses(
        (status = 200, description = "Counts, and a page of those that are moved", body = AnyJson),
        (status = 202, description = "It is being computed", body = UnderWay),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn compared(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ImpactQuery>,
) -> Result<Response, Error> {
    let (asked, by, paging) = query.read()?;
    let (after, limit) = paging.read()?;
    let begin = after.map_or(Ok(0), |after| after.parse::<usize>());
    let begin = begin
        .map_err(|_| Error::field("cursor", "bad-value", "it is no cursor that was given out"))?;
    let run = move |app: &App| {
        let (found, is_outdated) = match impact::report(app, &caller, &asked, PATIENCE, false)? {
            Found::UnderWay { done, partners } => return Ok(Err(UnderWay { done, partners })),
            Found::Whole { found, is_outdated } => (found, is_outdated),
        };
        let shown: Vec<_> = found.narrowed(&by).skip(begin).take(limit + 1).collect();
        let told = shown.get(..shown.len().min(limit)).unwrap_or_default();
        let items = impact::reasons(app, &found, told)?;
        let next = (shown.len() > limit).then(|| (begin + limit).to_string());
        let next = next.map(|next| data_encoding::BASE64URL_NOPAD.encode(next.as_bytes()));
        answer(&found, is_outdated, Page { items, next }).map(Ok)
    };
    Ok(match blocking(app, run).await? {
        Ok(answer) => Json(answer).into_response(),
        Err(under_way) => waiting(under_way),
    })
}

fn answer(
    report: &Report,
    is_outdated: bool,
    moved: Page<PartnerImpact>,
) -> Result<AnyJson, Error> {
    let mut answer = serde_json::to_value(&report.impact).map_err(Error::internal)?;
    if let Some(fields) = answer.as_object_mut() {
        let computed_at = guildhall_store::moment_text(report.computed_at);
        fields.insert("computed_at".to_owned(), json!(plain_moment(&computed_at)));
        fields.insert("facts_changed_since".to_owned(), json!(is_outdated));
        let moved = serde_json::to_value(moved).map_err(Error::internal)?;
        fields.insert("moved".to_owned(), moved);
    }
    Ok(answer)
}

fn waiting(under_way: UnderWay) -> Response {
    (StatusCode::ACCEPTED, [(RETRY_AFTER, "1")], Json(under_way)).into_response()
}

/// Which requirement is varied.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SweepQuery {
    /// The id of the edition; it may be a draft.
    edition: String,
    /// The day, `YYYY-MM-DD`; today (UTC) if not given.
    #[param(format = Date)]
    as_of: Option<String>,
    /// The id of the tier that asks.
    tier: String,
    /// The id of the measure of which it asks.
    measure: String,
    /// The first threshold.
    from: String,
    /// The last threshold.
    to: String,
    /// From one threshold to the next; about twenty steps if not given.
    step: Option<String>,
}

/// One threshold of an edition varied over the network: for each threshold how many partners attain
/// the tier, and how many of its holders keep it.
#[utoipa::path(
    get, path = "/rulebook/sweep", tag = "editions", params(SweepQuery),
    responses(
        (status = 200, description = "The numbers for each threshold", body = AnyJson),
        (status = 202, description = "It is being computed", body = UnderWay),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn swept(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<SweepQuery>,
) -> Result<Response, Error> {
    let SweepQuery { edition, as_of, tier, measure, from, to, step } = query;
    let number = |field: &'static str, text: &str| {
        let message = format!("`{text}` is not a number");
        Decimal::parse(text.as_bytes()).map_err(|_| Error::field(field, "bad-value", message))
    };
    let range = (number("from", &from)?, number("to", &to)?);
    let step = step.map(|step| number("step", &step)).transpose()?;
    let swept = SweptRequirement::range(&tier, &measure, range, step)
        .map_err(|message| Error::field("to", "bad-value", message))?;
    let as_of = read_day("as_of", as_of.as_deref())?;
    let asked = Asked { old: edition.clone(), new: edition, as_of };
    let run = move |app: &App| impact::sweep(app, &caller, &asked, &swept, PATIENCE);
    Ok(match blocking(app, run).await? {
        Found::Whole { found, .. } => Json(&*found).into_response(),
        Found::UnderWay { done, partners } => waiting(UnderWay { done, partners }),
    })
}
