//! Delivery directives (RFC 8216bis §6.2.5): what a client asks of a live playlist.

/// A query longer than this is refused.
pub const QUERY_MAX_BYTES: usize = 256;
/// A client may ask for a segment this far beyond the last one, and no further (RFC 8216bis §6.2.5.2).
pub const ADVANCE_LIMIT_SEGMENTS: u64 = 2;

/// Whether a client asks for a delta update (`_HLS_skip`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Skip {
    /// The whole playlist.
    #[default]
    No,
    /// Old segments left out.
    Yes,
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReloadQuery {
    /// `_HLS_msn`: answer when this segment is listed…
    pub msn: Option<u64>,
    /// `_HLS_part`: …or already when this part of it is.
    pub part: Option<u32>,
    /// `_HLS_skip`.
    pub skip: Skip,
}

/// The query cannot be answered; the client must change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Longer than [`QUERY_MAX_BYTES`].
    #[error("the query is longer than {QUERY_MAX_BYTES} bytes")]
    TooLong,
    /// A directive's value is not what it must be.
    #[error("{0} is not a value that this directive may have")]
    Value(&'static str),
    /// `_HLS_part` without `_HLS_msn`.
    #[error("_HLS_part needs _HLS_msn")]
    PartWithoutSegment,
}

/// Whether a query can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Now.
    Ready,
    /// When more is listed.
    Wait,
    /// Never soon enough: beyond the advance limit, which is a client's error.
    TooFarAhead,
}

impl ReloadQuery {
    /// Reads a query string without its `?`. Unknown parameters are ignored; of a repeated one the last counts.
    ///
    /// # Errors
    /// [`QueryError`] if it is too long or a directive is malformed.
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        if query.len() > QUERY_MAX_BYTES {
            return Err(QueryError::TooLong);
        }
        let mut parsed = Self::default();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "_HLS_msn" => parsed.msn = Some(decimal(value).ok_or(QueryError::Value("_HLS_msn"))?),
                "_HLS_part" => {
                    let part = decimal(value).and_then(|part| u32::try_from(part).ok());
                    parsed.part = Some(part.ok_or(QueryError::Value("_HLS_part"))?);
                }
                // `v2` also skips date ranges, of which there are none here.
                "_HLS_skip" => {
                    parsed.skip = match value {
                        "YES" | "v2" => Skip::Yes,
                        _ => return Err(QueryError::Value("_HLS_skip")),
                    }
                }
                _ => {}
            }
        }
        if parsed.part.is_some() && parsed.msn.is_none() {
            return Err(QueryError::PartWithoutSegment);
        }
        Ok(parsed)
    }
}

/// A decimal-integer of RFC 8216 §4.2: digits only.
fn decimal(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read_and_strange_parameters_are_ignored() {
        let query = ReloadQuery::parse("x=1&_HLS_msn=12&_HLS_part=3&_HLS_skip=YES&&=&y").unwrap();
        assert_eq!(query, ReloadQuery { msn: Some(12), part: Some(3), skip: Skip::Yes });
        assert_eq!(ReloadQuery::parse(""), Ok(ReloadQuery::default()));
    }

    #[test]
    fn malformed_directives_are_refused() {
        for query in
            ["_HLS_msn=", "_HLS_msn=-1", "_HLS_msn=1e3", "_HLS_msn=99999999999999999999", "_HLS_skip=no"]
        {
            assert!(matches!(ReloadQuery::parse(query), Err(QueryError::Value(_))), "{query}");
        }
        assert_eq!(ReloadQuery::parse("_HLS_part=1"), Err(QueryError::PartWithoutSegment));
    }

    proptest::proptest! {
        #[test]
        fn no_query_is_too_strange_to_be_answered(query in "(_HLS_(msn|part|skip)=)?[&=0-9A-Za-z_%-]{0,30}|.{0,300}") {
            // Unknown parameters change nothing.
            let alone = ReloadQuery::parse(&query);
            if query.len() < 200 {
                proptest::prop_assert_eq!(ReloadQuery::parse(&format!("x=1&{query}&y=2&z")), alone);
            }
        }
    }

    #[test]
    fn a_query_at_the_limit_is_read_and_one_past_it_is_not() {
        let at_limit = "a".repeat(QUERY_MAX_BYTES);
        assert!(ReloadQuery::parse(&at_limit).is_ok());
        assert_eq!(ReloadQuery::parse(&format!("{at_limit}a")), Err(QueryError::TooLong));
    }
}
