//! Why a socket is closed.

use serde::{Deserialize, Serialize};

/// The close codes (RFC 6455 §7.4.2: 4000–4999 are the application's).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u16", try_from = "u16")]
#[repr(u16)]
pub enum CloseCode {
    /// 1012: the room restarts; come back and resume.
    Restart = 1012,
    /// 1013: the room is full; try again later.
    Full = 1013,
    /// 4400: a frame that no client of ours sends.
    BadFrame = 4400,
    /// 4401: the token is over, or no longer good; come back with a new one.
    Unauthorized = 4401,
    /// 4403: banned.
    Banned = 4403,
    /// 4408: too slow; come back and resume.
    TooSlow = 4408,
    /// 4409: the show is over.
    ShowOver = 4409,
    /// 4429: this viewer has too many sockets open; do not come back by itself.
    TooManySockets = 4429,
}

impl CloseCode {
    /// As it goes over the wire.
    #[must_use]
    pub const fn as_u16(self) -> u16 {
        self as u16
    }

    /// One sentence that says so.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Restart => "The room restarts. Come back and resume.",
            Self::Full => "The room is full. Try again later.",
            Self::BadFrame => "That frame is not part of showfloor.v1.",
            Self::Unauthorized => "The token is no longer good. Come back with a new one.",
            Self::Banned => "You were shut out of this show.",
            Self::TooSlow => "This connection is too slow. Come back and resume.",
            Self::ShowOver => "The show is over.",
            Self::TooManySockets => "This viewer has too many sockets open.",
        }
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code.as_u16()
    }
}

/// The number is not one of our close codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a close code of showfloor.v1")]
pub struct UnknownCloseCode;

impl TryFrom<u16> for CloseCode {
    type Error = UnknownCloseCode;

    fn try_from(code: u16) -> Result<Self, UnknownCloseCode> {
        Ok(match code {
            1012 => Self::Restart,
            1013 => Self::Full,
            4400 => Self::BadFrame,
            4401 => Self::Unauthorized,
            4403 => Self::Banned,
            4408 => Self::TooSlow,
            4409 => Self::ShowOver,
            4429 => Self::TooManySockets,
            _ => return Err(UnknownCloseCode),
        })
    }
}
