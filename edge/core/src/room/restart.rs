//! A room that was out of memory, made again from what was stored.

use std::collections::BTreeMap;

use bytes::Bytes;
use showfloor_domain::{MessageId, UtcMs};

use super::history::Said;
use super::record::{self, Stored};
use super::ring::Entry;
use super::state::Room;
use super::{Limits, Output};
use crate::overlay::RoomSeed;
use crate::protocol::{ChatMessage, Epoch, Offset, Quote, ServerMessage};

/// How a room came to be out of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Everything that was sent had been stored before (Durable Objects). The epoch goes on, and clients that come
    /// back miss nothing.
    Lossless,
    /// What was sent last may not have been stored (a crash). This new epoch makes sure that no offset means two
    /// things: clients that come back get a snapshot.
    NewEpoch(Epoch),
}

impl Room {
    /// Makes a room again from its stored records, in the order of their keys. Of `log/`, the last
    /// [`Limits::ring_count_max`] are enough. Records that cannot be read are passed over.
    ///
    /// Sockets that outlived the memory are brought as [`Input::Woken`](super::Input::Woken).
    #[must_use]
    pub fn restore(
        limits: Limits,
        seed: RoomSeed,
        now: UtcMs,
        restart: Restart,
        records: impl IntoIterator<Item = (String, Bytes)>,
    ) -> Self {
        let stored: Vec<Stored> =
            records.into_iter().filter_map(|(key, value)| record::read(&key, &value)).collect();
        let stored_epoch = stored.iter().find_map(|stored| match stored {
            Stored::Epoch(epoch) => Some(*epoch),
            _ => None,
        });
        let (epoch, last) = match (restart, stored_epoch) {
            (Restart::Lossless, Some(epoch)) => (epoch, 0),
            // Without a stored epoch nothing was told yet; the time is an epoch that was never there before.
            (Restart::Lossless, None) => (u64::try_from(now.get()).unwrap_or(1), 0),
            // Never an old one, whatever the host's clock says.
            (Restart::NewEpoch(epoch), stored) => (epoch.max(stored.map_or(0, |stored| stored + 1)), 0),
        };
        let mut room = Self::with_log_end(limits, seed, epoch, last);
        room.now = now;
        if stored_epoch != Some(epoch) {
            room.persist(record::put(record::EPOCH_KEY, &epoch));
        }
        room.replay(stored);
        // What was stored was told.
        room.told = room.ring.last();
        room.ring.trim(room.told);
        room.outputs.retain(|output| matches!(output, Output::Persist(_)));
        room
    }

    fn replay(&mut self, stored: Vec<Stored>) {
        let mut texts: BTreeMap<MessageId, ChatMessage> = BTreeMap::new();
        for stored in &stored {
            if let Stored::Log(logged) = stored
                && let ServerMessage::Chat { message, .. } = &logged.message
            {
                texts.insert(message.id, message.clone());
            }
        }
        for stored in stored {
            match stored {
                Stored::Epoch(_) => {}
                Stored::Slow(seconds) => self.slow_s = seconds,
                Stored::PinnedMessage(message) => self.pinned_message = Some(message),
                Stored::Ban(viewer, ban) => {
                    self.bans.insert(viewer, ban);
                }
                Stored::Mute(viewer, until) if until > self.now => {
                    let now = self.now;
                    self.people.entry(now, viewer).muted_until = Some(until);
                }
                Stored::Mute(..) => {}
                Stored::Log(logged) => {
                    let message = whole(logged.message, &texts);
                    if let ServerMessage::Chat { offset, message } = &message {
                        self.history.push(Said {
                            offset: *offset,
                            rank: logged.rank,
                            message: message.clone(),
                        });
                    }
                    if let Some(event) = &logged.event {
                        self.seen_before(event.clone());
                    }
                    if let Some(entry) = Entry::new(&message).filter(|entry| entry.offset > self.ring.last())
                    {
                        self.ring.push(Entry { event: logged.event, ..entry.with_rank(logged.rank) });
                    }
                }
            }
        }
    }
}

/// The message with the texts that are stored elsewhere put back; a text that is gone stays gone.
fn whole(message: ServerMessage, texts: &BTreeMap<MessageId, ChatMessage>) -> ServerMessage {
    let quoted = |quote: Option<Quote>| {
        quote.map(|quote| {
            let text = texts.get(&quote.id).map(|message| super::history::quoted(&message.text));
            Quote { text: text.unwrap_or_default(), ..quote }
        })
    };
    let again = |offset: Offset, message: ChatMessage| -> Result<ChatMessage, Offset> {
        let Some(original) = texts.get(&message.id) else { return Err(offset) };
        Ok(ChatMessage { reply_to: quoted(message.reply_to.clone()), ..original.clone() })
    };
    match message {
        ServerMessage::Chat { offset, message } => {
            let reply_to = quoted(message.reply_to.clone());
            ServerMessage::Chat { offset, message: ChatMessage { reply_to, ..message } }
        }
        ServerMessage::Restored { offset, message } => {
            let message_id = message.id;
            match again(offset, message) {
                Ok(message) => ServerMessage::Restored { offset, message },
                Err(offset) => ServerMessage::Removed { offset, message_id },
            }
        }
        ServerMessage::PinnedMessage { offset, message: Some(message) } => {
            ServerMessage::PinnedMessage { offset, message: again(offset, message).ok() }
        }
        other => other,
    }
}
