//! The control plane as its clients see it: over HTTP, over SQLite in a folder of its own.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod accounts;
mod harness;
mod ingest;
mod run_of_show;
mod tokens;
mod walk;
