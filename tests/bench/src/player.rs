//! How much a shop's page loads for the player.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::report::{Row, grouped};
use crate::stack::env;

/// Measures.
///
/// # Errors
/// When the player is not built.
pub fn measure() -> Result<Vec<Row>> {
    let dist = env("SHOWFLOOR_WEB_DIR")?.join("player/dist");
    let first = gzipped(&dist.join("showfloor-show.js"))?;
    let (mut later, mut hls) = (0.0, 0.0);
    for entry in std::fs::read_dir(&dist)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "js") || name == "showfloor-show.js" {
            continue;
        }
        if name.starts_with("hls") {
            hls += gzipped(&path)?;
        } else {
            later += gzipped(&path)?;
        }
    }
    Ok(vec![Row {
        what: "player, gzipped".into(),
        measured: format!("{} bytes", grouped(first)),
        beside: format!("loaded when needed: {} bytes; hls.js {} bytes", grouped(later), grouped(hls)),
        aim: "≤ 25 600 bytes without hls.js".into(),
        note: "`showfloor-show.js` with `gzip -9`: all that a shop's page loads to show picture, chat and product card. \
               Sheets for bag and checkout, other languages and the wide layout come when they are first needed, and hls.js \
               only where the browser has to be helped with the stream"
            .into(),
    }])
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files are exact")]
fn gzipped(path: &Path) -> Result<f64> {
    let output = Command::new("gzip")
        .args(["-9", "--no-name", "--stdout"])
        .arg(path)
        .output()
        .context("starting gzip")?;
    ensure!(output.status.success(), "{} could not be compressed: build the player first", path.display());
    Ok(output.stdout.len() as f64)
}
