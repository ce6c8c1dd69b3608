//! A whole origin on loopback: real sockets, the real object store.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail a test")]

mod abuse;
mod ffmpeg;
mod http;
mod lifecycle;
mod publishing;
mod storage;
mod support;
