//! Measures Showfloor and writes `docs/benchmarks.md`.
//!
//! Absolute figures of a shared machine say little, so where there is a peer it is measured in the same run and the
//! ratio is what counts. Nothing here passes or fails: aims stand beside what was measured.
#![allow(clippy::print_stdout, reason = "printing what was measured is this program's work")]

mod latency;
mod load;
mod machine;
mod orders;
mod player;
mod publishers;
mod report;
mod reservations;
mod room_server;
mod rooms;
mod segments;
mod stack;

use std::path::Path;

use anyhow::{Result, bail};

use report::{Report, Row};

/// A measurement, by the name it is asked for.
type Measurement = (&'static str, fn() -> Result<Vec<Row>>);

const MEASUREMENTS: &[Measurement] = &[
    ("publishers", publishers::measure),
    ("segments", segments::measure),
    ("rooms", rooms::measure),
    ("reservations", reservations::measure),
    ("orders", orders::measure),
    ("latency", latency::measure),
    ("player", player::measure),
];

fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted == ["room-server"] {
        return room_server::run();
    }
    if let Some(unknown) = wanted.iter().find(|name| !MEASUREMENTS.iter().any(|(known, _)| known == name)) {
        let known: Vec<&str> = MEASUREMENTS.iter().map(|(name, _)| *name).collect();
        bail!("nothing is called `{unknown}`: choose of {}", known.join(", "));
    }
    let mut report = Report::new(machine::describe());
    for (name, measure) in MEASUREMENTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            println!("… {name}");
            match measure() {
                Ok(rows) => report.add(rows),
                // One peer that is missing must not cost the other figures.
                Err(error) => println!("  {name} could not be measured: {error:#}"),
            }
        }
    }
    println!("\n{}", report.table());
    if wanted.is_empty() {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders below the root");
        report.write(&root.join("docs/benchmarks.md"))?;
        println!("written to docs/benchmarks.md");
    }
    Ok(())
}
