//! Viewers, over all of their sockets.

use std::collections::BTreeMap;

use showfloor_domain::{MessageId, UtcMs, ViewerId};

use super::ConnId;
use super::rate::Cell;
use crate::protocol::Offset;

/// How long the same text from the same viewer counts as said already.
const REPEAT_MS: i64 = 30_000;

/// The time in which refusals are counted.
const STRIKES_MS: i64 = 30_000;

/// Something that was said a moment ago.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spoken {
    /// What it was called by who said it, hashed.
    pub(super) named: u64,
    /// What it said, hashed.
    pub(super) text: u64,
    pub(super) at: UtcMs,
    pub(super) id: MessageId,
    pub(super) offset: Offset,
}

/// One viewer. Limits are per viewer: more sockets are no more voice.
#[derive(Debug, Default)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) device: Option<String>,
    pub(super) conns: Vec<ConnId>,
    /// How many of the sockets have said `hello`.
    pub(super) greeted: u32,
    pub(super) chat: Cell,
    pub(super) reactions: Cell,
    pub(super) said_at: Option<UtcMs>,
    pub(super) muted_until: Option<UtcMs>,
    said: [Option<Spoken>; 2],
    strikes: (u8, UtcMs),
    seen_at: UtcMs,
}

impl Person {
    /// Whether this was said a moment ago.
    pub(super) fn repeats(&self, now: UtcMs, text: u64) -> bool {
        self.spoken(now).any(|spoken| spoken.text == text)
    }

    /// What was said under this name, if it is sent again: its confirmation was lost.
    pub(super) fn sent_again(&self, now: UtcMs, named: u64) -> Option<Spoken> {
        self.spoken(now).find(|spoken| spoken.named == named)
    }

    pub(super) fn remember(&mut self, spoken: Spoken) {
        self.said = [Some(spoken), self.said[0]];
        self.said_at = Some(spoken.at);
    }

    fn spoken(&self, now: UtcMs) -> impl Iterator<Item = Spoken> {
        self.said.iter().flatten().copied().filter(move |spoken| now.since(spoken.at) < REPEAT_MS)
    }

    /// Counts a refusal; whether that was one too many.
    pub(super) fn strike(&mut self, now: UtcMs, strikes_max: u8) -> bool {
        let (count, since) = self.strikes;
        self.strikes =
            if now.since(since) > STRIKES_MS { (1, now) } else { (count.saturating_add(1), since) };
        let flooded = self.strikes.0 >= strikes_max;
        if flooded {
            self.strikes = (0, now);
        }
        flooded
    }

    pub(super) fn is_muted(&self, now: UtcMs) -> Option<i64> {
        self.muted_until.map(|until| until.since(now)).filter(|left_ms| *left_ms > 0)
    }
}

/// Everybody who is here, and some who were.
#[derive(Debug)]
pub(super) struct People {
    people: BTreeMap<ViewerId, Person>,
    most: usize,
    /// Viewers with a socket that has said `hello`.
    present: u32,
}

impl People {
    pub(super) const fn new(most: usize) -> Self {
        Self { people: BTreeMap::new(), most, present: 0 }
    }

    pub(super) const fn present(&self) -> u32 {
        self.present
    }

    pub(super) fn len(&self) -> usize {
        self.people.len()
    }

    pub(super) fn get(&self, viewer: ViewerId) -> Option<&Person> {
        self.people.get(&viewer)
    }

    pub(super) fn get_mut(&mut self, viewer: ViewerId) -> Option<&mut Person> {
        self.people.get_mut(&viewer)
    }

    /// The viewer's entry, made if there is none.
    pub(super) fn entry(&mut self, now: UtcMs, viewer: ViewerId) -> &mut Person {
        if !self.people.contains_key(&viewer) && self.people.len() >= self.most {
            self.forget_some(now);
        }
        let person = self.people.entry(viewer).or_default();
        person.seen_at = now;
        person
    }

    pub(super) fn greeted(&mut self, viewer: ViewerId) {
        if let Some(person) = self.people.get_mut(&viewer) {
            person.greeted += 1;
            self.present += u32::from(person.greeted == 1);
        }
    }

    pub(super) fn left(&mut self, now: UtcMs, viewer: ViewerId, conn: ConnId, greeted: bool) {
        let Some(person) = self.people.get_mut(&viewer) else { return };
        person.conns.retain(|id| *id != conn);
        person.seen_at = now;
        if greeted {
            person.greeted -= 1;
            self.present -= u32::from(person.greeted == 0);
        }
    }

    /// Forgets a tenth of those who left and are not muted, the longest gone first: a scan now and then, not
    /// with every stranger.
    fn forget_some(&mut self, now: UtcMs) {
        let forgettable = self.people.iter().filter(|(_, p)| p.conns.is_empty() && p.is_muted(now).is_none());
        let mut gone: Vec<(UtcMs, ViewerId)> = forgettable.map(|(id, p)| (p.seen_at, *id)).collect();
        gone.sort_unstable();
        for (_, viewer) in gone.into_iter().take(self.most / 10 + 1) {
            self.people.remove(&viewer);
        }
    }
}
