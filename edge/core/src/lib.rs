//! The edge's decisions, without the edge: tokens, media routes, playlists, rooms and overlays as pure values and
//! state machines.

pub mod media;
pub mod overlay;
pub mod playlist_cache;
pub mod protocol;
pub mod text;
pub mod token;
