//! The one binary of Guildhall.
fn main() {}
