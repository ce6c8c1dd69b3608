//! The TypeScript side: packages from the lock file, then the player and the dashboard.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{machine, step};

/// The TypeScript workspace.
pub fn folder() -> PathBuf {
    step::root().join("web")
}

/// The browser tests.
pub fn browser_tests() -> PathBuf {
    step::root().join("tests/e2e")
}

/// `npm` in the TypeScript workspace. Scripts of packages are never run.
pub fn npm(arguments: &[&str]) -> Command {
    npm_in(&folder(), arguments)
}

fn npm_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut npm = step::command("npm");
    npm.current_dir(folder).env("npm_config_ignore_scripts", "true").env("npm_config_fund", "false");
    npm.env("npm_config_audit", "false").env("npm_config_update_notifier", "false").args(arguments);
    npm
}

/// Installs the packages of the TypeScript workspace, unless they are there.
pub fn install() -> Result<()> {
    install_in(&folder())
}

/// Installs the packages of a folder's lock file, unless they are there.
pub fn install_in(folder: &Path) -> Result<()> {
    machine::need_node()?;
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("{} is part of the repository", lock.display()))?;
    let stamp = folder.join("node_modules/.showfloor-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let name = folder.strip_prefix(step::root()).unwrap_or(folder).display().to_string();
    step::run(&format!("install the packages of {name}"), &mut npm_in(folder, &["ci", "--ignore-scripts"]))?;
    fs::write(&stamp, lock).context("noting which packages are installed")
}

/// Builds the player and the dashboard, unless nothing changed since the last time.
pub fn build() -> Result<()> {
    install()?;
    let newest = newest_source()?;
    let stamp = folder().join("node_modules/.showfloor-built");
    let built = fs::metadata(&stamp).and_then(|meta| meta.modified()).ok();
    let complete = ["player", "dashboard"].iter().all(|part| folder().join(part).join("dist").is_dir());
    if complete && built.is_some_and(|built| built >= newest) {
        return Ok(());
    }
    step::run("build the player and the dashboard", &mut npm(&["run", "build"]))?;
    fs::write(&stamp, "").context("noting when the web side was built")
}

fn newest_source() -> Result<std::time::SystemTime> {
    let mut newest = std::time::SystemTime::UNIX_EPOCH;
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                if name != "node_modules" && name != "dist" {
                    folders.push(entry.path());
                }
            } else {
                newest = newest.max(entry.metadata()?.modified()?);
            }
        }
    }
    Ok(newest)
}
