//! Which rooms there are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use showfloor_domain::event::{CloudEvent, Event};
use showfloor_domain::{ShowId, UtcMs};
use showfloor_edge_core::overlay::RoomSeed;
use showfloor_edge_core::room::{Input, Limits, Restart, Room};
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::actor::{COMMANDS_MAX, Command, RoomActor, Told};
use super::log::RoomLog;
use crate::Clock;
use crate::seeds::{Seeds, SeedsError};

/// Rooms of one host; a show more gets none until another is closed.
pub const ROOMS_MAX: usize = 1_000;

/// There is no room to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoom {
    /// There is no such show.
    #[error("there is no such show")]
    NoShow,
    /// It can't be made now; try again.
    #[error("the room can't be opened now")]
    Unavailable,
}

/// All rooms of this host.
#[derive(Clone)]
pub struct Rooms(Arc<Shared>);

struct Shared {
    rooms: Mutex<HashMap<ShowId, mpsc::Sender<Command>>>,
    /// Held while a room is made, so that a show never gets two.
    making: AsyncMutex<()>,
    seeds: Seeds,
    log: RoomLog,
    told: mpsc::Sender<Told>,
    clock: Clock,
    limits: Limits,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Rooms {
    /// No rooms yet.
    pub(crate) fn new(
        seeds: Seeds,
        log: RoomLog,
        told: mpsc::Sender<Told>,
        clock: Clock,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let (rooms, making) = (Mutex::default(), AsyncMutex::default());
        let limits = Limits::default();
        Self(Arc::new(Shared { rooms, making, seeds, log, told, clock, limits, tasks, stop }))
    }

    /// The room of a show, made if it is not there. Only for those who have shown a good token, or ask what is public.
    pub(crate) async fn open(&self, show: ShowId) -> Result<mpsc::Sender<Command>, NoRoom> {
        if let Some(room) = self.find(show) {
            return Ok(room);
        }
        let _making = self.0.making.lock().await;
        if let Some(room) = self.find(show) {
            return Ok(room);
        }
        if self.0.stop.is_cancelled() || self.lock().len() >= ROOMS_MAX {
            return Err(NoRoom::Unavailable);
        }
        let seed = self.0.seeds.fetch(show).await.map_err(|error| match error {
            SeedsError::NoShow => NoRoom::NoShow,
            SeedsError::Unavailable(reason) => {
                tracing::warn!(%show, reason, "a room's seed could not be fetched");
                NoRoom::Unavailable
            }
        })?;
        let records = self.0.log.read(show).await.map_err(|error| {
            tracing::error!(%show, %error, "a room's log could not be read");
            NoRoom::Unavailable
        })?;
        Ok(self.start(show, seed, records))
    }

    /// The overlay of a show for the audience that a query asks for.
    ///
    /// # Errors
    /// When there is no such show, or its room can't be opened.
    pub async fn overlay(&self, show: ShowId, query: &str) -> Result<Bytes, NoRoom> {
        let room = self.open(show).await?;
        let (reply, overlay) = oneshot::channel();
        let command = Command::Overlay { query: query.into(), reply };
        room.send(command).await.map_err(|_| NoRoom::Unavailable)?;
        overlay.await.map_err(|_| NoRoom::Unavailable)
    }

    /// Brings an event to the rooms that it concerns. A show without a room needs none: its seed will say it.
    pub async fn deliver(&self, event: CloudEvent) {
        for show in shows_of(&event.event) {
            if let Some(room) = self.find(show) {
                // A room that has just closed is seeded anew when somebody comes.
                let _ = room.send(Command::Input(Input::Event(Box::new(event.clone())))).await;
            }
        }
    }

    /// Fetches a newer seed for a room that asked for one.
    pub(crate) async fn reseed(&self, show: ShowId) {
        match self.0.seeds.fetch(show).await {
            Ok(seed) => {
                if let Some(room) = self.find(show) {
                    let _ = room.send(Command::Input(Input::Seed(Box::new(seed)))).await;
                }
            }
            // The room asks again.
            Err(error) => tracing::warn!(%show, %error, "a room's seed could not be fetched"),
        }
    }

    fn start(&self, show: ShowId, seed: RoomSeed, records: Vec<(String, Bytes)>) -> mpsc::Sender<Command> {
        let now = (self.0.clock)();
        let (sender, commands) = mpsc::channel(COMMANDS_MAX);
        let actor = RoomActor {
            show,
            room: Room::restore(self.0.limits, seed, now, self.restart(now), records),
            log: self.0.log.clone(),
            told: self.0.told.clone(),
            clock: Arc::clone(&self.0.clock),
        };
        self.lock().insert(show, sender.clone());
        let (rooms, stop) = (self.clone(), self.0.stop.clone());
        self.0.tasks.spawn(async move {
            actor.run(commands, stop).await;
            rooms.lock().remove(&show);
        });
        sender
    }

    /// Commits reach the operating system before anybody hears of them, so only a machine that went down can have
    /// told what it did not keep.
    fn restart(&self, now: UtcMs) -> Restart {
        if self.0.log.is_whole() {
            Restart::Lossless
        } else {
            Restart::NewEpoch(u64::try_from(now.get()).unwrap_or(1))
        }
    }

    fn find(&self, show: ShowId) -> Option<mpsc::Sender<Command>> {
        self.lock().get(&show).filter(|room| !room.is_closed()).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ShowId, mpsc::Sender<Command>>> {
        // A map of senders is whole even after a panic.
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shows_of(event: &Event) -> Vec<ShowId> {
    match event {
        Event::BroadcastStarted(e)
        | Event::BroadcastInterrupted(e)
        | Event::BroadcastResumed(e)
        | Event::BroadcastEnded(e) => vec![e.show_id],
        Event::ShowStateChanged(e) => vec![e.show_id],
        Event::ShowChanged(e) => vec![e.show_id],
        Event::ProductPinned(e) => vec![e.show_id],
        Event::ProductUnpinned(e) => vec![e.show_id],
        Event::BannerChanged(e) => vec![e.show_id],
        Event::FlashSaleStarted(e) => vec![e.show_id],
        Event::FlashSaleEnded(e) => vec![e.show_id],
        Event::ProductChanged(e) => e.show_ids.clone(),
        Event::StockChanged(e) => e.show_ids.clone(),
        Event::OrderPaid(e) => e.show_id.into_iter().collect(),
        Event::OrderRefunded(e) => e.show_id.into_iter().collect(),
    }
}
