//! Showfloor in one binary: everything in one process, on embedded defaults.
//!
//! It wires and does nothing else: media lives in `showfloor-origin-*`, rooms and playlists in
//! `showfloor-edge-*`, commerce in `showfloor-functions-*`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program talks to the person at the terminal"
)]

mod cli;
mod config;
mod demo;
mod functions;
mod keys;
mod listen;
mod logging;
mod pages;
mod run;
mod serve;
mod stack;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match run::run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("showfloor: {error:#}");
            ExitCode::FAILURE
        }
    }
}
