//! How much a room delivers with one core, and what a connection costs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::{SinkExt, StreamExt, stream};
use serde_json::json;
use showfloor_domain::{EventId, UtcMs};
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::machine::{Cpu, process_cpu, process_memory_kb};
use crate::report::{Row, grouped};
use crate::room_server::{relay, shop, show, viewer};

/// Viewers in the room.
const VIEWERS: u64 = 1_000;
/// Viewers who come at the same time.
const JOIN_AT_ONCE: usize = 100;
/// Frames that each viewer gets one by one.
const FRAMES: u64 = 100;
/// Time between them, longer than the room gathers.
const FRAME_EVERY: Duration = Duration::from_millis(110);
/// Deliveries of several messages each, which are gathered into frames.
const DELIVERIES: u64 = 150;
/// Messages of one delivery.
const DELIVERY: u64 = 10;
/// Time between deliveries: about as long as a room of this size gathers. Clients on the same cores must keep up, since
/// a room lets go of a client for which more than 256 KiB wait.
const DELIVERY_EVERY: Duration = Duration::from_millis(60);

/// What a viewer reads at once.
const READ_BYTES: usize = 4 * 1024;

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("room-server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("piped")?).read_line(&mut line)?;
        Ok(Self { child, address: line.trim().parse().context("the room's server says where it answers")? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Measures.
///
/// # Errors
/// When the room does not deliver everything to everybody.
pub fn measure() -> Result<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let server = Server::start()?;
        let pid = server.child.id();
        let http = reqwest::Client::new();
        let (frames, messages) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        // The room is made and warm before memory is read.
        join(server.address, VIEWERS, &frames, &messages).await?;
        let empty_kb = process_memory_kb(pid)?;
        let mut joining = stream::iter(0..VIEWERS)
            .map(|number| join(server.address, number, &frames, &messages))
            .buffer_unordered(JOIN_AT_ONCE);
        while let Some(joined) = joining.next().await {
            joined?;
        }
        drop(joining);
        let per_connection = (process_memory_kb(pid)? - empty_kb) / to_f64(VIEWERS);

        let mut version = 0;
        let mut spread = async |deliveries, count, every| {
            let before = process_cpu(pid)?;
            frames.store(0, Ordering::SeqCst);
            messages.store(0, Ordering::SeqCst);
            let mut turns = tokio::time::interval(every);
            turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for _ in 0..deliveries {
                turns.tick().await;
                deliver(&http, server.address, &mut version, count).await?;
            }
            wait_for(&messages, (VIEWERS + 1) * deliveries * count).await?;
            let cpu = process_cpu(pid)?.since(before);
            anyhow::Ok(Spread {
                cpu,
                frames: to_f64(frames.load(Ordering::SeqCst)),
                messages: to_f64(messages.load(Ordering::SeqCst)),
            })
        };
        let single = spread(FRAMES, 1, FRAME_EVERY).await?;
        let batched = spread(DELIVERIES, DELIVERY, DELIVERY_EVERY).await?;
        Ok(vec![
            row(
                "room: frames a core second",
                grouped(single.frames / single.cpu.all_s()),
                "≥ 300 000",
                format!(
                    "{VIEWERS} real sockets over loopback without TLS, one frame at a time; processor time of the \
                     room's own process. {:.0} % of it is the kernel's: one `send` for each frame, in which loopback \
                     also does the receiver's part and wakes it; without the kernel it is {} frames",
                    single.cpu.kernel_s / single.cpu.all_s() * 100.0,
                    grouped(single.frames / single.cpu.own_s),
                ),
            ),
            row(
                "room: batched messages a core second",
                grouped(batched.messages / batched.cpu.all_s()),
                "≥ 3 000 000",
                format!(
                    "the same sockets, {DELIVERY} messages of some 200 bytes every {} ms, which the room gathered into frames of {:.1}; \
                     {} frames a core second. A frame costs as much as above, so this grows with what is in one",
                    DELIVERY_EVERY.as_millis(),
                    batched.messages / batched.frames,
                    grouped(batched.frames / batched.cpu.all_s()),
                ),
            ),
            row(
                "room: memory a connection",
                format!("{per_connection:.1} KB"),
                "≤ 16 KB",
                "resident memory of the room's process after they all came, less that before".into(),
            ),
        ])
    })
}

/// What the room spread.
struct Spread {
    cpu: Cpu,
    frames: f64,
    messages: f64,
}

fn row(what: &str, measured: String, aim: &str, note: String) -> Row {
    Row { what: what.into(), measured, beside: String::new(), aim: aim.into(), note }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few million are exact")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

async fn join(
    address: SocketAddr,
    number: u64,
    frames: &Arc<AtomicU64>,
    messages: &Arc<AtomicU64>,
) -> Result<()> {
    let mut request = format!("ws://{address}/v1/rooms/{}/socket", show()).into_client_request()?;
    let protocols = format!("showfloor.v1, token.{}", viewer(number));
    request.headers_mut().insert("sec-websocket-protocol", protocols.parse()?);
    let buffers = WebSocketConfig::default().read_buffer_size(READ_BYTES);
    let (mut socket, _) = tokio_tungstenite::connect_async_with_config(request, Some(buffers), true).await?;
    socket.send(Message::text(r#"[{"t":"hello"}]"#)).await?;
    // Welcome and snapshot first: then the room counts this viewer in.
    loop {
        let frame = socket.next().await.context("the room closed the socket")??;
        if frame.to_text()?.contains(r#""t":"snapshot""#) {
            break;
        }
    }
    let (frames, messages) = (Arc::clone(frames), Arc::clone(messages));
    // It ends with the server's process.
    tokio::spawn(async move {
        while let Some(Ok(Message::Text(text))) = socket.next().await {
            let banners = text.as_str().matches(r#""t":"banner""#).count();
            if banners > 0 {
                frames.fetch_add(1, Ordering::Relaxed);
                messages.fetch_add(u64::try_from(banners).unwrap_or(0), Ordering::Relaxed);
            }
        }
    });
    Ok(())
}

async fn deliver(http: &reqwest::Client, address: SocketAddr, version: &mut u64, count: u64) -> Result<()> {
    let events: Vec<_> = (0..count)
        .map(|_| {
            *version += 1;
            let mut entropy = [0; 10];
            entropy[2..].copy_from_slice(&version.to_be_bytes());
            json!({
                "specversion": "1.0", "id": EventId::generate(UtcMs::new(1), entropy), "source": "/bench",
                "subject": show(), "time": "2026-11-20T19:30:00Z", "shopid": shop(),
                "type": "com.showfloor.show.banner-changed.v1",
                "data": {
                    "show_id": show(), "at": 1_795_203_000_000_i64, "version": *version,
                    "text": "Every set leaves in a gift box this week, and code KILN10 takes ten percent off your bag.",
                },
            })
        })
        .collect();
    let request = http.post(format!("http://{address}/v1/events")).bearer_auth(relay());
    let request = request.header("content-type", "application/cloudevents-batch+json");
    let status = request.body(serde_json::to_string(&events)?).send().await?.status();
    ensure!(status.is_success(), "the room's server answered {status}");
    Ok(())
}

async fn wait_for(counter: &AtomicU64, wanted: u64) -> Result<()> {
    for _ in 0..3_000 {
        if counter.load(Ordering::Relaxed) >= wanted {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("{} of {wanted} messages arrived", counter.load(Ordering::Relaxed))
}
