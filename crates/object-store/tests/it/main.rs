//! The client against the embedded endpoint.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail a test")]

mod access;
mod objects;

use showfloor_domain::{BroadcastId, UtcMs};
use showfloor_object_store::embedded::EmbeddedStore;
use showfloor_object_store::{MediaFile, ObjectKey, ObjectStore, Rendition};

struct Fixture {
    folder: tempfile::TempDir,
    embedded: EmbeddedStore,
    store: ObjectStore,
}

async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let embedded = EmbeddedStore::start(folder.path()).await.expect("a loopback port");
    let store = ObjectStore::new(embedded.config());
    Fixture { folder, embedded, store }
}

fn segment(msn: u64) -> ObjectKey {
    let broadcast = BroadcastId::generate(UtcMs::new(1_700_000_000_000), [1; 10]);
    ObjectKey::media(broadcast, Rendition::Source, MediaFile::Segment { msn })
}
