//! The compact serialisation, and the claims as they are written in it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use showfloor_domain::{ShopId, ShowId, UserId, UtcMs, ViewerId};

use super::{Service, StaffRole};

/// The longest token that is looked at.
pub const TOKEN_BYTES_MAX: usize = 2_048;

/// The audience of viewer and staff tokens.
pub(super) const AUDIENCE: &str = "showfloor";

/// What a token is for; its `typ` (RFC 8725 §3.11), so that one kind never passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenKind {
    /// A viewer of a show.
    #[serde(rename = "viewer+jwt")]
    Viewer,
    /// A staff member in a room.
    #[serde(rename = "staff+jwt")]
    Staff,
    /// One part of Showfloor to another.
    #[serde(rename = "service+jwt")]
    Service,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Algorithm {
    #[serde(rename = "EdDSA")]
    EdDsa,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) alg: Algorithm,
    pub(super) kid: String,
    pub(super) typ: TokenKind,
}

/// The one role a viewer token can name: a viewer token that says `owner` does not parse.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ViewerRole {
    #[serde(rename = "viewer")]
    Viewer,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ViewerPayload {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) shop: ShopId,
    pub(super) show: ShowId,
    pub(super) sub: ViewerId,
    pub(super) role: ViewerRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) dev: String,
    pub(super) iat: Seconds,
    pub(super) exp: Seconds,
    pub(super) ren: Seconds,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StaffPayload {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) shop: ShopId,
    pub(super) show: ShowId,
    pub(super) sub: ViewerId,
    pub(super) usr: UserId,
    pub(super) role: StaffRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) iat: Seconds,
    pub(super) exp: Seconds,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ServicePayload {
    pub(super) iss: String,
    pub(super) aud: Service,
    pub(super) sub: String,
    pub(super) iat: Seconds,
    pub(super) exp: Seconds,
}

/// A NumericDate (RFC 7519 §2), whole seconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Seconds(i64);

impl From<UtcMs> for Seconds {
    fn from(at: UtcMs) -> Self {
        Self(at.get().div_euclid(1_000))
    }
}

impl From<Seconds> for UtcMs {
    fn from(at: Seconds) -> Self {
        UtcMs::new(at.0.saturating_mul(1_000))
    }
}

/// The three parts of a token, decoded but not believed.
pub(super) struct Compact<'a> {
    pub(super) signed: &'a [u8],
    pub(super) header: Vec<u8>,
    pub(super) payload: Vec<u8>,
    pub(super) signature: [u8; 64],
}

pub(super) fn encode(part: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

/// Takes a token apart; none if it is not three parts of unpadded base64url with a 64-byte signature.
pub(super) fn split(token: &str) -> Option<Compact<'_>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    if payload.contains('.') {
        return None;
    }
    Some(Compact {
        signed: signed.as_bytes(),
        header: URL_SAFE_NO_PAD.decode(header).ok()?,
        payload: URL_SAFE_NO_PAD.decode(payload).ok()?,
        signature: URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?,
    })
}
