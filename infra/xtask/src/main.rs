//! (introduction)
fn main() {}
