use bytes::Bytes;
use futures_util::StreamExt as _;
use showfloor_object_store::{ByteRange, CacheControl, Credentials, ObjectStore, Put, StoreError};

use crate::{fixture, segment};

const PUT: Put<'static> = Put { content_type: "video/iso.segment", cache_control: CacheControl::Immutable };

#[tokio::test]
async fn an_object_comes_back_as_it_was_put() {
    let fixture = fixture().await;
    let bytes = Bytes::from((0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect::<Vec<u8>>());
    fixture.store.put(&segment(1), bytes.clone(), PUT).await.unwrap();

    let object = fixture.store.get(&segment(1), None).await.unwrap();
    assert_eq!(object.meta.content_length, 200_000);
    assert_eq!(object.meta.content_type.as_deref(), Some("video/iso.segment"));
    assert_eq!(object.meta.cache_control.as_deref(), Some("public, max-age=31536000, immutable"));
    let e_tag = object.meta.e_tag.clone().expect("an ETag");
    assert_eq!(object.body.collect().await.unwrap(), bytes);

    let head = fixture.store.head(&segment(1)).await.unwrap();
    assert_eq!(head.e_tag, Some(e_tag));
    assert_eq!(head.content_length, 200_000);
    assert_eq!(head.cache_control.as_deref(), Some("public, max-age=31536000, immutable"));
}

#[tokio::test]
async fn a_range_brings_only_its_bytes_in_chunks() {
    let fixture = fixture().await;
    fixture.store.put(&segment(1), Bytes::from(vec![7; 100_000]), PUT).await.unwrap();
    let range = ByteRange::From { first: 10, last: Some(70_009) };
    let object = fixture.store.get(&segment(1), Some(range)).await.unwrap();
    assert_eq!(object.meta.content_range.as_deref(), Some("bytes 10-70009/100000"));
    let mut chunks = object.body.into_stream();
    let mut size_bytes = 0;
    while let Some(chunk) = chunks.next().await {
        size_bytes += chunk.unwrap().len();
    }
    assert_eq!(size_bytes, 70_000);

    let beyond = ByteRange::From { first: 100_000, last: None };
    assert!(matches!(
        fixture.store.get(&segment(1), Some(beyond)).await,
        Err(StoreError::RangeNotSatisfiable)
    ));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_deleting_it_is_fine() {
    let fixture = fixture().await;
    assert!(matches!(fixture.store.get(&segment(9), None).await, Err(StoreError::NotFound)));
    assert!(matches!(fixture.store.head(&segment(9)).await, Err(StoreError::NotFound)));
    fixture.store.put(&segment(9), Bytes::from_static(b"x"), PUT).await.unwrap();
    fixture.store.delete(&segment(9)).await.unwrap();
    fixture.store.delete(&segment(9)).await.unwrap();
    assert!(matches!(fixture.store.get(&segment(9), None).await, Err(StoreError::NotFound)));
    fixture.store.check().await.unwrap();
}

#[tokio::test]
async fn a_deleted_object_leaves_nothing_behind() {
    fn files(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
    }
    let fixture = fixture().await;
    let before = files(fixture.folder.path());
    fixture.store.put(&segment(1), Bytes::from_static(b"x"), PUT).await.unwrap();
    assert!(files(fixture.folder.path()) > before);
    fixture.store.delete(&segment(1)).await.unwrap();
    assert_eq!(files(fixture.folder.path()), before);
}

#[tokio::test]
async fn an_object_that_is_put_again_is_whole_at_every_moment() {
    let fixture = fixture().await;
    let whole = |n: u8| Bytes::from(vec![n; 300_000]);
    fixture.store.put(&segment(1), whole(0), PUT).await.unwrap();
    let store = fixture.store.clone();
    let writer = tokio::spawn(async move {
        for n in 1..30 {
            store.put(&segment(1), whole(n), PUT).await.unwrap();
        }
    });
    while !writer.is_finished() {
        let bytes = fixture.store.get(&segment(1), None).await.unwrap().body.collect().await.unwrap();
        assert!(bytes.len() == 300_000 && bytes.iter().all(|byte| *byte == bytes[0]));
    }
    writer.await.unwrap();
}

#[tokio::test]
async fn objects_and_the_access_key_outlive_a_restart() {
    let fixture = fixture().await;
    fixture.store.put(&segment(3), Bytes::from_static(b"kept"), PUT).await.unwrap();
    let key_before = fixture.embedded.config().credentials.secret_access_key;
    fixture.embedded.shutdown().await;

    let again = showfloor_object_store::embedded::EmbeddedStore::start(fixture.folder.path()).await.unwrap();
    assert_eq!(again.config().credentials.secret_access_key, key_before);
    let object = ObjectStore::new(again.config()).get(&segment(3), None).await.unwrap();
    assert_eq!(object.body.collect().await.unwrap(), Bytes::from_static(b"kept"));
}

#[tokio::test]
async fn a_wrong_secret_is_denied() {
    let fixture = fixture().await;
    let mut config = fixture.embedded.config();
    config.credentials = Credentials { secret_access_key: "0".repeat(64), ..config.credentials };
    let stranger = ObjectStore::new(config);
    let put = stranger.put(&segment(1), Bytes::from_static(b"x"), PUT).await;
    assert!(matches!(put, Err(StoreError::Denied)), "{put:?}");
}

#[tokio::test]
async fn a_store_that_is_gone_is_unavailable_within_the_time_limit() {
    let fixture = fixture().await;
    let store = fixture.store.clone();
    fixture.embedded.shutdown().await;
    let error = store.get(&segment(1), None).await.expect_err("nobody listens");
    assert!(error.is_transient(), "{error}");
}
