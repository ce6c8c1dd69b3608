//! Abuse case D2, as far as the embedded endpoint goes.

use std::os::unix::fs::PermissionsExt as _;

use crate::fixture;

#[tokio::test]
async fn anonymous_requests_are_refused() {
    let fixture = fixture().await;
    std::fs::write(fixture.folder.path().join("outside"), "secret").unwrap();
    let client = reqwest::Client::new();
    let base = format!("http://{}", fixture.embedded.address());
    let requests = [
        client.get(format!("{base}/")),
        client.get(format!("{base}/showfloor")),
        client.get(format!("{base}/showfloor?list-type=2")),
        client.get(format!("{base}/showfloor/media/x")),
        client.put(format!("{base}/showfloor/media/x")).body("evil"),
        client.put(format!("{base}/other")),
        client.delete(format!("{base}/showfloor/media/x")),
        client.get(format!("{base}/showfloor/%2e%2e/%2e%2e/outside")),
        client.put(format!("{base}/showfloor/%2e%2e/%2e%2e/outside")).body("evil"),
        client.get(format!("{base}/showfloor/..%2f..%2foutside")),
    ];
    for request in requests {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 403, "{}", answer.url());
        assert!(!answer.text().await.unwrap().contains("secret"));
    }
    assert_eq!(std::fs::read_to_string(fixture.folder.path().join("outside")).unwrap(), "secret");
}

#[tokio::test]
async fn dots_from_a_client_that_does_not_normalise_are_refused() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let fixture = fixture().await;
    for path in ["/showfloor/../../outside", "/../outside", "/showfloor/media/../../../outside"] {
        let mut stream = tokio::net::TcpStream::connect(fixture.embedded.address()).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    }
}

#[tokio::test]
async fn the_access_key_is_random_and_private() {
    let (one, two) = (fixture().await, fixture().await);
    let mode = std::fs::metadata(one.folder.path().join("access-key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let secret = one.embedded.config().credentials.secret_access_key;
    assert_ne!(secret, two.embedded.config().credentials.secret_access_key);
    assert!(!format!("{:?}", one.embedded).contains(&secret));
    assert!(one.embedded.address().ip().is_loopback());
}
