//! Names that strangers put on the wire.

use zeroize::Zeroize;

use crate::limits::NAME_MAX_BYTES;

/// A name is longer than [`NAME_MAX_BYTES`], or empty where one is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is no name.
    #[error("the name is empty")]
    Empty,
    /// The name is too long.
    #[error("the name is longer than {NAME_MAX_BYTES} bytes")]
    TooLong,
}

/// A stream key as it came from the wire: a secret, to be looked up and nothing else.
///
/// It may contain anything, `..` and NUL included: never build a path, an object key or a log line from it.
/// It cannot be printed, compared or serialised, and its memory is overwritten when dropped.
///
/// ```compile_fail
/// let key = showfloor_origin_ingest::StreamKey::new("sk_live_1".into()).expect("short");
/// println!("{key:?}");
/// ```
pub struct StreamKey(String);

impl StreamKey {
    /// Takes a key of 1 to [`NAME_MAX_BYTES`] bytes.
    pub fn new(mut key: String) -> Result<Self, NameError> {
        match bounded(&key) {
            Ok(()) => Ok(Self(key)),
            Err(error) => {
                key.zeroize();
                Err(error)
            }
        }
    }

    /// The key itself, for hashing and comparing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for StreamKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The application of an RTMP address, such as `live` in `rtmp://host/live`.
///
/// People paste stream keys into the address, so it is treated as a secret too: no `Debug`, no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct AppName(String);

impl AppName {
    /// Takes a name of at most [`NAME_MAX_BYTES`] bytes. It may be empty.
    pub fn new(name: String) -> Result<Self, NameError> {
        match bounded(&name) {
            Ok(()) | Err(NameError::Empty) => Ok(Self(name)),
            Err(error) => Err(error),
        }
    }

    /// The name itself, for comparing with the applications that exist.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn bounded(name: &str) -> Result<(), NameError> {
    match name.len() {
        0 => Err(NameError::Empty),
        1..=NAME_MAX_BYTES => Ok(()),
        _ => Err(NameError::TooLong),
    }
}
