//! The newest sequenced messages, encoded, for those who come back.

use std::collections::VecDeque;

use bytes::Bytes;
use showfloor_domain::MessageId;

use crate::protocol::{Offset, Quote, ServerMessage, encode};

/// What pressure may take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Never.
    Control,
    /// From slow clients, who are told.
    Chat,
}

/// One sequenced message.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) offset: Offset,
    pub(super) class: Class,
    pub(super) encoded: Bytes,
    /// The message whose text is in it.
    pub(super) about: Option<MessageId>,
    /// The message that is quoted in it.
    pub(super) quotes: Option<MessageId>,
    /// The event it came from: source and id.
    pub(super) event: Option<(String, String)>,
    /// The rank of who said it.
    pub(super) rank: u8,
}

impl Entry {
    pub(super) fn new(message: &ServerMessage) -> Option<Self> {
        let (offset, class, about) = classify(message)?;
        let quotes = match message {
            ServerMessage::Chat { message, .. }
            | ServerMessage::Restored { message, .. }
            | ServerMessage::PinnedMessage { message: Some(message), .. } => {
                message.reply_to.as_ref().map(|quote| quote.id)
            }
            _ => None,
        };
        Some(Self { offset, class, encoded: encode(message), about, quotes, event: None, rank: 0 })
    }
}

impl Entry {
    pub(super) fn with_rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }
}

fn classify(message: &ServerMessage) -> Option<(Offset, Class, Option<MessageId>)> {
    Some(match message {
        ServerMessage::Chat { offset, message } => (*offset, Class::Chat, Some(message.id)),
        ServerMessage::Sold { offset, .. } => (*offset, Class::Chat, None),
        ServerMessage::Restored { offset, message } => (*offset, Class::Control, Some(message.id)),
        ServerMessage::PinnedMessage { offset, message } => {
            (*offset, Class::Control, message.as_ref().map(|message| message.id))
        }
        ServerMessage::Removed { offset, .. }
        | ServerMessage::Pin { offset, .. }
        | ServerMessage::Unpin { offset, .. }
        | ServerMessage::Banner { offset, .. }
        | ServerMessage::Flash { offset, .. }
        | ServerMessage::FlashEnd { offset, .. }
        | ServerMessage::Price { offset, .. }
        | ServerMessage::Stock { offset, .. }
        | ServerMessage::State { offset, .. }
        | ServerMessage::Slow { offset, .. } => (*offset, Class::Control, None),
        ServerMessage::Welcome { .. }
        | ServerMessage::Snapshot(_)
        | ServerMessage::Reactions { .. }
        | ServerMessage::Presence { .. }
        | ServerMessage::Sent { .. }
        | ServerMessage::Refused { .. }
        | ServerMessage::You { .. }
        | ServerMessage::Done { .. }
        | ServerMessage::Skipped { .. }
        | ServerMessage::Pong { .. }
        | ServerMessage::Bye { .. } => return None,
    })
}

/// Entries with offsets that follow each other without a hole.
#[derive(Debug)]
pub(super) struct Ring {
    entries: VecDeque<Entry>,
    /// The newest offset there was.
    last: Offset,
    size_bytes: usize,
    count_max: usize,
    bytes_max: usize,
}

impl Ring {
    pub(super) fn new(last: Offset, count_max: usize, bytes_max: usize) -> Self {
        Self { entries: VecDeque::new(), last, size_bytes: 0, count_max, bytes_max }
    }

    pub(super) const fn last(&self) -> Offset {
        self.last
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) const fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Appends the entry of the next offset. A hole before it makes everything older unreachable.
    pub(super) fn push(&mut self, entry: Entry) {
        if entry.offset != self.last + 1 {
            self.entries.clear();
            self.size_bytes = 0;
        }
        self.last = entry.offset;
        self.size_bytes += entry.encoded.len();
        self.entries.push_back(entry);
    }

    /// Forgets the oldest beyond the limits, but nothing after `kept`.
    pub(super) fn trim(&mut self, kept: Offset) {
        while self.entries.len() > self.count_max || self.size_bytes > self.bytes_max {
            match self.entries.front() {
                Some(front) if front.offset <= kept => self.size_bytes -= front.encoded.len(),
                Some(_) | None => return,
            }
            self.entries.pop_front();
        }
    }

    /// Everything after `offset`; none if some of it is not here any more, or never was.
    pub(super) fn since(&self, offset: Offset) -> Option<impl Iterator<Item = &Entry> + Clone> {
        let missed = usize::try_from(self.last.checked_sub(offset)?).ok()?;
        let skip = self.entries.len().checked_sub(missed)?;
        Some(self.entries.range(skip..))
    }

    /// The rank of who said a message.
    pub(super) fn rank_of(&self, id: MessageId) -> Option<u8> {
        self.entries.iter().find(|entry| entry.about == Some(id)).map(|entry| entry.rank)
    }

    /// Replaces the message at an offset, which keeps its place.
    pub(super) fn replace(&mut self, offset: Offset, message: &ServerMessage) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.offset == offset) else { return };
        let Some(new) = Entry::new(message) else { return };
        self.size_bytes = self.size_bytes + new.encoded.len() - entry.encoded.len();
        *entry = Entry { event: entry.event.take(), rank: entry.rank, ..new };
    }

    /// Takes every trace of a message's text away, and says what was rewritten.
    pub(super) fn erase(&mut self, id: MessageId) -> Vec<Entry> {
        let mut rewritten = vec![];
        let traces = self.entries.iter().filter(|entry| entry.about == Some(id) || entry.quotes == Some(id));
        for offset in traces.map(|entry| entry.offset).collect::<Vec<_>>() {
            let Some(entry) = self.entries.iter().find(|entry| entry.offset == offset) else { continue };
            let message = serde_json::from_slice(&entry.encoded).ok();
            let without = match message {
                Some(ServerMessage::PinnedMessage { message: Some(message), .. }) if message.id == id => {
                    ServerMessage::PinnedMessage { offset, message: None }
                }
                Some(ServerMessage::Chat { mut message, .. }) if message.id != id => {
                    empty_quote(&mut message.reply_to, id);
                    ServerMessage::Chat { offset, message }
                }
                Some(ServerMessage::Restored { mut message, .. }) if message.id != id => {
                    empty_quote(&mut message.reply_to, id);
                    ServerMessage::Restored { offset, message }
                }
                Some(ServerMessage::PinnedMessage { message: Some(mut message), .. }) => {
                    empty_quote(&mut message.reply_to, id);
                    ServerMessage::PinnedMessage { offset, message: Some(message) }
                }
                // The message itself; or something unreadable, of which nothing is kept either.
                _ => ServerMessage::Removed { offset, message_id: id },
            };
            self.replace(offset, &without);
            rewritten.extend(self.entries.iter().find(|entry| entry.offset == offset).cloned());
        }
        rewritten
    }
}

/// Empties the quote of a message that is gone.
pub(super) fn empty_quote(quote: &mut Option<Quote>, id: MessageId) {
    if let Some(quote) = quote.as_mut().filter(|quote| quote.id == id) {
        quote.text.clear();
    }
}
