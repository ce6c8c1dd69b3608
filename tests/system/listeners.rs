//! What a stranger on this machine finds on a default install's ports.

use std::collections::BTreeSet;
use std::fs;

use crate::demo::Demo;
use crate::follow::get;

/// What answers without a credential on each listener of the process, beside the public port.
const OPEN: [&str; 4] = ["/", "/healthz", "/live/x/index.m3u8", "/streams/x"];

#[test]
fn only_the_public_port_serves_strangers_and_everything_listens_on_loopback() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path(), &["--no-demo-stream"]);
    let public: u16 = demo.text("api_url").rsplit(':').next().unwrap().parse().unwrap();
    let rtmp: u16 =
        demo.text("rtmp_url").rsplit(':').next().unwrap().split('/').next().unwrap().parse().unwrap();
    let listeners = listeners(demo.pid());
    assert!(listeners.len() >= 4, "{listeners:?}");
    for (address, port) in &listeners {
        assert_eq!(address, "0100007F", "port {port} listens beyond loopback");
        if [public, rtmp].contains(port) {
            continue;
        }
        for path in OPEN {
            let answer = get(&format!("http://127.0.0.1:{port}{path}"), &[]);
            let harmless = path == "/healthz" && answer.status == 200;
            assert!(harmless || (400..500).contains(&answer.status), "port {port}{path}: {}", answer.status);
        }
    }
}

/// Addresses and ports that a process listens on, from /proc.
fn listeners(pid: u32) -> BTreeSet<(String, u16)> {
    let sockets: BTreeSet<String> = fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()?.to_str().map(str::to_owned))
        .filter_map(|link| Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let table = fs::read_to_string(format!("/proc/{pid}/net/tcp")).unwrap();
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            // State 0A is LISTEN; the tenth field is the socket's inode (proc_net_tcp).
            let listening = fields.get(3) == Some(&"0A") && sockets.contains(*fields.get(9)?);
            let (address, port) = fields.get(1)?.split_once(':')?;
            listening.then(|| Some((address.to_owned(), u16::from_str_radix(port, 16).ok()?))).flatten()
        })
        .collect()
}
