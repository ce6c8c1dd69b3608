//! What outlives a room's memory.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use showfloor_domain::{MessageId, UtcMs, ViewerId};

use super::Record;
use super::ring::Entry;
use crate::protocol::{ChatMessage, Epoch, Offset, ServerMessage};

pub(super) const EPOCH_KEY: &str = "meta/epoch";
pub(super) const SLOW_KEY: &str = "meta/slow";
pub(super) const PINNED_MESSAGE_KEY: &str = "meta/pinned_message";
const BAN_PREFIX: &str = "ban/";
const MUTE_PREFIX: &str = "mute/";
const LOG_PREFIX: &str = "log/";

/// A sequenced message, and the event it came from.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Logged {
    #[serde(rename = "m")]
    pub(super) message: ServerMessage,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<(String, String)>,
    /// The rank of who said it.
    #[serde(rename = "r", default)]
    pub(super) rank: u8,
}

/// Who is shut out, by viewer and by device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ban {
    pub(super) device: Option<String>,
}

/// A record, read.
#[derive(Debug)]
pub(super) enum Stored {
    Epoch(Epoch),
    Slow(u16),
    PinnedMessage(ChatMessage),
    Ban(ViewerId, Ban),
    Mute(ViewerId, UtcMs),
    Log(Box<Logged>),
}

/// What a record says; none if it is not one of ours.
pub(super) fn read(key: &str, value: &[u8]) -> Option<Stored> {
    let json = value;
    Some(match key {
        EPOCH_KEY => Stored::Epoch(serde_json::from_slice(json).ok()?),
        SLOW_KEY => Stored::Slow(serde_json::from_slice(json).ok()?),
        PINNED_MESSAGE_KEY => Stored::PinnedMessage(serde_json::from_slice(json).ok()?),
        _ => {
            if let Some(viewer) = key.strip_prefix(BAN_PREFIX) {
                Stored::Ban(viewer.parse().ok()?, serde_json::from_slice(json).ok()?)
            } else if let Some(viewer) = key.strip_prefix(MUTE_PREFIX) {
                Stored::Mute(viewer.parse().ok()?, serde_json::from_slice(json).ok()?)
            } else if key.starts_with(LOG_PREFIX) {
                Stored::Log(serde_json::from_slice(json).ok()?)
            } else {
                return None;
            }
        }
    })
}

pub(super) fn put<T: Serialize>(key: impl Into<String>, value: &T) -> Record {
    let value = serde_json::to_vec(value).expect("records are plain structs with string keys");
    Record { key: key.into(), value: Some(Bytes::from(value)) }
}

pub(super) fn delete(key: impl Into<String>) -> Record {
    Record { key: key.into(), value: None }
}

pub(super) fn ban_key(viewer: ViewerId) -> String {
    format!("{BAN_PREFIX}{viewer}")
}

pub(super) fn mute_key(viewer: ViewerId) -> String {
    format!("{MUTE_PREFIX}{viewer}")
}

/// Keys of the log sort by offset. A key with a message's text names the message, so that deleting the text needs
/// nothing but its id, and can hit nothing else.
pub(super) fn log_key(offset: Offset, about: Option<MessageId>) -> String {
    match about {
        Some(id) => format!("{LOG_PREFIX}{offset:020}/{id}"),
        None => format!("{LOG_PREFIX}{offset:020}"),
    }
}

/// The record of an entry. The text of a message is stored in one place only, where it was said: quotes, and
/// messages that are told again, are stored empty.
pub(super) fn logged(entry: &Entry) -> Option<Record> {
    let mut message: ServerMessage = serde_json::from_slice(&entry.encoded).ok()?;
    let mut about = None;
    match &mut message {
        ServerMessage::Chat { message, .. } => {
            about = Some(message.id);
            empty(message.reply_to.as_mut().map(|quote| &mut quote.text));
        }
        ServerMessage::Restored { message, .. }
        | ServerMessage::PinnedMessage { message: Some(message), .. } => {
            message.text.clear();
            empty(message.reply_to.as_mut().map(|quote| &mut quote.text));
        }
        _ => {}
    }
    let logged = Logged { message, event: entry.event.clone(), rank: entry.rank };
    Some(put(log_key(entry.offset, about), &logged))
}

fn empty(text: Option<&mut String>) {
    if let Some(text) = text {
        text.clear();
    }
}
