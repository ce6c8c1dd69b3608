//! A demo of the measurement's own, and small requests to it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A running `showfloor demo`; it ends with this value.
pub struct Stack {
    child: Child,
    /// What its ready file holds.
    pub ready: Value,
    /// Where it answers.
    pub address: SocketAddr,
    _scratch: tempfile::TempDir,
}

impl Stack {
    /// Starts one on free ports with an empty data folder.
    ///
    /// # Errors
    /// When it does not get ready.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let program = env("SHOWFLOOR_BIN")?;
        let scratch = tempfile::tempdir()?;
        let ready_file = scratch.path().join("ready.json");
        let mut child = Command::new(program)
            .args(["demo", "--port", "0", "--rtmp-port", "0", "--web-dir"])
            .arg(env("SHOWFLOOR_WEB_DIR")?)
            .arg("--data-dir")
            .arg(scratch.path().join("data"))
            .arg("--ready-file")
            .arg(&ready_file)
            .args(arguments)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting showfloor")?;
        // The addresses are printed after the ready file is in place. Reading goes on: a server whose output nobody
        // takes would end.
        let mut output = BufReader::new(child.stdout.take().context("the output is piped")?);
        let mut line = String::new();
        while !ready_file.is_file() && output.read_line(&mut line)? > 0 {}
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let text = std::fs::read(&ready_file).context("showfloor did not get ready")?;
        let ready: Value = serde_json::from_slice(&text)?;
        let api = ready["api_url"].as_str().context("the ready file has `api_url`")?;
        let address = api.trim_start_matches("http://").parse().context("the API answers at an address")?;
        Ok(Self { child, ready, address, _scratch: scratch })
    }

    /// A field of the ready file.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn text(&self, field: &str) -> Result<&str> {
        self.ready[field].as_str().with_context(|| format!("the ready file has `{field}`"))
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // A process that has ended by itself can't be killed again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A path from the environment, which `cargo xtask bench` sets.
///
/// # Errors
/// When it is not set.
pub fn env(name: &str) -> Result<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).with_context(|| format!("{name} is set by `cargo xtask bench`"))
}

/// The body of an HTTP answer.
///
/// # Errors
/// When curl fails or the answer is an error.
pub fn fetch(url: &str) -> Result<Vec<u8>> {
    let output = Command::new("curl").args(["--silent", "--fail", "--max-time", "20", url]).output()?;
    if !output.status.success() {
        bail!("{url} could not be fetched");
    }
    Ok(output.stdout)
}
