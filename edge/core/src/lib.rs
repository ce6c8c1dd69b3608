//! What the edge decides, without the edge: tokens, media routes, playlists, rooms and overlays, as pure values and
//! state machines that run in a native process, in a Durable Object and in a Spin component alike.
//!
//! There is no clock, no randomness, no socket and no async here. A host translates: bytes to inputs, outputs to
//! bytes. A routing or policy decision found in a host belongs here.
//!
//! | module | decides |
//! |---|---|
//! | [`token`] | who somebody is: signing and verifying viewer, staff and service tokens |
//! | [`media`] | which paths exist, how long answers are kept, which bytes a range request gets |
//! | [`playlist_cache`] | one upstream request per playlist and part, however many wait |
//! | [`protocol`] | the room's wire, its limits, and its types in TypeScript |
//! | [`room`] | everything live that is not media: chat, control, reactions, presence, moderation |
//! | [`overlay`] | what each audience sees over the picture |
//! | [`text`] | what people write, fit to be shown and to be compared |
//!
//! # The run loop
//! [`room::Room`] and [`playlist_cache::PlaylistCache`] are driven alike: bring an input with the time, then take
//! outputs until `Timeout(at)`, then wait for the next input or for that time, whichever is first. Nothing happens
//! in between. An input that comes twice, late or for somebody who is gone is harmless.
//!
//! It is not a server, and it holds no secret: the edge verifies tokens with public keys. It knows prices and stock
//! as hints to display; the functions alone decide on them.
//!
//! ```
//! use showfloor_edge_core::media::Route;
//!
//! let path = "/v1/rooms/shw_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/socket";
//! assert!(matches!(Route::parse(path), Some(Route::Socket(_))));
//! assert_eq!(Route::parse("/v1/rooms/anything/socket"), None);
//! ```

pub mod media;
pub mod overlay;
pub mod playlist_cache;
pub mod protocol;
pub mod room;
pub mod text;
pub mod token;
