use bytes::Bytes;

use super::{MediaError, PictureSize, parse_sps};
use crate::limits::AVC_RECORD_MAX_BYTES;

/// What an `AVCDecoderConfigurationRecord` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvcConfig {
    /// The picture's size, from the first parameter set.
    pub picture: PictureSize,
}

/// Reads an `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 §5.3.3.1) and checks that it can be used: at
/// least one set of each kind, all of them whole, and NAL units after 4-byte lengths.
///
/// # Errors
/// [`MediaError::MalformedAvcConfig`] or [`MediaError::UnreasonablePictureSize`].
pub fn parse_avc_record(record: &[u8]) -> Result<AvcConfig, MediaError> {
    let cut_short = MediaError::MalformedAvcConfig("it is cut short");
    if record.len() > AVC_RECORD_MAX_BYTES {
        return Err(MediaError::MalformedAvcConfig("it is too long"));
    }
    let (&[version, _profile, _compatibility, _level, lengths, sps_count], mut rest) =
        record.split_first_chunk().ok_or(cut_short)?;
    if version != 1 {
        return Err(MediaError::MalformedAvcConfig("its version is not 1"));
    }
    if lengths & 0x03 != 3 {
        return Err(MediaError::MalformedAvcConfig("its NAL unit lengths do not have 4 bytes"));
    }
    let mut first_sps = None;
    for _ in 0..sps_count & 0x1F {
        let sps = take_parameter_set(&mut rest).ok_or(cut_short)?;
        first_sps.get_or_insert(sps);
    }
    let (&pps_count, mut rest) = rest.split_first().ok_or(cut_short)?;
    for _ in 0..pps_count {
        take_parameter_set(&mut rest).ok_or(cut_short)?;
    }
    match (first_sps, pps_count) {
        (Some(sps), 1..) => Ok(AvcConfig { picture: parse_sps(sps)? }),
        _ => Err(MediaError::MalformedAvcConfig("it lacks parameter sets")),
    }
}

fn take_parameter_set<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, after) = rest.split_first_chunk()?;
    let (set, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
    *rest = after;
    Some(set)
}

/// Checks that a picture is NAL units after 4-byte lengths, and cuts off up to three zero bytes of padding.
pub(super) fn checked_nal_units(payload: &Bytes) -> Result<Bytes, MediaError> {
    let mut rest = &payload[..];
    while let Some((len, after)) = rest.split_first_chunk::<4>() {
        let len = u32::from_be_bytes(*len) as usize;
        rest = after.get(len..).ok_or(MediaError::MalformedAvcFrame)?;
    }
    if rest.iter().any(|byte| *byte != 0) {
        return Err(MediaError::MalformedAvcFrame);
    }
    let whole_bytes = payload.len() - rest.len();
    Ok(payload.slice(..whole_bytes))
}
