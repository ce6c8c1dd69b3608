//! The origin: RTMP in, CMAF objects and live playlists out.
//!
//! # What it is
//! [`OriginNode::spawn`] listens for RTMP publishers, asks a [`StreamAuthority`] who they are, packages what they
//! send, stores every object before it lists it, and answers live playlists and ingest health over HTTP. What happens
//! to a broadcast is told to [`BroadcastEvents`].
//!
//! # What it is not
//! It knows no shops, no viewers and no keys: the authority does. It serves no segments: the edge reads them from the
//! object store. Its HTTP routes are for other planes, with a service token, never for the public.
//!
//! # Contract
//! - One task for each connection, one for each broadcast. What one publisher does, or fails to do, harms no other.
//! - A part is listed when it is stored. Uploads run side by side, listing keeps their order, and a part that cannot
//!   be stored while it is of use is listed as a gap.
//! - A publisher that returns within [`limits::GRACE_MS`] goes on with the same broadcast after a discontinuity;
//!   later, the broadcast has ended and its replay is stored.
//! - Stream keys are neither logged nor kept; addresses are logged as networks only.
//! - Every queue, wait and count has a limit in [`limits`].
//!
//! ```
//! use std::sync::Arc;
//! use showfloor_origin_node::{
//!     Authorized, BroadcastEvent, BroadcastEvents, Deps, OriginConfig, OriginNode, Refused, ServiceAuth, StreamAuthority,
//! };
//! use showfloor_object_store::{Config, Credentials, ObjectStore};
//! use showfloor_origin_ingest::StreamKey;
//!
//! struct Nobody;
//!
//! #[async_trait::async_trait]
//! impl StreamAuthority for Nobody {
//!     async fn authorize(&self, _key: &StreamKey) -> Result<Authorized, Refused> {
//!         Err(Refused::UnknownKey)
//!     }
//! }
//!
//! #[async_trait::async_trait]
//! impl BroadcastEvents for Nobody {
//!     async fn changed(&self, _event: BroadcastEvent) {}
//! }
//!
//! impl ServiceAuth for Nobody {
//!     fn check(&self, _bearer: &str) -> bool {
//!         false
//!     }
//! }
//!
//! # async fn start() -> std::io::Result<()> {
//! let credentials = Credentials { access_key_id: "id".into(), secret_access_key: "secret".into() };
//! let store = ObjectStore::new(Config {
//!     endpoint: Some("http://127.0.0.1:9000".into()),
//!     region: "us-east-1".into(),
//!     bucket: "media".into(),
//!     credentials,
//! });
//! let deps = Deps { store, authority: Arc::new(Nobody), events: Arc::new(Nobody), service_auth: Arc::new(Nobody) };
//! let origin = OriginNode::spawn(OriginConfig::default(), deps).await?;
//! let router: axum::Router = origin.router();
//! origin.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod address;
mod broadcast;
mod clock;
mod config;
mod deps;
mod health;
mod http;
pub mod limits;
mod node;
mod rtmp;

pub use address::Network;
pub use config::OriginConfig;
pub use deps::{
    Authorized, BroadcastEvent, BroadcastEvents, BroadcastState, Deps, Refused, SecondPublisher, ServiceAuth,
    StreamAuthority,
};
pub use health::{AudioHealth, IngestState, StreamHealth, VideoHealth};
pub use node::OriginNode;
