//! What rooms start from, asked of the functions.

use std::time::Duration;

use showfloor_domain::ShowId;
use showfloor_edge_core::overlay::RoomSeed;

use crate::upstream::Peer;

/// How long the functions may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest seed that is read: a show of a few hundred products.
const SEED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// There is no seed.
#[derive(Debug, thiserror::Error)]
pub enum SeedsError {
    /// There is no such show.
    #[error("there is no such show")]
    NoShow,
    /// The functions did not answer, or not as agreed.
    #[error("the functions gave no seed: {0}")]
    Unavailable(String),
}

/// Fetches seeds from the functions.
#[derive(Clone)]
pub struct Seeds(pub Peer);

impl Seeds {
    /// The seed of a show.
    pub(crate) async fn fetch(&self, show: ShowId) -> Result<RoomSeed, SeedsError> {
        let path = format!("/v1/internal/shows/{show}/room-seed");
        let answer = self.0.get(&path, TIMEOUT, SEED_BYTES_MAX).await;
        let answer = answer.map_err(|error| SeedsError::Unavailable(error.to_string()))?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body)
                .map_err(|error| SeedsError::Unavailable(error.to_string())),
            404 => Err(SeedsError::NoShow),
            status => Err(SeedsError::Unavailable(format!("status {status}"))),
        }
    }
}
