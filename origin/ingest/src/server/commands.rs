use core::time::Duration;

use bytes::BytesMut;

use super::end::EndReason;
use super::publishing::Publishing;
use super::session::{Output, PublishRequest, ServerSession, Stage};
use crate::chunk::{Message, MessageKind};
use crate::command::{Command, Metadata, strip_amf3_prefix};
use crate::key::{AppName, StreamKey};
use crate::limits::{MESSAGE_STREAMS_MAX, MESSAGES_BEFORE_KEY_MAX};

/// What a session does with each message.
impl ServerSession {
    /// Acts on one message.
    pub(super) fn message(&mut self, now: Duration, message: Message) -> Result<(), EndReason> {
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
                self.replies
                    .publish_refused(stream_id, "Call createStream first and publish on that stream.");
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
}
