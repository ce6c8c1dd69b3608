//! From the packager to the playlist: upload, then list in order.

use futures_util::future::FutureExt as _;
use showfloor_object_store::{MediaFile, ObjectKey};
use showfloor_origin_packager::{Listing, Output};

use super::{Actor, Done};
use crate::broadcast::upload::Upload;
use crate::deps::BroadcastState;
use crate::limits::{
    INIT_UPLOAD_MS, PART_UPLOAD_MS, REPLAY_EVERY_SEGMENTS, REPLAY_UPLOAD_MS, SEGMENT_UPLOAD_MS, UPLOADS_MAX,
};

impl Actor {
    /// Sends what the packager made on its way.
    pub(super) fn drain(&mut self) {
        while let Some(output) = self.packager.poll_output() {
            if matches!(output, Output::Init { .. }) {
                self.live.meter().tracks = self.packager.tracks().clone();
            }
            let file = match &output {
                Output::TargetDuration(_) | Output::Begin(_) => None,
                Output::Init { n, .. } => Some((MediaFile::Init { n: *n }, INIT_UPLOAD_MS)),
                Output::Part(part) => {
                    Some((MediaFile::Part { msn: part.msn, part: part.part }, self.part_useful_ms()))
                }
                Output::Segment(segment) => {
                    Some((MediaFile::Segment { msn: segment.msn }, SEGMENT_UPLOAD_MS))
                }
            };
            let upload = file.zip(output.bytes().cloned()).map(|((file, useful_ms), bytes)| Upload {
                key: ObjectKey::media(self.live.broadcast_id, self.live.rendition, file),
                file,
                bytes,
                useful_ms,
            });
            if let Output::Init { n, bytes } = &output {
                self.missing_init = Some((*n, bytes.clone()));
            }
            let store = self.shared.deps.store.clone();
            let full = self.uploads.len() >= UPLOADS_MAX;
            let future = async move {
                let stored = match upload {
                    Some(upload) if !full => upload.run(store).await,
                    Some(_) => false,
                    None => true,
                };
                done(&output, stored)
            };
            self.uploads.push_back(future.boxed());
        }
    }

    /// A part is useful for as long as players stay behind: `PART-HOLD-BACK`.
    fn part_useful_ms(&self) -> u64 {
        PART_UPLOAD_MS.max(3 * u64::from(self.live.settings.declared_part_target_ms()))
    }

    pub(super) fn done(&mut self, done: Done) {
        match done {
            Done::Init { n, stored } => self.init_done(n, stored),
            Done::Listing(listing) => self.list(listing),
        }
    }

    fn init_done(&mut self, n: u32, stored: bool) {
        let Some((missing, bytes)) = self.missing_init.clone().filter(|(missing, _)| *missing == n) else {
            return;
        };
        if stored {
            self.missing_init = None;
            return;
        }
        // Nothing plays without it: it is tried for as long as the broadcast runs, and parts are gaps meanwhile.
        let file = MediaFile::Init { n: missing };
        let key = ObjectKey::media(self.live.broadcast_id, self.live.rendition, file);
        let upload = Upload { key, file, bytes, useful_ms: INIT_UPLOAD_MS };
        let store = self.shared.deps.store.clone();
        self.retries.push(async move { Done::Init { n, stored: upload.run(store).await } }.boxed());
    }

    pub(super) fn list(&mut self, mut listing: Listing) {
        let init_missing = self.missing_init.as_ref().is_some_and(|(n, _)| *n == self.init);
        let mut can_be_played = false;
        let mut whole_segments = None;
        match &mut listing {
            Listing::TargetDuration(_) | Listing::End => {}
            Listing::Begin(head) => self.init = head.init,
            Listing::Part { gap, size_bytes, part, .. } => {
                self.old_parts.part_listed(*part);
                *gap |= init_missing;
                can_be_played = !*gap;
                self.live.meter().lost_parts += u64::from(*gap && *size_bytes > 0);
            }
            Listing::Segment { gap, msn, .. } => {
                *gap |= init_missing;
                self.old_parts.segment_listed(*msn);
                whole_segments = Some(*msn + 1);
            }
        }
        self.live.playlist().apply(listing);
        self.live.wake();
        if self.deleting.is_empty() {
            let store = self.shared.deps.store.clone();
            self.deleting.extend(self.old_parts.delete_due(
                store,
                self.live.broadcast_id,
                self.live.rendition,
            ));
        }
        if !self.started && self.live.is_playable() {
            self.started = true;
            self.tell(BroadcastState::Started);
            if self.publisher.is_none() {
                self.interrupted = true;
                self.tell(BroadcastState::Interrupted);
            }
        } else if can_be_played && self.interrupted && self.publisher.is_some() {
            self.interrupted = false;
            self.tell(BroadcastState::Resumed);
        }
        if whole_segments.is_some_and(|count| count % REPLAY_EVERY_SEGMENTS == 0)
            && self.replay.is_empty()
            && let Some(upload) = self.replay_upload()
        {
            self.replay.push(upload.run(self.shared.deps.store.clone()).boxed());
        }
    }

    pub(super) fn replay_upload(&self) -> Option<Upload> {
        let text = self.live.playlist().render_replay()?;
        let file = MediaFile::Replay;
        let key = ObjectKey::media(self.live.broadcast_id, self.live.rendition, file);
        Some(Upload { key, file, bytes: text.into(), useful_ms: REPLAY_UPLOAD_MS })
    }
}

fn done(output: &Output, stored: bool) -> Done {
    match output {
        Output::Init { n, .. } => Done::Init { n: *n, stored },
        Output::TargetDuration(_) | Output::Begin(_) | Output::Part(_) | Output::Segment(_) => {
            Done::Listing(output.listing(stored).expect("everything but an initialisation segment is listed"))
        }
    }
}
