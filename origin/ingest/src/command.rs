//! The commands of RTMP 1.0 §7.2 that publishing needs, and metadata, parsed from messages.

use bytes::Bytes;

use crate::amf0::{AmfError, Decoder, Value};
use crate::key::{AppName, NameError, StreamKey};

/// What a publisher asks for. Each that expects an answer carries its transaction number, to be repeated.
///
/// There is no `Debug`: it may carry a stream key.
pub enum Command {
    /// `connect`: opens an application.
    Connect {
        /// To be repeated in the answer.
        transaction: f64,
        /// The application, if its name is acceptable.
        app: Result<AppName, NameError>,
        /// Whether the encoder offers fourCC codecs (Enhanced RTMP).
        offers_four_cc: bool,
    },
    /// `releaseStream`, `FCPublish` or `_checkbw`: announcements that need no more than a yes.
    Announcement {
        /// To be repeated in the answer.
        transaction: f64,
    },
    /// `createStream`: asks for a message stream.
    CreateStream {
        /// To be repeated in the answer.
        transaction: f64,
    },
    /// `publish`: wants to send media under a stream key.
    Publish {
        /// The key, if it is acceptable.
        stream_key: Result<StreamKey, NameError>,
    },
    /// `FCUnpublish`: is about to stop.
    Farewell,
    /// `deleteStream`: has stopped.
    DeleteStream {
        /// The message stream that ends, if it is said.
        stream_id: Option<f64>,
    },
    /// `closeStream`: has stopped, on the stream that the message belongs to.
    CloseStream,
    /// `_result`, `_error` or `onStatus`: an answer to a call that was never made.
    Answer,
    /// Anything else.
    Unknown {
        /// To be repeated in the answer.
        transaction: f64,
    },
}

impl Command {
    /// Parses the body of a command message. All of it is read, so that what exceeds the AMF budget is refused
    /// wherever it stands.
    pub fn parse(body: &[u8]) -> Result<Self, AmfError> {
        let values = decode_all(body)?;
        let name = values.first().and_then(Value::as_str).unwrap_or_default();
        let transaction = values.get(1).and_then(Value::as_number).unwrap_or_default();
        let argument = |index: usize| values.get(2 + index);
        Ok(match name {
            "connect" => {
                let properties = argument(0);
                let property = |name| properties.and_then(|properties| properties.get(name));
                let app = property("app").and_then(Value::as_str).unwrap_or_default();
                Self::Connect {
                    transaction,
                    app: AppName::new(app.trim_end_matches('/').to_owned()),
                    offers_four_cc: property("fourCcList").is_some(),
                }
            }
            "releaseStream" | "FCPublish" | "_checkbw" => Self::Announcement { transaction },
            "createStream" => Self::CreateStream { transaction },
            "publish" => {
                let stream_key = argument(1).and_then(Value::as_str).unwrap_or_default();
                Self::Publish { stream_key: StreamKey::new(stream_key.to_owned()) }
            }
            "FCUnpublish" => Self::Farewell,
            "deleteStream" => Self::DeleteStream { stream_id: argument(1).and_then(Value::as_number) },
            "closeStream" => Self::CloseStream,
            "_result" | "_error" | "onStatus" => Self::Answer,
            _ => Self::Unknown { transaction },
        })
    }
}

/// What an encoder says about its stream. Nothing depends on it; it is for showing to the host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// The encoder's name for itself: at most 64 characters, none of them control characters.
    pub encoder: Option<String>,
    /// Width in pixels.
    pub width_px: Option<u32>,
    /// Height in pixels.
    pub height_px: Option<u32>,
    /// Pictures a second.
    pub frame_rate_hz: Option<f64>,
    /// Bit rate of the picture, in kilobits a second.
    pub video_kbps: Option<u32>,
    /// Bit rate of the sound, in kilobits a second.
    pub audio_kbps: Option<u32>,
    /// Whether a picture is announced, where the encoder says anything about codecs.
    pub announces_video: Option<bool>,
    /// Whether sound is announced, where the encoder says anything about codecs.
    pub announces_audio: Option<bool>,
}

/// Longest encoder name that is kept, in characters.
const ENCODER_NAME_MAX_CHARS: usize = 64;

impl Metadata {
    /// Parses the body of a metadata message: `onMetaData`, alone or inside `@setDataFrame`. Other metadata
    /// gives `None`.
    pub fn parse(body: &[u8]) -> Result<Option<Self>, AmfError> {
        let values = decode_all(body)?;
        let mut rest = values.iter();
        let mut name = rest.next().and_then(Value::as_str);
        if name == Some("@setDataFrame") {
            name = rest.next().and_then(Value::as_str);
        }
        let (Some("onMetaData"), Some(properties)) = (name, rest.next()) else { return Ok(None) };

        let number = |name| properties.get(name).and_then(Value::as_number).filter(|number| *number > 0.0);
        let whole = |name| number(name).and_then(whole_u32);
        let encoder = properties.get("encoder").and_then(Value::as_str).map(|name| {
            name.chars().filter(|char| !char.is_control()).take(ENCODER_NAME_MAX_CHARS).collect()
        });
        let announces = |name: &str| properties.get(name).is_some();
        let says_codecs = announces("videocodecid") || announces("audiocodecid");
        Ok(Some(Self {
            encoder,
            width_px: whole("width"),
            height_px: whole("height"),
            frame_rate_hz: number("framerate").filter(|rate| *rate <= 1000.0),
            video_kbps: whole("videodatarate"),
            audio_kbps: whole("audiodatarate"),
            announces_video: says_codecs.then(|| announces("videocodecid")),
            announces_audio: says_codecs.then(|| announces("audiocodecid")),
        }))
    }
}

/// A positive number rounded to a whole one, if it is not absurd.
fn whole_u32(number: f64) -> Option<u32> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    (0.0..=1e9).contains(&number).then(|| number.round() as u32)
}

/// Bodies of AMF3 messages, as encoders send them, are AMF0 after a zero byte.
#[must_use]
pub fn strip_amf3_prefix(body: &Bytes) -> &[u8] {
    body.strip_prefix(&[0]).unwrap_or(body)
}

pub(crate) fn decode_all(body: &[u8]) -> Result<Vec<Value<'_>>, AmfError> {
    let mut decoder = Decoder::new(body);
    let mut values = Vec::new();
    while let Some(value) = decoder.read()? {
        values.push(value);
    }
    Ok(values)
}
