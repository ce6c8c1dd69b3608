//! What the machine must have, and how it gets it: installed where we may, named where we may not.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::step;

/// The oldest Node.js that works.
const NODE_MAJOR_MIN: u32 = 20;

/// A program and the Debian package that brings it.
pub struct Package {
    /// The program looked for.
    pub program: &'static str,
    /// The package that has it.
    pub debian: &'static str,
}

/// Real publishers and readers of media, for tests.
pub const FFMPEG: Package = Package { program: "ffmpeg", debian: "ffmpeg" };
/// The browser of the browser tests.
pub const CHROMIUM: Package = Package { program: "chromium", debian: "chromium" };
/// The peer that segment requests are measured against.
pub const NGINX: Package = Package { program: "nginx", debian: "nginx-light" };

/// Where a program lies, if it is on the path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Makes sure that Debian packages are there: installs them as root, otherwise says what to run.
pub fn need_packages(wanted: &[Package]) -> Result<()> {
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|package| find(package.program).is_none())
        .map(|package| package.debian)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_root() || find("apt-get").is_none() {
        bail!(
            "{list} must be installed first. On Debian: sudo apt-get update && sudo apt-get install -y {list}"
        );
    }
    let mut update = step::command("apt-get");
    step::run("refresh the list of Debian packages", update.args(["update", "-qq"]))?;
    let mut install = step::command("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive").args([
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
    ]);
    step::run(&format!("install {list}"), install.args(&missing))
}

/// Makes sure that Node.js is there and new enough.
pub fn need_node() -> Result<()> {
    let output = Command::new("node").arg("--version").output();
    let hint = "Node.js 20 or newer must be installed first: https://nodejs.org, or `nvm install 22`";
    let version = String::from_utf8_lossy(&output.context(hint)?.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR_MIN => Ok(()),
        _ => bail!("{hint} (found {version})"),
    }
}

/// Makes sure that the standard library is there for a WebAssembly target.
pub fn need_rust_target(target: &str) -> Result<()> {
    let installed = step::command("rustup").args(["target", "list", "--installed"]).output();
    match installed {
        Ok(output) if String::from_utf8_lossy(&output.stdout).lines().any(|line| line == target) => Ok(()),
        Ok(_) => step::run(
            &format!("add the Rust target {target}"),
            step::command("rustup").args(["target", "add", target]),
        ),
        Err(_) => bail!("rustup is needed to add the target {target}: https://rustup.rs"),
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    output.is_ok_and(|output| output.stdout.starts_with(b"0"))
}
