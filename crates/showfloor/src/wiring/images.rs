//! Pictures: the catalogue's trait over the object store.

use async_trait::async_trait;
use bytes::Bytes;
use showfloor_domain::ImageId;
use showfloor_functions_catalog::ImageStore;
use showfloor_http::Problem;
use showfloor_object_store::{CacheControl, ObjectKey, ObjectStore, Put};

/// Keeps pictures in an object store.
pub struct StoredImages(pub ObjectStore);

#[async_trait]
impl ImageStore for StoredImages {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &'static str) -> Result<(), Problem> {
        let Some(key) = object_key(key) else {
            tracing::error!(key, "a picture's key is not of the agreed form");
            return Err(Problem::internal());
        };
        let put = Put { content_type, cache_control: CacheControl::Immutable };
        self.0.put(&key, bytes, put).await.map_err(|error| {
            tracing::warn!(%error, %key, "a picture could not be stored");
            Problem::unavailable()
        })
    }
}

/// Object keys are built from ids, here too: `images/{image}/{width}.jpg`.
fn object_key(key: &str) -> Option<ObjectKey> {
    let (image, file) = key.strip_prefix("images/")?.split_once('/')?;
    let image: ImageId = image.parse().ok()?;
    let width_px: u32 = file.strip_suffix(".jpg")?.parse().ok()?;
    let built = ObjectKey::image(image, width_px);
    (built.as_str() == key).then_some(built)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_the_agreed_form_have_a_key() {
        let id = "img_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d";
        assert!(object_key(&format!("images/{id}/640.jpg")).is_some());
        for key in [format!("images/{id}/0640.jpg"), format!("images/{id}/../640.jpg"), "media/x".into()] {
            assert!(object_key(&key).is_none(), "{key}");
        }
    }
}
