//! Telling what becomes of a broadcast, in order, without holding it up.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::deps::{BroadcastEvent, BroadcastEvents};
use crate::limits::{EVENT_TIMEOUT_MS, EVENTS_WAITING_MAX};

/// One broadcast's events, and the task that tells them.
pub(super) struct Lifecycle {
    waiting: mpsc::Sender<BroadcastEvent>,
    task: JoinHandle<()>,
}

impl Lifecycle {
    pub(super) fn start(events: Arc<dyn BroadcastEvents>) -> Self {
        let (waiting, mut told) = mpsc::channel::<BroadcastEvent>(EVENTS_WAITING_MAX);
        let task = tokio::spawn(async move {
            while let Some(event) = told.recv().await {
                if timeout(Duration::from_millis(EVENT_TIMEOUT_MS), events.changed(event)).await.is_err() {
                    tracing::error!(broadcast = %event.broadcast_id, state = ?event.state, "a lifecycle event was not taken in time");
                }
            }
        });
        Self { waiting, task }
    }

    pub(super) fn tell(&self, event: BroadcastEvent) {
        tracing::info!(show = %event.show_id, broadcast = %event.broadcast_id, state = ?event.state, "broadcast");
        if self.waiting.try_send(event).is_err() {
            tracing::error!(broadcast = %event.broadcast_id, state = ?event.state, "a lifecycle event was lost: too many wait");
        }
    }

    /// Waits until all is told.
    pub(super) async fn finish(self) {
        drop(self.waiting);
        // It fails only if telling panicked, which was reported already.
        let _ = self.task.await;
    }
}
