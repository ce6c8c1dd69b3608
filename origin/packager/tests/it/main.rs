//! The packager, the live playlist and the validator together.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail a test")]

mod fragments;
mod jumps;
mod long_gops;
mod playlists;
mod properties;
mod support;
mod tracks;
