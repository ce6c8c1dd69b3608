//! Rows in the order they came, each with its JSON at hand: a snapshot then costs copying, not serialising.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;

/// Something that is kept.
pub(crate) trait Row: Clone + Serialize {
    /// Its id.
    fn id(&self) -> &str;

    /// The key under which it was asked for; asking again gives the same.
    fn idempotency_key(&self) -> Option<&str> {
        None
    }
}

/// Rows, oldest first.
pub(crate) struct Table<R> {
    rows: BTreeMap<u64, (R, Arc<str>)>,
    places: HashMap<String, u64>,
    keys: HashMap<String, u64>,
    next_place: u64,
    revision: u64,
}

impl<R: Row> Table<R> {
    /// The table with these rows.
    pub fn new(rows: Vec<R>) -> Self {
        let (places, keys) = (HashMap::new(), HashMap::new());
        let mut table = Self { rows: BTreeMap::new(), places, keys, next_place: 0, revision: 0 };
        for row in rows {
            table.put(row);
        }
        table.revision = 0;
        table
    }

    /// Adds a row, or puts it in the place of the one with its id.
    pub fn put(&mut self, row: R) {
        let place = self.places.get(row.id()).copied().unwrap_or(self.next_place);
        if place == self.next_place {
            self.next_place += 1;
            self.places.insert(row.id().to_owned(), place);
            if let Some(key) = row.idempotency_key() {
                self.keys.insert(key.to_owned(), place);
            }
        }
        let json = serde_json::to_string(&row).expect("rows are text and numbers");
        self.rows.insert(place, (row, json.into()));
        self.revision += 1;
    }

    pub fn get(&self, id: &str) -> Option<&R> {
        self.places.get(id).and_then(|place| self.rows.get(place)).map(|(row, _)| row)
    }

    pub fn by_idempotency_key(&self, key: &str) -> Option<&R> {
        self.keys.get(key).and_then(|place| self.rows.get(place)).map(|(row, _)| row)
    }

    pub fn remove(&mut self, id: &str) {
        let Some(place) = self.places.remove(id) else { return };
        if let Some((row, _)) = self.rows.remove(&place)
            && let Some(key) = row.idempotency_key()
        {
            self.keys.remove(key);
        }
        self.revision += 1;
    }

    pub fn iter(&self) -> impl Iterator<Item = &R> {
        self.rows.values().map(|(row, _)| row)
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// How often it changed.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Every row as JSON.
    pub fn json(&self) -> Vec<Arc<str>> {
        self.rows.values().map(|(_, json)| Arc::clone(json)).collect()
    }
}
