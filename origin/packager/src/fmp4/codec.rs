//! `CODECS` strings (RFC 6381).

/// `avc1.PPCCLL` from an `AVCDecoderConfigurationRecord`; `None` when the record is too short.
#[must_use]
pub fn video_codec(record: &[u8]) -> Option<String> {
    let [_, profile, compatibility, level, ..] = record else { return None };
    Some(format!("avc1.{profile:02x}{compatibility:02x}{level:02x}"))
}

/// `mp4a.40.N` from an `AudioSpecificConfig`, `N` being the audio object type; `None` when it is too short.
#[must_use]
pub fn audio_codec(config: &[u8]) -> Option<String> {
    let first = *config.first()?;
    let object_type = match first >> 3 {
        // The escape of ISO/IEC 14496-3 §1.6.2.1: six more bits.
        31 => 32 + (((first & 0x07) << 3) | (config.get(1)? >> 5)),
        other => other,
    };
    Some(format!("mp4a.40.{object_type}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codec_strings_name_profile_and_level() {
        assert_eq!(video_codec(&[1, 0x64, 0x00, 0x1f, 0xff]).as_deref(), Some("avc1.64001f"));
        assert_eq!(audio_codec(&[0x12, 0x10]).as_deref(), Some("mp4a.40.2"));
        assert_eq!(audio_codec(&[0xf9, 0x40]).as_deref(), Some("mp4a.40.42"));
        assert_eq!(video_codec(&[1, 2]), None);
        assert_eq!(audio_codec(&[]), None);
    }
}
