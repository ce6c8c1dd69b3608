//! Time and entropy as things that are handed in, so that a test decides what they are.

use std::time::{SystemTime, UNIX_EPOCH};

use showfloor_domain::UtcMs;

/// What time it is.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> UtcMs;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcMs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UtcMs::new(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Unpredictable bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `bytes`, all of them.
    fn fill(&self, bytes: &mut [u8]);

    /// The ten bytes that an id takes.
    fn id_bytes(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        bytes
    }

    /// The 32 bytes that a secret takes: 256 bits.
    fn secret_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("an operating system without randomness cannot keep any secret: stop");
    }
}
