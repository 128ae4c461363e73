//! Errors as problem details (RFC 9457).

use axum::http::header::{CONTENT_TYPE, ETAG, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use guildhall_rules::problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Error;

/// Why a request was not done.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// A URI for the sort of problem: `urn:guildhall:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What sort of problem it is.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable code in kebab case.
    pub code: String,
    /// What is wrong this time.
    pub detail: String,
    /// What is wrong with the input, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<FieldProblem>,
}

/// One thing that is wrong with the input.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// A stable code in kebab case.
    pub code: String,
    /// The field, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The file and line, where the input is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What is wrong, with the input in backticks.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<&Problem> for FieldProblem {
    fn from(problem: &Problem) -> Self {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        Self {
            code: problem.code.to_owned(),
            field: problem.column.clone(),
            place: (!problem.file.is_empty()).then(|| format!("{}{line}", problem.file)),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }
}

/// A problem without an operation: what the face itself refuses.
pub fn answer(status: u16, code: &str, detail: &str) -> ProblemDetails {
    let title = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    ProblemDetails {
        kind: format!("urn:guildhall:problem:{code}"),
        title: title.unwrap_or("Error").to_owned(),
        status,
        code: code.to_owned(),
        detail: detail.to_owned(),
        problems: Vec::new(),
    }
}

impl From<&Error> for ProblemDetails {
    fn from(error: &Error) -> Self {
        let (status, code, title) = error.kind();
        let problems = match error {
            Error::Invalid(problems) => problems.shown().iter().map(FieldProblem::from).collect(),
            _ => Vec::new(),
        };
        // The first problem is what most people want to read.
        let detail = match problems.first() {
            Some(FieldProblem { message, .. }) => message.clone(),
            None => error.to_string(),
        };
        Self { title: title.to_owned(), problems, ..answer(status, code, &detail) }
    }
}

impl IntoResponse for ProblemDetails {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Internal(_) | Self::Unavailable(_) = self {
            // Logged once, where it is handled.
            tracing::error!("{}", crate::error::with_sources(&self));
        }
        let mut response = ProblemDetails::from(&self).into_response();
        let headers = response.headers_mut();
        match &self {
            Self::SignInFirst
            | Self::SecondFactorNeeded
            | Self::SecondFactorNotEnrolled
            | Self::SignInRefused => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::TooMany { until } => {
                let seconds = until.duration_since(jiff::Timestamp::now()).as_secs().max(1);
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            Self::Unavailable(_) => {
                headers.insert(RETRY_AFTER, HeaderValue::from(1));
            }
            Self::Changed { now } => {
                if let Ok(tag) = HeaderValue::from_str(now) {
                    headers.insert(ETAG, tag);
                }
            }
            _ => {}
        }
        response
    }
}
