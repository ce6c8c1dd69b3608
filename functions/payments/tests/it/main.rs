//! What payments promise, over their router, against the embedded store and a provider that counts.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "in a test, what cannot be unwrapped is a failure"
)]

mod circle;
mod harness;
mod provider;
mod reconcile;
mod sandbox;
mod start;
mod terms;
mod walk;
mod webhooks;
