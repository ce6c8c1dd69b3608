//! What the edge promises.

mod forged_tokens;
mod media_routes;
mod playlists;
