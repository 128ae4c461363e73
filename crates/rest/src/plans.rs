//! Plans, a partner's costs and the training catalogue over REST.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use guildhall_operations::http::{
    Body, IfMatch, Page, Paging, Path, ProblemDetails, Query, blocking, read_day,
};
use guildhall_operations::ops::editions;
use guildhall_operations::ops::plans::{self, AskedStep, CostsShown, PlanShown, Wish};
use guildhall_operations::ops::tag;
use guildhall_operations::{App, Caller, Error};
use guildhall_rules::plan::{Plan, PlanCheck};
use guildhall_rules::rulebook::Prerequisite;
use serde::{Deserialize, Serialize};
use serde_json::Value as AnyJson;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::decisions::{created, number, refuse_nul, tagged};

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(make))
        .routes(routes!(list, accept))
        .routes(routes!(get))
        .routes(routes!(progress))
        .routes(routes!(end))
        .routes(routes!(share))
        .routes(routes!(costs, put_costs))
        .routes(routes!(asked))
        .routes(routes!(training))
}

fn refuse_nuls(wish: &Wish) -> Result<(), Error> {
    let texts = [&wish.to, &wish.discount, &wish.period, &wish.by, &wish.way, &wish.costs];
    let names = ["to", "discount", "period", "by", "way", "costs"];
    for (name, text) in names.into_iter().zip(texts) {
        refuse_nul(name, text.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

/// The cheapest way of a partner to a goal, from today. Nothing is kept.
///
/// With the partner's own costs, where there are any and the caller may see them; else with the
/// rulebook's.
#[utoipa::path(
    post, path = "/partners/{partner}/plan", tag = "plans", request_body = Wish,
    params(("partner" = String, Path, description = "The partner's id")),
    responses(
        (status = 200, description = "The plan: goal, starting scorecard, feasible, optimal, gap, \
          cost, steps, blocking, and more", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn make(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    Body(wish): Body<Wish>,
) -> Result<Json<Plan>, Error> {
    refuse_nuls(&wish)?;
    let run = move |app: &App| plans::make(app, &caller, &partner, &wish).map(|made| made.plan);
    blocking(app, run).await.map(Json)
}

/// A page of plans.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many things it holds at most, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Accepted plans of a partner, the latest first, also those that were ended or replaced.
#[utoipa::path(
    get, path = "/partners/{partner}/plans", tag = "plans",
    params(("partner" = String, Path, description = "The partner's id"), ListQuery),
    responses(
        (status = 200, description = "A page of plans, without what they say", body = Page<PlanShown>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<PlanShown>>, Error> {
    let (after, limit) = Paging { cursor: query.cursor, limit: query.limit }.read()?;
    let run = move |app: &App| plans::list(app, &caller, &partner, after.as_deref(), limit);
    Ok(Json(Page::of(blocking(app, run).await?, limit, |plan| plan.number.to_string())))
}

/// What is to be accepted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// What is asked for.
    wish: Wish,
    /// Whether the vendor may see the plan.
    #[serde(default)]
    is_shown: bool,
}

/// Makes a plan and accepts it. A plan to the same goal that was accepted before is replaced.
#[utoipa::path(
    post, path = "/partners/{partner}/plans", tag = "plans", request_body = Acceptance,
    params(("partner" = String, Path, description = "The partner's id")),
    responses(
        (status = 201, description = "The accepted plan", body = PlanShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn accept(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    Body(acceptance): Body<Acceptance>,
) -> Result<Response, Error> {
    refuse_nuls(&acceptance.wish)?;
    let run = move |app: &App| {
        let Acceptance { wish, is_shown } = &acceptance;
        let shown = plans::accept(app, &caller, &partner, wish, None, *is_shown)?;
        Ok(PlanShown { plan: None, ..shown })
    };
    let shown = blocking(app, run).await?;
    Ok(created(format!("/api/v1/plans/{}", shown.number), tag(shown.version), shown))
}

/// One accepted plan, as it was accepted.
#[utoipa::path(
    get, path = "/plans/{number}", tag = "plans",
    params(("number" = i64, Path, description = "The number of the plan")),
    responses(
        (status = 200, description = "The plan", body = PlanShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Response, Error> {
    let number = number("plan", &text)?;
    let shown = blocking(app, move |app| plans::get(app, &caller, number)).await?;
    Ok(tagged(shown.version, shown))
}

/// How far an accepted plan is today: its steps, what has changed, whether it still leads there.
#[utoipa::path(
    get, path = "/plans/{number}/progress", tag = "plans",
    params(("number" = i64, Path, description = "The number of the plan")),
    responses(
        (status = 200, description = "How far it is", body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn progress(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(text): Path<String>,
) -> Result<Json<PlanCheck>, Error> {
    let number = number("plan", &text)?;
    let run = move |app: &App| plans::progress(app, &caller, number).map(|(.., check)| check);
    blocking(app, run).await.map(Json)
}

/// Why a plan is ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndReason {
    /// Why.
    reason: String,
}

/// Ends an accepted plan.
#[utoipa::path(
    post, path = "/plans/{number}/end", tag = "plans", request_body = EndReason,
    params(("number" = i64, Path, description = "The number of the plan")),
    responses(
        (status = 200, description = "The plan", body = PlanShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn end(
    State(app): State<Arc<App>>,
    caller: Caller,
    if_match: IfMatch,
    Path(text): Path<String>,
    Body(body): Body<EndReason>,
) -> Result<Response, Error> {
    let number = number("plan", &text)?;
    let run =
        move |app: &App| plans::end(app, &caller, number, if_match.0.as_deref(), &body.reason);
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}

/// Whether the vendor may see a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sharing {
    /// Whether the vendor may see it from now on.
    is_shown: bool,
}

/// Shows an accepted plan to the vendor, or no more.
#[utoipa::path(
    post, path = "/plans/{number}/share", tag = "plans", request_body = Sharing,
    params(("number" = i64, Path, description = "The number of the plan")),
    responses(
        (status = 200, description = "The plan", body = PlanShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn share(
    State(app): State<Arc<App>>,
    caller: Caller,
    if_match: IfMatch,
    Path(text): Path<String>,
    Body(body): Body<Sharing>,
) -> Result<Response, Error> {
    let number = number("plan", &text)?;
    let run =
        move |app: &App| plans::share(app, &caller, number, if_match.0.as_deref(), body.is_shown);
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}

/// What things cost a partner, and when its people have time. Only the partner sees it.
#[utoipa::path(
    get, path = "/partners/{partner}/costs", tag = "plans",
    params(("partner" = String, Path, description = "The partner's id")),
    responses(
        (status = 200, description = "The costs file", body = CostsShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn costs(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
) -> Result<Response, Error> {
    let shown = blocking(app, move |app| plans::costs(app, &caller, &partner)).await?;
    Ok(tagged(shown.version, shown))
}

/// A costs file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CostsText {
    /// The file, TOML; empty: the rulebook's figures.
    text: String,
}

/// Puts a costs file in the place of the one that was.
#[utoipa::path(
    put, path = "/partners/{partner}/costs", tag = "plans", request_body = CostsText,
    params(("partner" = String, Path, description = "The partner's id")),
    responses(
        (status = 200, description = "The costs file", body = CostsShown),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn put_costs(
    State(app): State<Arc<App>>,
    caller: Caller,
    if_match: IfMatch,
    Path(partner): Path<String>,
    Body(body): Body<CostsText>,
) -> Result<Response, Error> {
    let run = move |app: &App| {
        plans::put_costs(app, &caller, &partner, if_match.0.as_deref(), &body.text)
    };
    let shown = blocking(app, run).await?;
    Ok(tagged(shown.version, shown))
}

/// What accepted plans ask a person to take, by days, what is done at the end.
#[utoipa::path(
    get, path = "/people/{person}/asked", tag = "plans",
    params(("person" = String, Path, description = "The id that all rows of the person share")),
    responses(
        (status = 200, description = "Steps of plans", body = Vec<AskedStep>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn asked(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Json<Vec<AskedStep>>, Error> {
    blocking(app, move |app| plans::asked_of(app, &caller, &person)).await.map(Json)
}

/// A course or an examination of the training catalogue.
#[derive(Debug, Serialize, ToSchema)]
struct TrainingShown {
    /// Its id.
    id: String,
    /// Its title.
    title: String,
    /// The credential that it leads to.
    leads_to: Option<String>,
    /// What it costs one person.
    cost: String,
    /// In which currency.
    currency: String,
    /// Days of preparation.
    days: u16,
    /// Credentials that must be held before it.
    requires_credentials: Vec<String>,
    /// Trainings that must be taken before it.
    requires_trainings: Vec<String>,
    /// Whether cost and days are assumed.
    is_assumed: bool,
}

/// Of which edition, in force when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TrainingQuery {
    /// The day on which the edition is in force; today if not given.
    #[param(format = Date)]
    as_of: Option<String>,
    /// The id of an edition.
    rulebook: Option<String>,
}

/// The training catalogue of an edition.
#[utoipa::path(
    get, path = "/training", tag = "plans", params(TrainingQuery),
    responses(
        (status = 200, description = "Courses and examinations", body = Vec<TrainingShown>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn training(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<TrainingQuery>,
) -> Result<Json<Vec<TrainingShown>>, Error> {
    let as_of = read_day("as_of", query.as_of.as_deref())?;
    let run = move |app: &App| {
        let id = match query.rulebook {
            Some(id) => id,
            None => {
                let as_of = as_of.unwrap_or_else(|| app.clock.today());
                app.book()?.choose(None, as_of, None)?.id.clone()
            }
        };
        let (_, edition) = editions::read(app, &caller, &id)?;
        let credential = |at: usize| edition.credentials.get(at).map(|one| one.id.clone());
        let course = |at: usize| edition.training.get(at).map(|one| one.id.clone());
        let view = |one: &guildhall_rules::rulebook::Training| TrainingShown {
            id: one.id.clone(),
            title: one.title.clone(),
            leads_to: one.leads_to.and_then(credential),
            cost: one.cost.to_string(),
            currency: edition.currency.clone(),
            days: one.days,
            requires_credentials: one
                .requires
                .iter()
                .filter_map(|required| match required {
                    Prerequisite::Credential(at) => credential(*at),
                    Prerequisite::Training(_) => None,
                })
                .collect(),
            requires_trainings: one
                .requires
                .iter()
                .filter_map(|required| match required {
                    Prerequisite::Training(at) => course(*at),
                    Prerequisite::Credential(_) => None,
                })
                .collect(),
            is_assumed: one.grounds.assumed.is_some(),
        };
        Ok(edition.training.iter().map(view).collect::<Vec<_>>())
    };
    blocking(app, run).await.map(Json)
}
