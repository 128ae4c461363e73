//! The reference of REST at `/api`: the OpenAPI document as a page, made once, without scripts.

use askama::Template;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::Html;
use axum::routing::get;
use serde_json::{Map, Value as Json};

use crate::{Error, rest};

/// Methods in the order in which they are shown.
const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "head"];
const STYLE: &str = include_str!("../../templates/reference.css");

/// The routes.
///
/// # Errors
///
/// When the page cannot be made.
pub(super) fn router() -> Result<Router, Error> {
    let document = serde_json::to_value(rest::document()).map_err(Error::internal)?;
    let page = Reference::of(&document).render().map_err(Error::internal)?;
    let style = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=3600")];
    Ok(Router::new()
        .route("/api", get(move || async move { Html(page.clone()) }))
        .route("/api/reference.css", get(move || async move { (style, STYLE) })))
}

#[derive(Debug, Template)]
#[template(path = "reference.html")]
struct Reference {
    title: String,
    version: String,
    description: Vec<Vec<Piece>>,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
}

/// Operations of one tag.
#[derive(Debug)]
struct Group {
    name: String,
    title: String,
    operations: Vec<Operation>,
}

#[derive(Debug)]
struct Operation {
    anchor: String,
    method: String,
    path: String,
    /// The parts of the path as the contents show them, without what all have in common.
    short: Vec<String>,
    summary: String,
    description: Vec<Vec<Piece>>,
    parameters: Vec<Field>,
    body: Vec<Piece>,
    answers: Vec<Field>,
}

/// A parameter, a field of a schema, or an answer.
#[derive(Debug)]
struct Field {
    name: String,
    kind: Vec<Piece>,
    note: String,
    description: Vec<Piece>,
}

#[derive(Debug)]
struct Schema {
    name: String,
    description: Vec<Vec<Piece>>,
    kind: Vec<Piece>,
    fields: Vec<Field>,
}

/// A part of a text or of a type's name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    text: String,
    form: Form,
}

/// How a part of a text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Code,
    /// The name of a schema, which leads there.
    Link,
}

impl Reference {
    fn of(document: &Json) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (path, item) in entries(document, "/paths") {
            for method in METHODS {
                let Some(operation) = item.get(method) else { continue };
                let name = text(operation, "/tags/0");
                let operation = Operation::of(method, path, operation);
                match groups.iter_mut().find(|group| group.name == name) {
                    Some(group) => group.operations.push(operation),
                    None => {
                        let title = titled(&name);
                        groups.push(Group { name, title, operations: vec![operation] });
                    }
                }
            }
        }
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        let schemas = entries(document, "/components/schemas");
        Self {
            title: text(document, "/info/title"),
            version: text(document, "/info/version"),
            description: paragraphs(&text(document, "/info/description")),
            groups,
            schemas: schemas.map(|(name, schema)| Schema::of(name, schema)).collect(),
        }
    }
}

impl Operation {
    fn of(method: &str, path: &str, operation: &Json) -> Self {
        let parameters = items(operation, "/parameters");
        let summary = text(operation, "/summary");
        Self {
            anchor: format!("{method}-{}", slug(path)),
            method: method.to_uppercase(),
            path: path.to_owned(),
            short: path
                .strip_prefix("/api/v1")
                .unwrap_or(path)
                .split('/')
                .skip(1)
                .map(str::to_owned)
                .collect(),
            summary: match summary.trim_end_matches('.') {
                "" => path.to_owned(),
                summary => summary.to_owned(),
            },
            description: paragraphs(&text(operation, "/description")),
            parameters: parameters.map(parameter).collect(),
            body: content(operation.get("requestBody")),
            answers: entries(operation, "/responses")
                .map(|(status, answer)| Field {
                    name: status.clone(),
                    kind: content(Some(answer)),
                    note: String::new(),
                    description: prose(&text(answer, "/description")),
                })
                .collect(),
        }
    }
}

impl Schema {
    fn of(name: &str, schema: &Json) -> Self {
        let required: Vec<&str> = items(schema, "/required").filter_map(Json::as_str).collect();
        let fields = entries(schema, "/properties").map(|(name, field)| Field {
            name: name.clone(),
            kind: kind(field),
            note: if required.contains(&name.as_str()) { "required" } else { "" }.to_owned(),
            description: prose(&text(field, "/description")),
        });
        Self {
            name: name.to_owned(),
            description: paragraphs(&text(schema, "/description")),
            kind: kind(schema),
            fields: fields.collect(),
        }
    }
}

fn parameter(parameter: &Json) -> Field {
    let place = text(parameter, "/in");
    let is_required = parameter.get("required").and_then(Json::as_bool) == Some(true);
    // Whoever leaves out a part of the path asks for something else.
    let note = match (place.as_str(), is_required) {
        ("path", _) => "in the path".to_owned(),
        (_, true) => format!("{place}, required"),
        _ => place,
    };
    Field {
        name: text(parameter, "/name"),
        kind: parameter.get("schema").map(kind).unwrap_or_default(),
        note,
        description: prose(&text(parameter, "/description")),
    }
}

/// The type of a body or an answer.
fn content(holder: Option<&Json>) -> Vec<Piece> {
    let Some(holder) = holder else { return Vec::new() };
    let first = entries(holder, "/content").next();
    first.and_then(|(_, media)| media.get("schema")).map(kind).unwrap_or_default()
}

/// The name of a type: `integer (int64)`, `list of WebhookView`, `string or null`.
fn kind(schema: &Json) -> Vec<Piece> {
    let plain = |text: &str| vec![Piece { text: text.to_owned(), form: Form::Plain }];
    if let Some(place) = schema.get("$ref").and_then(Json::as_str) {
        let name = place.rsplit('/').next().unwrap_or(place);
        return vec![Piece { text: name.to_owned(), form: Form::Link }];
    }
    for (word, between) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(parts) = schema.get(word).and_then(Json::as_array) {
            return joined(parts.iter().map(kind), between);
        }
    }
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        return joined(values.iter().map(|value| plain(&value.to_string())), " or ");
    }
    if let Some(value) = schema.get("const") {
        return plain(&value.to_string());
    }
    let names: Vec<&str> = match schema.get("type") {
        Some(Json::String(name)) => vec![name],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => vec!["any JSON"],
    };
    let parts = names.into_iter().map(|name| match (name, schema.get("items")) {
        ("array", Some(of)) => [plain("list of "), kind(of)].concat(),
        (name, _) => match schema.get("format").and_then(Json::as_str) {
            Some(format) if name != "null" => plain(&format!("{name} ({format})")),
            _ => plain(name),
        },
    });
    joined(parts, " or ")
}

fn joined(parts: impl Iterator<Item = Vec<Piece>>, between: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    for part in parts {
        if !all.is_empty() {
            all.push(Piece { text: between.to_owned(), form: Form::Plain });
        }
        all.extend(part);
    }
    all
}

fn entries<'j>(json: &'j Json, pointer: &str) -> impl Iterator<Item = (&'j String, &'j Json)> {
    json.pointer(pointer).and_then(Json::as_object).into_iter().flat_map(Map::iter)
}

fn items<'j>(json: &'j Json, pointer: &str) -> impl Iterator<Item = &'j Json> {
    json.pointer(pointer).and_then(Json::as_array).into_iter().flatten()
}

fn text(json: &Json, pointer: &str) -> String {
    json.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn paragraphs(text: &str) -> Vec<Vec<Piece>> {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(prose).collect()
}

/// A text whose words in backticks are code.
fn prose(text: &str) -> Vec<Piece> {
    let forms = [Form::Plain, Form::Code].into_iter().cycle();
    let parts = text.split('`').zip(forms).filter(|(part, _)| !part.is_empty());
    parts.map(|(part, form)| Piece { text: part.to_owned(), form }).collect()
}

/// A tag as a heading: `tier_reviews` is `Tier reviews`.
fn titled(tag: &str) -> String {
    let spaced = tag.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// A path as an anchor.
fn slug(path: &str) -> String {
    let parts = path.split(|letter: char| !letter.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn name(schema: &Json) -> String {
        kind(schema).iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn types_are_named_in_words() {
        assert_eq!(name(&json!({"type": "integer", "format": "int64"})), "integer (int64)");
        assert_eq!(name(&json!({"type": ["string", "null"]})), "string or null");
        let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/Thing"}});
        assert_eq!(name(&list), "list of Thing");
        assert_eq!(kind(&list).last().unwrap().form, Form::Link);
        assert_eq!(name(&json!({"enum": ["a", "b"]})), "\"a\" or \"b\"");
        assert_eq!(name(&json!({})), "any JSON");
    }

    #[test]
    fn every_operation_and_schema_is_on_the_page() {
        let document = serde_json::to_value(rest::document()).unwrap();
        let page = Reference::of(&document).render().unwrap();
        for (path, item) in entries(&document, "/paths") {
            for method in METHODS.iter().filter(|method| item.get(method).is_some()) {
                let anchor = format!("id=\"{method}-{}\"", slug(path));
                assert_eq!(page.matches(&anchor).count(), 1, "{anchor}");
            }
        }
        for (name, _) in entries(&document, "/components/schemas") {
            assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        // Every link within the page leads somewhere.
        for link in page.split("href=\"#").skip(1) {
            let anchor = link.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
        }
        assert!(!page.contains("<script") && !page.contains("style=\""));
    }
}
