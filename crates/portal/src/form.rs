//! What a form sent: its fields and files, and whether it is one of ours.
//!
//! The convention of the portal: a form is shown by GET and sent by POST to the same path, or names
//! in a hidden field `back` the page it stands on. GET fills a form from its query, so that whoever
//! must sign in again comes back to the form as they left it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use guildhall_operations::{App, Error};
use subtle::ConstantTimeEq;

use super::visit::{Answer, Done, Visit, local, query_of, render};

/// The field that every form sends.
const TOKEN: &str = "token";
/// Longest query into which what was typed is put.
const LONGEST_QUERY: usize = 4000;

/// What was typed into a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a query or a body.
    pub(crate) fn read(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The value of a field, as typed; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// The value of a field without spaces around it; none where nothing was typed.
    pub(crate) fn typed(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|value| !value.is_empty())
    }

    /// Whether a field was sent, be it empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// All values of a field: of boxes that are ticked.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> + 'f {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every field.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// As a query, without what must stand in no address.
    fn query(&self) -> String {
        let is_secret = |name: &str| {
            matches!(name, TOKEN | "back" | "code" | "recovery_code") || name.contains("password")
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            self.iter().filter(|(name, value)| !is_secret(name) && !value.is_empty())
        {
            query.append_pair(name, value);
        }
        query.finish()
    }
}

/// A file that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// The field.
    pub(crate) field: String,
    /// The name that the sender gave it.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// A form that was sent by a page of the portal.
#[derive(Debug)]
pub(crate) struct Form {
    /// Who sent it.
    pub(crate) visit: Visit,
    /// What was typed.
    pub(crate) fields: Fields,
    /// The files.
    pub(crate) files: Vec<Upload>,
}

impl FromRequest<Arc<App>> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let is_foreign = header("sec-fetch-site") == Some("cross-site");
        let kind = header(CONTENT_TYPE.as_str()).unwrap_or_default().to_owned();
        let request = Request::from_parts(parts, body);
        let read = if kind.starts_with("multipart/form-data") {
            read_parts(request, app).await
        } else {
            read_plain(request).await
        };
        let (fields, files) = match read {
            Ok(read) => read,
            Err(error) => return Err(visit.run(|_| Err(error)).await),
        };
        let is_ours = fields.get(TOKEN).as_bytes().ct_eq(visit.token().as_bytes());
        if is_foreign || !bool::from(is_ours) {
            let message = "the form is too old, or cookies are switched off: go back, load the \
                           page again and send it once more";
            return Err(visit.run(move |_| Err(Error::conflict("stale-form", message))).await);
        }
        if fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            let error = Error::field("form", "nul", "a text holds a NUL byte");
            return Err(visit.run(|_| Err(error)).await);
        }
        Ok(Self { visit, fields, files })
    }
}

/// The limit of the router stands before this one.
const MOST: usize = usize::MAX;

async fn read_plain(request: Request) -> Result<(Fields, Vec<Upload>), Error> {
    let body = axum::body::to_bytes(request.into_body(), MOST).await;
    let body = body.map_err(|_| too_long())?;
    Ok((Fields::read(&body), Vec::new()))
}

async fn read_parts(request: Request, app: &Arc<App>) -> Result<(Fields, Vec<Upload>), Error> {
    let broken = |why: String| Error::field("form", "bad-body", why);
    let mut parts =
        Multipart::from_request(request, app).await.map_err(|error| broken(error.body_text()))?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    loop {
        let part = parts.next_field().await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_long(),
            _ => broken(error.body_text()),
        })?;
        let Some(part) = part else { return Ok((Fields(fields), files)) };
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_long(),
            _ => broken(error.body_text()),
        })?;
        match name {
            // A field of files in which none was chosen.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => files.push(Upload { field, name, bytes: bytes.into() }),
            None => fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
}

fn too_long() -> Error {
    Error::field("form", "too-long", "what was sent is too long for this server")
}

impl Form {
    /// Does what the form asks for, on a thread that may wait. Whoever must sign in again, or prove
    /// their second factor afresh, comes back to the form as they filled it in.
    pub(crate) async fn act(
        self,
        act: impl FnOnce(&Visit, &Fields) -> Result<Done, Error> + Send + 'static,
    ) -> Answer {
        self.act_with_files(move |visit, fields, _| act(visit, fields)).await
    }

    /// The same, with files.
    pub(crate) async fn act_with_files(
        self,
        act: impl FnOnce(&Visit, &Fields, &[Upload]) -> Result<Done, Error> + Send + 'static,
    ) -> Answer {
        let Self { mut visit, fields, files } = self;
        let own = visit.path.split('?').next().unwrap_or("/").to_owned();
        let back = fields.typed("back").map_or(own, |back| local(back).to_owned());
        let query = fields.query();
        // From here on the path is where an error leads back to.
        visit.path = if query.is_empty() || query.len() > LONGEST_QUERY {
            back
        } else {
            let mark = if back.contains('?') { '&' } else { '?' };
            format!("{back}{mark}{query}")
        };
        visit.run(move |visit| act(visit, &fields, &files)).await
    }
}

/// What is wrong with the fields of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldProblems {
    by_field: BTreeMap<String, Vec<(String, Option<String>)>>,
}

impl FieldProblems {
    /// What is wrong with a field, a sentence for each problem. None, as in `general`, has the name "".
    pub(crate) fn of(&self, field: &str) -> Vec<String> {
        let problems = self.by_field.get(field).map(Vec::as_slice).unwrap_or_default();
        problems
            .iter()
            .map(|(message, hint)| match hint {
                Some(hint) => format!("{}; {hint}.", capital(message)),
                None => format!("{}.", capital(message).trim_end_matches('.')),
            })
            .collect()
    }

    /// Whether something is wrong with a field.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.by_field.contains_key(field)
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_field.is_empty()
    }

    /// What is wrong with none of the fields that the form shows, which are given by their names
    /// with spaces between.
    pub(crate) fn elsewhere(&self, shown: &str) -> Vec<String> {
        let is_shown = |field: &&String| {
            !field.is_empty() && shown.split(' ').any(|shown| shown == field.as_str())
        };
        let others = self.by_field.keys().filter(|field| !is_shown(field));
        others.flat_map(|field| self.of(field)).collect()
    }

    /// Adds a problem of a field.
    pub(crate) fn add(&mut self, field: &str, message: &str) {
        self.note(field, message, None);
    }

    /// Adds a problem of a field, with what helps.
    pub(crate) fn note(&mut self, field: &str, message: &str, hint: Option<&str>) {
        let problems = self.by_field.entry(field.to_owned()).or_default();
        problems.push((message.to_owned(), hint.map(str::to_owned)));
    }
}

/// With a capital at the beginning.
fn capital(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

impl Visit {
    /// Shows a form again, as it was typed, with what is wrong beside its fields. What cannot be
    /// mended there stays an error.
    ///
    /// # Errors
    ///
    /// The error given, where it is not about the form.
    pub(crate) fn again<P: Template>(
        &self,
        error: Error,
        make: impl FnOnce(FieldProblems) -> Result<P, Error>,
    ) -> Result<Done, Error> {
        let mut problems = FieldProblems::default();
        match &error {
            Error::Invalid(found) => {
                for problem in found.shown() {
                    let field = problem.column.clone().unwrap_or_default();
                    let said = (problem.message.clone(), problem.hint.clone());
                    problems.by_field.entry(field).or_default().push(said);
                }
            }
            Error::TooMany { until } => {
                let until = self.t.moment(*until);
                problems.add("", &self.t.of_it("form-too-many", &until));
            }
            Error::SignInRefused => problems.add("", &self.t.say("sign-in-refused")),
            Error::Conflict { .. } => problems.add("", &error.to_string()),
            _ => return Err(error),
        }
        let (status, ..) = error.kind();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        // htmx shows only answers that went well.
        let status = if self.is_part { StatusCode::OK } else { status };
        Ok(Done::Page(status, render(&make(problems)?)?))
    }
}

/// The address of a page with a query of these fields; those without a value are left out.
pub(crate) fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let given = fields.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> =
        given.map(|(name, value)| format!("{name}={}", query_of(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
