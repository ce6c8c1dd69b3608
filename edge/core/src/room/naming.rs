//! The names that people speak under.

use showfloor_domain::ViewerId;

use super::commands::No;
use super::state::Room;
use crate::protocol::{NAME_CHARS_MAX, Refusal, ServerMessage};
use crate::text::{clean, has_link};
use crate::token::{Participant, Role};

impl Room {
    pub(super) fn rename(&mut self, viewer: ViewerId, name: &str) -> Result<(), No> {
        let (now, rate) = (self.now, self.limits.chat);
        if let Some(person) = self.people.get_mut(viewer) {
            person.chat.take(now, rate, 1).map_err(|wait_ms| No(Refusal::RateLimited, Some(wait_ms)))?;
        }
        let name = self.fit_name(name)?;
        self.put_name(viewer, name.clone());
        let conns = self.people.get(viewer).map(|person| person.conns.clone()).unwrap_or_default();
        for conn in conns {
            self.send(conn, &[ServerMessage::You { muted_until: None, name: Some(name.clone()) }]);
        }
        Ok(())
    }

    pub(super) fn put_name(&mut self, viewer: ViewerId, name: String) {
        if let Some(person) = self.people.get_mut(viewer) {
            person.name = name;
        }
    }

    /// The name as it is shown, if a viewer may speak under it.
    pub(super) fn fit_name(&self, name: &str) -> Result<String, No> {
        if name.chars().count() > NAME_CHARS_MAX {
            return Err(No(Refusal::TooLong, None));
        }
        let name = clean(name);
        if !name.chars().any(char::is_alphanumeric) {
            return Err(No(Refusal::Empty, None));
        }
        if self.reserved.forbids(&name) {
            return Err(No(Refusal::NameTaken, None));
        }
        if self.blocklist.finds(&name) {
            return Err(No(Refusal::Blocked, None));
        }
        if has_link(&name) { Err(No(Refusal::Link, None)) } else { Ok(name) }
    }

    /// Whether a buyer's name may be told to everybody.
    pub(super) fn may_be_shown(&self, name: &str) -> bool {
        self.fit_name(name).is_ok()
    }

    /// The name that somebody starts with.
    pub(super) fn name_for(&self, who: &Participant, woken: Option<&str>) -> String {
        if let Some(name) = woken {
            return name.into();
        }
        let given = who.name.as_deref().map(clean);
        match who.role {
            Role::Viewer => given.and_then(|name| self.fit_name(&name).ok()).unwrap_or_else(|| {
                let bytes = who.viewer.uuid().into_bytes();
                let number = u16::from_be_bytes([bytes[14], bytes[15]]) % 9_000 + 1_000;
                format!("Guest {number}")
            }),
            Role::Host => given.or_else(|| self.seed().host_name.clone()).unwrap_or_else(|| "Host".into()),
            Role::Moderator => given.unwrap_or_else(|| "Moderator".into()),
            Role::Owner | Role::Manager | Role::Analyst => {
                given.or_else(|| self.seed().shop_name.clone()).unwrap_or_else(|| "Shop".into())
            }
        }
    }
}
