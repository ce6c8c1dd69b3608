//! What the edge serves over HTTP, decided without a server: which paths exist, how long an answer may be kept,
//! who may read it, and which bytes a conditional or range request gets.
//!
//! Only the routes of [`Route`] exist. Nothing is decided by a path's suffix, and one resource has one path, so
//! a cache keyed by [`Route::canonical_path`] cannot be poisoned through a second spelling (abuse case M11).
//!
//! ```
//! use showfloor_edge_core::media::{Method, Representation, RequestConditions, Route, Selection};
//!
//! let path = "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/41.m4s";
//! let route = Route::parse(path).expect("a listed route");
//! assert_eq!(route.cache_control(200), "public, max-age=31536000, immutable");
//!
//! let stored = Representation { etag: "\"abc\"", size_bytes: 1_000 };
//! let asked = RequestConditions { range: Some("bytes=0-99"), ..RequestConditions::default() };
//! assert_eq!(asked.select(Method::Get, &stored), Selection::Partial { first: 0, last: 99 });
//! ```

mod policy;
mod query;
mod range;
mod route;

pub use policy::{CORS_PUBLIC, IMMUTABLE, NO_STORE};
pub use query::{Ask, PLAYLIST_QUERY_BYTES_MAX, PlaylistQuery, QueryError, Skip};
pub use range::{Method, Representation, RequestConditions, Selection};
pub use route::{IMAGE_WIDTHS, MediaFile, MediaId, PATH_BYTES_MAX, Rendition, Route};
