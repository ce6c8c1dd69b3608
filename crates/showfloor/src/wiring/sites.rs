//! Which sites may frame a show's page: its shop's list.

use std::sync::Arc;

use async_trait::async_trait;
use showfloor_domain::ShowId;
use showfloor_http::Problem;
use showfloor_storage::{PriceBook, Shops};

use crate::pages::FrameAncestors;

/// Looks it up in the store.
pub struct StoredSites {
    /// Knows which shop runs a show.
    pub shows: Arc<dyn PriceBook>,
    /// Knows which sites a shop lists.
    pub shops: Arc<dyn Shops>,
}

#[async_trait]
impl FrameAncestors for StoredSites {
    async fn of_show(&self, show: ShowId) -> Result<Option<Vec<String>>, Problem> {
        let Some(terms) = self.shows.show_terms(show).await? else { return Ok(None) };
        let shop = self.shops.find(terms.shop_id).await?;
        Ok(shop.map(|shop| shop.allowed_origins))
    }
}
