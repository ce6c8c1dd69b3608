//! The sandbox provider's client: play money over its HTTP API, and its signed webhooks.

mod client;
mod signature;
mod wire;

pub use client::{ANSWER_BYTES_MAX, ANSWER_TIMEOUT_MS, CONNECT_TIMEOUT_MS, SandboxAccount, SandboxProvider};
pub use signature::{SIGNATURE_HEADER, SIGNATURE_WINDOW_S};
