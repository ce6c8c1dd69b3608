//! Finds broadcasts: by show for publishers and multivariant playlists, by id for media playlists.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use showfloor_domain::{BroadcastId, ShowId};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::actor::Command;
use super::live::Live;
use crate::limits::{ENDED_BROADCASTS_MAX, ENDED_KEPT_MS};

struct Entry {
    live: Arc<Live>,
    commands: mpsc::Sender<Command>,
}

#[derive(Default)]
struct Inner {
    shows: HashMap<ShowId, Entry>,
    broadcasts: HashMap<BroadcastId, Arc<Live>>,
    ended: VecDeque<(Instant, Arc<Live>)>,
}

/// All broadcasts that are answered for.
#[derive(Default)]
pub(crate) struct Registry(Mutex<Inner>);

impl Registry {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The show's broadcast that still takes publishers, or the one that `begin` makes.
    pub(super) fn join_or_begin(
        &self,
        show_id: ShowId,
        begin: impl FnOnce() -> (Arc<Live>, mpsc::Sender<Command>),
    ) -> mpsc::Sender<Command> {
        let mut inner = self.inner();
        if let Some(entry) = inner.shows.get(&show_id).filter(|entry| !entry.commands.is_closed()) {
            return entry.commands.clone();
        }
        let (live, commands) = begin();
        inner.broadcasts.insert(live.broadcast_id, live.clone());
        inner.shows.insert(show_id, Entry { live, commands: commands.clone() });
        commands
    }

    /// A broadcast is over: it is answered for a while longer, if it ever had anything to play.
    pub(super) fn ended(&self, live: &Arc<Live>) {
        let mut inner = self.inner();
        if live.is_playable() {
            inner.ended.push_back((Instant::now() + Duration::from_millis(ENDED_KEPT_MS), live.clone()));
        } else {
            forget(&mut inner, live);
        }
        forget_old(&mut inner);
    }

    pub(crate) fn by_show(&self, show_id: ShowId) -> Option<Arc<Live>> {
        let mut inner = self.inner();
        forget_old(&mut inner);
        inner.shows.get(&show_id).map(|entry| entry.live.clone())
    }

    pub(crate) fn by_broadcast(&self, broadcast_id: BroadcastId) -> Option<Arc<Live>> {
        let mut inner = self.inner();
        forget_old(&mut inner);
        inner.broadcasts.get(&broadcast_id).cloned()
    }
}

fn forget_old(inner: &mut Inner) {
    let now = Instant::now();
    while let Some((_, live)) =
        inner.ended.pop_front_if(|(until, _)| *until <= now).or_else(|| surplus(&mut inner.ended))
    {
        forget(inner, &live);
    }
}

fn surplus(ended: &mut VecDeque<(Instant, Arc<Live>)>) -> Option<(Instant, Arc<Live>)> {
    if ended.len() > ENDED_BROADCASTS_MAX { ended.pop_front() } else { None }
}

fn forget(inner: &mut Inner, live: &Arc<Live>) {
    inner.broadcasts.remove(&live.broadcast_id);
    if inner.shows.get(&live.show_id).is_some_and(|entry| Arc::ptr_eq(&entry.live, live)) {
        inner.shows.remove(&live.show_id);
    }
}
