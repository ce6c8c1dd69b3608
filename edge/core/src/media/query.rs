//! Delivery directives of playlist requests (RFC 8216bis §6.2.5).

use std::fmt;

use super::route::number;

/// The longest query that is looked at.
pub const PLAYLIST_QUERY_BYTES_MAX: usize = 256;

/// Which delta update a client can apply (`_HLS_skip`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// `YES`: older segments may be skipped.
    Segments,
    /// `v2`: older segments and date ranges may be skipped.
    SegmentsAndDateRanges,
}

/// What a blocking request waits for: a segment, or one part of it (`_HLS_msn`, `_HLS_part`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask {
    /// The media sequence number.
    pub msn: u64,
    /// The part's index in its segment; none asks for the whole segment.
    pub part: Option<u32>,
}

/// The directives of one request. Whatever else the query held is gone: it reaches neither a cache key nor the
/// origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaylistQuery {
    /// What to wait for; none answers at once.
    pub ask: Option<Ask>,
    /// The delta update that is accepted.
    pub skip: Option<Skip>,
}

/// The query is a mistake: 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Longer than [`PLAYLIST_QUERY_BYTES_MAX`].
    #[error("the query is longer than 256 bytes")]
    TooLong,
    /// A directive's value is none that it can have.
    #[error("`{0}` is not a value it can have")]
    BadValue(&'static str),
    /// A directive is there twice.
    #[error("`{0}` is there twice")]
    Twice(&'static str),
    /// `_HLS_part` needs `_HLS_msn`.
    #[error("`_HLS_part` needs `_HLS_msn`")]
    PartWithoutMsn,
}

const MSN: &str = "_HLS_msn";
const PART: &str = "_HLS_part";
const SKIP: &str = "_HLS_skip";

impl PlaylistQuery {
    /// Reads the query of a playlist request, without its `?`.
    ///
    /// # Errors
    /// [`QueryError`], when a directive is wrong. Parameters that are no directive are dropped.
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        if query.len() > PLAYLIST_QUERY_BYTES_MAX {
            return Err(QueryError::TooLong);
        }
        let (mut msn, mut part, mut skip) = (None, None, None);
        for parameter in query.split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name {
                MSN => once(MSN, &mut msn, number(value))?,
                PART => once(PART, &mut part, number(value).and_then(|part| u32::try_from(part).ok()))?,
                SKIP => once(SKIP, &mut skip, read_skip(value))?,
                _ => {}
            }
        }
        let ask = match (msn, part) {
            (None, Some(_)) => return Err(QueryError::PartWithoutMsn),
            (None, None) => None,
            (Some(msn), part) => Some(Ask { msn, part }),
        };
        Ok(Self { ask, skip })
    }
}

/// As the origin is asked, in the one order that RFC 8216bis §6.2.5 wants (by name).
impl fmt::Display for PlaylistQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(Ask { msn, part }) = self.ask {
            write!(f, "{MSN}={msn}")?;
            if let Some(part) = part {
                write!(f, "&{PART}={part}")?;
            }
            separator = "&";
        }
        match self.skip {
            None => Ok(()),
            Some(Skip::Segments) => write!(f, "{separator}{SKIP}=YES"),
            Some(Skip::SegmentsAndDateRanges) => write!(f, "{separator}{SKIP}=v2"),
        }
    }
}

fn once<T>(name: &'static str, slot: &mut Option<T>, value: Option<T>) -> Result<(), QueryError> {
    let value = value.ok_or(QueryError::BadValue(name))?;
    if slot.replace(value).is_some() { Err(QueryError::Twice(name)) } else { Ok(()) }
}

fn read_skip(value: &str) -> Option<Skip> {
    match value {
        "YES" => Some(Skip::Segments),
        "v2" => Some(Skip::SegmentsAndDateRanges),
        _ => None,
    }
}
