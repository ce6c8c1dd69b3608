//! Speaking: what is said, what is refused, and who is muted.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use showfloor_domain::event::ShowState;
use showfloor_domain::{MessageId, UtcMs, ViewerId};

use super::commands::No;
use super::history::Said;
use super::people::Spoken;
use super::permission::rank;
use super::state::{Room, message_id};
use super::{Moderation, ModerationAction, Output, record};
use crate::overlay::LinkPolicy;
use crate::protocol::{Badge, ChatMessage, Offset, Ref, Refusal, Sender, ServerMessage, TEXT_CHARS_MAX};
use crate::text::{clean, fold, has_link};
use crate::token::Role;

/// How long a viewer who floods is muted.
const FLOOD_MUTE_S: u32 = 60;

/// How many may say the same thing within [`RAID_MS`] before it counts as a raid.
const RAID_MAX: u32 = 4;

/// The time in which the same thing from many is counted.
const RAID_MS: i64 = 10_000;

/// What people say alike by themselves is shorter, folded.
const RAID_CHARS_MIN: usize = 16;

/// How many texts are watched for raids.
const RAIDS_MAX: usize = 64;

impl Room {
    pub(super) fn say(
        &mut self,
        viewer: ViewerId,
        role: Role,
        (named, text): (&Ref, &str),
        reply_to: Option<MessageId>,
    ) -> Result<(MessageId, Offset), No> {
        if self.overlays.on_air().state() == ShowState::Ended {
            return Err(No(Refusal::Closed, None));
        }
        let now = self.now;
        let Some(person) = self.people.get_mut(viewer) else { return Err(No(Refusal::NotAllowed, None)) };
        // Sent again because the confirmation was lost with a connection: it is said once.
        let named = fingerprint((named.as_str(), text));
        if let Some(spoken) = person.sent_again(now, named) {
            return Ok((spoken.id, spoken.offset));
        }
        if let Some(left_ms) = person.is_muted(now) {
            return Err(No(Refusal::Muted, Some(left_ms)));
        }
        let wait = |wait_ms| No(Refusal::RateLimited, Some(wait_ms));
        person.chat.take(now, self.limits.chat, 1).map_err(wait)?;
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(No(Refusal::TooLong, None));
        }
        let text = clean(text);
        if text.is_empty() {
            return Err(No(Refusal::Empty, None));
        }
        let folded = fold(&text);
        // What folds to nothing, like a row of hearts, is compared as it is.
        let likeness = fingerprint(if folded.is_empty() { &text } else { &folded });
        if role == Role::Viewer {
            self.check_viewer(viewer, &text, &folded, likeness)?;
        }
        self.room_chat.take(now, self.limits.room_chat, 1).map_err(wait)?;
        let Some(person) = self.people.get_mut(viewer) else { return Err(No(Refusal::NotAllowed, None)) };
        let name = person.name.clone();
        let offset = self.ring.last() + 1;
        let id = message_id(now, self.epoch, offset);
        person.remember(Spoken { named, text: likeness, at: now, id, offset });
        let reply_to = reply_to.and_then(|id| self.history.quote(id));
        let from = Sender { id: viewer, name, role: Badge::from(role) };
        let message = ChatMessage { id, at: now, from, text, reply_to };
        let told = message.clone();
        self.tell(None, rank(role), |offset| ServerMessage::Chat { offset, message: told });
        self.history.push(Said { offset, rank: rank(role), message });
        Ok((id, offset))
    }

    /// What staff need not heed.
    pub(super) fn check_viewer(
        &mut self,
        viewer: ViewerId,
        text: &str,
        folded: &str,
        fingerprint: u64,
    ) -> Result<(), No> {
        let now = self.now;
        let Some(person) = self.people.get(viewer) else { return Err(No(Refusal::NotAllowed, None)) };
        if let Some(said_at) = person.said_at {
            let left_ms = i64::from(self.slow_s) * 1_000 - now.since(said_at);
            if left_ms > 0 {
                return Err(No(Refusal::SlowMode, Some(left_ms)));
            }
        }
        if self.blocklist.finds_in_folded(folded) {
            return Err(No(Refusal::Blocked, None));
        }
        if self.overlays.seed().links == LinkPolicy::Block && has_link(text) {
            return Err(No(Refusal::Link, None));
        }
        if person.repeats(now, fingerprint) {
            return Err(No(Refusal::Duplicate, None));
        }
        let is_new = person.said_at.is_none();
        if folded.chars().count() >= RAID_CHARS_MIN && self.is_raid(fingerprint) {
            return Err(No(Refusal::Duplicate, None));
        }
        if is_new {
            let wait = |wait_ms| No(Refusal::RateLimited, Some(wait_ms));
            self.newcomers.take(now, self.limits.newcomers, 1).map_err(wait)?;
        }
        Ok(())
    }

    /// Counts a text; whether too many say it.
    pub(super) fn is_raid(&mut self, fingerprint: u64) -> bool {
        let now = self.now;
        self.raids.retain(|(_, since, _)| now.since(*since) < RAID_MS);
        if let Some((_, _, count)) = self.raids.iter_mut().find(|(text, _, _)| *text == fingerprint) {
            *count = count.saturating_add(1);
            return *count > RAID_MAX;
        }
        self.raids.push_back((fingerprint, now, 1));
        if self.raids.len() > RAIDS_MAX {
            self.raids.pop_front();
        }
        false
    }

    /// Counts a refusal of a viewer; one too many mutes them for a minute.
    pub(super) fn strike(&mut self, viewer: ViewerId, role: Role, no: &No) {
        let flooding = matches!(
            no.0,
            Refusal::RateLimited | Refusal::Blocked | Refusal::Link | Refusal::Duplicate | Refusal::TooLong
        );
        let (now, most) = (self.now, self.limits.strikes_max);
        let person = self.people.get_mut(viewer).filter(|_| flooding && role == Role::Viewer);
        if person.is_some_and(|person| person.strike(now, most)) {
            self.mute(viewer, FLOOD_MUTE_S);
            self.outputs.push_back(Output::Moderated(Moderation {
                at: now,
                action: ModerationAction::AutoMute,
                by: None,
                role: None,
                viewer_id: Some(viewer),
                message_id: None,
                seconds: Some(FLOOD_MUTE_S),
                reason: Some("flood".into()),
            }));
        }
    }

    pub(super) fn mute(&mut self, viewer: ViewerId, seconds: u32) {
        let until = self.now.plus_ms(i64::from(seconds) * 1_000);
        self.put_mute(viewer, until);
        self.persist(record::put(record::mute_key(viewer), &until));
    }

    pub(super) fn unmute(&mut self, viewer: ViewerId) {
        self.put_mute(viewer, self.now);
        self.persist(record::delete(record::mute_key(viewer)));
    }

    pub(super) fn put_mute(&mut self, viewer: ViewerId, until: UtcMs) {
        let now = self.now;
        let person = self.people.entry(now, viewer);
        person.muted_until = Some(until);
        for conn in person.conns.clone() {
            self.send(conn, &[ServerMessage::You { muted_until: Some(until), name: None }]);
        }
    }
}

fn fingerprint<T: Hash>(said: T) -> u64 {
    let mut hasher = DefaultHasher::new();
    said.hash(&mut hasher);
    hasher.finish()
}
