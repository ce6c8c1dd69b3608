//! What staff do to keep the chat. Each command is checked against the role that the sender has now, and logged.

use showfloor_domain::{MessageId, UserId, ViewerId};

use super::commands::No;
use super::permission::{outranks, rank};
use super::record::{self, Ban};
use super::state::{Room, offset_of};
use super::{Moderation, ModerationAction, Output};
use crate::protocol::{ClientMessage, CloseCode, Refusal, ServerMessage};
use crate::text::clean;
use crate::token::Role;

/// The longest mute, in seconds.
const MUTE_S_MAX: u32 = 86_400;
/// The slowest slow mode, in seconds.
const SLOW_S_MAX: u16 = 300;
/// The longest reason that is logged, in characters.
const REASON_CHARS_MAX: usize = 200;

struct Action {
    action: ModerationAction,
    viewer_id: Option<ViewerId>,
    message_id: Option<MessageId>,
    seconds: Option<u32>,
    reason: Option<String>,
}

impl Action {
    fn on_message(action: ModerationAction, message_id: Option<MessageId>) -> Self {
        Self { action, viewer_id: None, message_id, seconds: None, reason: None }
    }

    fn on_viewer(action: ModerationAction, viewer: ViewerId) -> Self {
        Self { action, viewer_id: Some(viewer), message_id: None, seconds: None, reason: None }
    }
}

impl Room {
    pub(super) fn moderate(
        &mut self,
        actor: ViewerId,
        role: Role,
        user: Option<UserId>,
        message: ClientMessage,
    ) -> Result<(), No> {
        let done = match message {
            ClientMessage::Remove { message_id, reason, .. } => {
                let viewer = self.remove(actor, role, message_id)?;
                let action = Action::on_message(ModerationAction::Remove, Some(message_id));
                Action { viewer_id: viewer, reason: reason.as_deref().map(reason_for_log), ..action }
            }
            ClientMessage::Restore { message_id, .. } => {
                self.bring_back(actor, role, message_id)?;
                Action::on_message(ModerationAction::Restore, Some(message_id))
            }
            ClientMessage::Mute { viewer_id, seconds, .. } => {
                if !(1..=MUTE_S_MAX).contains(&seconds) {
                    return Err(No(Refusal::NotUnderstood, None));
                }
                self.check_rank(role, viewer_id)?;
                self.mute(viewer_id, seconds);
                Action { seconds: Some(seconds), ..Action::on_viewer(ModerationAction::Mute, viewer_id) }
            }
            ClientMessage::Unmute { viewer_id, .. } => {
                self.check_rank(role, viewer_id)?;
                self.unmute(viewer_id);
                Action::on_viewer(ModerationAction::Unmute, viewer_id)
            }
            ClientMessage::Ban { viewer_id, reason, .. } => {
                self.check_rank(role, viewer_id)?;
                self.ban(viewer_id)?;
                let action = Action::on_viewer(ModerationAction::Ban, viewer_id);
                Action { reason: reason.as_deref().map(reason_for_log), ..action }
            }
            ClientMessage::Unban { viewer_id, .. } => {
                if self.bans.remove(&viewer_id).is_none() {
                    return Err(No(Refusal::NotFound, None));
                }
                self.persist(record::delete(record::ban_key(viewer_id)));
                Action::on_viewer(ModerationAction::Unban, viewer_id)
            }
            ClientMessage::Slow { seconds, .. } => {
                if seconds > SLOW_S_MAX {
                    return Err(No(Refusal::NotUnderstood, None));
                }
                self.set_slow(seconds);
                let action = Action::on_message(ModerationAction::Slow, None);
                Action { seconds: Some(u32::from(seconds)), ..action }
            }
            ClientMessage::PinMessage { message_id, .. } => {
                self.pin_message(message_id)?;
                Action::on_message(ModerationAction::PinMessage, message_id)
            }
            ClientMessage::Hello { .. }
            | ClientMessage::Say { .. }
            | ClientMessage::React { .. }
            | ClientMessage::Name { .. }
            | ClientMessage::Ping {}
            | ClientMessage::Ack { .. } => return Err(No(Refusal::NotUnderstood, None)),
        };
        self.outputs.push_back(Output::Moderated(Moderation {
            at: self.now,
            action: done.action,
            by: user,
            role: Some(role),
            viewer_id: done.viewer_id,
            message_id: done.message_id,
            seconds: done.seconds,
            reason: done.reason,
        }));
        Ok(())
    }

    /// Takes a message and every trace of its text away: from the ring, from history, from quotes, from what is
    /// stored, and from every screen.
    fn remove(&mut self, actor: ViewerId, role: Role, id: MessageId) -> Result<Option<ViewerId>, No> {
        let known = self.history.find(id).map(|said| (said.message.from.id, said.rank));
        let author = known.map(|(author, _)| author);
        let target_rank = known.map(|(_, rank)| rank).or_else(|| self.ring.rank_of(id));
        if author != Some(actor) && target_rank.is_some_and(|rank| !outranks(role, rank)) {
            return Err(No(Refusal::NotAllowed, None));
        }
        // A message that is older than history is known by its id alone.
        if known.is_none() && (self.history.removed_rank(id).is_some() || offset_of(id) > self.ring.last()) {
            return Err(No(Refusal::NotFound, None));
        }
        self.delete_stored(id);
        self.history.remove(id, self.now.plus_ms(self.limits.removed_ms));
        for entry in self.ring.erase(id) {
            // What was stored already is stored again as it is now.
            if entry.offset <= self.told
                && let Some(record) = record::logged(&entry)
            {
                self.persist(record);
            }
        }
        if let Some(pinned) = &mut self.pinned_message {
            super::ring::empty_quote(&mut pinned.reply_to, id);
        }
        self.tell(None, 0, |offset| ServerMessage::Removed { offset, message_id: id });
        if self.pinned_message.as_ref().is_some_and(|pinned| pinned.id == id) {
            self.pinned_message = None;
            self.tell(None, 0, |offset| ServerMessage::PinnedMessage { offset, message: None });
        }
        Ok(author)
    }

    fn bring_back(&mut self, actor: ViewerId, role: Role, id: MessageId) -> Result<(), No> {
        let Some((author, rank)) = self.history.removed_rank(id) else {
            return Err(No(Refusal::NotFound, None));
        };
        if author != actor && !outranks(role, rank) {
            return Err(No(Refusal::NotAllowed, None));
        }
        let Some(said) = self.history.restore(self.now, id) else { return Err(No(Refusal::NotFound, None)) };
        // Its text is stored again where it was said.
        let original = ServerMessage::Chat { offset: said.offset, message: said.message.clone() };
        if let Some(record) =
            super::ring::Entry::new(&original).and_then(|entry| record::logged(&entry.with_rank(said.rank)))
        {
            self.persist(record);
        }
        let message = said.message;
        self.tell(None, said.rank, |offset| ServerMessage::Restored { offset, message });
        Ok(())
    }

    fn ban(&mut self, viewer: ViewerId) -> Result<(), No> {
        if self.bans.len() >= self.limits.bans_max {
            return Err(No(Refusal::RateLimited, None));
        }
        let device = self.people.get(viewer).and_then(|person| person.device.clone());
        let ban = Ban { device: device.clone() };
        self.persist(record::put(record::ban_key(viewer), &ban));
        self.bans.insert(viewer, ban);
        let same_device = |other: ViewerId| {
            device.is_some() && self.people.get(other).is_some_and(|person| person.device == device)
        };
        let shut_out: Vec<ViewerId> = self
            .conns
            .values()
            .filter(|conn| !conn.role.is_staff())
            .map(|conn| conn.viewer)
            .filter(|other| *other == viewer || same_device(*other))
            .collect();
        self.close_where(CloseCode::Banned, |conn| !conn.role.is_staff() && shut_out.contains(&conn.viewer));
        Ok(())
    }

    fn pin_message(&mut self, id: Option<MessageId>) -> Result<(), No> {
        let message = match id {
            Some(id) => match self.history.find(id) {
                Some(said) => Some(said.message.clone()),
                None => return Err(No(Refusal::NotFound, None)),
            },
            None => None,
        };
        self.persist(match &message {
            Some(message) => {
                let mut stored = message.clone();
                // A quote is another message's text, which has its own place.
                stored.reply_to = None;
                record::put(record::PINNED_MESSAGE_KEY, &stored)
            }
            None => record::delete(record::PINNED_MESSAGE_KEY),
        });
        self.pinned_message.clone_from(&message);
        self.tell(None, 0, |offset| ServerMessage::PinnedMessage { offset, message });
        Ok(())
    }

    /// Whether somebody with this role may moderate that viewer.
    fn check_rank(&self, role: Role, viewer: ViewerId) -> Result<(), No> {
        let ranks = self.conns.values().filter(|conn| conn.viewer == viewer).map(|conn| rank(conn.role));
        let said = self.history.rank_of(viewer);
        match ranks.chain(said).max() {
            Some(rank) if !outranks(role, rank) => Err(No(Refusal::NotAllowed, None)),
            Some(_) | None => Ok(()),
        }
    }
}

fn reason_for_log(reason: &str) -> String {
    clean(reason).chars().take(REASON_CHARS_MAX).collect()
}
