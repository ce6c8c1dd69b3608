//! The publishing end of a connection, without I/O: for programmes made in advance and for load tests.

use core::time::Duration;
use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent, TrackKind};

use crate::acknowledgement::Acknowledger;
use crate::amf0::{AmfError, Value, encode, object};
use crate::chunk::{CONTROL_CHUNK_STREAM, ChunkError, ChunkReader, ChunkWriter, Message, MessageKind};
use crate::command::decode_all;
use crate::flv::{Tag, TagKind};
use crate::handshake::{ClientHandshake, HandshakeError};
use crate::key::StreamKey;

const COMMAND_CHUNK_STREAM: u32 = 3;
const AUDIO_CHUNK_STREAM: u32 = 4;
const VIDEO_CHUNK_STREAM: u32 = 6;
/// Our chunk size: most pictures in one chunk.
const CHUNK_SIZE_BYTES: usize = 64 * 1024;
/// How often the server is asked to acknowledge, in bytes.
const WINDOW_BYTES: u32 = 2_500_000;
/// Time to be publishing, from the first byte.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// Transaction numbers of the calls whose answers matter.
const CONNECT: f64 = 1.0;
const CREATE_STREAM: f64 = 4.0;

/// Where to publish, and with which key.
pub struct ClientConfig {
    /// The application, such as `live`.
    pub app: String,
    /// The whole address without the key, such as `rtmp://127.0.0.1:1935/live`.
    pub tc_url: String,
    /// The stream key.
    pub stream_key: StreamKey,
}

/// What a client tells its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientOutput {
    /// Send these bytes to the server.
    Send(Bytes),
    /// The server takes media from now on.
    Publishing,
    /// The connection is over: send what was to be sent, close it. Nothing comes after this.
    Ended(ClientEnd),
}

/// Why a client's connection is over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientEnd {
    /// [`ClientSession::finish`] was called.
    #[error("finished")]
    Finished,
    /// The server said no, or stopped taking media.
    #[error("the server refused: {code}: {description}")]
    Refused {
        /// Such as `NetStream.Publish.BadName`.
        code: String,
        /// The server's words for a person.
        description: String,
    },
    /// The server took too long to let us publish.
    #[error("the server did not let us publish within {} s", START_TIMEOUT.as_secs())]
    TimedOut,
    /// The server closed the connection.
    #[error("the server closed the connection")]
    ConnectionLost,
    /// The server does not speak RTMP.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// The server's chunk stream is damaged.
    #[error(transparent)]
    Chunk(#[from] ChunkError),
    /// The server's commands are damaged.
    #[error(transparent)]
    Amf(#[from] AmfError),
}

/// Media was offered while the session does not publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session is not publishing")]
pub struct NotPublishing;

/// Publishes one stream. Driven like [`ServerSession`](crate::ServerSession): feed `input`, drain
/// `poll_output`. After [`ClientOutput::Publishing`], pass media in order of its time.
pub struct ClientSession {
    stage: Stage,
    started: Duration,
    config: ClientConfig,
    reader: ChunkReader,
    writer: ChunkWriter,
    out: BytesMut,
    outputs: VecDeque<ClientOutput>,
    acknowledger: Acknowledger,
}

enum Stage {
    Handshake(ClientHandshake),
    Connecting,
    CreatingStream,
    AskingToPublish { stream_id: u32 },
    Publishing { stream_id: u32 },
    Ended,
}

impl ClientSession {
    /// A session whose connection opened `now`. The seed fills the handshake's random bytes.
    #[must_use]
    pub fn new(now: Duration, seed: u64, config: ClientConfig) -> Self {
        let (handshake, hello) = ClientHandshake::new(seed);
        Self {
            stage: Stage::Handshake(handshake),
            started: now,
            config,
            reader: ChunkReader::new(),
            writer: ChunkWriter::new(),
            out: BytesMut::from(hello),
            outputs: VecDeque::new(),
            acknowledger: Acknowledger::default(),
        }
    }

    /// Takes bytes from the server.
    pub fn input(&mut self, bytes: &[u8]) {
        if let Err(end) = self.read(bytes) {
            self.end(end);
        }
        if !matches!(self.stage, Stage::Ended)
            && let Some(sequence) = self.acknowledger.due()
        {
            self.control(MessageKind::Acknowledgement, &sequence.to_be_bytes());
        }
    }

    /// The server closed its end, or the connection broke.
    pub fn peer_closed(&mut self) {
        self.end(ClientEnd::ConnectionLost);
    }

    /// When [`handle_timeout`](Self::handle_timeout) must be called if nothing else happens.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Duration> {
        match self.stage {
            Stage::Publishing { .. } | Stage::Ended => None,
            Stage::Handshake(_)
            | Stage::Connecting
            | Stage::CreatingStream
            | Stage::AskingToPublish { .. } => Some(self.started + START_TIMEOUT),
        }
    }

    /// Time passed.
    pub fn handle_timeout(&mut self, now: Duration) {
        if self.next_timeout().is_some_and(|at| at <= now) {
            self.end(ClientEnd::TimedOut);
        }
    }

    /// What the host must do next, or `None` when the session waits for it.
    pub fn poll_output(&mut self) -> Option<ClientOutput> {
        if self.out.is_empty() {
            return self.outputs.pop_front();
        }
        Some(ClientOutput::Send(core::mem::take(&mut self.out).freeze()))
    }

    /// Sends one tag of an FLV file, at the time given (which may run past the file's own when it loops).
    /// Script data goes out as `@setDataFrame`.
    pub fn publish_tag(&mut self, tag: &Tag, timestamp_ms: u32) -> Result<(), NotPublishing> {
        match tag.kind {
            TagKind::Audio => self.media(TrackKind::Audio, timestamp_ms, &[&tag.body]),
            TagKind::Video => self.media(TrackKind::Video, timestamp_ms, &[&tag.body]),
            TagKind::Script => {
                let mut prefix = BytesMut::new();
                encode(&"@setDataFrame".into(), &mut prefix);
                self.message(AUDIO_CHUNK_STREAM, MessageKind::DataAmf0, timestamp_ms, &[&prefix, &tag.body])
            }
        }
    }

    /// Sends a configuration or a frame. A configuration goes out at the time of the frame that follows it,
    /// which the caller knows.
    pub fn publish_event(&mut self, event: &MediaEvent, config_ms: u32) -> Result<(), NotPublishing> {
        match event {
            MediaEvent::Config(CodecConfig::Avc { record, .. }) => {
                self.media(TrackKind::Video, config_ms, &[&[0x17, 0, 0, 0, 0], record])
            }
            MediaEvent::Config(CodecConfig::Aac { config, .. }) => {
                self.media(TrackKind::Audio, config_ms, &[&[0xAF, 0], config])
            }
            MediaEvent::Frame(frame) => self.frame(frame),
        }
    }

    /// Says goodbye.
    pub fn finish(&mut self) {
        if let Stage::Publishing { stream_id } = self.stage {
            let key = self.config.stream_key.expose().to_owned();
            self.command(0, &["FCUnpublish".into(), 6.0.into(), Value::Null, key.as_str().into()]);
            self.command(0, &["deleteStream".into(), 7.0.into(), Value::Null, f64::from(stream_id).into()]);
        }
        self.end(ClientEnd::Finished);
    }

    fn frame(&mut self, frame: &Frame) -> Result<(), NotPublishing> {
        let timestamp_ms = wrapped_ms(frame.dts_us);
        match frame.track {
            TrackKind::Audio => self.media(TrackKind::Audio, timestamp_ms, &[&[0xAF, 1], &frame.payload]),
            TrackKind::Video => {
                let [_, a, b, c] = (frame.composition_offset_us / 1000).to_be_bytes();
                let header = [if frame.key { 0x17 } else { 0x27 }, 1, a, b, c];
                self.media(TrackKind::Video, timestamp_ms, &[&header, &frame.payload])
            }
        }
    }

    fn media(&mut self, track: TrackKind, timestamp_ms: u32, parts: &[&[u8]]) -> Result<(), NotPublishing> {
        match track {
            TrackKind::Audio => self.message(AUDIO_CHUNK_STREAM, MessageKind::Audio, timestamp_ms, parts),
            TrackKind::Video => self.message(VIDEO_CHUNK_STREAM, MessageKind::Video, timestamp_ms, parts),
        }
    }

    fn message(
        &mut self,
        chunk_stream: u32,
        kind: MessageKind,
        timestamp_ms: u32,
        parts: &[&[u8]],
    ) -> Result<(), NotPublishing> {
        let Stage::Publishing { stream_id } = self.stage else { return Err(NotPublishing) };
        self.writer.write(chunk_stream, kind, stream_id, timestamp_ms, parts, &mut self.out);
        Ok(())
    }

    fn read(&mut self, mut bytes: &[u8]) -> Result<(), ClientEnd> {
        loop {
            match &mut self.stage {
                Stage::Ended => return Ok(()),
                Stage::Handshake(handshake) => {
                    if !handshake.read(&mut bytes, &mut self.out)? {
                        return Ok(());
                    }
                    self.connect();
                }
                Stage::Connecting
                | Stage::CreatingStream
                | Stage::AskingToPublish { .. }
                | Stage::Publishing { .. } => {
                    let before = bytes.len();
                    let message = self.reader.read(&mut bytes);
                    self.acknowledger.received(before - bytes.len());
                    let Some(message) = message? else { return Ok(()) };
                    self.answer(&message)?;
                }
            }
        }
    }

    fn connect(&mut self) {
        self.stage = Stage::Connecting;
        self.writer.set_chunk_size(CHUNK_SIZE_BYTES, &mut self.out);
        self.control(MessageKind::WindowAcknowledgementSize, &WINDOW_BYTES.to_be_bytes());
        let app = self.config.app.clone();
        let tc_url = self.config.tc_url.clone();
        let properties = object([
            ("app", app.as_str().into()),
            ("type", "nonprivate".into()),
            ("flashVer", "FMLE/3.0 (compatible; Showfloor)".into()),
            ("tcUrl", tc_url.as_str().into()),
        ]);
        self.command(0, &["connect".into(), CONNECT.into(), properties]);
    }

    fn answer(&mut self, message: &Message) -> Result<(), ClientEnd> {
        match message.kind {
            MessageKind::CommandAmf0 => self.reply(&message.payload),
            MessageKind::WindowAcknowledgementSize => {
                if let Some(window) = message.payload.first_chunk() {
                    self.acknowledger.set_window_bytes(u32::from_be_bytes(*window));
                }
                Ok(())
            }
            MessageKind::UserControl => {
                if let Some(&[0, 6, a, b, c, d]) = message.payload.first_chunk() {
                    self.control(MessageKind::UserControl, &[0, 7, a, b, c, d]);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn reply(&mut self, body: &[u8]) -> Result<(), ClientEnd> {
        let values = decode_all(body)?;
        let name = values.first().and_then(Value::as_str).unwrap_or_default();
        let transaction = values.get(1).and_then(Value::as_number).unwrap_or_default();
        let information = values.get(3);
        let text = |property| {
            let text = information.and_then(|information| information.get(property)).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        match (name, &self.stage) {
            ("_result", Stage::Connecting) if transaction == CONNECT => {
                self.stage = Stage::CreatingStream;
                let key = self.config.stream_key.expose().to_owned();
                self.command(0, &["releaseStream".into(), 2.0.into(), Value::Null, key.as_str().into()]);
                self.command(0, &["FCPublish".into(), 3.0.into(), Value::Null, key.as_str().into()]);
                self.command(0, &["createStream".into(), CREATE_STREAM.into(), Value::Null]);
                Ok(())
            }
            ("_result", Stage::CreatingStream) if transaction == CREATE_STREAM => {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
                let stream_id = information.and_then(Value::as_number).unwrap_or(1.0) as u32;
                self.stage = Stage::AskingToPublish { stream_id };
                let key = self.config.stream_key.expose().to_owned();
                let call = ["publish".into(), 5.0.into(), Value::Null, key.as_str().into(), "live".into()];
                self.command(stream_id, &call);
                Ok(())
            }
            ("_error", Stage::Connecting | Stage::CreatingStream)
                if transaction == CONNECT || transaction == CREATE_STREAM =>
            {
                Err(ClientEnd::Refused { code: text("code"), description: text("description") })
            }
            ("onStatus", stage) => {
                let code = text("code");
                match stage {
                    Stage::AskingToPublish { stream_id } if code == "NetStream.Publish.Start" => {
                        self.stage = Stage::Publishing { stream_id: *stream_id };
                        self.outputs.push_back(ClientOutput::Publishing);
                        Ok(())
                    }
                    _ if text("level") == "error" => {
                        Err(ClientEnd::Refused { code, description: text("description") })
                    }
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn command(&mut self, stream_id: u32, values: &[Value<'_>]) {
        let mut body = BytesMut::with_capacity(256);
        for value in values {
            encode(value, &mut body);
        }
        let kind = MessageKind::CommandAmf0;
        self.writer.write(COMMAND_CHUNK_STREAM, kind, stream_id, 0, &[&body], &mut self.out);
    }

    fn control(&mut self, kind: MessageKind, body: &[u8]) {
        self.writer.write(CONTROL_CHUNK_STREAM, kind, 0, 0, &[body], &mut self.out);
    }

    fn end(&mut self, end: ClientEnd) {
        if !matches!(self.stage, Stage::Ended) {
            self.stage = Stage::Ended;
            self.outputs.push_back(ClientOutput::Ended(end));
        }
    }
}

/// Microseconds to RTMP's 32-bit milliseconds.
fn wrapped_ms(time_us: i64) -> u32 {
    u32::try_from(time_us.div_euclid(1000) & 0xFFFF_FFFF).expect("32 bits were kept")
}
