use super::MediaError;
use crate::limits::{PICTURE_SIDE_MAX_PX, PICTURE_SIDE_MIN_PX};

/// The size of a picture after cropping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureSize {
    /// Columns of luma samples.
    pub width_px: u32,
    /// Rows of luma samples.
    pub height_px: u32,
}

/// Reads the picture size from a sequence parameter set: a whole NAL unit of type 7 with its header byte
/// (ITU-T H.264 §7.3.2.1.1).
///
/// # Errors
/// When the set is cut short or contradicts itself, or the size is beyond what is believed.
pub fn parse_sps(nal_unit: &[u8]) -> Result<PictureSize, MediaError> {
    let (&header, body) = nal_unit.split_first().ok_or(DAMAGED)?;
    if header & 0x1F != 7 {
        return Err(MediaError::MalformedAvcConfig("the first parameter set is no SPS"));
    }
    let mut bits = Bits::new(body);
    let profile = bits.read(8)?;
    bits.read(16)?; // constraint flags, level
    bits.exp_golomb(31)?; // seq_parameter_set_id

    let mut chroma_format = 1;
    let mut separate_planes = false;
    if matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135) {
        chroma_format = bits.exp_golomb(3)?;
        if chroma_format == 3 {
            separate_planes = bits.flag()?;
        }
        bits.exp_golomb(6)?; // bit_depth_luma_minus8
        bits.exp_golomb(6)?; // bit_depth_chroma_minus8
        bits.flag()?; // qpprime_y_zero_transform_bypass_flag
        if bits.flag()? {
            let lists = if chroma_format == 3 { 12 } else { 8 };
            for list in 0..lists {
                if bits.flag()? {
                    skip_scaling_list(&mut bits, if list < 6 { 16 } else { 64 })?;
                }
            }
        }
    }

    bits.exp_golomb(12)?; // log2_max_frame_num_minus4
    match bits.exp_golomb(2)? {
        0 => {
            bits.exp_golomb(12)?; // log2_max_pic_order_cnt_lsb_minus4
        }
        1 => {
            bits.flag()?; // delta_pic_order_always_zero_flag
            bits.exp_golomb(u32::MAX - 1)?; // offset_for_non_ref_pic, signed
            bits.exp_golomb(u32::MAX - 1)?; // offset_for_top_to_bottom_field, signed
            for _ in 0..bits.exp_golomb(255)? {
                bits.exp_golomb(u32::MAX - 1)?; // offset_for_ref_frame, signed
            }
        }
        _ => {}
    }
    bits.exp_golomb(16)?; // max_num_ref_frames
    bits.flag()?; // gaps_in_frame_num_value_allowed_flag

    let width_mbs = u64::from(bits.exp_golomb(u32::MAX - 1)?) + 1;
    let height_map_units = u64::from(bits.exp_golomb(u32::MAX - 1)?) + 1;
    let frame_mbs_only = bits.flag()?;
    if !frame_mbs_only {
        bits.flag()?; // mb_adaptive_frame_field_flag
    }
    bits.flag()?; // direct_8x8_inference_flag
    let field_factor = if frame_mbs_only { 1 } else { 2 };
    let mut width_px = 16 * width_mbs;
    let mut height_px = 16 * field_factor * height_map_units;

    if bits.flag()? {
        // Table 6-1 and equations 7-19 to 7-22.
        let (crop_x, crop_y) = match (chroma_format, separate_planes) {
            (0, _) | (3, _) => (1, field_factor),
            (1, _) => (2, 2 * field_factor),
            _ => (2, field_factor),
        };
        let mut crop = |unit: u64| -> Result<u64, MediaError> {
            let first = u64::from(bits.exp_golomb(u32::MAX - 1)?);
            let last = u64::from(bits.exp_golomb(u32::MAX - 1)?);
            Ok(unit * (first + last))
        };
        let (cropped_x, cropped_y) = (crop(crop_x)?, crop(crop_y)?);
        width_px = width_px.saturating_sub(cropped_x);
        height_px = height_px.saturating_sub(cropped_y);
    }
    believable(width_px, height_px)
}

fn believable(width_px: u64, height_px: u64) -> Result<PictureSize, MediaError> {
    let side = |px: u64| {
        u32::try_from(px).ok().filter(|px| (PICTURE_SIDE_MIN_PX..=PICTURE_SIDE_MAX_PX).contains(px))
    };
    match (side(width_px), side(height_px)) {
        (Some(width_px), Some(height_px)) => Ok(PictureSize { width_px, height_px }),
        _ => Err(MediaError::UnreasonablePictureSize { width_px, height_px }),
    }
}

/// §7.3.2.1.1.1. Only its length in bits matters here.
fn skip_scaling_list(bits: &mut Bits<'_>, size: usize) -> Result<(), MediaError> {
    let mut last_scale = 8;
    for _ in 0..size {
        let code = bits.exp_golomb(512)?;
        let magnitude = i64::from(code.div_ceil(2));
        let delta = if code % 2 == 1 { magnitude } else { -magnitude };
        last_scale = (last_scale + delta).rem_euclid(256);
        if last_scale == 0 {
            break;
        }
    }
    Ok(())
}

const DAMAGED: MediaError = MediaError::MalformedAvcConfig("the SPS is cut short or contradicts itself");

/// Bits of a NAL unit without its emulation prevention bytes (§7.4.1.1).
struct Bits<'a> {
    bytes: &'a [u8],
    zeros: u8,
    current: u8,
    left: u8,
}

impl<'a> Bits<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, zeros: 0, current: 0, left: 0 }
    }

    fn flag(&mut self) -> Result<bool, MediaError> {
        if self.left == 0 {
            if self.zeros >= 2 && self.bytes.first() == Some(&3) {
                self.bytes = &self.bytes[1..];
                self.zeros = 0;
            }
            let (&byte, rest) = self.bytes.split_first().ok_or(DAMAGED)?;
            self.bytes = rest;
            self.zeros = if byte == 0 { self.zeros.saturating_add(1) } else { 0 };
            self.current = byte;
            self.left = 8;
        }
        self.left -= 1;
        Ok(self.current >> self.left & 1 == 1)
    }

    /// An unsigned number of up to 32 bits.
    fn read(&mut self, count: u32) -> Result<u32, MediaError> {
        let mut value = 0;
        for _ in 0..count {
            value = value << 1 | u32::from(self.flag()?);
        }
        Ok(value)
    }

    /// `ue(v)` of §9.1, at most `max`. A signed one has the same length.
    fn exp_golomb(&mut self, max: u32) -> Result<u32, MediaError> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return Err(DAMAGED);
            }
        }
        let value = (1_u64 << zeros) - 1 + u64::from(self.read(zeros)?);
        u32::try_from(value).ok().filter(|value| *value <= max).ok_or(DAMAGED)
    }
}
