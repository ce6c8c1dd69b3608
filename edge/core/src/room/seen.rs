//! Events that came already.

use std::collections::{BTreeSet, VecDeque};

/// The newest `(source, id)` pairs.
#[derive(Debug)]
pub(super) struct Seen {
    order: VecDeque<(String, String)>,
    seen: BTreeSet<(String, String)>,
    most: usize,
}

impl Seen {
    pub(super) const fn new(most: usize) -> Self {
        Self { order: VecDeque::new(), seen: BTreeSet::new(), most }
    }

    /// Remembers an event; whether it is new.
    pub(super) fn insert(&mut self, event: (String, String)) -> bool {
        if !self.seen.insert(event.clone()) {
            return false;
        }
        self.order.push_back(event);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}
