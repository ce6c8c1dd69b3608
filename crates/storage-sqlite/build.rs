//! Lists `migrations/*.sql` in order, so that adding a file is all it takes to add a migration.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("migrations");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("the folder `migrations` is there")
        .map(|entry| entry.expect("the folder can be read").file_name().into_string().expect("plain names"))
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "sql"))
        .collect();
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let (number, title) = name
            .trim_end_matches(".sql")
            .split_once('_')
            .and_then(|(number, title)| Some((number.parse::<u32>().ok()?, title)))
            .expect("a migration is called NNNN_title.sql");
        let file = folder.join(&name);
        println!("cargo::rerun-if-changed={}", file.display());
        writeln!(
            list,
            "    Migration {{ number: {number}, title: {title:?}, sql: include_str!({file:?}) }},"
        )
        .expect("writing to a string");
    }
    list.push_str("]\n");
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("migrations.rs");
    fs::write(target, list).expect("the output folder is writable");
}
