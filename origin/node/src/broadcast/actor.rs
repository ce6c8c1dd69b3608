//! One broadcast's task: packages what its publisher sends, uploads, lists in order, and waits for who went away.

mod listing;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, FuturesUnordered};
use showfloor_domain::{BroadcastId, UtcMs};
use showfloor_origin_ingest::Metadata;
use showfloor_origin_packager::frame::{MediaEvent, TrackKind};
use showfloor_origin_packager::{Listing, Packager, Settings};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::lifecycle::Lifecycle;
use super::live::Live;
use super::old_parts::OldParts;
use crate::deps::{Authorized, BroadcastEvent, BroadcastState, SecondPublisher};
use crate::health::IngestState;
use crate::limits::{PUBLISHER_BITRATE_MAX_BPS, PUBLISHER_QUEUE_EVENTS, SILENT_PUBLISHER_MS};
use crate::node::Shared;

/// What connections tell a broadcast.
pub(crate) enum Command {
    /// A publisher with a proved key wants in.
    Join {
        /// As the show says.
        second_publisher: SecondPublisher,
        /// Closes the publisher's connection, with this text for its encoder.
        close: oneshot::Sender<String>,
        /// Whether it may.
        answer: oneshot::Sender<JoinAnswer>,
    },
    /// The publisher sent something, which arrived then.
    Media(u64, UtcMs, MediaEvent),
    /// What the encoder says about itself.
    Metadata(u64, Metadata),
    /// The publisher's connection is over.
    Left(u64),
}

/// The answer to a join.
pub(crate) enum JoinAnswer {
    /// It publishes from now on, under this number.
    Accepted(u64),
    /// Somebody else does.
    AlreadyPublishing,
}

struct Publisher {
    number: u64,
    close: oneshot::Sender<String>,
    joined: UtcMs,
    last_media: Option<UtcMs>,
    missing_told: bool,
}

/// An output whose bytes, if any, are stored or given up.
#[derive(Clone, Copy)]
enum Done {
    Init { n: u32, stored: bool },
    Listing(Listing),
}

pub(crate) struct Actor {
    shared: Arc<Shared>,
    live: Arc<Live>,
    packager: Packager,
    commands: mpsc::Receiver<Command>,
    uploads: FuturesOrdered<BoxFuture<'static, Done>>,
    retries: FuturesUnordered<BoxFuture<'static, Done>>,
    replay: FuturesUnordered<BoxFuture<'static, bool>>,
    old_parts: OldParts,
    deleting: FuturesUnordered<BoxFuture<'static, ()>>,
    missing_init: Option<(u32, bytes::Bytes)>,
    init: u32,
    lifecycle: Lifecycle,
    publisher: Option<Publisher>,
    joins: u64,
    return_by: Option<Instant>,
    started: bool,
    interrupted: bool,
}

impl Actor {
    /// The way to the show's broadcast, which begins if there is none.
    pub(crate) fn reach(shared: &Arc<Shared>, authorized: &Authorized) -> mpsc::Sender<Command> {
        shared.registry.join_or_begin(authorized.show_id, || {
            let defaults = shared.config.packaging;
            let settings = Settings {
                segment_target_ms: authorized.segment_target_ms.unwrap_or(defaults.segment_target_ms),
                part_target_ms: authorized.part_target_ms.unwrap_or(defaults.part_target_ms),
                dvr_window_ms: authorized.dvr_window_ms.unwrap_or(defaults.dvr_window_ms),
            }
            .clamped();
            let broadcast_id = BroadcastId::generate(shared.clock.now(), rand::random());
            let live = Arc::new(Live::new(authorized.show_id, broadcast_id, settings));
            let (sender, commands) = mpsc::channel(PUBLISHER_QUEUE_EVENTS);
            let actor = Self {
                shared: shared.clone(),
                live: live.clone(),
                packager: Packager::new(settings),
                commands,
                uploads: FuturesOrdered::new(),
                retries: FuturesUnordered::new(),
                replay: FuturesUnordered::new(),
                old_parts: OldParts::default(),
                deleting: FuturesUnordered::new(),
                missing_init: None,
                init: 0,
                lifecycle: Lifecycle::start(shared.deps.events.clone()),
                publisher: None,
                joins: 0,
                return_by: None,
                started: false,
                interrupted: false,
            };
            shared.tasks.spawn(actor.run());
            (live, sender)
        })
    }

    async fn run(mut self) {
        let shared = self.shared.clone();
        // Whoever began this broadcast is about to join it; should they not, it must not wait for ever.
        self.return_by = Some(self.grace());
        loop {
            let return_by = self.return_by;
            tokio::select! {
                biased;
                () = shared.stopping.cancelled() => break,
                Some(done) = self.uploads.next() => self.done(done),
                Some(done) = self.retries.next() => self.done(done),
                Some(_) = self.replay.next() => {}
                Some(()) = self.deleting.next() => {}
                command = self.commands.recv() => match command {
                    Some(command) => self.command(command),
                    None => break,
                },
                () = until(return_by) => break,
            }
        }
        self.end().await;
    }

    fn grace(&self) -> Instant {
        Instant::now() + Duration::from_millis(self.shared.config.grace_ms)
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Join { second_publisher, close, answer } => self.join(second_publisher, close, answer),
            Command::Media(number, now, event) => self.media(number, now, event),
            Command::Metadata(number, metadata) if self.is_current(number) => {
                self.live.meter().metadata(metadata);
            }
            Command::Metadata(..) => {}
            Command::Left(number) if self.is_current(number) => self.left(),
            Command::Left(_) => {}
        }
    }

    fn is_current(&self, number: u64) -> bool {
        self.publisher.as_ref().is_some_and(|publisher| publisher.number == number)
    }

    fn join(
        &mut self,
        second: SecondPublisher,
        close: oneshot::Sender<String>,
        answer: oneshot::Sender<JoinAnswer>,
    ) {
        let now = self.shared.clock.now();
        if let Some(current) = &self.publisher {
            let silent_ms = now.since(current.last_media.unwrap_or(current.joined));
            if second == SecondPublisher::Refuse && silent_ms < SILENT_PUBLISHER_MS {
                tracing::warn!(show = %self.live.show_id, "a second publisher was refused");
                // It fails only if the second publisher is gone already.
                let _ = answer.send(JoinAnswer::AlreadyPublishing);
                return;
            }
        }
        let number = self.joins + 1;
        if answer.send(JoinAnswer::Accepted(number)).is_err() {
            return;
        }
        self.joins = number;
        let joined = Publisher { number, close, joined: now, last_media: None, missing_told: false };
        if let Some(replaced) = self.publisher.replace(joined) {
            tracing::warn!(show = %self.live.show_id, "a second publisher took over");
            let _ = replaced.close.send("Another encoder publishes with this stream key now.".into());
            self.packager.publisher_left();
            self.drain();
        }
        self.return_by = None;
        self.live.meter().enter(IngestState::Receiving, now);
    }

    fn media(&mut self, number: u64, now: UtcMs, event: MediaEvent) {
        let Some(publisher) = self.publisher.as_mut().filter(|publisher| publisher.number == number) else {
            return;
        };
        publisher.last_media = Some(now);
        let presented_us = match &event {
            MediaEvent::Frame(frame) => Some(frame.dts_us + i64::from(frame.composition_offset_us)),
            MediaEvent::Config(_) => None,
        };
        let is_picture = matches!(&event, MediaEvent::Frame(frame) if frame.track == TrackKind::Video);
        let joined = publisher.joined;
        let bitrate_bps = {
            let mut meter = self.live.meter();
            meter.media(now, &event);
            meter.bitrate_bps()
        };
        self.packager.push(now, event);
        let captured = presented_us.filter(|_| is_picture).and_then(|us| self.packager.capture_time(us));
        {
            let mut meter = self.live.meter();
            meter.observed = self.packager.observed();
            if let Some(captured) = captured {
                meter.behind_ms = Some(now.since(captured).max(0));
            }
        }
        self.tell_missing_tracks(now, joined);
        if bitrate_bps > PUBLISHER_BITRATE_MAX_BPS
            && now.since(joined) > 1_000 * crate::limits::METER_WINDOW_S
        {
            self.close_publisher("This stream is faster than 60 Mb/s. Lower the bitrate in the encoder.");
        }
        self.drain();
    }

    /// Says once in the log that a publisher sends but one track.
    fn tell_missing_tracks(&mut self, now: UtcMs, joined: UtcMs) {
        let Some(publisher) = self.publisher.as_mut().filter(|publisher| !publisher.missing_told) else {
            return;
        };
        if now.since(joined) < 2 * showfloor_origin_packager::TRACK_WAIT_MS {
            return;
        }
        publisher.missing_told = true;
        let tracks = self.packager.tracks();
        if tracks.audio.is_none() {
            tracing::warn!(show = %self.live.show_id, track = "audio", "a track is missing; the show goes on without it");
        }
        if tracks.video.is_none() {
            tracing::warn!(show = %self.live.show_id, track = "video", "a track is missing; the show goes on without it");
        }
    }

    fn close_publisher(&mut self, text: &str) {
        if let Some(publisher) = self.publisher.take() {
            let _ = publisher.close.send(text.into());
            self.departed();
        }
    }

    fn left(&mut self) {
        self.publisher = None;
        self.departed();
    }

    fn departed(&mut self) {
        self.packager.publisher_left();
        self.drain();
        self.return_by = Some(self.grace());
        let now = self.shared.clock.now();
        self.live.meter().enter(IngestState::Interrupted, now);
        if self.started && !self.interrupted {
            self.interrupted = true;
            self.tell(BroadcastState::Interrupted);
        }
    }

    fn tell(&self, state: BroadcastState) {
        self.lifecycle.tell(BroadcastEvent {
            show_id: self.live.show_id,
            broadcast_id: self.live.broadcast_id,
            state,
            at: self.shared.clock.now(),
        });
    }

    /// The broadcast is over: nobody joins any more, what is open is stored, then the replay.
    async fn end(mut self) {
        self.commands.close();
        if let Some(publisher) = self.publisher.take() {
            let _ = publisher.close.send("The server is shutting down. Start again in a moment.".into());
        }
        self.packager.publisher_left();
        self.drain();
        while let Some(done) = self.uploads.next().await {
            self.done(done);
        }
        self.list(Listing::End);
        self.live.meter().enter(IngestState::Waiting, self.shared.clock.now());
        if let Some(upload) = self.replay_upload() {
            while self.replay.next().await.is_some() {}
            upload.run(self.shared.deps.store.clone()).await;
        }
        if self.started {
            self.tell(BroadcastState::Ended);
        }
        self.shared.registry.ended(&self.live);
        self.lifecycle.finish().await;
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
