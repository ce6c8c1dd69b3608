//! Objects from any S3.

use async_trait::async_trait;
use showfloor_edge_core::media::{MediaFile, Route};
use showfloor_object_store::{self as object_store, ObjectKey, ObjectStore, StoreError};

use crate::objects::{OBJECT_BYTES_MAX, Object, Objects, StoreUnavailable};

#[async_trait]
impl Objects for ObjectStore {
    async fn get(&self, route: &Route) -> Result<Option<Object>, StoreUnavailable> {
        let Some(key) = key_of(route) else { return Ok(None) };
        let object = match ObjectStore::get(self, &key, None).await {
            Ok(object) => object,
            Err(StoreError::NotFound) => return Ok(None),
            Err(error) => return Err(StoreUnavailable(error.to_string())),
        };
        if object.meta.content_length > OBJECT_BYTES_MAX as u64 {
            return Err(StoreUnavailable(format!("{key} is larger than {OBJECT_BYTES_MAX} bytes")));
        }
        let etag = object.meta.e_tag.unwrap_or_default();
        let bytes = object.body.collect().await.map_err(|error| StoreUnavailable(error.to_string()))?;
        Ok(Some(Object { bytes, etag }))
    }
}

/// The object that a route names: both sides build it from ids, never from a path.
fn key_of(route: &Route) -> Option<ObjectKey> {
    match route {
        Route::Media(media, file) => {
            let rendition = media.rendition.as_str().parse().ok()?;
            Some(ObjectKey::media(media.broadcast, rendition, file_of(*file)))
        }
        Route::Image(image, width_px) => Some(ObjectKey::image(*image, u32::from(*width_px))),
        Route::Multivariant(_)
        | Route::LivePlaylist(_)
        | Route::Overlay(_)
        | Route::Socket(_)
        | Route::Events => None,
    }
}

const fn file_of(file: MediaFile) -> object_store::MediaFile {
    match file {
        MediaFile::Init(n) => object_store::MediaFile::Init { n },
        MediaFile::Segment(msn) => object_store::MediaFile::Segment { msn },
        MediaFile::Part(msn, part) => object_store::MediaFile::Part { msn, part },
        MediaFile::Replay => object_store::MediaFile::Replay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_and_the_origin_name_the_same_object() {
        for path in [
            "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/init-3.mp4",
            "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/12.m4s",
            "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/12.4.m4s",
            "/media/brd_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/source/index.m3u8",
            "/images/img_0192f0c1e2d37a8b9c0d1e2f3a4b5c6d/640.jpg",
        ] {
            let route = Route::parse(path).unwrap();
            assert_eq!(key_of(&route).unwrap().as_str(), route.object_key().unwrap());
        }
    }
}
