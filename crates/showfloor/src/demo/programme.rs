//! The demo show's picture: a file pushed over real RTMP, round after round, as an encoder would.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use showfloor_origin_ingest::flv::{Tag, TagKind, Tags};
use showfloor_origin_ingest::{ClientConfig, ClientOutput, ClientSession, StreamKey};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long to wait before publishing again after the connection was lost.
const RECONNECT_MS: u64 = 1_000;
/// How much is read from the server at once.
const READ_BYTES: usize = 4 * 1024;

/// A file that is pushed over and over.
pub struct Programme {
    tags: Vec<Tag>,
    loop_ms: u64,
    address: SocketAddr,
    stream_key: String,
    rounds: watch::Sender<u64>,
}

impl Programme {
    /// Reads an FLV file whose rounds last `loop_ms`.
    ///
    /// # Errors
    /// When the file is no FLV or is damaged.
    pub fn new(file: Bytes, loop_ms: u64, address: SocketAddr, stream_key: String) -> Result<Self> {
        let tags: Vec<Tag> = Tags::new(file)?.collect::<Result<_, _>>().context("reading the programme")?;
        if tags.is_empty() || loop_ms == 0 {
            bail!("the programme is empty");
        }
        Ok(Self { tags, loop_ms, address, stream_key, rounds: watch::Sender::new(0) })
    }

    /// Counts the rounds whose first frame went out.
    pub fn rounds(&self) -> watch::Receiver<u64> {
        self.rounds.subscribe()
    }

    /// Publishes until stopped; comes back by itself when the connection is lost.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                outcome = self.publish() => {
                    if let Err(error) = outcome {
                        tracing::warn!(%error, "the programme lost its connection and publishes again");
                    }
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_millis(RECONNECT_MS)) => {}
            }
        }
    }

    async fn publish(&self) -> Result<()> {
        let mut socket = TcpStream::connect(self.address).await?;
        socket.set_nodelay(true)?;
        let opened = Instant::now();
        let config = ClientConfig {
            app: "live".into(),
            tc_url: format!("rtmp://{}/live", self.address),
            stream_key: StreamKey::new(self.stream_key.clone())
                .context("the demo's stream key is well formed")?,
        };
        let mut session = ClientSession::new(Duration::ZERO, rand::random(), config);
        let mut buffer = vec![0; READ_BYTES];
        while !drain(&mut session, &mut socket).await? {
            let read = tokio::time::timeout(Duration::from_secs(10), socket.read(&mut buffer)).await??;
            if read == 0 {
                bail!("the origin closed the connection before the programme was on air");
            }
            session.input(&buffer[..read]);
            session.handle_timeout(opened.elapsed());
        }
        self.play(&mut session, &mut socket, &mut buffer).await
    }

    async fn play(
        &self,
        session: &mut ClientSession,
        socket: &mut TcpStream,
        buffer: &mut [u8],
    ) -> Result<()> {
        let started = Instant::now();
        for round in 0_u64.. {
            let offset_ms = round * self.loop_ms;
            self.rounds.send_modify(|rounds| *rounds += 1);
            for tag in &self.tags {
                // The codecs' configurations never change: once is enough.
                if round > 0 && (tag.kind == TagKind::Script || is_configuration(tag)) {
                    continue;
                }
                let at_ms = offset_ms + u64::from(tag.timestamp_ms);
                let due = tokio::time::sleep_until(started + Duration::from_millis(at_ms));
                tokio::pin!(due);
                loop {
                    tokio::select! {
                        () = &mut due => break,
                        read = socket.read(buffer) => {
                            let read = read?;
                            if read == 0 {
                                bail!("the origin closed the connection");
                            }
                            session.input(&buffer[..read]);
                            drain(session, socket).await?;
                        }
                    }
                }
                // RTMP's clock has 32 bits and wraps.
                #[expect(clippy::cast_possible_truncation, reason = "the low 32 bits are what is sent")]
                session.publish_tag(tag, at_ms as u32)?;
                drain(session, socket).await?;
            }
        }
        Ok(())
    }
}

/// Sends what the session has to send; says whether it began to publish.
async fn drain(session: &mut ClientSession, socket: &mut TcpStream) -> Result<bool> {
    let mut publishing = false;
    while let Some(output) = session.poll_output() {
        match output {
            ClientOutput::Send(bytes) => socket.write_all(&bytes).await?,
            ClientOutput::Publishing => publishing = true,
            ClientOutput::Ended(end) => return Err(end.into()),
        }
    }
    Ok(publishing)
}

/// AVC and AAC sequence headers (FLV specification, E.4.3.1 and E.4.2.1).
fn is_configuration(tag: &Tag) -> bool {
    match tag.kind {
        TagKind::Video | TagKind::Audio => tag.body.get(1) == Some(&0),
        TagKind::Script => false,
    }
}
