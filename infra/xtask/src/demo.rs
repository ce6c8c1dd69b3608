//! `cargo xtask demo`: from a clone to a show on air.

use std::os::unix::process::CommandExt;

use anyhow::{Result, anyhow};

use crate::{step, web};

/// Builds what is missing, then becomes `showfloor demo`.
pub fn run(arguments: &[String]) -> Result<()> {
    println!("Showfloor demo. The first build takes some minutes; the next starts at once.");
    web::build()?;
    step::run("build showfloor", step::cargo().args(["build", "--package", "showfloor"]))?;
    // Becoming the program, rather than waiting for it, hands Ctrl-C and the exit code straight through.
    let error = step::command(step::target_dir().join("debug/showfloor"))
        .arg("demo")
        .arg("--web-dir")
        .arg(web::folder())
        .args(arguments)
        .exec();
    Err(anyhow!("could not start showfloor: {error}"))
}
