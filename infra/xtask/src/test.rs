//! `cargo xtask test`: every test there is.

use anyhow::{Result, bail};

use crate::step::{self, Tally};
use crate::{generate, machine, web};

/// Where the edge's core must compile, beside this machine.
const WASM_TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "wasm32-wasip2"];

/// Runs everything and closes with one line of counts.
pub fn run() -> Result<()> {
    machine::need_packages(&[machine::FFMPEG, machine::CHROMIUM])?;
    for target in WASM_TARGETS {
        machine::need_rust_target(target)?;
    }
    web::build()?;
    let mut tally = step::run_counting("test the web side", &mut web::npm(&["test"]))?;
    tally = tally.and(step::run_counting(
        "test the web side in the browser",
        &mut web::npm(&["run", "test:browser"]),
    )?);
    for target in WASM_TARGETS {
        let mut build = step::cargo();
        build.args(["build", "--package", "showfloor-edge-core", "--target", target]);
        step::run(&format!("build the edge's core for {target}"), &mut build)?;
    }
    let mut cargo = step::cargo();
    let cargo = cargo
        .args(["test", "--workspace", "--all-features", "--no-fail-fast"])
        .env("SHOWFLOOR_WEB_DIR", web::folder());
    tally = tally.and(step::run_counting("test the Rust side", cargo)?);
    generate::check()?;
    tally = tally.and(browser(&[])?);
    if tally.failed > 0 {
        bail!("{} tests failed", tally.failed);
    }
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    Ok(())
}

/// Runs the browser tests against a demo of their own.
pub fn browser(arguments: &[String]) -> Result<Tally> {
    machine::need_packages(&[machine::FFMPEG, machine::CHROMIUM])?;
    web::build()?;
    step::run("build showfloor", step::cargo().args(["build", "--package", "showfloor"]))?;
    let folder = web::browser_tests();
    web::install_in(&folder)?;
    let mut runner = step::command(folder.join("node_modules/.bin/playwright"));
    runner.current_dir(&folder).arg("test").args(arguments);
    runner.env("SHOWFLOOR_BIN", step::target_dir().join("debug/showfloor"));
    runner.env("SHOWFLOOR_WEB_DIR", web::folder());
    step::run_counting("test in the browser", &mut runner)
}
