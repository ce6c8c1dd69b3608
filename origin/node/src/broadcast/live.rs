//! What HTTP reads of a broadcast, while its task writes it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use showfloor_domain::{BroadcastId, ShowId, UtcMs};
use showfloor_object_store::Rendition;
use showfloor_origin_packager::{LivePlaylist, Multivariant, Readiness, ReloadQuery, Settings};
use tokio::sync::watch;

use crate::health::{Meter, StreamHealth};

/// One broadcast. Locks are held for as long as it takes to copy or render, never across an await.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) show_id: ShowId,
    pub(crate) broadcast_id: BroadcastId,
    pub(crate) rendition: Rendition,
    pub(crate) settings: Settings,
    playlist: Mutex<LivePlaylist>,
    meter: Mutex<Meter>,
    listed: watch::Sender<u64>,
}

impl Live {
    pub(crate) fn new(show_id: ShowId, broadcast_id: BroadcastId, settings: Settings) -> Self {
        Self {
            show_id,
            broadcast_id,
            rendition: Rendition::Source,
            settings,
            playlist: Mutex::new(LivePlaylist::new(settings)),
            meter: Mutex::new(Meter::default()),
            listed: watch::Sender::new(0),
        }
    }

    pub(crate) fn playlist(&self) -> MutexGuard<'_, LivePlaylist> {
        // Nothing that holds it can panic halfway through a change.
        self.playlist.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn meter(&self) -> MutexGuard<'_, Meter> {
        self.meter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was listed: whoever waits may look again.
    pub(crate) fn wake(&self) {
        self.listed.send_modify(|version| *version = version.wrapping_add(1));
    }

    pub(crate) fn is_playable(&self) -> bool {
        self.playlist().is_playable()
    }

    /// Waits until `query` can be answered, or never can be.
    pub(crate) async fn ready(&self, query: &ReloadQuery) -> Readiness {
        let mut listed = self.listed.subscribe();
        loop {
            let readiness = self.playlist().readiness(query);
            // The sender lives as long as `self`, so a change is all that can come.
            if readiness != Readiness::Wait || listed.changed().await.is_err() {
                return readiness;
            }
        }
    }

    pub(crate) fn multivariant(&self) -> Multivariant {
        let measured = self.playlist().measured();
        let meter = self.meter();
        Multivariant {
            uri: format!("../../media/{}/{}/live.m3u8", self.broadcast_id, self.rendition),
            bandwidth_bps: measured.peak_bps,
            average_bandwidth_bps: measured.average_bps,
            codecs: meter.tracks.codecs(),
            resolution_px: meter.tracks.video.as_ref().map(|track| (track.width_px, track.height_px)),
            frame_rate_milli: meter.frame_rate_milli(),
        }
    }

    pub(crate) fn health(&self, now: UtcMs) -> StreamHealth {
        self.meter().snapshot(self.broadcast_id, now, &self.settings)
    }
}
