//! Sockets.

use showfloor_domain::{UserId, UtcMs, ViewerId};

use super::rate::Cell;
use super::{Limits, Pressure};
use crate::protocol::{Offset, Resume};
use crate::token::{Participant, Role};

/// Where a socket is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing was said yet.
    Silent,
    /// `hello` was said; `welcome` goes out with the next broadcast.
    Greeting(Option<Resume>),
    /// It gets broadcasts.
    Welcomed,
}

/// What a socket still gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Everything,
    WithoutReactions,
    WithoutChat,
}

/// One socket: some two hundred bytes, whatever it does.
#[derive(Debug)]
pub(super) struct Conn {
    pub(super) viewer: ViewerId,
    pub(super) user: Option<UserId>,
    pub(super) role: Role,
    pub(super) expires_at: UtcMs,
    /// When it must have said `hello`, or its token is over.
    pub(super) deadline: UtcMs,
    pub(super) stage: Stage,
    pub(super) frames: Cell,
    pub(super) not_understood: u8,
    /// What was sent and has not reached the client.
    queued_bytes: usize,
    /// Since when it has not kept up with chat.
    stalled_since: Option<UtcMs>,
    /// An offset, and what had been sent after it, when it was sent: its acknowledgement frees what was before.
    marked: Option<(Offset, usize)>,
}

impl Conn {
    pub(super) fn new(now: UtcMs, who: &Participant, limits: &Limits) -> Self {
        Self {
            viewer: who.viewer,
            user: who.user,
            role: who.role,
            expires_at: who.expires_at,
            deadline: who.expires_at.min(now.plus_ms(limits.hello_ms)),
            stage: Stage::Silent,
            frames: Cell::default(),
            not_understood: 0,
            queued_bytes: 0,
            stalled_since: None,
            marked: None,
        }
    }

    pub(super) fn is_welcomed(&self) -> bool {
        self.stage == Stage::Welcomed
    }

    pub(super) fn has_greeted(&self) -> bool {
        self.stage != Stage::Silent
    }

    /// Counts a frame; whether it fits. `bye` has a place of its own.
    pub(super) fn queue(&mut self, size_bytes: usize, limits: &Limits) -> bool {
        self.queued_bytes += size_bytes;
        if let Some((_, after)) = &mut self.marked {
            *after += size_bytes;
        }
        self.queued_bytes + BYE_BYTES_MAX <= limits.queue_bytes_max
    }

    /// Remembers what is on its way when this offset goes out.
    pub(super) fn mark(&mut self, offset: Offset, limits: &Limits) {
        if limits.pressure != Pressure::Drained && self.marked.is_none() {
            self.marked = Some((offset, 0));
        }
    }

    pub(super) fn drained(&mut self, size_bytes: usize, limits: &Limits) {
        self.queued_bytes = self.queued_bytes.saturating_sub(size_bytes);
        self.recover(limits);
    }

    pub(super) fn acknowledged(&mut self, offset: Offset, limits: &Limits) {
        if let Some((marked, after)) = self.marked
            && offset >= marked
        {
            self.queued_bytes = after;
            self.marked = None;
            self.recover(limits);
        }
    }

    fn recover(&mut self, limits: &Limits) {
        if self.queued_bytes < limits.queue_bytes_without_chat {
            self.stalled_since = None;
        }
    }

    pub(super) fn level(&mut self, now: UtcMs, limits: &Limits) -> Level {
        if self.queued_bytes >= limits.queue_bytes_without_chat {
            self.stalled_since.get_or_insert(now);
            Level::WithoutChat
        } else if self.queued_bytes >= limits.queue_bytes_without_reactions {
            Level::WithoutReactions
        } else {
            Level::Everything
        }
    }

    pub(super) fn is_stalled(&self, now: UtcMs, limits: &Limits) -> bool {
        self.stalled_since.is_some_and(|since| now.since(since) >= limits.stalled_ms_max)
    }
}

/// What is kept free in a queue for `bye`.
pub(super) const BYE_BYTES_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_costs_the_room_two_hundred_bytes_at_most() {
        assert!(size_of::<Conn>() <= 200, "{}", size_of::<Conn>());
    }
}
