//! How long a picture takes from the source to Chromium's screen, and a page to its first moving picture.
//!
//! `latency.mjs` does it: a browser is driven from Node.js, with the packages of the browser tests.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::report::{Row, grouped};
use crate::stack::Stack;

/// Measures.
///
/// # Errors
/// When the browser shows no picture.
pub fn measure() -> Result<Vec<Row>> {
    let stack = Stack::start(&["--no-demo-stream"])?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("latency.mjs");
    let output = Command::new("node")
        .arg(script)
        .arg(stack.ready.to_string())
        .stderr(Stdio::inherit())
        .output()
        .context("starting Node.js")?;
    ensure!(output.status.success(), "no picture was measured");
    let seen: Value = serde_json::from_slice(&output.stdout)?;
    let figure = |name: &str| seen[name].as_f64().with_context(|| format!("`{name}` was measured"));
    Ok(vec![
        Row {
            what: "source to display, 200 ms parts".into(),
            measured: format!("p50 {} ms, p95 {} ms", grouped(figure("latency_p50_ms")?), grouped(figure("latency_p95_ms")?)),
            beside: format!("{} to {} ms", grouped(figure("latency_min_ms")?), grouped(figure("latency_max_ms")?)),
            aim: "p50 ≤ 1 000 ms".into(),
            note: format!(
                "{} pictures in {:.0} s after 10 s of warming up, each read back from the screen: the wall clock of its \
                 making is burned in. Encoder (x264 without look-ahead), origin, edge, hls.js, software decoder and \
                 painting all share the cores; {} of {} pictures were not shown because the next came first",
                figure("frames")?,
                figure("seconds")?,
                figure("skipped")?,
                figure("due")?,
            ),
        },
        Row {
            what: "opening the page to a moving picture".into(),
            measured: format!("p50 {} ms", grouped(figure("start_p50_ms")?)),
            beside: format!("slowest {} ms", grouped(figure("start_max_ms")?)),
            aim: "< 2 000 ms".into(),
            note: "from the start of the navigation to the second picture on screen, five times with an empty cache".into(),
        },
    ])
}
