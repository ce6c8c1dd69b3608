//! The edge's host, reached as anybody reaches it: over HTTP and WebSockets on a loopback port.

mod media;
mod rooms;
mod support;
