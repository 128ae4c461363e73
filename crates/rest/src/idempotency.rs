//! Reads `Idempotency-Key` of requests that change something.
//!
//! A key stands for one request: method, path and body. Their digest goes with the key to the
//! operation, which keeps the answer in the same transaction as the change.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use guildhall_operations::Idempotency;
use guildhall_operations::http::problem_details;
use sha2::{Digest, Sha256};

/// Longest key.
const LONGEST: usize = 200;
/// Longest body of a request with a key.
const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Puts the key of a request, with its fingerprint, where the caller is read from.
pub async fn read_key(request: Request, next: Next) -> Response {
    let key = request.headers().get("idempotency-key");
    let (Some(key), false) = (key, request.method().is_safe()) else {
        return next.run(request).await;
    };
    let key = key.to_str().unwrap_or_default().trim().to_owned();
    if key.is_empty() || key.len() > LONGEST {
        let why = format!("`Idempotency-Key` is a text of 1 to {LONGEST} visible characters");
        return problem_details(400, "bad-idempotency-key", &why).into_response();
    }
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        let why = "the body of a request with an idempotency key is at most 4 MB long";
        return problem_details(413, "too-long", why).into_response();
    };
    let mut digest = Sha256::new();
    for part in [parts.method.as_str(), parts.uri.path(), parts.uri.query().unwrap_or("")] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.update(&bytes);
    let fingerprint = data_encoding::HEXLOWER.encode(&digest.finalize());
    parts.extensions.insert(Idempotency { key, fingerprint });
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}
