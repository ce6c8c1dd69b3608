//! People who sign in, and their sessions. Secrets come in hashed; a store never sees one.

use async_trait::async_trait;
use showfloor_domain::{Role, ShopId, UserId, UtcMs};

use crate::{ShopRecord, StoreError};

/// How long a session lasts without being used.
pub const SESSION_IDLE_MS: i64 = 12 * 60 * 60 * 1_000;
/// How long a session lasts at most.
pub const SESSION_MAX_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// How long a reset link works.
pub const RESET_TTL_MS: i64 = 30 * 60 * 1_000;

/// Someone who works in a shop.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// The person.
    pub id: UserId,
    /// The shop.
    pub shop_id: ShopId,
    /// Their address, in lower case; unique in the deployment.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The password's hash in PHC string form.
    pub password_hash: String,
    /// When the account was made.
    pub created_at: UtcMs,
    /// When they last signed in.
    pub last_seen_at: Option<UtcMs>,
}

impl std::fmt::Debug for UserRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserRecord").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// A session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionRecord {
    /// The peppered hash of its secret.
    pub secret_hash: [u8; 32],
    /// Whose it is.
    pub user_id: UserId,
    /// When it began.
    pub created_at: UtcMs,
    /// When it was last used, within a minute.
    pub used_at: UtcMs,
    /// When the password was last typed.
    pub confirmed_at: UtcMs,
}

impl std::fmt::Debug for SessionRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRecord").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

impl SessionRecord {
    /// Whether it is still good at `now`.
    #[must_use]
    pub const fn is_valid(&self, now: UtcMs) -> bool {
        now.since(self.used_at) < SESSION_IDLE_MS && now.since(self.created_at) < SESSION_MAX_MS
    }
}

/// An account was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The shop would have no owner.
    #[error("the last owner stays")]
    LastOwner,
    /// The store failed, or there is no such person in this shop.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Accounts and sessions.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Whether anybody has an account: if so, the console's code is of no use.
    ///
    /// # Errors
    /// When the store fails.
    async fn any(&self) -> Result<bool, StoreError>;

    /// Makes the first shop with its first owner, both or neither.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is an account already.
    async fn set_up(&self, shop: ShopRecord, owner: UserRecord) -> Result<(), StoreError>;

    /// Adds someone.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the address has an account.
    async fn add(&self, user: UserRecord) -> Result<(), StoreError>;

    /// The account with this address, in lower case.
    ///
    /// # Errors
    /// When the store fails.
    async fn find_by_email(&self, email: &str) -> Result<Option<UserRecord>, StoreError>;

    /// Someone of this shop.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, shop_id: ShopId, user_id: UserId) -> Result<Option<UserRecord>, StoreError>;

    /// Everyone of a shop, by name.
    ///
    /// # Errors
    /// When the store fails.
    async fn list(&self, shop_id: ShopId) -> Result<Vec<UserRecord>, StoreError>;

    /// Changes name and role. A change of role ends the person's sessions.
    ///
    /// # Errors
    /// See [`AccountError`].
    async fn edit(
        &self,
        shop_id: ShopId,
        user_id: UserId,
        name: Option<String>,
        role: Option<Role>,
    ) -> Result<UserRecord, AccountError>;

    /// Removes someone and ends their sessions.
    ///
    /// # Errors
    /// See [`AccountError`].
    async fn remove(&self, shop_id: ShopId, user_id: UserId) -> Result<(), AccountError>;

    /// Begins a session; the person is seen.
    ///
    /// # Errors
    /// When the store fails.
    async fn begin_session(&self, session: SessionRecord) -> Result<(), StoreError>;

    /// The session with its person, if it is valid at `now`. It is thereby used.
    ///
    /// # Errors
    /// When the store fails.
    async fn use_session(
        &self,
        secret_hash: [u8; 32],
        now: UtcMs,
    ) -> Result<Option<(SessionRecord, UserRecord)>, StoreError>;

    /// The password was typed once more.
    ///
    /// # Errors
    /// When the store fails, or there is no such session.
    async fn confirm_session(&self, secret_hash: [u8; 32], now: UtcMs) -> Result<(), StoreError>;

    /// Ends a session, if there is one.
    ///
    /// # Errors
    /// When the store fails.
    async fn end_session(&self, secret_hash: [u8; 32]) -> Result<(), StoreError>;

    /// Keeps a reset token; those given before are of no use any more.
    ///
    /// # Errors
    /// When the store fails.
    async fn begin_reset(&self, token_hash: [u8; 32], user_id: UserId, now: UtcMs) -> Result<(), StoreError>;

    /// Sets a new password with a token, once: the token is used up and all sessions of the person end.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the token is unknown, used, or over.
    async fn reset_password(
        &self,
        token_hash: [u8; 32],
        password_hash: String,
        now: UtcMs,
    ) -> Result<UserRecord, StoreError>;
}
