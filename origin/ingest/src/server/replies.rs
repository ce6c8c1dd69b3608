use bytes::{Bytes, BytesMut};

use crate::amf0::{Value, encode, object};
use crate::chunk::{CONTROL_CHUNK_STREAM, ChunkWriter, MessageKind};

/// Chunk stream that commands travel on.
const COMMAND_CHUNK_STREAM: u32 = 3;
/// How many bytes a peer may send before it must be told they arrived.
pub(super) const WINDOW_BYTES: u32 = 2_500_000;
/// Our chunk size. Nothing that is sent to a publisher is longer.
const CHUNK_SIZE_BYTES: usize = 4096;
/// Set-peer-bandwidth's third limit type: whichever the peer prefers (RTMP 1.0 §5.4.5).
const DYNAMIC_LIMIT: u8 = 2;

/// Everything a server says, encoded and waiting to be sent.
#[derive(Debug, Default)]
pub(super) struct Replies {
    writer: ChunkWriter,
    out: BytesMut,
}

impl Replies {
    pub(super) fn out(&mut self) -> &mut BytesMut {
        &mut self.out
    }

    pub(super) fn take(&mut self) -> Option<Bytes> {
        (!self.out.is_empty()).then(|| core::mem::take(&mut self.out).freeze())
    }

    pub(super) fn waiting_bytes(&self) -> usize {
        self.out.len()
    }

    pub(super) fn buffered_bytes(&self) -> usize {
        self.out.capacity()
    }

    pub(super) fn acknowledgement(&mut self, sequence: u32) {
        self.control(MessageKind::Acknowledgement, &sequence.to_be_bytes());
    }

    pub(super) fn window_acknowledgement_size(&mut self) {
        self.control(MessageKind::WindowAcknowledgementSize, &WINDOW_BYTES.to_be_bytes());
    }

    pub(super) fn ping_response(&mut self, time: [u8; 4]) {
        self.user_control(7, time);
    }

    /// Accepts `connect` (RTMP 1.0 §7.2.1.1): window, bandwidth, chunk size, then the result.
    pub(super) fn connected(&mut self, transaction: f64, offers_four_cc: bool) {
        self.window_acknowledgement_size();
        let [a, b, c, d] = WINDOW_BYTES.to_be_bytes();
        self.control(MessageKind::SetPeerBandwidth, &[a, b, c, d, DYNAMIC_LIMIT]);
        self.writer.set_chunk_size(CHUNK_SIZE_BYTES, &mut self.out);
        let server = object([
            // Encoders look for the shape of this; the version is the one they all know.
            ("fmsVer", "FMS/3,5,7,7009".into()),
            ("capabilities", 31.0.into()),
            ("mode", 1.0.into()),
        ]);
        let mut information = information("status", "NetConnection.Connect.Success", "Connection succeeded.");
        if let Value::Object(properties) = &mut information {
            properties.push(("objectEncoding".into(), 0.0.into()));
            if offers_four_cc {
                let four_ccs = Value::StrictArray(vec!["avc1".into(), "mp4a".into()]);
                properties.push(("fourCcList".into(), four_ccs));
            }
        }
        self.command(0, &["_result".into(), transaction.into(), server, information]);
    }

    pub(super) fn connect_rejected(&mut self, transaction: f64, description: &str) {
        let information = information("error", "NetConnection.Connect.Rejected", description);
        self.command(0, &["_error".into(), transaction.into(), Value::Null, information]);
    }

    /// Answers a call that has no result but success. Transaction 0 expects no answer (RTMP 1.0 §7.2.1).
    pub(super) fn done(&mut self, transaction: f64) {
        if transaction != 0.0 {
            self.command(0, &["_result".into(), transaction.into(), Value::Null, Value::Undefined]);
        }
    }

    pub(super) fn stream_created(&mut self, transaction: f64, stream_id: u32) {
        let stream_id = f64::from(stream_id).into();
        self.command(0, &["_result".into(), transaction.into(), Value::Null, stream_id]);
    }

    pub(super) fn call_failed(&mut self, transaction: f64, description: &str) {
        if transaction != 0.0 {
            let information = information("error", "NetConnection.Call.Failed", description);
            self.command(0, &["_error".into(), transaction.into(), Value::Null, information]);
        }
    }

    /// Stream-begin, then the status that encoders wait for before they send media.
    pub(super) fn publish_started(&mut self, stream_id: u32) {
        self.user_control(0, stream_id.to_be_bytes());
        self.status(stream_id, "status", "NetStream.Publish.Start", "Publishing.");
    }

    pub(super) fn publish_refused(&mut self, stream_id: u32, description: &str) {
        self.status(stream_id, "error", "NetStream.Publish.BadName", description);
    }

    pub(super) fn publish_failed(&mut self, stream_id: u32, description: &str) {
        self.status(stream_id, "error", "NetStream.Failed", description);
    }

    pub(super) fn unpublished(&mut self, stream_id: u32) {
        self.status(stream_id, "status", "NetStream.Unpublish.Success", "Stopped publishing.");
    }

    fn status(&mut self, stream_id: u32, level: &'static str, code: &'static str, description: &str) {
        let information = information(level, code, description);
        self.command(stream_id, &["onStatus".into(), 0.0.into(), Value::Null, information]);
    }

    fn command(&mut self, stream_id: u32, values: &[Value<'_>]) {
        let mut body = BytesMut::with_capacity(256);
        for value in values {
            encode(value, &mut body);
        }
        self.writer.write(
            COMMAND_CHUNK_STREAM,
            MessageKind::CommandAmf0,
            stream_id,
            0,
            &[&body],
            &mut self.out,
        );
    }

    fn user_control(&mut self, event: u16, value: [u8; 4]) {
        let event = event.to_be_bytes();
        self.writer.write(
            CONTROL_CHUNK_STREAM,
            MessageKind::UserControl,
            0,
            0,
            &[&event, &value],
            &mut self.out,
        );
    }

    fn control(&mut self, kind: MessageKind, body: &[u8]) {
        self.writer.write(CONTROL_CHUNK_STREAM, kind, 0, 0, &[body], &mut self.out);
    }
}

fn information<'a>(level: &'a str, code: &'a str, description: &'a str) -> Value<'a> {
    object([("level", level.into()), ("code", code.into()), ("description", description.into())])
}
