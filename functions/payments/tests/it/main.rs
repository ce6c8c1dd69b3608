//! What payments promise, over their router, against the embedded store and a provider that counts.

mod circle;
mod harness;
mod provider;
mod reconcile;
mod sandbox;
mod start;
mod terms;
mod walk;
mod webhooks;
