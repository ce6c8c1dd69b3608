//! Running one command after another, with a line before each and its outcome behind it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("xtask lies two folders below the root").to_owned()
}

/// Where compiled things go: `CARGO_TARGET_DIR`, or `target` in the repository.
pub fn target_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command in the repository's root.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// `cargo`, the very one that runs this.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Says what is done, does it with its output shown, and stops at a failure.
pub fn run(what: &str, command: &mut Command) -> Result<()> {
    println!("\n→ {what}");
    let started = Instant::now();
    let status = command.status().with_context(|| format!("could not start {}", name(command)))?;
    if !status.success() {
        bail!("{what}: {} ended with {status}", name(command));
    }
    println!("✓ {what} ({:.0?})", started.elapsed());
    Ok(())
}

/// As [`run`], and counts the tests that the lines of the output report.
pub fn run_counting(what: &str, command: &mut Command) -> Result<Tally> {
    println!("\n→ {what}");
    let started = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {}", name(command)))?;
    let mut tally = Tally::default();
    let output = child.stdout.take().expect("the output was piped");
    for line in BufReader::new(output).lines() {
        let line = line.context("reading test output")?;
        tally.read(&line);
        println!("{line}");
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{what}: {} ended with {status}", name(command));
    }
    println!("✓ {what} ({:.0?})", started.elapsed());
    Ok(tally)
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Tests counted over several runners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
}

impl Tally {
    /// Adds what one line of a runner's output reports: cargo's closing lines, node's, Playwright's, Vitest's.
    pub fn read(&mut self, line: &str) {
        let plain = strip_colour(line);
        let words: Vec<&str> = plain.split_whitespace().collect();
        match words.as_slice() {
            ["test", "result:", _, passed, "passed;", failed, "failed;", ..] => self.add(passed, failed),
            ["#" | "ℹ", "pass", passed] => self.add(passed, "0"),
            ["#" | "ℹ", "fail", failed] => self.add("0", failed),
            ["Tests", failed, "failed", "|", passed, "passed", ..] => self.add(passed, failed),
            ["Tests", passed, "passed", ..] | [passed, "passed", _] => self.add(passed, "0"),
            _ => {}
        }
    }

    fn add(&mut self, passed: &str, failed: &str) {
        if let (Ok(passed), Ok(failed)) = (passed.parse::<u64>(), failed.parse::<u64>()) {
            self.passed += passed;
            self.failed += failed;
        }
    }

    /// Both runs together.
    pub fn and(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

fn strip_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('\u{1b}') {
        plain.push_str(&rest[..start]);
        rest = rest[start..].split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_every_runner_are_counted() {
        let mut tally = Tally::default();
        for line in [
            "test result: ok. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "# pass 3",
            "ℹ fail 2",
            "\u{1b}[32m  7 passed\u{1b}[39m (12.3s)",
            "      Tests  5 passed (5)",
            "a line that says 4 passed by on the street",
        ] {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed: 27, failed: 3 });
    }
}
