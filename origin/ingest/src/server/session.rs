use core::time::Duration;
use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use showfloor_origin_packager::frame::{MediaEvent, TrackKind};

use super::end::{EndReason, Refusal, Wait};
use super::publishing::Publishing;
use super::replies::Replies;
use crate::acknowledgement::Acknowledger;
use crate::chunk::{ChunkReader, Message, MessageKind};
use crate::command::{Command, Metadata, strip_amf3_prefix};
use crate::handshake::ServerHandshake;
use crate::key::{AppName, StreamKey};
use crate::limits::{
    AUTHORIZE_TIMEOUT, BEFORE_KEY_MAX_BYTES, HANDSHAKE_TIMEOUT, HELD_MAX_BYTES, MESSAGE_STREAMS_MAX,
    MESSAGES_BEFORE_KEY_MAX, OUTPUT_MAX_BYTES, PUBLISH_TIMEOUT, SILENCE_TIMEOUT,
    UNFINISHED_MESSAGES_MAX_BYTES,
};

/// What a session tells its host.
pub enum Output {
    /// Send these bytes to the peer.
    Send(Bytes),
    /// A publisher presents a stream key: answer with [`ServerSession::authorize`]. Until then nothing more is
    /// read, so the host should not read from its socket either.
    Authorize(PublishRequest),
    /// A track appeared or changed, or a frame came. Only after the host granted the request.
    Media(MediaEvent),
    /// What the encoder says about its stream, for display.
    Metadata(Metadata),
    /// The connection is over: send what was to be sent, close it. Nothing comes after this.
    Ended(EndReason),
}

/// A wish to publish. Both names came from the wire: look them up, and use them for nothing else.
pub struct PublishRequest {
    /// The application in the publisher's address.
    pub app: AppName,
    /// The secret that proves who publishes.
    pub stream_key: StreamKey,
}

/// The host's answer to a [`PublishRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// The publisher may send media.
    Granted,
    /// It may not; it is told why, then the session ends.
    Refused(Refusal),
}

/// One publisher's connection. See the [crate's documentation](crate) for how to drive it.
pub struct ServerSession {
    stage: Stage,
    started: Duration,
    reader: ChunkReader,
    replies: Replies,
    outputs: VecDeque<Output>,
    acknowledger: Acknowledger,
}

enum Stage {
    Handshake(ServerHandshake),
    Commands { app: Option<AppName>, streams_created: u32, messages: u32 },
    Authorizing { since: Duration, stream_id: u32, held: BytesMut },
    Publishing(Publishing),
    Ended,
}

impl ServerSession {
    /// A session whose peer connected `now`. The seed fills the handshake's random bytes; it need not be
    /// secret.
    #[must_use]
    pub fn new(now: Duration, seed: u64) -> Self {
        let mut reader = ChunkReader::new();
        reader.set_unfinished_max_bytes(BEFORE_KEY_MAX_BYTES);
        Self {
            stage: Stage::Handshake(ServerHandshake::new(seed)),
            started: now,
            reader,
            replies: Replies::default(),
            outputs: VecDeque::new(),
            acknowledger: Acknowledger::default(),
        }
    }

    /// Takes bytes from the peer. Drain [`poll_output`](Self::poll_output) afterwards, and pass no more than
    /// some tens of kilobytes at a time: what they become waits until it is drained.
    pub fn input(&mut self, now: Duration, bytes: &[u8]) {
        if let Err(reason) = self.read(now, bytes) {
            self.end(reason);
        }
        if !matches!(self.stage, Stage::Ended)
            && let Some(sequence) = self.acknowledger.due()
        {
            self.replies.acknowledgement(sequence);
        }
    }

    /// The peer closed its end, or reading or writing failed.
    pub fn peer_closed(&mut self) {
        let said_farewell = matches!(&self.stage, Stage::Publishing(publishing) if publishing.said_farewell);
        self.end(if said_farewell { EndReason::Finished } else { EndReason::ConnectionLost });
    }

    /// Time passed. Does nothing before [`next_timeout`](Self::next_timeout).
    pub fn handle_timeout(&mut self, now: Duration) {
        if self.next_timeout().is_none_or(|at| now < at) {
            return;
        }
        let wait = match self.stage {
            Stage::Handshake(_) => Wait::Handshake,
            Stage::Commands { .. } => Wait::Publish,
            Stage::Authorizing { .. } => Wait::Authorization,
            Stage::Publishing(_) => Wait::Media,
            Stage::Ended => return,
        };
        self.end(EndReason::TimedOut(wait));
    }

    /// When [`handle_timeout`](Self::handle_timeout) must be called if nothing else happens; `None` when the
    /// session is over.
    #[must_use]
    pub fn next_timeout(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Handshake(_) => Some(self.started + HANDSHAKE_TIMEOUT),
            Stage::Commands { .. } => Some(self.started + PUBLISH_TIMEOUT),
            Stage::Authorizing { since, .. } => Some(*since + AUTHORIZE_TIMEOUT),
            Stage::Publishing(publishing) => Some(publishing.last_media + SILENCE_TIMEOUT),
            Stage::Ended => None,
        }
    }

    /// The host's answer to [`Output::Authorize`]. Without effect when none is awaited, because the session
    /// ended meanwhile.
    pub fn authorize(&mut self, now: Duration, authorization: Authorization) {
        let Stage::Authorizing { stream_id, held, .. } = &mut self.stage else { return };
        let (stream_id, held) = (*stream_id, core::mem::take(held));
        match authorization {
            Authorization::Granted => {
                self.stage = Stage::Publishing(Publishing::new(stream_id, now));
                self.reader.set_unfinished_max_bytes(UNFINISHED_MESSAGES_MAX_BYTES);
                self.replies.publish_started(stream_id);
                self.input(now, &held);
            }
            Authorization::Refused(refusal) => self.end(EndReason::Refused(refusal)),
        }
    }

    /// Ends the session from this side, telling the publisher why.
    pub fn close(&mut self, description: String) {
        self.end(EndReason::Closed(Refusal::new(description).description().to_owned()));
    }

    /// What the host must do next, or `None` when the session waits for it.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.replies.take().map(Output::Send).or_else(|| self.outputs.pop_front())
    }

    /// Whether a track of this kind has been configured by the publisher.
    #[must_use]
    pub const fn has_track(&self, track: TrackKind) -> bool {
        match &self.stage {
            Stage::Publishing(publishing) => publishing.demuxer.has_track(track),
            Stage::Handshake(_) | Stage::Commands { .. } | Stage::Authorizing { .. } | Stage::Ended => false,
        }
    }

    /// Memory held for this connection beyond the session itself, in bytes: unfinished messages, answers that
    /// wait to be sent, input that waits for the key. Outputs that were not drained come on top.
    #[must_use]
    pub fn buffered_bytes(&self) -> usize {
        let stage_bytes = match &self.stage {
            Stage::Handshake(handshake) => handshake.buffered_bytes(),
            Stage::Authorizing { held, .. } => held.capacity(),
            Stage::Commands { .. } | Stage::Publishing(_) | Stage::Ended => 0,
        };
        stage_bytes + self.reader.buffered_bytes() + self.replies.buffered_bytes()
    }

    fn read(&mut self, now: Duration, mut bytes: &[u8]) -> Result<(), EndReason> {
        loop {
            match &mut self.stage {
                Stage::Ended => return Ok(()),
                Stage::Handshake(handshake) => {
                    if !handshake.read(&mut bytes, self.replies.out())? {
                        return Ok(());
                    }
                    self.stage = Stage::Commands { app: None, streams_created: 0, messages: 0 };
                }
                Stage::Authorizing { held, .. } => {
                    if held.len() + bytes.len() > HELD_MAX_BYTES {
                        return Err(EndReason::TooMuchBeforeKey);
                    }
                    held.extend_from_slice(bytes);
                    return Ok(());
                }
                Stage::Commands { .. } | Stage::Publishing(_) => {
                    let before = bytes.len();
                    let message = self.reader.read(&mut bytes);
                    self.acknowledger.received(before - bytes.len());
                    if let Some(message) = message? {
                        self.message(now, message)?;
                    }
                    self.check_memory()?;
                    if bytes.is_empty() {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn check_memory(&self) -> Result<(), EndReason> {
        if self.replies.waiting_bytes() > OUTPUT_MAX_BYTES {
            return Err(EndReason::PeerDoesNotRead);
        }
        let unproved = matches!(self.stage, Stage::Commands { .. } | Stage::Authorizing { .. });
        if unproved && self.buffered_bytes() > BEFORE_KEY_MAX_BYTES {
            return Err(EndReason::TooMuchBeforeKey);
        }
        Ok(())
    }

    fn message(&mut self, now: Duration, message: Message) -> Result<(), EndReason> {
        if let Stage::Commands { messages, .. } = &mut self.stage {
            *messages += 1;
            if *messages > MESSAGES_BEFORE_KEY_MAX {
                return Err(EndReason::TooManyMessagesBeforeKey);
            }
        }
        match message.kind {
            MessageKind::Video | MessageKind::Audio | MessageKind::Aggregate => {
                let Stage::Publishing(publishing) = &mut self.stage else {
                    return Err(EndReason::MediaBeforePublish);
                };
                let outputs = &mut self.outputs;
                publishing.media(now, message, &mut |event| outputs.push_back(Output::Media(event)))?;
            }
            MessageKind::CommandAmf0 => {
                self.command(now, message.stream_id, Command::parse(&message.payload)?)?;
            }
            MessageKind::CommandAmf3 => {
                let body = strip_amf3_prefix(&message.payload);
                self.command(now, message.stream_id, Command::parse(body)?)?;
            }
            MessageKind::DataAmf0 => self.metadata(&message.payload)?,
            MessageKind::DataAmf3 => self.metadata(strip_amf3_prefix(&message.payload))?,
            MessageKind::UserControl => {
                // Event 6 is a ping (RTMP 1.0 §7.1.7); the rest concerns players.
                if let Some(&[0, 6, a, b, c, d]) = message.payload.first_chunk() {
                    self.replies.ping_response([a, b, c, d]);
                }
            }
            MessageKind::WindowAcknowledgementSize => {
                if let Some(window) = message.payload.first_chunk() {
                    self.acknowledger.set_window_bytes(u32::from_be_bytes(*window));
                }
            }
            MessageKind::SetPeerBandwidth => self.replies.window_acknowledgement_size(),
            // The reader has acted on the first two; we send too little to wait for acknowledgements.
            MessageKind::SetChunkSize
            | MessageKind::Abort
            | MessageKind::Acknowledgement
            | MessageKind::Other(_) => {}
        }
        Ok(())
    }

    fn metadata(&mut self, body: &[u8]) -> Result<(), EndReason> {
        let metadata = Metadata::parse(body)?;
        if let (Some(metadata), Stage::Publishing(_)) = (metadata, &self.stage) {
            self.outputs.push_back(Output::Metadata(metadata));
        }
        Ok(())
    }

    fn command(&mut self, now: Duration, stream_id: u32, command: Command) -> Result<(), EndReason> {
        match command {
            Command::Connect { transaction, app, offers_four_cc } => {
                self.connect(transaction, app.ok(), offers_four_cc)
            }
            Command::Announcement { transaction } => {
                self.replies.done(transaction);
                Ok(())
            }
            Command::CreateStream { transaction } => {
                self.create_stream(transaction);
                Ok(())
            }
            Command::Publish { stream_key } => self.publish(now, stream_id, stream_key.ok()),
            // Encoders leave without reading an answer, and one that arrives late would reset the connection
            // under whatever is still on its way to us.
            Command::Farewell => {
                if let Stage::Publishing(publishing) = &mut self.stage {
                    publishing.said_farewell = true;
                }
                Ok(())
            }
            Command::DeleteStream { stream_id: deleted } => {
                self.stop(|publishing| deleted.is_none_or(|id| id == f64::from(publishing.stream_id)))
            }
            Command::CloseStream => self.stop(|publishing| publishing.stream_id == stream_id),
            Command::Answer => Ok(()),
            Command::Unknown { transaction } => {
                self.replies.call_failed(transaction, "There is no such method here.");
                Ok(())
            }
        }
    }

    fn connect(
        &mut self,
        transaction: f64,
        name: Option<AppName>,
        offers_four_cc: bool,
    ) -> Result<(), EndReason> {
        match &mut self.stage {
            Stage::Commands { app: app @ None, .. } => {
                let Some(name) = name else {
                    let description = "The application in the address is too long.";
                    self.replies.connect_rejected(transaction, description);
                    return Err(EndReason::AppNameTooLong);
                };
                *app = Some(name);
                self.replies.connected(transaction, offers_four_cc);
            }
            _ => self.replies.call_failed(transaction, "This connection is open already."),
        }
        Ok(())
    }

    fn create_stream(&mut self, transaction: f64) {
        match &mut self.stage {
            Stage::Commands { app: Some(_), streams_created, .. }
                if *streams_created < MESSAGE_STREAMS_MAX =>
            {
                *streams_created += 1;
                self.replies.stream_created(transaction, *streams_created);
            }
            Stage::Commands { app: None, .. } => {
                self.replies.call_failed(transaction, "Call connect first.");
            }
            _ => self.replies.call_failed(transaction, "This connection has all the streams it may have."),
        }
    }

    fn publish(
        &mut self,
        now: Duration,
        stream_id: u32,
        stream_key: Option<StreamKey>,
    ) -> Result<(), EndReason> {
        match &mut self.stage {
            Stage::Commands { app, streams_created, .. } if (1..=*streams_created).contains(&stream_id) => {
                let Some(stream_key) = stream_key else {
                    let description = "The stream key is empty or too long. Copy it from the show's page in the \
                                       dashboard.";
                    self.replies.publish_refused(stream_id, description);
                    return Err(EndReason::UnusableStreamKey);
                };
                let app = app.take().expect("streams are created only after connect");
                self.stage = Stage::Authorizing { since: now, stream_id, held: BytesMut::new() };
                self.outputs.push_back(Output::Authorize(PublishRequest { app, stream_key }));
            }
            Stage::Publishing(_) => {
                self.replies.publish_refused(stream_id, "This connection publishes already.");
            }
            _ => {
                self.replies.publish_refused(stream_id, "Call createStream first and publish on that stream.")
            }
        }
        Ok(())
    }

    /// Ends in good order if `is_meant` says that it is this publisher's stream that stops.
    fn stop(&self, is_meant: impl FnOnce(&Publishing) -> bool) -> Result<(), EndReason> {
        match &self.stage {
            Stage::Publishing(publishing) if is_meant(publishing) => Err(EndReason::Finished),
            _ => Ok(()),
        }
    }

    /// Says goodbye in the words the reason calls for, then nothing more.
    fn end(&mut self, reason: EndReason) {
        let stage = core::mem::replace(&mut self.stage, Stage::Ended);
        let stream_id = match &stage {
            Stage::Ended => return,
            Stage::Authorizing { stream_id, .. } => Some(*stream_id),
            Stage::Publishing(publishing) => Some(publishing.stream_id),
            Stage::Handshake(_) | Stage::Commands { .. } => None,
        };
        if let Some(stream_id) = stream_id {
            match &reason {
                EndReason::Finished => self.replies.unpublished(stream_id),
                EndReason::Refused(refusal) => self.replies.publish_refused(stream_id, refusal.description()),
                EndReason::TimedOut(Wait::Authorization) => {
                    self.replies.publish_refused(stream_id, Refusal::try_again().description());
                }
                EndReason::ConnectionLost | EndReason::PeerDoesNotRead => {}
                EndReason::Closed(description) => self.replies.publish_failed(stream_id, description),
                other => self.replies.publish_failed(stream_id, &other.to_string()),
            }
        }
        self.reader = ChunkReader::new();
        self.outputs.push_back(Output::Ended(reason));
    }
}
