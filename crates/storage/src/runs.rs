//! Runs of show: one aggregate per show, changed by one command at a time.

use async_trait::async_trait;
use showfloor_domain::event::ShowState;
use showfloor_domain::run::{RunCommand, RunError, RunOfShow, RunOutcome};
use showfloor_domain::{ShopId, ShowId, UtcMs};

use crate::StoreError;

/// A run was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunCommandError {
    /// The run refuses.
    #[error(transparent)]
    Refused(#[from] RunError),
    /// Nothing comes on screen in a show that is a draft or over.
    #[error("the show is {0:?}")]
    NotShowing(ShowState),
    /// The store failed, or there is no such show in this shop.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Runs of show.
#[async_trait]
pub trait Runs: Send + Sync {
    /// The run of a show of this shop.
    ///
    /// # Errors
    /// When the store fails.
    async fn find(&self, shop_id: ShopId, show_id: ShowId) -> Result<Option<RunOfShow>, StoreError>;

    /// Carries out a command, with its events, and tells the stock ledger which products the show lists.
    ///
    /// # Errors
    /// See [`RunCommandError`]; nothing changed then.
    async fn apply(
        &self,
        shop_id: ShopId,
        show_id: ShowId,
        command: RunCommand,
        now: UtcMs,
    ) -> Result<(RunOfShow, RunOutcome), RunCommandError>;
}
