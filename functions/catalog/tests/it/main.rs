//! The catalogue as its clients see it: over HTTP, over SQLite in a folder of its own.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod harness;
mod products;
mod public;
mod uploads;
mod walk;
