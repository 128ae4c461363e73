//! What the policies allow: the printed matrix, the limits, the filters of lists.
#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

#[path = "access/cast.rs"]
mod cast;
#[path = "access/guide.rs"]
mod guide;
#[path = "access/limits.rs"]
mod limits;
#[path = "access/lists.rs"]
mod lists;
#[path = "access/matrix.rs"]
mod matrix;
