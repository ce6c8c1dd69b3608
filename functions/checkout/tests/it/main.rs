//! Carts and checkouts over HTTP, on the real store.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod abuse;
mod buying;
mod harness;
mod walk;
