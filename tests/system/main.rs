//! Whole-system tests: the real binary with a real publisher, read back over HTTP by what any viewer would use.
#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod demo;
mod follow;
mod listeners;
mod media;
mod publisher;
mod purchase;
mod start;
