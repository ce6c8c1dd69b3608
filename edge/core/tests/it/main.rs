//! What the edge promises.

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
