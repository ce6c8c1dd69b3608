//! One word for each habit of working on Showfloor: `cargo xtask demo`, `test`, `check`, `bench`, `generate`.
//!
//! Every command prepares what it needs, says what it is doing while it does it, and where it may not
//! install something itself it prints the exact line to run.
#![allow(clippy::print_stdout, reason = "talking to the person at the terminal is this program's work")]

mod bench;
mod check;
mod demo;
mod generate;
mod machine;
mod step;
mod test;
mod web;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <habit> [-- arguments]

  demo      build what is missing, start everything, print the addresses to open
            (arguments go to `showfloor demo`: --port, --rtmp-port, --data-dir, --ready-file, --no-demo-stream)
  test      every test there is, the browser's included
  check     formatting, lints, licences and sources of dependencies
  e2e       the browser tests alone (arguments go to the runner)
  bench     measure, print a table, write docs/benchmarks.md
  generate  write the files that are made from others: OpenAPI, TypeScript types";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let habit = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.skip_while(|argument| argument == "--").collect();
    let outcome = match habit.as_str() {
        "demo" => demo::run(&rest),
        "test" => test::run(),
        "check" => check::run(),
        "e2e" => test::browser(&rest).map(drop),
        "bench" => bench::run(&rest),
        "generate" => generate::run(),
        _ => {
            println!("{USAGE}");
            return if habit.is_empty() || habit == "help" { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\n✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}
