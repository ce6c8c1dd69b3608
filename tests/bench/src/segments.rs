//! Segment requests a second, beside nginx on the same bytes.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::load;
use crate::report::{Row, grouped};
use crate::stack::{Stack, fetch};

/// Connections that ask at the same time.
const CONNECTIONS: usize = 32;
/// How long each server is asked, each time.
const TIME: Duration = Duration::from_secs(2);
/// How often the two take turns; the median ratio is reported.
const TURNS: usize = 5;

/// Measures.
///
/// # Errors
/// When a server can't be started, or no segment is there to ask for.
pub fn measure() -> Result<Vec<Row>> {
    let stack = Stack::start(&[])?;
    let (path, bytes) = segment(&stack)?;
    let scratch = tempfile::tempdir()?;
    std::fs::write(scratch.path().join("segment.m4s"), &bytes)?;
    let nginx = Nginx::start(scratch.path())?;
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let own = load::get(stack.address, &path, CONNECTIONS, TIME)?;
        let peer = load::get(nginx.address, "/segment.m4s", CONNECTIONS, TIME)?;
        if own.body_bytes != peer.body_bytes {
            bail!("the two servers answered with different bytes");
        }
        ratios.push(own.per_second / peer.per_second);
        ours.push(own.per_second);
        theirs.push(peer.per_second);
    }
    Ok(vec![Row {
        what: format!("segment requests a second ({} KB each)", bytes.len() / 1000),
        measured: grouped(median(ours)),
        beside: format!("nginx {}; ratio {:.2}", grouped(median(theirs)), median(ratios)),
        aim: "ratio ≥ 0.8".into(),
        note: format!(
            "median of {TURNS} turns, {CONNECTIONS} keep-alive connections, load on the same cores. The edge writes from \
             its own memory with headers made for each answer; nginx sends from the page cache with `sendfile`"
        ),
    }])
}

/// A stored segment of the show on air.
fn segment(stack: &Stack) -> Result<(String, Vec<u8>)> {
    let base = format!("http://{}", stack.address);
    let multivariant = String::from_utf8(fetch(stack.text("playlist_url")?)?)?;
    let media = multivariant.lines().find(|line| line.ends_with("live.m3u8")).context("a media playlist")?;
    let media = media.trim_start_matches("../");
    let folder = media.rsplit_once('/').context("a media playlist lies in a folder")?.0;
    // The first whole segment is there after its two seconds: a blocking request waits for it.
    let playlist = String::from_utf8(fetch(&format!("{base}/{media}?_HLS_msn=1"))?)?;
    let name = playlist.lines().rfind(|line| line.ends_with(".m4s") && !line.starts_with('#'));
    let path = format!("/{folder}/{}", name.context("a whole segment")?);
    let bytes = fetch(&format!("{base}{path}"))?;
    Ok((path, bytes))
}

/// nginx with one worker for each core, as it would be run.
struct Nginx {
    child: Child,
    address: SocketAddr,
}

impl Nginx {
    fn start(folder: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let configuration = format!(
            "daemon off; worker_processes auto; pid {0}/nginx.pid; error_log {0}/error.log;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;\n\
             open_file_cache max=100; root {0};\n\
             server {{ listen {address}; add_header Cache-Control \"public, max-age=31536000, immutable\"; }} }}\n",
            folder.display()
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration)?;
        // Its workers run as another user, who must be able to read.
        Command::new("chmod").args(["-R", "a+rX"]).arg(folder).status()?;
        let program = if Path::new("/usr/sbin/nginx").is_file() { "/usr/sbin/nginx" } else { "nginx" };
        let child =
            Command::new(program).arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let nginx = Self { child, address };
        for _ in 0..1_000 {
            if TcpStream::connect(address).is_ok() {
                return Ok(nginx);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!("nginx did not start")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait();
    }
}

/// The middle one of an odd number of figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
