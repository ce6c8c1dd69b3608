//! What the edge promises.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::needless_pass_by_value,
    reason = "in tests a panic is the report, numbers are small, and calls read better by value"
)]

mod forged_tokens;
mod media_routes;
mod overlays;
mod playlists;
mod room_limits;
mod room_moderation;
mod room_permissions;
mod room_properties;
mod room_recovery;
mod room_text;
mod smoke;
mod stage;
