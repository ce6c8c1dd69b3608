//! The object store: everything that is media, and every picture, through S3's own protocol.
//!
//! # What it is
//! [`ObjectStore`] puts, gets, heads and deletes objects in one bucket of any S3 through `aws-sdk-s3`. [`ObjectKey`]
//! is the only way to name one, and it is built from our own ids alone: nothing that came over a wire can become a
//! path (abuse case M1). With the feature `embedded`, the module `embedded` is an S3 endpoint over a folder in this
//! process, for a machine that has no other: the same client, the same protocol, the same code path.
//!
//! # What it is not
//! It caches nothing, lists nothing, and decides nothing on who may read: that is the edge's work.
//!
//! # Contract
//! - A put that has succeeded can be read at once; an object is whole or not there.
//! - Retries and times are bounded, by the named limits of this crate; whoever needs a tighter bound puts its own
//!   time limit around the call.
//!
//! ```
//! use showfloor_domain::{BroadcastId, UtcMs};
//! use showfloor_object_store::{MediaFile, ObjectKey, Rendition};
//!
//! let broadcast = BroadcastId::generate(UtcMs::new(1_700_000_000_000), [7; 10]);
//! let key = ObjectKey::media(broadcast, Rendition::Source, MediaFile::Part { msn: 12, part: 3 });
//! assert_eq!(key.as_str(), format!("media/{broadcast}/source/12.3.m4s"));
//! ```

mod client;
#[cfg(feature = "embedded")]
pub mod embedded;
mod error;
mod key;
mod range;

pub use client::{
    ATTEMPT_TIMEOUT_MS, ATTEMPTS_MAX, Body, CONNECT_TIMEOUT_MS, CacheControl, Config, Credentials,
    OPERATION_TIMEOUT_MS, Object, ObjectMeta, ObjectStore, Put, READ_TIMEOUT_MS,
};
pub use error::StoreError;
pub use key::{MediaFile, ObjectKey, ParseMediaPathError, Rendition};
pub use range::ByteRange;
