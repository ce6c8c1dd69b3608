//! The state machine.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use showfloor_domain::UtcMs;

use super::{Answer, FetchId, Limits, Output, Playlist, Position, Refusal, Upstream, WaiterId};
use crate::media::{PlaylistQuery, Skip};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Error {
    /// The origin's own refusal.
    Status(u16),
    Gone,
}

#[derive(Clone, Debug)]
struct Stored {
    body: Bytes,
    age_s: u32,
    at: UtcMs,
    position: Option<Position>,
    /// It was found in the store, so how old it is nobody knows: it is never fresh.
    rescued: bool,
}

/// Somebody who waits, and what for.
type Waiter = (WaiterId, PlaylistQuery);

#[derive(Debug)]
struct InFlight {
    /// What the origin is asked for, which may be less than what some wait for.
    query: PlaylistQuery,
    deadline: UtcMs,
    waiters: Vec<Waiter>,
}

#[derive(Debug, Default)]
struct Entry {
    /// The newest playlist, in each form that clients ask for.
    newest: BTreeMap<Option<Skip>, Stored>,
    /// The furthest position seen, and when.
    position: Option<(Position, UtcMs)>,
    in_flight: BTreeMap<FetchId, InFlight>,
    /// Requests that wait for what was stored, because the origin is gone.
    rescued: Vec<WaiterId>,
    error: Option<(PlaylistQuery, Error, UtcMs)>,
    used_at: UtcMs,
}

impl Entry {
    fn is_idle(&self) -> bool {
        self.in_flight.is_empty() && self.rescued.is_empty()
    }
}

/// See the [module](super).
#[derive(Debug)]
pub struct PlaylistCache {
    limits: Limits,
    entries: BTreeMap<Playlist, Entry>,
    waiting: usize,
    next_fetch: u64,
    outputs: VecDeque<Output>,
}

impl PlaylistCache {
    /// An empty cache.
    #[must_use]
    pub const fn new(limits: Limits) -> Self {
        Self { limits, entries: BTreeMap::new(), waiting: 0, next_fetch: 0, outputs: VecDeque::new() }
    }

    /// How many requests wait.
    #[must_use]
    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Somebody asks. The answer comes as an [`Output::Answer`].
    pub fn request(&mut self, now: UtcMs, waiter: WaiterId, playlist: &Playlist, query: PlaylistQuery) {
        if self.waiting >= self.limits.waiters_max || !self.make_room(now, playlist) {
            return self.refuse(vec![waiter], Refusal::Busy);
        }
        self.waiting += 1;
        self.decide(now, waiter, playlist, query);
    }

    /// Somebody went away before they had their answer.
    pub fn cancel(&mut self, waiter: WaiterId, playlist: &Playlist) {
        let Some(entry) = self.entries.get_mut(playlist) else { return };
        let mut gone = 0;
        for in_flight in entry.in_flight.values_mut() {
            let before = in_flight.waiters.len();
            in_flight.waiters.retain(|(id, _)| *id != waiter);
            gone += before - in_flight.waiters.len();
        }
        let before = entry.rescued.len();
        entry.rescued.retain(|id| *id != waiter);
        self.waiting -= gone + before - entry.rescued.len();
    }

    /// The origin answered.
    pub fn upstream_answered(&mut self, now: UtcMs, fetch: FetchId, upstream: Upstream) {
        let Some((playlist, in_flight)) = self.take_fetch(fetch) else { return };
        match upstream.status {
            200 if upstream.body.len() <= self.limits.body_bytes_max => {
                self.store(now, &playlist, in_flight, upstream);
            }
            400..=499 => self.fail(now, &playlist, in_flight, Error::Status(upstream.status)),
            _ => self.fail(now, &playlist, in_flight, Error::Gone),
        }
    }

    /// The origin did not answer, or not in time, or said that it cannot.
    pub fn upstream_failed(&mut self, now: UtcMs, fetch: FetchId) {
        if let Some((playlist, in_flight)) = self.take_fetch(fetch) {
            self.fail(now, &playlist, in_flight, Error::Gone);
        }
    }

    /// What was stored beside the media, if anything was.
    pub fn stored_answered(&mut self, now: UtcMs, playlist: &Playlist, body: Option<Bytes>) {
        let limit = self.limits.body_bytes_max;
        let Some(entry) = self.entries.get_mut(playlist) else { return };
        let waiters = std::mem::take(&mut entry.rescued);
        match body.filter(|body| body.len() <= limit) {
            Some(body) => {
                let position = position_of(playlist, &body);
                let stored = Stored { body, age_s: 0, at: now, position, rescued: true };
                entry.newest.entry(None).or_insert(stored);
                self.answer_stale(now, playlist, waiters);
            }
            None => self.release(waiters, Refusal::OriginGone),
        }
    }

    /// Time has passed: upstream requests that are late count as failed, playlists that nobody wants are
    /// forgotten.
    pub fn tick(&mut self, now: UtcMs) {
        let late: Vec<FetchId> = self
            .entries
            .values()
            .flat_map(|entry| &entry.in_flight)
            .filter(|(_, in_flight)| now >= in_flight.deadline)
            .map(|(fetch, _)| *fetch)
            .collect();
        for fetch in late {
            self.upstream_failed(now, fetch);
        }
        let idle_ms = self.limits.idle_ms;
        self.entries.retain(|_, entry| !entry.is_idle() || now.since(entry.used_at) < idle_ms);
    }

    /// What the host does next; call until it says [`Output::Timeout`].
    pub fn poll_output(&mut self) -> Output {
        if let Some(output) = self.outputs.pop_front() {
            return output;
        }
        let fetches = self.entries.values().flat_map(|entry| entry.in_flight.values());
        let deadline = fetches.map(|in_flight| in_flight.deadline).min();
        let idle = self.entries.values().map(|entry| entry.used_at.plus_ms(self.limits.idle_ms)).min();
        Output::Timeout(deadline.or(idle))
    }

    fn decide(&mut self, now: UtcMs, waiter: WaiterId, playlist: &Playlist, query: PlaylistQuery) {
        let entry = self.entries.entry(playlist.clone()).or_default();
        entry.used_at = now;
        let wanted = match playlist {
            // A multivariant playlist knows no directives.
            Playlist::Multivariant(_) => PlaylistQuery::default(),
            Playlist::Media(_) => query,
        };
        let upstream = match (wanted.ask, entry.position) {
            (None, _) => wanted,
            (Some(ask), Some((position, _))) if position.ended() || position.has(ask) => {
                PlaylistQuery { ask: None, ..wanted }
            }
            (Some(ask), Some((position, at))) if now.since(at) <= 2 * position.target_ms() => {
                if position.is_beyond(ask, now.since(at)) {
                    return self.release(vec![waiter], Refusal::TooFarAhead);
                }
                // The origin is asked for the very next part, whichever of the allowed ones is wanted: those
                // who want a later one wait here.
                PlaylistQuery { ask: Some(position.next()), ..wanted }
            }
            // Where the live edge is must be known before anything is waited for.
            (Some(_), _) => PlaylistQuery::default(),
        };
        if upstream.ask.is_none()
            && (wanted.ask.is_none() || upstream.skip == wanted.skip)
            && let Some(answer) = self.fresh(now, playlist, upstream.skip, wanted)
        {
            return self.answer(vec![waiter], answer);
        }
        let entry = self.entries.entry(playlist.clone()).or_default();
        match entry.error {
            Some((_, Error::Gone, until)) if now < until => self.rescue(now, playlist, vec![waiter]),
            Some((failed, Error::Status(status), until)) if now < until && failed == upstream => {
                self.answer(vec![waiter], error_answer(status, None));
            }
            _ => self.join(now, playlist, upstream, (waiter, wanted)),
        }
    }

    /// The newest playlist in this form, if it is fresh, as new as any other form, and has what is wanted.
    fn fresh(
        &self,
        now: UtcMs,
        playlist: &Playlist,
        skip: Option<Skip>,
        wanted: PlaylistQuery,
    ) -> Option<Answer> {
        let entry = self.entries.get(playlist)?;
        let stored = entry.newest.get(&skip)?;
        let fresh_ms = match &stored.position {
            Some(position) if !position.ended() => position.step_ms(),
            Some(_) | None => self.limits.multivariant_fresh_ms,
        };
        let newest = match (stored.position, entry.position) {
            (Some(stored), Some((known, _))) => stored.reaches(&known),
            (_, Some(_)) => false,
            (_, None) => true,
        };
        let has = wanted.ask.is_none_or(|ask| stored.position.is_some_and(|at| at.ended() || at.has(ask)));
        let fresh = !stored.rescued && now.since(stored.at) < fresh_ms;
        (fresh && newest && has).then(|| answer_of(stored, now, false))
    }

    /// Waits for the upstream request with this query, which is made if there is none.
    fn join(&mut self, now: UtcMs, playlist: &Playlist, query: PlaylistQuery, waiter: Waiter) {
        let entry = self.entries.entry(playlist.clone()).or_default();
        if let Some(in_flight) = entry.in_flight.values_mut().find(|in_flight| in_flight.query == query) {
            in_flight.waiters.push(waiter);
            return;
        }
        if entry.in_flight.len() >= self.limits.fetches_per_playlist_max {
            return self.release(vec![waiter.0], Refusal::Busy);
        }
        let fetch = FetchId(self.next_fetch);
        self.next_fetch += 1;
        let blocks = query.ask.is_some();
        let deadline =
            now.plus_ms(if blocks { self.limits.blocking_ms_max } else { self.limits.plain_ms_max });
        entry.in_flight.insert(fetch, InFlight { query, deadline, waiters: vec![waiter] });
        self.outputs.push_back(Output::Fetch { fetch, playlist: playlist.clone(), query, deadline });
    }

    fn store(&mut self, now: UtcMs, playlist: &Playlist, in_flight: InFlight, upstream: Upstream) {
        let position = position_of(playlist, &upstream.body);
        let entry = self.entries.entry(playlist.clone()).or_default();
        entry.error = None;
        let current = match (position, entry.position) {
            // What we know of is believed for two target durations; then the origin is right, also if it went
            // back.
            (Some(position), Some((known, at))) => {
                position.reaches(&known) || now.since(at) > 2 * known.target_ms()
            }
            (_, None) => true,
            (None, Some(_)) => false,
        };
        let skip = in_flight.query.skip;
        let stored = Stored { body: upstream.body, age_s: upstream.age_s, at: now, position, rescued: false };
        let answer = answer_of(&stored, now, false);
        if current {
            entry.newest.insert(skip, stored);
            entry.position = position.map(|position| (position, now));
        }
        // An upstream request in one form is waited for by those who can apply that form.
        let has = |wanted: &PlaylistQuery| {
            wanted.ask.is_none_or(|ask| position.is_none_or(|at| at.ended() || at.has(ask)))
        };
        // An origin that did not wait, or went back, is believed: asking again at once would turn in circles.
        let known = entry.position.map(|(known, _)| known);
        let in_vain = in_flight.query.ask.is_some() && !has(&in_flight.query);
        let went_back = |wanted: &PlaylistQuery| {
            wanted.ask.is_some_and(|ask| known.is_some_and(|known| known.ended() || known.has(ask)))
        };
        let (mut served, unserved): (Vec<Waiter>, Vec<Waiter>) = in_flight
            .waiters
            .into_iter()
            .partition(|(_, wanted)| in_vain || has(wanted) || went_back(wanted));
        // Whoever waits elsewhere for what this playlist has needs no answer of their own.
        for other in entry.in_flight.values_mut().filter(|other| other.query.skip == skip) {
            let waiters = std::mem::take(&mut other.waiters);
            let (now_served, rest): (Vec<Waiter>, Vec<Waiter>) =
                waiters.into_iter().partition(|(_, wanted)| wanted.ask.is_some() && has(wanted));
            served.extend(now_served);
            other.waiters = rest;
        }
        self.answer(served.into_iter().map(|(id, _)| id).collect(), answer);
        for (waiter, wanted) in unserved {
            self.decide(now, waiter, playlist, wanted);
        }
    }

    fn fail(&mut self, now: UtcMs, playlist: &Playlist, in_flight: InFlight, error: Error) {
        let until = now.plus_ms(self.limits.error_ms);
        let entry = self.entries.entry(playlist.clone()).or_default();
        entry.error = Some((in_flight.query, error, until));
        let waiters = in_flight.waiters.into_iter().map(|(id, _)| id).collect();
        match error {
            Error::Status(status) => self.answer(waiters, error_answer(status, None)),
            Error::Gone => self.rescue(now, playlist, waiters),
        }
    }

    /// The origin is gone: the last good playlist, from memory or from the store.
    fn rescue(&mut self, now: UtcMs, playlist: &Playlist, waiters: Vec<WaiterId>) {
        if waiters.is_empty() {
            return;
        }
        let entry = self.entries.entry(playlist.clone()).or_default();
        if entry.newest.contains_key(&None) {
            return self.answer_stale(now, playlist, waiters);
        }
        let asked = !entry.rescued.is_empty();
        entry.rescued.extend(waiters);
        if !asked {
            self.outputs.push_back(Output::FetchStored { playlist: playlist.clone() });
        }
    }

    fn answer_stale(&mut self, now: UtcMs, playlist: &Playlist, waiters: Vec<WaiterId>) {
        let stored = self.entries.get(playlist).and_then(|entry| entry.newest.get(&None));
        match stored.map(|stored| answer_of(stored, now, true)) {
            Some(answer) => self.answer(waiters, answer),
            None => self.release(waiters, Refusal::OriginGone),
        }
    }

    /// Refuses requests that were counted as waiting.
    fn release(&mut self, waiters: Vec<WaiterId>, refusal: Refusal) {
        self.waiting -= waiters.len();
        self.refuse(waiters, refusal);
    }

    fn refuse(&mut self, waiters: Vec<WaiterId>, refusal: Refusal) {
        let status = match refusal {
            Refusal::TooFarAhead => 400,
            Refusal::Busy | Refusal::OriginGone => 503,
        };
        if !waiters.is_empty() {
            self.outputs.push_back(Output::Answer { waiters, answer: error_answer(status, Some(refusal)) });
        }
    }

    fn answer(&mut self, waiters: Vec<WaiterId>, answer: Answer) {
        self.waiting -= waiters.len();
        if !waiters.is_empty() {
            self.outputs.push_back(Output::Answer { waiters, answer });
        }
    }

    fn take_fetch(&mut self, fetch: FetchId) -> Option<(Playlist, InFlight)> {
        self.entries
            .iter_mut()
            .find_map(|(playlist, entry)| Some((playlist.clone(), entry.in_flight.remove(&fetch)?)))
    }

    /// Whether there is room for this playlist; the one that was idle longest gives way.
    fn make_room(&mut self, now: UtcMs, playlist: &Playlist) -> bool {
        if self.entries.contains_key(playlist) || self.entries.len() < self.limits.playlists_max {
            return true;
        }
        let idle = self.entries.iter().filter(|(_, entry)| entry.is_idle() && entry.used_at < now);
        let Some(oldest) = idle.min_by_key(|(_, entry)| entry.used_at).map(|(oldest, _)| oldest.clone())
        else {
            return false;
        };
        self.entries.remove(&oldest).is_some()
    }
}

fn position_of(playlist: &Playlist, body: &[u8]) -> Option<Position> {
    match playlist {
        Playlist::Multivariant(_) => None,
        Playlist::Media(_) => std::str::from_utf8(body).ok().and_then(Position::read),
    }
}

fn answer_of(stored: &Stored, now: UtcMs, stale: bool) -> Answer {
    let here_s = u32::try_from(now.since(stored.at).max(0) / 1_000).unwrap_or(u32::MAX);
    Answer {
        status: 200,
        body: stored.body.clone(),
        age_s: stored.age_s.saturating_add(here_s),
        stale,
        refusal: None,
    }
}

fn error_answer(status: u16, refusal: Option<Refusal>) -> Answer {
    Answer { status, body: Bytes::new(), age_s: 0, stale: false, refusal }
}
