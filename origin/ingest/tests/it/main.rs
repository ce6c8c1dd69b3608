//! What the ingest promises, shown from outside.
#![allow(clippy::unwrap_used, missing_docs)]

mod ffmpeg;
