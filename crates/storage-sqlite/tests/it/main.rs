//! SQLite against the suite that every store passes, and what is its own.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod commerce;
mod control_plane;
