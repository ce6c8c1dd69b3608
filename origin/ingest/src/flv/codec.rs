use core::fmt;

/// A codec that an encoder names, for telling a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// Video by its FLV number (annex E.4.3.1).
    FlvVideo(u8),
    /// Audio by its FLV number (annex E.4.2.1).
    FlvAudio(u8),
    /// By its fourCC, in Enhanced RTMP.
    FourCc([u8; 4]),
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FlvVideo(id) => match id {
                2 => f.write_str("Sorenson H.263"),
                3 | 6 => f.write_str("Screen"),
                4 | 5 => f.write_str("VP6"),
                7 => f.write_str("H.264"),
                12 => f.write_str("HEVC (H.265)"),
                13 => f.write_str("AV1"),
                other => write!(f, "unknown (FLV codec {other})"),
            },
            Self::FlvAudio(id) => match id {
                0 | 3 => f.write_str("PCM"),
                1 => f.write_str("ADPCM"),
                2 | 14 => f.write_str("MP3"),
                4..=6 => f.write_str("Nellymoser"),
                7 | 8 => f.write_str("G.711"),
                10 => f.write_str("AAC"),
                11 => f.write_str("Speex"),
                13 => f.write_str("Opus"),
                other => write!(f, "unknown (FLV format {other})"),
            },
            Self::FourCc(four_cc) => match four_cc {
                b"avc1" => f.write_str("H.264"),
                b"hvc1" | b"hev1" => f.write_str("HEVC (H.265)"),
                b"vvc1" => f.write_str("VVC (H.266)"),
                b"av01" => f.write_str("AV1"),
                b"vp08" => f.write_str("VP8"),
                b"vp09" => f.write_str("VP9"),
                b"mp4a" => f.write_str("AAC"),
                b"Opus" => f.write_str("Opus"),
                b".mp3" => f.write_str("MP3"),
                b"fLaC" => f.write_str("FLAC"),
                b"ac-3" => f.write_str("AC-3"),
                b"ec-3" => f.write_str("E-AC-3"),
                other => write!(f, "unknown ({})", other.escape_ascii()),
            },
        }
    }
}
