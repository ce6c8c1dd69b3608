//! The audit log: append-only, each entry chained to the one before by a hash.

use async_trait::async_trait;
use showfloor_domain::{ShopId, UtcMs};

use crate::StoreError;

/// What was done, by whom. Holds ids and roles, never secrets, names or addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The shop.
    pub shop_id: ShopId,
    /// When.
    pub at: UtcMs,
    /// Who: a user's id, or a service's name.
    pub actor: String,
    /// What: `sign-in`, `stream-key.created`, `person.role-changed`.
    pub action: String,
    /// To what: an id.
    pub subject: String,
    /// How it went, or what changed: `owner`, `refused`.
    pub detail: String,
}

/// The audit log.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends an entry.
    ///
    /// # Errors
    /// When the store fails.
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError>;

    /// A shop's entries, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the chain of hashes is broken: an entry was changed or removed.
    async fn verified(&self, shop_id: ShopId) -> Result<Vec<AuditEntry>, StoreError>;
}
