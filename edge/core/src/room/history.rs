//! Chat that can be replied to, pinned, removed and restored.

use std::collections::VecDeque;

use showfloor_domain::{MessageId, UtcMs, ViewerId};

use super::ring::empty_quote;
use crate::protocol::{ChatMessage, Offset, Quote};

/// How much of a message is quoted in a reply, in characters.
const QUOTE_CHARS_MAX: usize = 80;

/// A message with where it stands, and the rank of who said it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) offset: Offset,
    pub(super) rank: u8,
    pub(super) message: ChatMessage,
}

#[derive(Debug)]
struct Removed {
    said: Said,
    until: UtcMs,
}

/// The newest messages, and those that were removed a moment ago.
#[derive(Debug)]
pub(super) struct History {
    said: VecDeque<Said>,
    /// Held for restoring; nothing of it is sent or stored.
    removed: VecDeque<Removed>,
    most: usize,
    removed_most: usize,
}

impl History {
    pub(super) const fn new(most: usize, removed_most: usize) -> Self {
        Self { said: VecDeque::new(), removed: VecDeque::new(), most, removed_most }
    }

    pub(super) fn push(&mut self, said: Said) {
        self.said.push_back(said);
        if self.said.len() > self.most {
            self.said.pop_front();
        }
    }

    pub(super) fn len(&self) -> usize {
        self.said.len() + self.removed.len()
    }

    pub(super) fn find(&self, id: MessageId) -> Option<&Said> {
        self.said.iter().rev().find(|said| said.message.id == id)
    }

    /// The newest `count`, oldest first.
    pub(super) fn newest(&self, count: usize) -> impl Iterator<Item = &ChatMessage> {
        self.said.range(self.said.len().saturating_sub(count)..).map(|said| &said.message)
    }

    /// How the message began, for a reply.
    pub(super) fn quote(&self, id: MessageId) -> Option<Quote> {
        let message = &self.find(id)?.message;
        Some(Quote { id, name: message.from.name.clone(), text: quoted(&message.text) })
    }

    /// Takes a message and all quotes of it away; it can be restored until then.
    pub(super) fn remove(&mut self, id: MessageId, until: UtcMs) -> Option<Said> {
        for said in self.said.iter_mut().chain(self.removed.iter_mut().map(|removed| &mut removed.said)) {
            empty_quote(&mut said.message.reply_to, id);
        }
        let at = self.said.iter().position(|said| said.message.id == id)?;
        let said = self.said.remove(at)?;
        self.removed.push_back(Removed { said: said.clone(), until });
        if self.removed.len() > self.removed_most {
            self.removed.pop_front();
        }
        Some(said)
    }

    /// Brings a removed message back to its place.
    pub(super) fn restore(&mut self, now: UtcMs, id: MessageId) -> Option<Said> {
        self.forget(now);
        let at = self.removed.iter().position(|removed| removed.said.message.id == id)?;
        let said = self.removed.remove(at)?.said;
        let place = self.said.partition_point(|other| other.offset < said.offset);
        self.said.insert(place, said.clone());
        if self.said.len() > self.most {
            self.said.pop_front();
        }
        Some(said)
    }

    /// Who said a removed message, so that only those who may can bring it back.
    pub(super) fn removed_rank(&self, id: MessageId) -> Option<(ViewerId, u8)> {
        let removed = self.removed.iter().find(|removed| removed.said.message.id == id)?;
        Some((removed.said.message.from.id, removed.said.rank))
    }

    /// The rank of a viewer, by what they said.
    pub(super) fn rank_of(&self, viewer: ViewerId) -> Option<u8> {
        self.said.iter().filter(|said| said.message.from.id == viewer).map(|said| said.rank).max()
    }

    /// Forgets removed messages whose time is over.
    pub(super) fn forget(&mut self, now: UtcMs) {
        self.removed.retain(|removed| now < removed.until);
    }

    /// When the next removed message is forgotten.
    pub(super) fn next_moment(&self) -> Option<UtcMs> {
        self.removed.iter().map(|removed| removed.until).min()
    }
}

/// How a text begins, for a reply.
pub(super) fn quoted(text: &str) -> String {
    text.chars().take(QUOTE_CHARS_MAX).collect()
}
