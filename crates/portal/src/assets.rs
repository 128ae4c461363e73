//! Style, script and icon, out of the binary. Their addresses change with what is in them, so that
//! browsers keep them for good.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::get;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A file that pages refer to.
pub(super) struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    path: LazyLock<String>,
}

impl Asset {
    /// Its address.
    pub(super) fn path(&'static self) -> &'static str {
        &self.path
    }
}

fn address(name: &str, text: &str) -> String {
    let digest = HEXLOWER.encode(Sha256::digest(text).get(..6).unwrap_or_default());
    format!("/static/{digest}/{name}")
}

const STYLE_TEXT: &str = include_str!("../static/portal.css");
/// htmx 2.0.11 (0BSD), as it was published.
const SCRIPT_TEXT: &str = include_str!("../static/htmx.min.js");
const ICON_TEXT: &str = include_str!("../static/icon.svg");

/// The style of all pages.
pub(super) static STYLE: Asset = Asset {
    name: "portal.css",
    kind: "text/css; charset=utf-8",
    text: STYLE_TEXT,
    path: LazyLock::new(|| address("portal.css", STYLE_TEXT)),
};

/// The script, without which everything works as well.
pub(super) static SCRIPT: Asset = Asset {
    name: "htmx.js",
    kind: "text/javascript; charset=utf-8",
    text: SCRIPT_TEXT,
    path: LazyLock::new(|| address("htmx.js", SCRIPT_TEXT)),
};

/// The icon of the site.
static ICON: Asset = Asset {
    name: "icon.svg",
    kind: "image/svg+xml",
    text: ICON_TEXT,
    path: LazyLock::new(|| "/static/icon.svg".to_owned()),
};

/// The routes.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let mut router = Router::new();
    for (asset, keep) in [
        (&STYLE, "public, max-age=31536000, immutable"),
        (&SCRIPT, "public, max-age=31536000, immutable"),
        (&ICON, "public, max-age=86400"),
    ] {
        let headers = [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, keep)];
        debug_assert!(asset.path().ends_with(asset.name));
        router = router.route(asset.path(), get(move || async move { (headers, asset.text) }));
    }
    router
}
