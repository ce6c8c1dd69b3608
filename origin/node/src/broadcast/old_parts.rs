//! Deleting the parts of segments that are whole and long listed as such: they would double what a broadcast takes.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use showfloor_domain::BroadcastId;
use showfloor_object_store::{MediaFile, ObjectKey, ObjectStore, Rendition};
use tokio::time::Instant;

use crate::limits::{PARTS_KEPT_MS, PARTS_WAITING_MAX};

#[derive(Debug)]
struct Parts {
    from: Instant,
    msn: u64,
    count: u32,
}

/// The parts of one broadcast that are there for a while yet.
#[derive(Debug, Default)]
pub(super) struct OldParts {
    waiting: VecDeque<Parts>,
    count: u32,
}

impl OldParts {
    pub(super) fn part_listed(&mut self, part: u32) {
        self.count = part + 1;
    }

    pub(super) fn segment_listed(&mut self, msn: u64) {
        if self.waiting.len() == PARTS_WAITING_MAX {
            self.waiting.pop_front();
        }
        let from = Instant::now() + Duration::from_millis(PARTS_KEPT_MS);
        self.waiting.push_back(Parts { from, msn, count: std::mem::take(&mut self.count) });
    }

    /// Deletes the oldest segment's parts, if their time has come.
    pub(super) fn delete_due(
        &mut self,
        store: ObjectStore,
        broadcast_id: BroadcastId,
        rendition: Rendition,
    ) -> Option<BoxFuture<'static, ()>> {
        let due = self.waiting.pop_front_if(|parts| parts.from <= Instant::now())?;
        let deleting = async move {
            for part in 0..due.count {
                let key = ObjectKey::media(broadcast_id, rendition, MediaFile::Part { msn: due.msn, part });
                if let Err(error) = store.delete(&key).await {
                    tracing::warn!(%key, %error, "a part that nobody needs any more could not be deleted");
                    return;
                }
            }
        };
        Some(deleting.boxed())
    }
}
