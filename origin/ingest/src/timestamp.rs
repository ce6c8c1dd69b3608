//! Timestamps past the 32nd bit.

/// Extends RTMP's 32-bit milliseconds, which wrap after 49.7 days (RTMP 1.0 §4), to 64 bits.
///
/// Each timestamp is taken to be the nearest possible to the one before, in either direction. One extender
/// serves all tracks of a publisher, so that tracks that start on different sides of a wrap stay together.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimestampExtender {
    last_ms: Option<i64>,
}

impl TimestampExtender {
    /// The 64-bit time of the next timestamp, in milliseconds. The first is taken as it is.
    pub fn extend(&mut self, timestamp_ms: u32) -> i64 {
        let extended_ms = match self.last_ms {
            None => i64::from(timestamp_ms),
            Some(last_ms) => {
                let step = timestamp_ms.wrapping_sub(low_32_bits(last_ms)).cast_signed();
                last_ms + i64::from(step)
            }
        };
        self.last_ms = Some(extended_ms);
        extended_ms
    }
}

fn low_32_bits(value: i64) -> u32 {
    u32::try_from(value & 0xFFFF_FFFF).expect("32 bits were kept")
}
