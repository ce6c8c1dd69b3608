//! The packager, the live playlist and the validator together.

mod fragments;
mod jumps;
mod long_gops;
mod playlists;
mod properties;
mod support;
mod tracks;
