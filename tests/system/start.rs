//! Starting, stopping, starting again.

use std::net::TcpListener;
use std::time::Duration;

use crate::demo::{Demo, command};
use crate::follow::get;

#[test]
fn ctrl_c_stops_within_three_seconds_and_the_next_start_carries_on() {
    let data = tempfile::tempdir().unwrap();
    let first = Demo::start(data.path(), &[]);
    let (show, password) = (first.text("show_id").to_owned(), first.ready["owner"]["password"].clone());
    let (status, took) = first.stop();
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(3), "stopping took {took:?}");
    let second = Demo::start(data.path(), &["--no-demo-stream"]);
    assert_eq!(second.text("show_id"), show);
    assert_eq!(second.ready["owner"]["password"], password);
}

#[test]
fn a_kill_at_any_time_loses_nothing_that_was_acknowledged() {
    let data = tempfile::tempdir().unwrap();
    let first = Demo::start(data.path(), &[]);
    let show = first.text("show_id").to_owned();
    first.kill();
    let second = Demo::start(data.path(), &["--no-demo-stream"]);
    assert_eq!(second.text("show_id"), show);
}

#[test]
fn taken_ports_are_named_with_the_option_that_changes_them() {
    for option in ["--port", "--rtmp-port"] {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = holder.local_addr().unwrap().port().to_string();
        let data = tempfile::tempdir().unwrap();
        let other = if option == "--port" { "--rtmp-port" } else { "--port" };
        let output =
            command(&[option, &port, other, "0"]).arg("--data-dir").arg(data.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success());
        assert!(said.contains(&port) && said.contains(option), "{said}");
    }
}

#[test]
fn health_and_readiness_answer_once_everything_does() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path(), &["--no-demo-stream"]);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(&format!("{}{path}", demo.text("api_url")), &[]).status, 200, "{path}");
    }
}

#[test]
fn two_fresh_starts_share_no_password_and_no_key() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = Demo::start(one.path(), &["--no-demo-stream"]);
    let second = Demo::start(other.path(), &["--no-demo-stream"]);
    assert_ne!(first.ready["owner"]["password"], second.ready["owner"]["password"]);
    assert_ne!(first.text("stream_key"), second.text("stream_key"));
    for demo in [&first, &second] {
        assert!(!demo.log().contains(demo.text("stream_key")), "a stream key was logged");
    }
}
