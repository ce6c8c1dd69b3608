//! The edge's host, reached as anybody reaches it: over HTTP and WebSockets on a loopback port.
#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod media;
mod rooms;
mod support;
