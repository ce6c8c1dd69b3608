//! Tokens, as traits: the root gives them to the one implementation of signing and verifying.

use showfloor_domain::{ShopId, ShowId, UserId, UtcMs, ViewerId};

use crate::role::Role;

/// How long a viewer token lasts.
pub const VIEWER_TOKEN_TTL_MS: i64 = 15 * 60 * 1_000;
/// How long a viewer token can be renewed, from the first one.
pub const VIEWER_RENEWABLE_MS: i64 = 12 * 60 * 60 * 1_000;
/// How long a staff token lasts.
pub const STAFF_TOKEN_TTL_MS: i64 = 5 * 60 * 1_000;

/// What a viewer token says: a show and a device, never a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerClaims {
    /// The shop.
    pub shop_id: ShopId,
    /// The show.
    pub show_id: ShowId,
    /// The viewer, new for each device and show. Its own time is when the first token was issued.
    pub viewer_id: ViewerId,
    /// The name they chose for the chat.
    pub name: Option<String>,
    /// Hash of the device's secret; renewing needs the secret.
    pub device_hash: [u8; 32],
    /// When it was issued.
    pub issued_at: UtcMs,
    /// When it ends.
    pub expires_at: UtcMs,
}

/// What a staff token says: who moderates in a show's room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffClaims {
    /// The shop.
    pub shop_id: ShopId,
    /// The show.
    pub show_id: ShowId,
    /// The person.
    pub user_id: UserId,
    /// Their role when it was issued.
    pub role: Role,
    /// Their name, as the room shows it.
    pub name: String,
    /// When it was issued.
    pub issued_at: UtcMs,
    /// When it ends.
    pub expires_at: UtcMs,
}

/// What a service token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceClaims {
    /// Which service calls: `origin`, `edge`, `functions`.
    pub service: String,
    /// When it ends.
    pub expires_at: UtcMs,
}

/// The token is forged, over, of another type or for another audience. Which of these nobody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is not accepted")]
pub struct TokenRejected;

/// Signs tokens.
pub trait TokenIssuer: Send + Sync + 'static {
    /// A viewer's token (`typ: viewer+jwt`).
    fn viewer(&self, claims: &ViewerClaims) -> String;
    /// A staff member's token for one room (`typ: staff+jwt`).
    fn staff(&self, claims: &StaffClaims) -> String;
}

/// Verifies tokens: signature, type, audience and time, all of them.
pub trait TokenVerifier: Send + Sync + 'static {
    /// A viewer's token that is valid at `now`.
    ///
    /// # Errors
    /// When it is not.
    fn viewer(&self, token: &str, now: UtcMs) -> Result<ViewerClaims, TokenRejected>;

    /// A viewer's token that is genuine but may be over, for renewing it.
    ///
    /// # Errors
    /// When it is not genuine.
    fn viewer_ignoring_expiry(&self, token: &str, now: UtcMs) -> Result<ViewerClaims, TokenRejected>;

    /// A service's token for the audience `functions`, valid at `now`.
    ///
    /// # Errors
    /// When it is not.
    fn service(&self, token: &str, now: UtcMs) -> Result<ServiceClaims, TokenRejected>;
}
