//! `cargo xtask bench`: measures and writes `docs/benchmarks.md`.

use anyhow::Result;

use crate::{machine, step, web};

/// Runs the measuring program in an optimised build: one measurement by its name, or all of them.
pub fn run(arguments: &[String]) -> Result<()> {
    machine::need_packages(&[machine::FFMPEG, machine::CHROMIUM, machine::NGINX])?;
    web::build()?;
    // The browser is driven with the packages of the browser tests.
    web::install_in(&web::browser_tests())?;
    let mut build = step::cargo();
    build.args(["build", "--release", "--package", "showfloor", "--package", "showfloor-bench"]);
    step::run("build everything optimised", &mut build)?;
    let mut bench = step::command(step::target_dir().join("release/showfloor-bench"));
    bench.env("SHOWFLOOR_BIN", step::target_dir().join("release/showfloor"));
    bench.env("SHOWFLOOR_WEB_DIR", web::folder()).args(arguments);
    step::run("measure", &mut bench)
}
