//! How many connections there may be, and which one goes when there are too many.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use super::bad_keys::BadKeys;
use crate::limits::{PUBLISHERS_MAX, UNPROVED_CONNECTIONS_MAX};

#[derive(Default)]
struct Inner {
    next: u64,
    unproved: BTreeMap<u64, CancellationToken>,
    publishers: usize,
    bad_keys: BadKeys,
}

/// Counts connections.
#[derive(Default)]
pub(super) struct Admission(Mutex<Inner>);

impl Admission {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection came. If too many have not proved a key, the oldest of them goes.
    pub(super) fn enter(self: &Arc<Self>) -> Unproved {
        let mut inner = self.inner();
        let number = inner.next;
        inner.next += 1;
        let closed = CancellationToken::new();
        inner.unproved.insert(number, closed.clone());
        if inner.unproved.len() > UNPROVED_CONNECTIONS_MAX
            && let Some((_, oldest)) = inner.unproved.pop_first()
        {
            oldest.cancel();
        }
        Unproved { admission: self.clone(), number, closed }
    }

    /// Descriptors have run out: makes room.
    pub(super) fn close_oldest(&self) {
        if let Some((_, oldest)) = self.inner().unproved.pop_first() {
            oldest.cancel();
        }
    }

    /// A key was proved: takes a publisher's place, if there is one.
    pub(super) fn prove(self: &Arc<Self>) -> Option<Proved> {
        let mut inner = self.inner();
        if inner.publishers >= PUBLISHERS_MAX {
            return None;
        }
        inner.publishers += 1;
        Some(Proved(self.clone()))
    }

    pub(super) fn bad_keys<T>(&self, use_them: impl FnOnce(&mut BadKeys) -> T) -> T {
        use_them(&mut self.inner().bad_keys)
    }
}

/// The place of a connection that has not proved a key; free again when dropped.
pub(super) struct Unproved {
    admission: Arc<Admission>,
    number: u64,
    /// Cancelled when the connection must go.
    pub(super) closed: CancellationToken,
}

impl Drop for Unproved {
    fn drop(&mut self) {
        self.admission.inner().unproved.remove(&self.number);
    }
}

/// The place of a publisher; free again when dropped.
pub(super) struct Proved(Arc<Admission>);

impl Drop for Proved {
    fn drop(&mut self) {
        self.0.inner().publishers -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_connection_past_the_limit_closes_the_oldest() {
        let admission = Arc::new(Admission::default());
        let mut held: Vec<Unproved> = (0..UNPROVED_CONNECTIONS_MAX).map(|_| admission.enter()).collect();
        assert!(held.iter().all(|unproved| !unproved.closed.is_cancelled()));
        held.push(admission.enter());
        let closed: Vec<bool> = held.iter().map(|unproved| unproved.closed.is_cancelled()).collect();
        assert!(closed[0] && !closed[1..].contains(&true));
        drop(held);
        assert!(admission.inner().unproved.is_empty());
    }

    #[test]
    fn one_publisher_past_the_limit_is_not_let_in() {
        let admission = Arc::new(Admission::default());
        let held: Vec<Option<Proved>> = (0..PUBLISHERS_MAX).map(|_| admission.prove()).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(admission.prove().is_none());
        drop(held);
        assert!(admission.prove().is_some());
    }
}
