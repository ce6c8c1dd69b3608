//! Viewer, staff and service tokens: JWTs (RFC 7519) in JWS compact form (RFC 7515 §7.1), signed with Ed25519
//! (RFC 8037 §3.1).
//!
//! A token is signed and verified here and nowhere else. There is one algorithm, and it belongs to the key that
//! a key id names: the header of a token chooses nothing. A header with any member besides `alg`, `kid` and
//! `typ` (a key of its own, a URL of one, `crit`) is refused.
//!
//! ```
//! use showfloor_domain::{ShopId, ShowId, UtcMs, ViewerId};
//! use showfloor_edge_core::token::{Scope, Signer, Verifier, ViewerClaims};
//!
//! let signer = Signer::new("https://shop.example", "2026-11", [7; 32]);
//! let verifier = Verifier::new("https://shop.example").with_key("2026-11", signer.public_key())?;
//!
//! let now = UtcMs::new(1_795_000_000_000);
//! let show = ShowId::generate(now, [1; 10]);
//! let claims = ViewerClaims {
//!     shop: ShopId::generate(now, [2; 10]),
//!     show,
//!     viewer: ViewerId::generate(now, [3; 10]),
//!     name: None,
//!     device: "hash-of-a-device-secret".into(),
//!     issued_at: now,
//!     expires_at: now.plus_ms(15 * 60_000),
//!     renew_until: now.plus_ms(12 * 3_600_000),
//! };
//! let token = signer.sign_viewer(&claims);
//! assert_eq!(verifier.verify_viewer(&token, now, Scope::Show(show))?, claims);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims;
mod jws;
mod sign;
mod verify;

pub use claims::{
    Participant, Role, SERVICE_LIFE_MS, STAFF_LIFE_MS, Service, ServiceClaims, StaffClaims, StaffRole,
    VIEWER_LIFE_MS, VIEWER_RENEWABLE_MS, ViewerClaims,
};
pub use jws::{TOKEN_BYTES_MAX, TokenKind};
pub use sign::Signer;
pub use verify::{BadKey, CLOCK_SKEW_MS, Scope, TokenError, Verifier};

/// The subprotocol that a room's socket speaks.
pub const ROOM_PROTOCOL: &str = "showfloor.v1";

/// What a socket's token is written behind, in a subprotocol of its own.
const TOKEN_PROTOCOL_PREFIX: &str = "token.";

/// The token in an `Authorization` header's value (RFC 6750 §2.1).
#[must_use]
pub fn from_authorization(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim_matches(' ');
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The token in a `Sec-WebSocket-Protocol` header's value: one protocol is [`ROOM_PROTOCOL`], one other is
/// `token.` and the token. A URL would land in logs, and a cookie would be sent by foreign pages too.
///
/// The server answers with [`ROOM_PROTOCOL`] alone.
#[must_use]
pub fn from_subprotocols(value: &str) -> Option<&str> {
    let mut speaks_room = false;
    let mut token = None;
    for protocol in value.split(',').map(str::trim) {
        if protocol == ROOM_PROTOCOL {
            speaks_room = true;
        } else if let Some(rest) = protocol.strip_prefix(TOKEN_PROTOCOL_PREFIX)
            && token.replace(rest).is_some()
        {
            return None;
        }
    }
    if speaks_room { token } else { None }
}
