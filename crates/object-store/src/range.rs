//! Byte ranges: one range of bytes (RFC 9110 §14.1.2), read strictly.

use std::fmt;
use std::str::FromStr;

/// One range of an object's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteRange {
    /// From `first` to `last`, both included; to the end if there is no `last`.
    From {
        /// The first byte.
        first: u64,
        /// The last byte, if named.
        last: Option<u64>,
    },
    /// The last bytes, this many.
    Suffix(u64),
}

/// The text is not one byte range. RFC 9110 lets a server ignore such a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a single byte range")]
pub struct ParseRangeError;

impl FromStr for ByteRange {
    type Err = ParseRangeError;

    fn from_str(text: &str) -> Result<Self, ParseRangeError> {
        let (first, last) =
            text.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')).ok_or(ParseRangeError)?;
        let number = |text: &str| -> Result<u64, ParseRangeError> {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse().map_err(|_| ParseRangeError) } else { Err(ParseRangeError) }
        };
        match (first, last) {
            ("", last) => Ok(Self::Suffix(number(last)?)),
            (first, "") => Ok(Self::From { first: number(first)?, last: None }),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                if first <= last { Ok(Self::From { first, last: Some(last) }) } else { Err(ParseRangeError) }
            }
        }
    }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From { first, last: Some(last) } => write!(f, "bytes={first}-{last}"),
            Self::From { first, last: None } => write!(f, "bytes={first}-"),
            Self::Suffix(length) => write!(f, "bytes=-{length}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_ranges_are_read_and_all_else_is_refused() {
        for text in ["bytes=0-0", "bytes=5-", "bytes=-3"] {
            assert_eq!(text.parse::<ByteRange>().unwrap().to_string(), text);
        }
        for text in
            ["", "bytes=", "bytes=-", "bytes=2-1", "bytes=0-1,3-4", "items=0-1", "bytes=+1-2", "bytes=0x1-"]
        {
            assert_eq!(text.parse::<ByteRange>(), Err(ParseRangeError), "{text}");
        }
    }
}
