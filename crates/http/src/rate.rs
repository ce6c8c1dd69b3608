//! Rate limits: one bucket per class and key, in bounded memory, on a clock that is handed in.
//!
//! Each bucket is one number, the theoretical arrival time of the generic cell rate algorithm (ITU-T I.371):
//! a class of `limit` in `window` takes a burst of `limit` and then one each `window ⁄ limit`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue};
use showfloor_domain::UtcMs;

use crate::address::Block;
use crate::secret::{Pepper, Purpose};

/// How many buckets are kept. When all are in use, strangers share one bucket per class.
pub const BUCKETS_MAX: usize = 100_000;

/// What is limited, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateClass {
    /// Sign-ins per account.
    SignInAccount,
    /// Sign-ins per address.
    SignInAddress,
    /// Reset mails per account.
    PasswordReset,
    /// Viewer tokens per address.
    ViewerToken,
    /// Catalogue reads.
    Catalogue,
    /// Cart and quote.
    Cart,
    /// Reservations.
    Reserve,
    /// Failed payments per device.
    PaymentFailureDevice,
    /// Failed payments per address.
    PaymentFailureAddress,
    /// Reads in the dashboard.
    AdminRead,
    /// Writes in the dashboard.
    AdminWrite,
    /// Refunds, keys, people.
    AdminSensitive,
    /// Uploads per shop.
    Upload,
    /// Webhooks with a bad signature, per address.
    BadWebhook,
    /// Wrong stream keys per address.
    BadStreamKey,
    /// Openings of a room's socket, per viewer.
    SocketOpen,
}

impl RateClass {
    /// How many, in how many milliseconds. What is limited per second is counted over five, so that opening a
    /// page, which asks for many things at once, is no flood.
    #[must_use]
    pub const fn quota(self) -> (u32, i64) {
        const SECOND: i64 = 1_000;
        const MINUTE: i64 = 60 * SECOND;
        const HOUR: i64 = 60 * MINUTE;
        match self {
            Self::SignInAccount => (10, 15 * MINUTE),
            Self::SignInAddress => (30, 15 * MINUTE),
            Self::PasswordReset => (3, HOUR),
            Self::ViewerToken => (600, MINUTE),
            Self::Catalogue => (150, 5 * SECOND),
            Self::Cart => (30, MINUTE),
            Self::Reserve => (6, MINUTE),
            Self::PaymentFailureDevice => (5, HOUR),
            Self::PaymentFailureAddress => (20, HOUR),
            Self::AdminRead => (250, 5 * SECOND),
            Self::AdminWrite => (50, 5 * SECOND),
            Self::AdminSensitive => (60, HOUR),
            Self::Upload => (600, HOUR),
            Self::BadWebhook => (20, MINUTE),
            Self::BadStreamKey => (10, MINUTE),
            Self::SocketOpen => (10, MINUTE),
        }
    }
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// How many are allowed in a window.
    pub limit: u32,
    /// The window, in seconds (rounded up).
    pub window_s: u32,
    /// When the next one is allowed, from now.
    pub retry_after_ms: u32,
}

impl Exceeded {
    /// Whole seconds to wait, at least one.
    #[must_use]
    pub fn retry_after_s(&self) -> u32 {
        self.retry_after_ms.div_ceil(1_000).max(1)
    }

    /// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
    pub fn write_headers(&self, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w={}", self.limit, self.window_s);
        let state = format!("\"default\";r=0;t={}", self.retry_after_s());
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
            let value = HeaderValue::from_str(&value).expect("digits and ASCII punctuation make a header");
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// Who is counted. Only a keyed hash of it is kept.
#[derive(Clone, Copy, Debug)]
pub enum RateKey<'a> {
    /// A client's address; an IPv6 address counts as its /64.
    Address(IpAddr),
    /// Any other name: an account, a session, a cart, a shop.
    Name(&'a str),
}

type BucketKey = (RateClass, [u8; 16]);

/// All buckets of one process.
#[derive(Debug)]
pub struct RateLimits {
    pepper: Pepper,
    buckets_max: usize,
    arrivals: Mutex<HashMap<BucketKey, i64>>,
}

impl RateLimits {
    /// No bucket used yet. The pepper keeps addresses out of memory dumps.
    #[must_use]
    pub fn new(pepper: Pepper) -> Self {
        Self::with_capacity(pepper, BUCKETS_MAX)
    }

    /// The same with room for `buckets_max` buckets.
    #[must_use]
    pub fn with_capacity(pepper: Pepper, buckets_max: usize) -> Self {
        Self { pepper, buckets_max, arrivals: Mutex::new(HashMap::new()) }
    }

    /// Counts one more of `class` for `key`.
    ///
    /// # Errors
    /// [`Exceeded`], and nothing is counted, when the bucket is empty.
    pub fn check(&self, class: RateClass, key: RateKey<'_>, now: UtcMs) -> Result<(), Exceeded> {
        self.count(class, key, now, true)
    }

    /// Whether one more would be allowed, without counting it: for classes that count only failures.
    ///
    /// # Errors
    /// [`Exceeded`] when the bucket is empty.
    pub fn peek(&self, class: RateClass, key: RateKey<'_>, now: UtcMs) -> Result<(), Exceeded> {
        self.count(class, key, now, false)
    }

    /// Takes one count back: for classes that count only failures, and count before the outcome is known so
    /// that parallel tries cannot slip through.
    pub fn give_back(&self, class: RateClass, key: RateKey<'_>) {
        let (limit, window_ms) = class.quota();
        let key = (class, self.hashed(key));
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(arrival) = arrivals.get_mut(&key) {
            *arrival -= window_ms * 1_000 / i64::from(limit);
        }
    }

    fn count(&self, class: RateClass, key: RateKey<'_>, now: UtcMs, take: bool) -> Result<(), Exceeded> {
        let (limit, window_ms) = class.quota();
        // Microseconds: 600 an hour and 50 a second both divide without loss of consequence.
        let interval_us = window_ms * 1_000 / i64::from(limit);
        let tolerance_us = window_ms * 1_000 - interval_us;
        let now_us = now.get().saturating_mul(1_000);

        let mut key = (class, self.hashed(key));
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        if !arrivals.contains_key(&key) && arrivals.len() >= self.buckets_max {
            arrivals.retain(|_, arrival| *arrival > now_us);
            if arrivals.len() >= self.buckets_max {
                key = (class, [0; 16]);
            }
        }
        let arrival = arrivals.get(&key).copied().unwrap_or(now_us).max(now_us);
        let early_us = arrival - tolerance_us - now_us;
        if early_us > 0 {
            let retry_after_ms = u32::try_from(early_us.div_euclid(1_000) + 1).unwrap_or(u32::MAX);
            let window_s = u32::try_from(window_ms.div_euclid(1_000)).unwrap_or(u32::MAX).max(1);
            return Err(Exceeded { limit, window_s, retry_after_ms });
        }
        if take {
            arrivals.insert(key, arrival + interval_us);
        }
        Ok(())
    }

    fn hashed(&self, key: RateKey<'_>) -> [u8; 16] {
        let text = match key {
            RateKey::Address(address) => Block::counted(address).to_string(),
            RateKey::Name(name) => name.to_owned(),
        };
        let hash = self.pepper.hash(Purpose::RateLimit, text.as_bytes()).0;
        let mut short = [0; 16];
        short.copy_from_slice(&hash[..16]);
        short
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(buckets_max: usize) -> RateLimits {
        RateLimits::with_capacity(Pepper::new([1; 32]), buckets_max)
    }

    const NOW: UtcMs = UtcMs::new(1_795_000_000_000);

    #[test]
    fn a_burst_up_to_the_limit_passes_and_one_more_waits() {
        let limits = limits(10);
        for _ in 0..10 {
            assert!(limits.check(RateClass::SignInAccount, RateKey::Name("a"), NOW).is_ok());
        }
        let exceeded = limits.check(RateClass::SignInAccount, RateKey::Name("a"), NOW).unwrap_err();
        assert_eq!((exceeded.limit, exceeded.window_s), (10, 900));
        let later = NOW.plus_ms(i64::from(exceeded.retry_after_ms));
        assert!(limits.check(RateClass::SignInAccount, RateKey::Name("a"), later).is_ok());
        assert!(limits.check(RateClass::SignInAccount, RateKey::Name("a"), later).is_err());
    }

    #[test]
    fn looking_does_not_count() {
        let limits = limits(10);
        for _ in 0..100 {
            assert!(limits.peek(RateClass::PaymentFailureDevice, RateKey::Name("d"), NOW).is_ok());
        }
    }

    #[test]
    fn classes_and_keys_do_not_share() {
        let limits = limits(10);
        for _ in 0..6 {
            limits.check(RateClass::Reserve, RateKey::Name("a"), NOW).unwrap();
        }
        assert!(limits.check(RateClass::Reserve, RateKey::Name("a"), NOW).is_err());
        assert!(limits.check(RateClass::Reserve, RateKey::Name("b"), NOW).is_ok());
        assert!(limits.check(RateClass::Cart, RateKey::Name("a"), NOW).is_ok());
    }

    #[test]
    fn memory_is_bounded_and_a_flood_of_keys_shares_one_bucket() {
        let limits = limits(100);
        for i in 0..100 {
            limits.check(RateClass::Reserve, RateKey::Name(&i.to_string()), NOW).unwrap();
        }
        let passed = (100..10_000)
            .filter(|i| limits.check(RateClass::Reserve, RateKey::Name(&i.to_string()), NOW).is_ok())
            .count();
        assert_eq!(passed, 6);
        assert!(limits.arrivals.lock().unwrap().len() <= 101);
        // When the window is over, room is made again.
        assert!(limits.check(RateClass::Reserve, RateKey::Name("new"), NOW.plus_ms(60_001)).is_ok());
        assert!(limits.arrivals.lock().unwrap().len() <= 2);
    }

    #[test]
    fn a_network_of_ipv6_addresses_counts_as_one() {
        let limits = limits(100);
        for i in 0..6_u16 {
            let address = std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, i, 0, 0, 1).into();
            limits.check(RateClass::Reserve, RateKey::Address(address), NOW).unwrap();
        }
        let seventh = "2001:db8::7".parse().unwrap();
        assert!(limits.check(RateClass::Reserve, RateKey::Address(seventh), NOW).is_err());
    }
}
