//! What can go wrong in any store, by who must act.

/// A store's refusal or failure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no such row in this shop. The caller answers "not found".
    #[error("there is no such row")]
    NotFound,
    /// The row was changed since the caller read it. Read again and decide anew.
    #[error("the row was changed meanwhile")]
    Stale,
    /// Another row already has what must be unique; the name says what, like `sku`. The caller chooses another.
    #[error("{0} is already taken")]
    Taken(String),
    /// The bounded queue of the store is full. Try again after a moment.
    #[error("the store is busy")]
    Busy,
    /// The store cannot be reached or cannot write. The operator acts; trying again may help.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// What is stored cannot be read as what it should be. The operator acts; trying again does not help.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(String),
}
