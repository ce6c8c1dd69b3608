//! Uploads: retried while they are of use, then given up.

use std::time::Duration;

use bytes::Bytes;
use showfloor_object_store::{CacheControl, MediaFile, ObjectKey, ObjectStore, Put};
use tokio::time::{Instant, sleep, timeout_at};

use crate::limits::UPLOAD_BACKOFF_MS;

/// One object on its way.
pub(super) struct Upload {
    pub(super) key: ObjectKey,
    pub(super) file: MediaFile,
    pub(super) bytes: Bytes,
    pub(super) useful_ms: u64,
}

impl Upload {
    /// Whether the object is stored by the time it stops being useful.
    pub(super) async fn run(self, store: ObjectStore) -> bool {
        let until = Instant::now() + Duration::from_millis(self.useful_ms);
        let cache_control = match self.file {
            MediaFile::Replay => CacheControl::Revalidate,
            MediaFile::Init { .. } | MediaFile::Segment { .. } | MediaFile::Part { .. } => {
                CacheControl::Immutable
            }
        };
        let put = Put { content_type: self.file.content_type(), cache_control };
        let mut backoff_ms = UPLOAD_BACKOFF_MS;
        loop {
            match timeout_at(until, store.put(&self.key, self.bytes.clone(), put)).await {
                Ok(Ok(())) => return true,
                Ok(Err(error)) if error.is_transient() => {
                    tracing::warn!(key = %self.key, %error, "an upload failed and is tried again");
                }
                Ok(Err(error)) => {
                    tracing::error!(key = %self.key, %error, "an upload was refused");
                    return false;
                }
                Err(_) => {
                    tracing::error!(key = %self.key, useful_ms = self.useful_ms, "an upload was given up: it would come too late");
                    return false;
                }
            }
            let jitter_ms = rand::random_range(0..=backoff_ms);
            if timeout_at(until, sleep(Duration::from_millis(backoff_ms + jitter_ms))).await.is_err() {
                tracing::error!(key = %self.key, "an upload was given up: it would come too late");
                return false;
            }
            backoff_ms *= 2;
        }
    }
}
