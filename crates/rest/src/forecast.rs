//! Forecasts over REST, as JSON and as calendars: of a partner, with what is supposed, and of the
//! network.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use guildhall_operations::http::{
    Page, Paging, Path, ProblemDetails, Query, blocking, read_day, read_moment,
};
use guildhall_operations::ops::forecast::{self, Asked, PartnerOutlook};
use guildhall_operations::ops::network::{self, TurnsAsked};
use guildhall_operations::{App, Caller, Error};
use guildhall_rules::day::Day;
use guildhall_rules::forecast::Forecast;
use guildhall_rules::problem::{Problem, Problems, did_you_mean};
use serde::Deserialize;
use serde_json::Value as AnyJson;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(of_partner))
        .routes(routes!(partner_calendar))
        .routes(routes!(of_network))
        .routes(routes!(network_calendar))
}

/// What is foreseen, and what is supposed. Whatever is supposed may be given several times.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
struct ForecastQuery {
    /// The last day to look at, `YYYY-MM-DD`: at most two years behind `as_of`.
    #[param(format = Date, required = true)]
    until: Option<String>,
    /// The day to look from; today (UTC) if not given.
    #[param(format = Date)]
    as_of: Option<String>,
    /// Look at what was known at this moment, RFC 3339 in UTC.
    #[param(format = DateTime)]
    known_at: Option<String>,
    /// Whether reviews are assumed to be held on their due days, `true` (default) or `false`.
    reviews: Option<String>,
    /// `PERSON=DATE`: the person's last day at the partner.
    leaves: Vec<String>,
    /// `PERSON=CREDENTIAL@DATE`: the person holds the credential from that day on.
    passes: Vec<String>,
    /// `OPPORTUNITY=DATE`: the opportunity is launched and approved.
    launches: Vec<String>,
    /// `PROGRAM=DATE`: the program is granted, without an end.
    granted: Vec<String>,
    /// `DATE`: a business plan is validated.
    plan_validated: Vec<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for ForecastQuery {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Self::read(parts.uri.query().unwrap_or_default())
    }
}

impl ForecastQuery {
    const NAMES: [&'static str; 9] = [
        "until",
        "as_of",
        "known_at",
        "reviews",
        "leaves",
        "passes",
        "launches",
        "granted",
        "plan_validated",
    ];

    /// Reads a query, in which other than in most a name may stand several times.
    fn read(query: &str) -> Result<Self, Error> {
        let (mut read, mut problems) = (Self::default(), Problems::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name.contains('\0') || value.contains('\0') {
                problems.push(Problem::new("nul", "a text holds a NUL byte"));
                continue;
            }
            let value = value.into_owned();
            let single = match &*name {
                "until" => &mut read.until,
                "as_of" => &mut read.as_of,
                "known_at" => &mut read.known_at,
                "reviews" => &mut read.reviews,
                "leaves" => {
                    read.leaves.push(value);
                    continue;
                }
                "passes" => {
                    read.passes.push(value);
                    continue;
                }
                "launches" => {
                    read.launches.push(value);
                    continue;
                }
                "granted" => {
                    read.granted.push(value);
                    continue;
                }
                "plan_validated" => {
                    read.plan_validated.push(value);
                    continue;
                }
                _ => {
                    problems.push(unknown(&name));
                    continue;
                }
            };
            if single.replace(value).is_some() {
                let message = format!("`{name}` is given twice");
                problems.push(of_field(&name, Problem::new("bad-argument", message)));
            }
        }
        if problems.is_empty() { Ok(read) } else { Err(problems.into()) }
    }

    /// What is asked for; everything that is wrong with it at once.
    fn asked(&self) -> Result<Asked, Error> {
        let mut problems = Problems::new();
        let until = noted(&mut problems, read_day("until", self.until.as_deref()));
        let as_of = noted(&mut problems, read_day("as_of", self.as_of.as_deref()));
        let known_at = noted(&mut problems, read_moment("known_at", self.known_at.as_deref()));
        let reviews = noted(&mut problems, yes_no("reviews", self.reviews.as_deref()));
        if self.until.is_none() {
            problems.push(of_field("until", missing_until()));
        }
        let lists = [
            ("leaves", &self.leaves),
            ("passes", &self.passes),
            ("launches", &self.launches),
            ("granted", &self.granted),
            ("plan_validated", &self.plan_validated),
        ];
        let given =
            lists.iter().flat_map(|(name, list)| list.iter().map(|value| (*name, value.as_str())));
        let suppositions = forecast::read(given).unwrap_or_else(|found| {
            problems.append(found);
            Vec::new()
        });
        let (Some(until), true) = (until.flatten(), problems.is_empty()) else {
            return Err(problems.into());
        };
        Ok(Asked {
            as_of: as_of.flatten(),
            until,
            known_at: known_at.flatten(),
            is_without_reviews: reviews == Some(Some(false)),
            suppositions,
        })
    }
}

fn missing_until() -> Problem {
    Problem::new("missing-value", "the last day to look at is not given").hint("until=YYYY-MM-DD")
}

fn unknown(name: &str) -> Problem {
    let shown: String = name.chars().filter(|char| !char.is_control()).take(60).collect();
    let hint = did_you_mean(&shown, ForecastQuery::NAMES);
    let message = format!("there is no parameter `{shown}`");
    of_field("query", Problem::new("bad-argument", message).maybe_hint(hint))
}

fn of_field(field: &str, problem: Problem) -> Problem {
    Problem { column: Some(field.to_owned()), ..problem }
}

/// What was read; what is wrong with it is noted.
fn noted<T>(problems: &mut Problems, read: Result<T, Error>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(Error::Invalid(found)) => {
            problems.append(found);
            None
        }
        Err(error) => {
            problems.push(Problem::new("bad-argument", error.to_string()));
            None
        }
    }
}

fn yes_no(field: &str, text: Option<&str>) -> Result<Option<bool>, Error> {
    match text {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(text) => {
            let message = format!("`{text}` is neither `true` nor `false`");
            Err(Error::field(field, "bad-value", message))
        }
    }
}

/// What will happen to a partner: what lapses on which day, and what falls with it, also with what
/// is supposed to happen. Nothing that is supposed is stored.
#[utoipa::path(
    get, path = "/partners/{partner}/forecast", tag = "standing",
    params(("partner" = String, Path, description = "The partner's id"), ForecastQuery),
    responses(
        (status = 200, description = "The forecast, as `guildhall forecast --json` prints it",
         body = AnyJson),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn of_partner(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    query: ForecastQuery,
) -> Result<Json<Forecast>, Error> {
    let asked = query.asked()?;
    let run = move |app: &App| forecast::of_partner(app, &caller, &partner, &asked);
    blocking(app, run).await.map(Json)
}

/// The same as an iCalendar file of all-day events.
#[utoipa::path(
    get, path = "/partners/{partner}/forecast.ics", tag = "standing",
    params(("partner" = String, Path, description = "The partner's id"), ForecastQuery),
    responses(
        (status = 200, description = "The calendar", body = String, content_type = "text/calendar"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn partner_calendar(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(partner): Path<String>,
    query: ForecastQuery,
) -> Result<Response, Error> {
    let asked = query.asked()?;
    let run = move |app: &App| forecast::calendar(app, &caller, &partner, &asked);
    blocking(app, run).await.map(|text| calendar("forecast.ics", text))
}

fn calendar(name: &str, text: String) -> Response {
    let head = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (head, text).into_response()
}

/// What of the network is foreseen.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NetworkQuery {
    /// The last day to look at, `YYYY-MM-DD`: at most two years behind `as_of`.
    #[param(format = Date)]
    until: String,
    /// The day to look from; today (UTC) if not given.
    #[param(format = Date)]
    as_of: Option<String>,
    /// Whether reviews are assumed to be held on their due days; default true.
    reviews: Option<bool>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many partners are looked at for the page, from 1 to 200; default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// What turns for partners, by their ids: an entry for each for whom something does. A page looks at
/// `limit` partners and may hold fewer entries, or none, and have a `next` all the same.
#[utoipa::path(
    get, path = "/forecast", tag = "standing", params(NetworkQuery),
    responses(
        (status = 200, description = "A page; its items are the lines of `guildhall forecast --json`",
         body = Page<AnyJson>),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn of_network(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<NetworkQuery>,
) -> Result<Json<Page<PartnerOutlook>>, Error> {
    let until = read_day("until", Some(&query.until))?.unwrap_or(Day::MIN);
    let as_of = read_day("as_of", query.as_of.as_deref())?;
    let is_without_reviews = query.reviews == Some(false);
    let (after, limit) = Paging { cursor: query.cursor, limit: query.limit }.read()?;
    let asked = Asked { as_of, is_without_reviews, ..Asked::until(until) };
    let run = move |app: &App| forecast::of_network(app, &caller, &asked, after.as_deref(), limit);
    let (items, next) = blocking(app, run).await?;
    let next = next.map(|id| data_encoding::BASE64URL_NOPAD.encode(id.as_bytes()));
    Ok(Json(Page { items, next }))
}

/// Which turns stand in the calendar of the network.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TurnsQuery {
    /// The last day, `YYYY-MM-DD`; a year ahead if not given, and never more.
    #[param(format = Date)]
    until: Option<String>,
    /// `tier`, `review`, `renewal`, `discount`, `attained` or `upgrade`.
    what: Option<String>,
    /// `falls`, `rises` or `same`.
    direction: Option<String>,
    /// Only partners on this path.
    path: Option<String>,
    /// Only partners that hold this tier today; `-`: none, `?`: one that is not known.
    tier: Option<String>,
}

/// What turns for the network within a year as an iCalendar file: an event for each day and sort of
/// turn, with how many partners it concerns and the first of them.
#[utoipa::path(
    get, path = "/forecast.ics", tag = "standing", params(TurnsQuery),
    responses(
        (status = 200, description = "The calendar", body = String, content_type = "text/calendar"),
        (status = "4XX", description = "A problem", body = ProblemDetails,
         content_type = "application/problem+json"),
    )
)]
async fn network_calendar(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<TurnsQuery>,
) -> Result<Response, Error> {
    let until = read_day("until", query.until.as_deref())?;
    let TurnsQuery { what, direction, path, tier, .. } = query;
    let asked = TurnsAsked { from: None, until, what, direction, path, tier };
    let run = move |app: &App| network::calendar(app, &caller, &asked);
    blocking(app, run).await.map(|text| calendar("network.ics", text))
}
