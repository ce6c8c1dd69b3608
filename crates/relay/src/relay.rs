//! The loop: read, deliver, remember.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use showfloor_domain::UtcMs;
use showfloor_domain::event::CloudEvent;
use showfloor_storage::{Outbox, OutboxEntry, StoreError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::backoff::Backoff;
use crate::sink::{Mode, Sink, Verdict};

/// How many events are read from the outbox at once.
pub const BATCH_MAX: u32 = 100;
/// How many subjects are delivered to one sink at the same time.
pub const SUBJECTS_AT_ONCE: usize = 8;
/// How often an event that makes its sink fail is tried before it becomes a dead letter.
pub const ATTEMPTS_MAX: u32 = 8;
/// How often the outbox is pruned, in batches delivered.
const PRUNE_EVERY: u32 = 100;

/// Tells what time it is.
pub type Clock = Arc<dyn Fn() -> UtcMs + Send + Sync>;

/// Delivers the outbox to its sinks.
pub struct Relay {
    outbox: Arc<dyn Outbox>,
    grew: watch::Receiver<u64>,
    clock: Clock,
    sinks: Vec<(String, Arc<dyn Sink>)>,
}

/// One sink's part of a relay.
struct Delivery {
    outbox: Arc<dyn Outbox>,
    clock: Clock,
    name: String,
    sink: Arc<dyn Sink>,
    all: Vec<String>,
}

impl Relay {
    /// A relay without sinks; `grew` changes when something was committed to the outbox.
    #[must_use]
    pub fn new(outbox: Arc<dyn Outbox>, grew: watch::Receiver<u64>, clock: Clock) -> Self {
        Self { outbox, grew, clock, sinks: Vec::new() }
    }

    /// Also delivers to `sink`. The store remembers it by `name`, so a name must never be given to another sink.
    #[must_use]
    pub fn with_sink(mut self, name: impl Into<String>, sink: Arc<dyn Sink>) -> Self {
        self.sinks.push((name.into(), sink));
        self
    }

    /// Delivers until stopped. What is under way when it stops is delivered again at the next start.
    pub async fn run(self, stop: CancellationToken) {
        let tasks = TaskTracker::new();
        let all: Vec<String> = self.sinks.iter().map(|(name, _)| name.clone()).collect();
        for (name, sink) in self.sinks {
            let delivery = Delivery {
                outbox: Arc::clone(&self.outbox),
                clock: Arc::clone(&self.clock),
                name,
                sink,
                all: all.clone(),
            };
            let (grew, stop) = (self.grew.clone(), stop.clone());
            tasks.spawn(async move { stop.run_until_cancelled(delivery.run(grew)).await });
        }
        tasks.close();
        tasks.wait().await;
    }
}

impl Delivery {
    async fn run(self, mut grew: watch::Receiver<u64>) {
        let mut backoff = Backoff::default();
        let mut batches = 0_u32;
        loop {
            // Whatever grows from here on is seen by the read below or wakes the wait.
            grew.borrow_and_update();
            match self.step().await {
                Ok(0) => {
                    if grew.changed().await.is_err() {
                        return;
                    }
                }
                Ok(_) => {
                    backoff = Backoff::default();
                    batches = batches.wrapping_add(1);
                    if batches.is_multiple_of(PRUNE_EVERY)
                        && let Err(error) = self.outbox.prune(&self.all).await
                    {
                        tracing::warn!(%error, "the outbox could not be pruned");
                    }
                }
                Err(error) => {
                    tracing::warn!(sink = self.name, %error, "the outbox could not be read");
                    tokio::time::sleep(backoff.next(rand::random())).await;
                }
            }
        }
    }

    /// Delivers one batch, whole; gives its size.
    async fn step(&self) -> Result<usize, StoreError> {
        let position = self.outbox.position(&self.name).await?;
        let batch = self.outbox.after(position, BATCH_MAX).await?;
        let Some(last) = batch.last().map(|entry| entry.sequence) else { return Ok(0) };
        match self.sink.mode() {
            Mode::Batched => self.deliver_together(&batch).await?,
            Mode::Single => self.deliver_by_subject(&batch).await?,
        }
        self.outbox.advance(&self.name, last).await?;
        Ok(batch.len())
    }

    async fn deliver_together(&self, batch: &[OutboxEntry]) -> Result<(), StoreError> {
        let events: Vec<CloudEvent> = batch.iter().map(|entry| entry.event.clone()).collect();
        let mut backoff = Backoff::default();
        loop {
            match self.sink.deliver(&events).await {
                Verdict::Taken => return Ok(()),
                Verdict::Down(reason) => self.wait(&mut backoff, &reason).await,
                // One of them is at fault: which one shows when each goes alone.
                Verdict::Failed(_) | Verdict::Refused(_) => return self.deliver_in_order(&events).await,
            }
        }
    }

    async fn deliver_by_subject(&self, batch: &[OutboxEntry]) -> Result<(), StoreError> {
        let mut subjects: BTreeMap<&str, Vec<CloudEvent>> = BTreeMap::new();
        for entry in batch {
            subjects.entry(&entry.event.subject).or_default().push(entry.event.clone());
        }
        let mut waiting = subjects.into_values();
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < SUBJECTS_AT_ONCE
                && let Some(events) = waiting.next()
            {
                running.push(async move { self.deliver_in_order(&events).await });
            }
            match running.next().await {
                Some(outcome) => outcome?,
                None => return Ok(()),
            }
        }
    }

    async fn deliver_in_order(&self, events: &[CloudEvent]) -> Result<(), StoreError> {
        for event in events {
            self.deliver_one(event).await?;
        }
        Ok(())
    }

    async fn deliver_one(&self, event: &CloudEvent) -> Result<(), StoreError> {
        let mut backoff = Backoff::default();
        let mut attempts = 0;
        loop {
            let reason = match self.sink.deliver(std::slice::from_ref(event)).await {
                Verdict::Taken => return Ok(()),
                Verdict::Down(reason) => {
                    self.wait(&mut backoff, &reason).await;
                    continue;
                }
                Verdict::Failed(reason) => {
                    attempts += 1;
                    if attempts < ATTEMPTS_MAX {
                        self.wait(&mut backoff, &reason).await;
                        continue;
                    }
                    reason
                }
                Verdict::Refused(reason) => reason,
            };
            tracing::error!(sink = self.name, event = %event.id, reason, "an event became a dead letter");
            return self.outbox.dead_letter(&self.name, event, &reason, (self.clock)()).await;
        }
    }

    async fn wait(&self, backoff: &mut Backoff, reason: &str) {
        let wait = backoff.next(rand::random());
        tracing::debug!(sink = self.name, reason, wait_ms = wait.as_millis(), "a sink is tried again");
        tokio::time::sleep(wait).await;
    }
}
