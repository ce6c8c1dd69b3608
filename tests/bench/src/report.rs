//! What was measured, as a table and as a document.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

/// One figure.
pub struct Row {
    /// What was measured, with its unit.
    pub what: String,
    /// What came out.
    pub measured: String,
    /// What it was compared with in the same run, if with anything.
    pub beside: String,
    /// What is aimed for.
    pub aim: String,
    /// What to know when reading it: how it was measured, why it falls short.
    pub note: String,
}

/// All figures of one run.
pub struct Report {
    machine: String,
    rows: Vec<Row>,
}

impl Report {
    /// An empty report of this machine.
    pub fn new(machine: String) -> Self {
        Self { machine, rows: Vec::new() }
    }

    /// Adds figures.
    pub fn add(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
    }

    /// All figures, for a terminal or a document.
    pub fn table(&self) -> String {
        let mut table = String::from("| what | measured | beside | aim |\n|---|---|---|---|\n");
        for Row { what, measured, beside, aim, .. } in &self.rows {
            let _ = writeln!(table, "| {what} | {measured} | {beside} | {aim} |");
        }
        table
    }

    /// Writes the document.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut text = format!(
            "# Benchmarks\n\nMade by `cargo xtask bench`; nothing here was typed by hand.\n\n{}\n\n{}\n## How to read it\n",
            self.machine,
            self.table()
        );
        for Row { what, note, .. } in self.rows.iter().filter(|row| !row.note.is_empty()) {
            let _ = writeln!(text, "- **{what}**: {note}");
        }
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
    }
}

/// The figure that this share of the figures does not exceed (nearest rank).
pub fn percentile(mut figures: Vec<f64>, share: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank among at most thousands of figures"
    )]
    let rank = (figures.len() as f64 * share).ceil() as usize;
    figures.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// A number with thousands apart: 12 345.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digit != '-' {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}
