//! `cargo xtask generate`: the files that are made from others, committed and checked for drift.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{step, web};

/// The OpenAPI document, made from the functions' routers.
const OPENAPI: &str = "docs/api/openapi.json";
/// TypeScript types of the HTTP API, made from the OpenAPI document.
const API_TYPES: &str = "web/api-client/src/generated/api.ts";
/// TypeScript types of the room's wire, made from the edge's core.
const ROOM_TYPES: &str = "web/api-client/src/generated/room.ts";

/// Writes them all.
pub fn run() -> Result<()> {
    for (file, text) in make()? {
        let path = step::root().join(file);
        fs::create_dir_all(path.parent().expect("generated files lie in folders"))?;
        fs::write(&path, text).with_context(|| format!("writing {file}"))?;
        println!("✓ wrote {file}");
    }
    Ok(())
}

/// Fails if a committed file differs from what would be written.
pub fn check() -> Result<()> {
    for (file, text) in make()? {
        let committed = fs::read_to_string(step::root().join(file)).unwrap_or_default();
        if committed != text {
            bail!("{file} is stale: run `cargo xtask generate` and commit it");
        }
    }
    println!("✓ generated files are as committed");
    Ok(())
}

fn make() -> Result<Vec<(&'static str, String)>> {
    web::install()?;
    let openapi = output(step::cargo().args(["run", "--quiet", "--package", "showfloor", "--", "openapi"]))?;
    let mut room = step::cargo();
    let room = room.args([
        "run",
        "--quiet",
        "--package",
        "showfloor-edge-core",
        "--features",
        "ts",
        "--example",
        "typescript",
    ]);
    let room = output(room)?;
    let document = scratch("openapi.json");
    fs::write(&document, &openapi)?;
    let mut convert = step::command(web::folder().join("node_modules/.bin/openapi-typescript"));
    let api = output(convert.arg(&document))?;
    Ok(vec![(OPENAPI, openapi), (API_TYPES, api), (ROOM_TYPES, room)])
}

fn scratch(name: &str) -> PathBuf {
    step::target_dir().join(name)
}

fn output(command: &mut std::process::Command) -> Result<String> {
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("{} ended with {}", command.get_program().to_string_lossy(), output.status);
    }
    String::from_utf8(output.stdout).context("generated text is UTF-8")
}
