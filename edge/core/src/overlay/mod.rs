//! What is shown over the picture: room state × catalogue × audience.
//!
//! An [`Overlays`] starts from a [`RoomSeed`], follows events, and composes one overlay per [`Audience`], not one
//! per viewer: what is composed is kept until something changes, so ten thousand viewers of one audience cost one
//! composition. It knows prices and stock as hints to display; only a reservation decides.
//!
//! The audience is computed from what the shop offers, never taken as it came (abuse case C15): a currency that
//! the shop does not have is the shop's own, and an overlay never holds another currency's price.
//!
//! ```
//! use showfloor_domain::UtcMs;
//! use showfloor_edge_core::overlay::{Overlays, RoomSeed};
//!
//! let seed: RoomSeed = serde_json::from_str(r#"{
//!     "shop_id": "shp_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d",
//!     "show_id": "shw_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d",
//!     "state": "live", "currencies": ["EUR", "USD"], "locale": "en"
//! }"#)?;
//! let mut overlays = Overlays::new(seed);
//! let audience = overlays.audience("locale=de&currency=USD");
//! let body = overlays.compose(UtcMs::new(1_795_000_000_000), &audience, 1, 0);
//! assert!(body.starts_with(br#"{"epoch":1,"offset":0,"at":1795000000000,"audience":{"locale":"de","currency":"USD"}"#));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod audience;
mod compose;
mod on_air;
mod overlays;
mod seed;

pub use audience::{AUDIENCES_MAX, Audience, OVERLAY_QUERY_BYTES_MAX};
pub use compose::{Overlay, OverlayBanner, OverlayPinned, OverlayProduct, OverlayVariant, VariantState};
pub use on_air::{Change, FLASH_SALES_MAX, OnAir};
pub use overlays::Overlays;
pub use seed::{ImageRef, LinkPolicy, RoomSeed, SeedProduct, SeedVariant};
