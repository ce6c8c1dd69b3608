//! The HTTP API as types: requests, responses and problem details. The OpenAPI document is made from them.
//!
//! Contract: a request type is closed (`deny_unknown_fields`), has no price, role or shop that the server
//! decides, and is never also a response. Money is `{minor, currency}`, times are RFC 3339 text, ids are
//! prefixed. Fields are only ever added, and optional.
//!
//! It is not a place for rules: whether a request makes sense is decided in `functions/`, what is stored in
//! `showfloor-storage`.
//!
//! ```
//! use showfloor_api_types::show::CreateShow;
//!
//! let request = r#"{"title":"Autumn glazes","host_name":"Ida","starts_at":"2026-11-20T19:30:00Z"}"#;
//! let show: CreateShow = serde_json::from_str(request)?;
//! assert_eq!(show.host_name, "Ida");
//! assert!(serde_json::from_str::<CreateShow>(r#"{"title":"x","state":"live"}"#).is_err());
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod auth;
pub mod cart;
pub mod checkout;
pub mod cue;
pub mod discount;
pub mod figures;
pub mod image;
pub mod internal;
pub mod list;
pub mod order;
pub mod payment;
pub mod problem;
pub mod product;
pub mod show;
