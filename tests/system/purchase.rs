//! A purchase by curl, exactly as the README says it.

use std::process::Command;

use crate::demo::{Demo, root};

#[test]
fn the_purchase_in_the_readme_gives_an_order_number() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split("## Buy something with curl").nth(1).expect("the README has the section");
    let script = section.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a script");
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path(), &["--no-demo-stream"]);
    let script = script
        .replace("API=http://127.0.0.1:7400", &format!("API={}", demo.text("api_url")))
        .replace("SHOW=shw_…", &format!("SHOW={}", demo.text("show_id")));
    let output = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert!(output.status.success(), "{said}\n{}\n{}", String::from_utf8_lossy(&output.stderr), demo.log());
    assert!(said.parse::<u64>().is_ok(), "an order number was expected, not `{said}`\n{}", demo.log());
}
