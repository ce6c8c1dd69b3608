//! What can go wrong with an object, by who must act.

/// An operation on the object store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such object; the caller answers with that.
    #[error("there is no such object")]
    NotFound,
    /// The range starts behind the object's end; the client must ask for another.
    #[error("the range lies outside the object")]
    RangeNotSatisfiable,
    /// The store refuses our credentials or our rights; whoever runs this must change them.
    #[error("the object store refuses access: check its credentials and the bucket's policy")]
    Denied,
    /// The store did not answer in time, after every retry; it may later.
    #[error("the object store did not answer in time")]
    Timeout,
    /// The store cannot be reached or fails; it may work later.
    #[error("the object store failed: {0}")]
    Unavailable(String),
}

impl StoreError {
    /// Whether trying again later may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Timeout | Self::Unavailable(_) => true,
            Self::NotFound | Self::RangeNotSatisfiable | Self::Denied => false,
        }
    }
}
