//! Showfloor in one binary: everything in one process, on embedded defaults.
//!
//! It wires and does nothing else: media lives in `showfloor-origin-*`, rooms and playlists in
//! `showfloor-edge-*`, commerce in `showfloor-functions-*`.

mod cli;
mod config;
mod keys;
mod listen;

fn main() {}
