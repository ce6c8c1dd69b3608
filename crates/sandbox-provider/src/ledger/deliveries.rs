//! Webhooks that wait for their receiver.

use serde::{Deserialize, Serialize};

use super::{Ledger, Moment, REPEAT_DELAY_MS, Refusal};
use crate::table::Row;

/// How many webhooks may wait. A command that would make more is refused.
pub const WEBHOOKS_PENDING_MAX: usize = 1_000;

/// How often a webhook is tried before it is given up: about a quarter of an hour.
pub const DELIVERY_ATTEMPTS_MAX: u32 = 20;

/// The wait after the first failure; it doubles with each.
pub const BACKOFF_FIRST_MS: i64 = 1_000;

/// The longest wait between two tries.
pub const BACKOFF_MAX_MS: i64 = 60_000;

/// A webhook that waits for its receiver, or a copy of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub id: String,
    pub event_id: String,
    pub account: String,
    pub body: String,
    pub due_ms: i64,
    /// How often it failed.
    pub attempts: u32,
}

/// How a try went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was taken.
    Taken,
    /// It was not, and is tried again at this time.
    Later { due_ms: i64 },
    /// It was not, and never will be.
    GivenUp,
}

impl Row for Delivery {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Ledger {
    /// Puts webhooks into the queue, all or none.
    pub(super) fn enqueue(&mut self, deliveries: Vec<Delivery>) -> Result<(), Refusal> {
        if self.deliveries.len() + deliveries.len() > WEBHOOKS_PENDING_MAX {
            return Err(Refusal::TooManyWebhooks);
        }
        for delivery in deliveries {
            self.deliveries.put(delivery);
        }
        Ok(())
    }

    /// Whether one more command finds room.
    pub(super) fn has_room(&self) -> bool {
        self.deliveries.len() + 2 <= WEBHOOKS_PENDING_MAX
    }

    /// Takes up to `most` webhooks that are due; they are in flight until [`Ledger::delivered`].
    pub fn take_due(&mut self, now_ms: i64, most: usize) -> Vec<Delivery> {
        let mut due: Vec<&Delivery> = self
            .deliveries
            .iter()
            .filter(|delivery| delivery.due_ms <= now_ms && !self.in_flight.contains(&delivery.id))
            .collect();
        due.sort_by_key(|delivery| delivery.due_ms);
        let due: Vec<Delivery> = due.into_iter().take(most).cloned().collect();
        self.in_flight.extend(due.iter().map(|delivery| delivery.id.clone()));
        due
    }

    /// Notes how a try went.
    pub fn delivered(&mut self, id: &str, taken: bool, now_ms: i64) -> Outcome {
        self.in_flight.remove(id);
        let Some(mut delivery) = self.deliveries.get(id).cloned() else { return Outcome::Taken };
        delivery.attempts += 1;
        if taken || delivery.attempts >= DELIVERY_ATTEMPTS_MAX {
            self.deliveries.remove(id);
            return if taken { Outcome::Taken } else { Outcome::GivenUp };
        }
        delivery.due_ms = now_ms + backoff_ms(delivery.attempts);
        let due_ms = delivery.due_ms;
        self.deliveries.put(delivery);
        Outcome::Later { due_ms }
    }

    /// Lets an account's webhooks that failed be tried again now.
    pub fn hasten(&mut self, account: &str, now_ms: i64) {
        let failed: Vec<Delivery> = self
            .deliveries
            .iter()
            .filter(|delivery| {
                delivery.account == account && delivery.attempts > 0 && delivery.due_ms > now_ms
            })
            .filter(|delivery| !self.in_flight.contains(&delivery.id))
            .cloned()
            .collect();
        for delivery in failed {
            self.deliveries.put(Delivery { due_ms: now_ms, ..delivery });
        }
    }

    /// When the next waiting webhook is due.
    pub(super) fn next_delivery_ms(&self) -> Option<i64> {
        self.deliveries
            .iter()
            .filter(|delivery| !self.in_flight.contains(&delivery.id))
            .map(|delivery| delivery.due_ms)
            .min()
    }
}

/// How long to wait after so many failures.
fn backoff_ms(failures: u32) -> i64 {
    let doublings = failures.saturating_sub(1).min(16);
    (BACKOFF_FIRST_MS << doublings).min(BACKOFF_MAX_MS)
}

/// The webhook and its repetition: at once, or after a while.
pub(super) fn doubled(moment: &Moment<'_>, delivery: Delivery, at_once: bool) -> Vec<Delivery> {
    let wait_ms = if at_once { 0 } else { REPEAT_DELAY_MS };
    let copy =
        Delivery { id: (moment.new_id)("dlv_"), due_ms: delivery.due_ms + wait_ms, ..delivery.clone() };
    vec![delivery, copy]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_minute() {
        let waits: Vec<i64> = (1..=9).map(backoff_ms).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
        assert_eq!(backoff_ms(u32::MAX), BACKOFF_MAX_MS);
    }
}
