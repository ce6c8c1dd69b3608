//! Who may say what.

use crate::protocol::ClientMessage;
use crate::token::Role;

/// Whether a role may say this kind of message at all.
pub(super) const fn may(role: Role, message: &ClientMessage) -> bool {
    match message {
        ClientMessage::Hello { .. } | ClientMessage::Ping {} | ClientMessage::Ack { .. } => true,
        ClientMessage::Say { .. } | ClientMessage::React { .. } => !matches!(role, Role::Analyst),
        // Staff speak under the name of their account.
        ClientMessage::Name { .. } => matches!(role, Role::Viewer),
        ClientMessage::Remove { .. }
        | ClientMessage::Restore { .. }
        | ClientMessage::Mute { .. }
        | ClientMessage::Unmute { .. }
        | ClientMessage::Ban { .. }
        | ClientMessage::Unban { .. }
        | ClientMessage::Slow { .. }
        | ClientMessage::PinMessage { .. } => rank(role) > 0,
    }
}

/// Whether an actor may moderate what somebody with this rank did.
pub(super) const fn outranks(actor: Role, target_rank: u8) -> bool {
    rank(actor) == 2 || rank(actor) > target_rank
}

/// Viewers, moderators, and those who run the show.
pub(super) const fn rank(role: Role) -> u8 {
    match role {
        Role::Viewer | Role::Analyst => 0,
        Role::Moderator => 1,
        Role::Host | Role::Manager | Role::Owner => 2,
    }
}
