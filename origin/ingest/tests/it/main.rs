//! What the ingest promises, shown from outside.
#![allow(clippy::unwrap_used, missing_docs)]

mod abuse;
mod amf0;
mod chunks;
mod client;
mod dialogues;
mod ffmpeg;
mod flv;
mod mutations;
mod sessions;
mod support;
mod timestamps;
