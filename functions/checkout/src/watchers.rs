//! Those who wait for a checkout to change.

use showfloor_domain::CheckoutId;
use tokio::sync::broadcast;

/// Changes that a waiter may be behind before it looks for itself.
pub const CHANGES_MAX: usize = 1_024;

/// Wakes those who wait for a checkout. Clones are the same.
#[derive(Clone, Debug)]
pub struct Watchers(broadcast::Sender<CheckoutId>);

impl Default for Watchers {
    fn default() -> Self {
        Self(broadcast::Sender::new(CHANGES_MAX))
    }
}

impl Watchers {
    /// A checkout changed.
    pub fn changed(&self, checkout_id: CheckoutId) {
        // Nobody may be waiting.
        let _ = self.0.send(checkout_id);
    }

    /// Hears of changes from now on.
    pub(crate) fn watch(&self, checkout_id: CheckoutId) -> Watch {
        Watch { checkout_id, changes: self.0.subscribe() }
    }
}

/// Somebody who waits.
pub(crate) struct Watch {
    checkout_id: CheckoutId,
    changes: broadcast::Receiver<CheckoutId>,
}

impl Watch {
    /// Returns when the checkout may have changed.
    pub(crate) async fn changed(&mut self) {
        loop {
            match self.changes.recv().await {
                Ok(changed) if changed == self.checkout_id => return,
                Ok(_) => {}
                // So much happened that some of it was missed: it may have been this one.
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
