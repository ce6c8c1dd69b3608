//! What tokens say.

use serde::{Deserialize, Serialize};
use showfloor_domain::{ShopId, ShowId, UserId, UtcMs, ViewerId};

/// How long a viewer's token lives, at most.
pub const VIEWER_LIFE_MS: i64 = 15 * 60_000;
/// How long after its first token a viewer can renew it.
pub const VIEWER_RENEWABLE_MS: i64 = 12 * 3_600_000;
/// How long a staff member's token for a room lives, at most.
pub const STAFF_LIFE_MS: i64 = 5 * 60_000;
/// How long a service's token lives, at most.
pub const SERVICE_LIFE_MS: i64 = 5 * 60_000;

/// A viewer of one show. It proves a show and a device, never a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerClaims {
    /// The shop.
    pub shop: ShopId,
    /// The show.
    pub show: ShowId,
    /// The viewer, for as long as the token is renewed.
    pub viewer: ViewerId,
    /// The name they gave, if they gave one.
    pub name: Option<String>,
    /// The hash of the device's secret, which a renewal must show again.
    pub device: String,
    /// When it was issued; whole seconds.
    pub issued_at: UtcMs,
    /// When it stops being good; whole seconds.
    pub expires_at: UtcMs,
    /// Until when it can be renewed; whole seconds.
    pub renew_until: UtcMs,
}

/// What a person who signs in to the dashboard may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Owns the shop.
    Owner,
    /// Runs it.
    Manager,
    /// Presents shows.
    Host,
    /// Keeps the chat.
    Moderator,
    /// Reads figures.
    Analyst,
}

/// What someone in a room may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Watches.
    Viewer,
    /// Owns the shop.
    Owner,
    /// Runs the shop.
    Manager,
    /// Presents the show.
    Host,
    /// Keeps the chat.
    Moderator,
    /// Reads figures.
    Analyst,
}

impl Role {
    /// Whether a staff token is needed for it.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Viewer)
    }
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Owner => Self::Owner,
            StaffRole::Manager => Self::Manager,
            StaffRole::Host => Self::Host,
            StaffRole::Moderator => Self::Moderator,
            StaffRole::Analyst => Self::Analyst,
        }
    }
}

/// A staff member in the room of one show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffClaims {
    /// The shop.
    pub shop: ShopId,
    /// The show.
    pub show: ShowId,
    /// Who they are in the room.
    pub viewer: ViewerId,
    /// Who they are in the dashboard.
    pub user: UserId,
    /// What they may do.
    pub role: StaffRole,
    /// The name they speak under.
    pub name: Option<String>,
    /// When it was issued; whole seconds.
    pub issued_at: UtcMs,
    /// When it stops being good; whole seconds.
    pub expires_at: UtcMs,
}

/// A part of Showfloor that takes service tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// The media origin.
    Origin,
    /// The edge.
    Edge,
    /// The functions.
    Functions,
}

/// One part of Showfloor speaking to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceClaims {
    /// Who speaks: `functions`, `edge`, `origin`, `relay`.
    pub subject: String,
    /// Whom it is for.
    pub audience: Service,
    /// When it was issued; whole seconds.
    pub issued_at: UtcMs,
    /// When it stops being good; whole seconds.
    pub expires_at: UtcMs,
}

/// Someone in a room, by whichever token they came with. It is what a host keeps with a socket, so it is
/// serializable and small.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The shop.
    pub shop: ShopId,
    /// The show.
    pub show: ShowId,
    /// Who they are in the room.
    pub viewer: ViewerId,
    /// Who they are in the dashboard; staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// What they may do.
    pub role: Role,
    /// The name they gave, if they gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The hash of their device's secret; viewers only. A ban covers the device too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// When their token stops being good.
    pub expires_at: UtcMs,
}

impl From<ViewerClaims> for Participant {
    fn from(claims: ViewerClaims) -> Self {
        Self {
            shop: claims.shop,
            show: claims.show,
            viewer: claims.viewer,
            user: None,
            role: Role::Viewer,
            name: claims.name,
            device: Some(claims.device),
            expires_at: claims.expires_at,
        }
    }
}

impl From<StaffClaims> for Participant {
    fn from(claims: StaffClaims) -> Self {
        Self {
            shop: claims.shop,
            show: claims.show,
            viewer: claims.viewer,
            user: Some(claims.user),
            role: claims.role.into(),
            name: claims.name,
            device: None,
            expires_at: claims.expires_at,
        }
    }
}
