use super::MediaError;
use crate::limits::AAC_CONFIG_MAX_BYTES;

/// What an `AudioSpecificConfig` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AacConfig {
    /// Samples a second of the coded core: a frame is 1,024 of them, also where spectral band replication
    /// doubles what comes out.
    pub sample_rate_hz: u32,
    /// Channels of the core.
    pub channels: u8,
}

/// Sampling frequency indices (ISO/IEC 14496-3 table 1.18).
const SAMPLE_RATES_HZ: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// Reads an `AudioSpecificConfig` (ISO/IEC 14496-3 §1.6.2.1).
///
/// # Errors
/// When it is damaged, not AAC-LC or HE-AAC, or its rate or channels are not standard.
pub fn parse_aac_config(config: &[u8]) -> Result<AacConfig, MediaError> {
    if !(2..=AAC_CONFIG_MAX_BYTES).contains(&config.len()) {
        return Err(MediaError::MalformedAacConfig);
    }
    let mut first = [0; 8];
    let count = config.len().min(8);
    first[..count].copy_from_slice(&config[..count]);
    let mut bits = Bits(u64::from_be_bytes(first));

    let object_type = bits.take(5);
    let rate_index = bits.take(4);
    let sample_rate_hz = if rate_index == 15 { bits.take(24) } else { standard_rate(rate_index)? };
    let channel_layout = bits.take(4);
    // 2 is AAC-LC; 5 and 29 are HE-AAC with LC as its core; 31 escapes to types that are not AAC.
    if !matches!(object_type, 2 | 5 | 29) {
        let object_type = if object_type == 31 { u32::MAX } else { object_type };
        return Err(MediaError::UnsupportedAacType(u8::try_from(object_type).unwrap_or(u8::MAX)));
    }
    let channels = match channel_layout {
        1..=6 => u8::try_from(channel_layout).map_err(|_| MediaError::UnsupportedAacLayout)?,
        7 => 8,
        _ => return Err(MediaError::UnsupportedAacLayout),
    };
    if !(7_350..=96_000).contains(&sample_rate_hz) {
        return Err(MediaError::UnsupportedAacLayout);
    }
    Ok(AacConfig { sample_rate_hz, channels })
}

fn standard_rate(index: u32) -> Result<u32, MediaError> {
    SAMPLE_RATES_HZ.get(index as usize).copied().ok_or(MediaError::UnsupportedAacLayout)
}

/// The first 64 bits, taken from the top; zeros follow.
struct Bits(u64);

impl Bits {
    fn take(&mut self, count: u32) -> u32 {
        let value = self.0 >> (64 - count);
        self.0 <<= count;
        u32::try_from(value).expect("at most 24 bits are taken")
    }
}
