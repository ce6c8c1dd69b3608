use std::time::Duration;

use showfloor_origin_ingest::amf0::{Decoder, Value};
use showfloor_origin_ingest::chunk::{ChunkReader, MessageKind};
use showfloor_origin_ingest::{Authorization, EndReason, Metadata, Output, ServerSession};
use showfloor_origin_packager::frame::{CodecConfig, Frame, MediaEvent};

use super::{handshake, publish_dialogue};

/// The code and description of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) call: String,
    pub(crate) code: String,
    pub(crate) description: String,
}

/// A session and its host, with everything that came out of it.
pub(crate) struct Publisher {
    pub(crate) session: ServerSession,
    pub(crate) now: Duration,
    pub(crate) answer: Option<Authorization>,
    /// Every byte the server sent, where that is wanted.
    pub(crate) keep_sent: bool,
    pub(crate) sent: Vec<u8>,
    /// Messages from the server, after the handshake: kind and payload.
    pub(crate) messages: Vec<(MessageKind, Vec<u8>)>,
    pub(crate) statuses: Vec<Status>,
    /// Application and key of each request to publish.
    pub(crate) requests: Vec<(String, String)>,
    pub(crate) configs: Vec<CodecConfig>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) metadata: Vec<Metadata>,
    pub(crate) ended: Option<EndReason>,
    reader: ChunkReader,
    handshake_left: usize,
}

impl Publisher {
    /// A connection just opened, to a host that grants every request.
    pub(crate) fn new() -> Self {
        Self {
            session: ServerSession::new(Duration::ZERO, 1),
            now: Duration::ZERO,
            answer: Some(Authorization::Granted),
            keep_sent: false,
            sent: Vec::new(),
            messages: Vec::new(),
            statuses: Vec::new(),
            requests: Vec::new(),
            configs: Vec::new(),
            frames: Vec::new(),
            metadata: Vec::new(),
            ended: None,
            reader: ChunkReader::new(),
            handshake_left: 1 + 2 * 1536,
        }
    }

    /// A connection after its handshake.
    pub(crate) fn greeted() -> Self {
        let mut publisher = Self::new();
        publisher.send(&handshake());
        publisher
    }

    /// A connection that may send media, on message stream 1.
    pub(crate) fn publishing() -> Self {
        let mut publisher = Self::new();
        publisher.send(&publish_dialogue("key"));
        assert_eq!(publisher.last_code(), "NetStream.Publish.Start");
        publisher
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.session.input(self.now, bytes);
        self.drain();
    }

    /// Lets time pass up to the session's deadline and no further.
    pub(crate) fn pass_deadline(&mut self) {
        let at = self.session.next_timeout().expect("a session has a deadline until it is over");
        self.session.handle_timeout(at - Duration::from_millis(1));
        self.drain();
        assert_eq!(self.ended, None, "it is not over before its deadline");
        self.now = at;
        self.session.handle_timeout(at);
        self.drain();
    }

    pub(crate) fn last_code(&self) -> &str {
        self.statuses.last().map_or("", |status| &status.code)
    }

    pub(crate) fn drain(&mut self) {
        while let Some(output) = self.session.poll_output() {
            assert_eq!(self.ended, None, "nothing comes after the end");
            match output {
                Output::Send(bytes) => self.hear(&bytes),
                Output::Authorize(request) => {
                    let names = (request.app.expose().to_owned(), request.stream_key.expose().to_owned());
                    self.requests.push(names);
                    if let Some(answer) = self.answer.clone() {
                        self.session.authorize(self.now, answer);
                    }
                }
                Output::Media(MediaEvent::Config(config)) => self.configs.push(config),
                Output::Media(MediaEvent::Frame(frame)) => self.frames.push(frame),
                Output::Metadata(metadata) => self.metadata.push(metadata),
                Output::Ended(reason) => self.ended = Some(reason),
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        if self.keep_sent {
            self.sent.extend(bytes);
        }
        let skipped = bytes.len().min(self.handshake_left);
        self.handshake_left -= skipped;
        let mut input = &bytes[skipped..];
        while let Some(message) = self.reader.read(&mut input).expect("a server speaks properly") {
            if message.kind == MessageKind::CommandAmf0 {
                self.statuses.extend(status(&message.payload));
            }
            self.messages.push((message.kind, message.payload.to_vec()));
        }
    }
}

fn status(body: &[u8]) -> Option<Status> {
    let mut decoder = Decoder::new(body);
    let mut values = Vec::new();
    while let Some(value) = decoder.read().expect("a server speaks properly") {
        values.push(value);
    }
    let text = |name| values.last()?.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Status {
        call: values.first()?.as_str()?.to_owned(),
        code: text("code").unwrap_or_default(),
        description: text("description").unwrap_or_default(),
    })
}
