//! A bare HTTP/1.1 load: keep-alive connections that ask for one thing over and over.
//!
//! It reads answers by their `Content-Length` and does nothing else, so that on a machine of few cores the server
//! gets most of them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What a load saw.
pub struct Seen {
    /// Answers a second.
    pub per_second: f64,
    /// Bytes of one answer's body.
    pub body_bytes: usize,
}

/// Asks for `path` over `connections` connections for `time`, and counts whole answers with status 200.
///
/// # Errors
/// When a connection breaks or an answer is not 200.
pub fn get(address: SocketAddr, path: &str, connections: usize, time: Duration) -> Result<Seen> {
    let started = Instant::now();
    let threads: Vec<_> = (0..connections)
        .map(|_| {
            let path = path.to_owned();
            std::thread::spawn(move || ask(address, &path, started + time))
        })
        .collect();
    let (mut answers, mut body_bytes) = (0, 0);
    for thread in threads {
        let (count, bytes) = thread.join().expect("a load thread returns errors")?;
        answers += count;
        body_bytes = bytes;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of a few million are exact")]
    let per_second = answers as f64 / started.elapsed().as_secs_f64();
    Ok(Seen { per_second, body_bytes })
}

fn ask(address: SocketAddr, path: &str, until: Instant) -> Result<(u64, usize)> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let mut buffer = vec![0; 256 * 1024];
    let (mut answers, mut body_bytes) = (0, 0);
    while Instant::now() < until {
        socket.write_all(request.as_bytes())?;
        let mut filled = 0;
        let head = loop {
            filled += read(&mut socket, &mut buffer[filled..])?;
            if let Some(end) = buffer[..filled].windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        body_bytes = length(&buffer[..head])?;
        let mut left = body_bytes.saturating_sub(filled - head);
        while left > 0 {
            let most = left.min(buffer.len());
            left -= read(&mut socket, &mut buffer[..most])?;
        }
        answers += 1;
    }
    Ok((answers, body_bytes))
}

fn read(socket: &mut TcpStream, buffer: &mut [u8]) -> Result<usize> {
    match socket.read(buffer)? {
        0 => bail!("the server closed the connection"),
        read => Ok(read),
    }
}

fn length(head: &[u8]) -> Result<usize> {
    let head = std::str::from_utf8(head).context("headers are text")?;
    if !head.starts_with("HTTP/1.1 200") {
        bail!("the server answered {}", head.lines().next().unwrap_or_default());
    }
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .context("the answer says how long it is")
}
