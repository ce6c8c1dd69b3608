//! Wrong keys, counted by address.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use showfloor_origin_ingest::StreamKey;
use tokio::time::Instant;

use crate::address::CountedAddress;
use crate::limits::{BAD_KEY_ADDRESSES_MAX, BAD_KEY_WINDOW_MS, BAD_KEYS_MAX, PROVED_KEYS_MAX};

/// A digest of a key that was right once. Lives in memory only.
type KeyDigest = [u8; 32];

#[derive(Debug, Default)]
pub(super) struct BadKeys {
    counts: HashMap<CountedAddress, (Instant, u32)>,
    proved: HashSet<KeyDigest>,
    proved_order: VecDeque<KeyDigest>,
}

impl BadKeys {
    /// Whether the authority may be asked about this key. A key that was right lately may always be tried, so that
    /// nobody locks a host out by guessing from the same network.
    pub(super) fn may_ask(&mut self, now: Instant, address: CountedAddress, key: &StreamKey) -> bool {
        match self.counts.get(&address) {
            Some((until, count)) if *until > now && *count >= BAD_KEYS_MAX => {
                self.proved.contains(&digest(key))
            }
            _ => true,
        }
    }

    pub(super) fn was_wrong(&mut self, now: Instant, address: CountedAddress) {
        if self.counts.len() >= BAD_KEY_ADDRESSES_MAX && !self.counts.contains_key(&address) {
            self.counts.retain(|_, (until, _)| *until > now);
            if self.counts.len() >= BAD_KEY_ADDRESSES_MAX {
                return;
            }
        }
        let window = Duration::from_millis(BAD_KEY_WINDOW_MS);
        let (until, count) = self.counts.entry(address).or_insert((now + window, 0));
        if *until <= now {
            (*until, *count) = (now + window, 0);
        }
        *count += 1;
    }

    pub(super) fn was_right(&mut self, key: &StreamKey) {
        let digest = digest(key);
        if self.proved.insert(digest) {
            self.proved_order.push_back(digest);
            if self.proved_order.len() > PROVED_KEYS_MAX
                && let Some(oldest) = self.proved_order.pop_front()
            {
                self.proved.remove(&oldest);
            }
        }
    }
}

fn digest(key: &StreamKey) -> KeyDigest {
    Sha256::digest(key.expose().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn key(text: &str) -> StreamKey {
        StreamKey::new(text.into()).unwrap()
    }

    #[test]
    fn the_eleventh_wrong_key_in_a_minute_is_not_asked_about() {
        let (now, mut bad) = (Instant::now(), BadKeys::default());
        let address: CountedAddress = IpAddr::from(Ipv4Addr::new(192, 0, 2, 1)).into();
        let other: CountedAddress = IpAddr::from(Ipv4Addr::new(192, 0, 2, 2)).into();
        bad.was_right(&key("proved"));
        for _ in 0..BAD_KEYS_MAX {
            assert!(bad.may_ask(now, address, &key("wrong")));
            bad.was_wrong(now, address);
        }
        assert!(!bad.may_ask(now, address, &key("wrong")));
        assert!(bad.may_ask(now, address, &key("proved")));
        assert!(bad.may_ask(now, other, &key("wrong")));
        assert!(bad.may_ask(now + Duration::from_millis(BAD_KEY_WINDOW_MS), address, &key("wrong")));
    }

    #[test]
    fn memory_is_bounded_by_the_named_limits() {
        let (now, mut bad) = (Instant::now(), BadKeys::default());
        for n in 0..u32::try_from(BAD_KEY_ADDRESSES_MAX).unwrap() + 10 {
            bad.was_wrong(now, IpAddr::from(Ipv4Addr::from(n)).into());
        }
        assert_eq!(bad.counts.len(), BAD_KEY_ADDRESSES_MAX);
        for n in 0..=PROVED_KEYS_MAX {
            bad.was_right(&key(&format!("key {n}")));
        }
        assert_eq!(bad.proved.len(), PROVED_KEYS_MAX);
    }
}
