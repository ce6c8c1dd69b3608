use core::time::Duration;
use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use showfloor_origin_packager::frame::{MediaEvent, TrackKind};

use super::end::{EndReason, Refusal, Wait};
use super::publishing::Publishing;
use super::replies::Replies;
use crate::acknowledgement::Acknowledger;
use crate::chunk::ChunkReader;
use crate::command::Metadata;
use crate::handshake::ServerHandshake;
use crate::key::{AppName, StreamKey};
use crate::limits::{
    AUTHORIZE_TIMEOUT, BEFORE_KEY_MAX_BYTES, HANDSHAKE_TIMEOUT, HELD_MAX_BYTES, OUTPUT_MAX_BYTES,
    PUBLISH_TIMEOUT, SILENCE_TIMEOUT, UNFINISHED_MESSAGES_MAX_BYTES,
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
    pub(super) stage: Stage,
    started: Duration,
    reader: ChunkReader,
    pub(super) replies: Replies,
    pub(super) outputs: VecDeque<Output>,
    pub(super) acknowledger: Acknowledger,
}

/// How far a connection has come.
pub(super) enum Stage {
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
