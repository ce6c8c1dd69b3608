//! `cargo xtask check`: what needs no run to be seen.

use std::path::PathBuf;

use anyhow::Result;

use crate::{machine, step, web};

/// The version of cargo-deny that is installed when none is there.
const CARGO_DENY_VERSION: &str = "0.20.2";

/// Formatting, lints, then licences and sources of dependencies.
pub fn run() -> Result<()> {
    step::run("formatting", step::cargo().args(["fmt", "--all", "--check"]))?;
    let mut clippy = step::cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"]);
    step::run("lints", &mut clippy)?;
    web::install()?;
    step::run("lints and types of the web side", &mut web::npm(&["run", "check"]))?;
    web::install_in(&web::browser_tests())?;
    let mut types = step::command(web::browser_tests().join("node_modules/.bin/tsc"));
    step::run("types of the browser tests", types.current_dir(web::browser_tests()))?;
    dependencies()
}

fn dependencies() -> Result<()> {
    let deny = deny()?;
    // Licences, bans and sources need nothing but the lock file. Advisories need their database, which a
    // machine without a way to it cannot have: then that is said, and the rest still counts.
    step::run(
        "licences and sources of dependencies",
        step::command(&deny).args(["--all-features", "check", "bans", "licenses", "sources"]),
    )?;
    let advisories = step::command(&deny).args(["--all-features", "check", "advisories"]).output()?;
    let report = String::from_utf8_lossy(&advisories.stderr).into_owned();
    if advisories.status.success() {
        println!("✓ no known advisories");
    } else if report.contains("error[") {
        anyhow::bail!("advisories:\n{report}");
    } else {
        // Without a finding, what failed is the way to the database.
        println!("! the advisory database is out of reach from here: advisories were not checked");
    }
    Ok(())
}

/// cargo-deny, built once and kept outside the repository.
fn deny() -> Result<PathBuf> {
    if let Some(found) = machine::find("cargo-deny") {
        return Ok(found);
    }
    let home = std::env::var_os("HOME").map_or_else(|| "/root".into(), PathBuf::from);
    let tools =
        std::env::var_os("SHOWFLOOR_CACHE_DIR").map_or_else(|| home.join(".cache/showfloor"), PathBuf::from);
    let program = tools.join("bin/cargo-deny");
    if !program.is_file() {
        let mut install = step::cargo();
        install
            .args(["install", "cargo-deny", "--locked", "--version", CARGO_DENY_VERSION, "--root"])
            .arg(&tools);
        install.env_remove("CARGO_TARGET_DIR");
        step::run("build cargo-deny, once", &mut install)?;
    }
    Ok(program)
}
