//! Imports go down only: roots → adapters → application → pure → domain, and no home imports another home.
#![allow(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Layers from the bottom up. A package may import packages of lower layers, and of its own layer only where
/// [`siblings_may_meet`] says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Domain,
    Pure,
    Shared,
    Application,
    Adapter,
    Root,
    /// Tests, benchmarks and `xtask`: they may see everything, and nothing may see them.
    Outside,
}

/// The layer and the home of each package. A package that is not here fails the test: say where it belongs.
fn place(folder: &str) -> Option<(Layer, &'static str)> {
    Some(match folder {
        "crates/domain" => (Layer::Domain, "crates"),
        "crates/api-types" | "crates/storage" => (Layer::Pure, "crates"),
        "edge/core" => (Layer::Pure, "edge"),
        "origin/packager" => (Layer::Pure, "origin"),
        "crates/http" | "crates/object-store" => (Layer::Shared, "crates"),
        "origin/ingest" => (Layer::Application, "origin"),
        "functions/catalog" | "functions/checkout" | "functions/payments" | "functions/orders"
        | "functions/admin" => (Layer::Application, "functions"),
        "crates/storage-sqlite" | "crates/relay" | "crates/sandbox-provider" | "crates/storage-testkit" => {
            (Layer::Adapter, "crates")
        }
        "origin/node" => (Layer::Adapter, "origin"),
        "edge/host" => (Layer::Adapter, "edge"),
        "crates/showfloor" => (Layer::Root, "crates"),
        "infra/xtask" | "tests/bench" => (Layer::Outside, "outside"),
        _ => return None,
    })
}

/// Shared crates exist so that homes need not import each other; they may build on one another.
fn siblings_may_meet(importer: &str, imported: &str) -> bool {
    importer.starts_with("crates/") && imported.starts_with("crates/")
}

fn packages() -> BTreeMap<String, (String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(root)
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let root = metadata["workspace_root"].as_str().unwrap().to_owned();
    let mut packages = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let folder = manifest.parent().unwrap().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        // What only tests import is not part of what is shipped.
        let imports = package["dependencies"].as_array().unwrap().iter();
        let imports = imports.filter(|import| import["kind"].is_null() && import["path"].is_string());
        let imports = imports.map(|import| import["name"].as_str().unwrap().to_owned()).collect();
        packages.insert(package["name"].as_str().unwrap().to_owned(), (folder, imports));
    }
    packages
}

#[test]
fn imports_go_down_only_and_no_home_imports_another() {
    let packages = packages();
    let mut broken = Vec::new();
    for (name, (folder, imports)) in &packages {
        let Some((layer, home)) = place(folder) else {
            broken.push(format!("{name} in {folder} has no place in the layers"));
            continue;
        };
        for import in imports {
            let imported = &packages[import].0;
            let Some((below, other_home)) = place(imported) else { continue };
            let down = below < layer || (below == layer && siblings_may_meet(folder, imported));
            let at_home = home == other_home || other_home == "crates" || layer >= Layer::Root;
            if !down || !at_home {
                broken.push(format!("{folder} ({layer:?}) imports {imported} ({below:?})"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn packages_are_named_after_their_folders() {
    for (name, (folder, _)) in packages() {
        let expected = match folder.as_str() {
            "crates/showfloor" => "showfloor".to_owned(),
            "infra/xtask" => "xtask".to_owned(),
            "tests/bench" => "showfloor-bench".to_owned(),
            _ => format!("showfloor-{}", folder.trim_start_matches("crates/").replace('/', "-")),
        };
        assert_eq!(name, expected, "{folder}");
    }
}
