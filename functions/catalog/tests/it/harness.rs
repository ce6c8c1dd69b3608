//! The catalogue over SQLite in a folder of its own, with a clock that is set.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use showfloor_domain::event::ShowState;
use showfloor_domain::{ProductId, Role, ShopId, ShowId};
use showfloor_functions_catalog::{Deps, ImageStore};
use showfloor_http::testing::walk::{Answer, send};
use showfloor_http::testing::{FixedOrigins, FixedSessions, ManualClock, OWN_ORIGIN, START, context};
use showfloor_http::{Context, Result, Session};
use showfloor_storage::{Images, Products, Shops, Shows, StockAdjustment, StockLedger};
use showfloor_storage_sqlite::Sqlite;
use showfloor_storage_testkit::fixtures;

/// Objects as they were put.
#[derive(Default)]
pub(crate) struct Objects(pub(crate) Mutex<BTreeMap<String, (Bytes, &'static str)>>);

#[async_trait]
impl ImageStore for Objects {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &'static str) -> Result<()> {
        self.0.lock().unwrap().insert(key.into(), (bytes, content_type));
        Ok(())
    }
}

pub(crate) struct Harness {
    pub(crate) router: Router,
    pub(crate) store: Arc<Sqlite>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) objects: Arc<Objects>,
    sessions: Arc<FixedSessions>,
    _folder: tempfile::TempDir,
}

pub(crate) fn empty() -> Harness {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(&folder.path().join("test.db")).unwrap());
    let clock = Arc::new(ManualClock::default());
    let sessions = Arc::new(FixedSessions::default());
    let context: Context = context(clock.clone(), sessions.clone(), Arc::new(FixedOrigins::default()));
    let objects = Arc::new(Objects::default());
    let deps = Deps::new(context.clone(), store.clone(), objects.clone());
    let router = showfloor_http::api(showfloor_functions_catalog::router(deps), &context);
    Harness { router, store, clock, objects, sessions, _folder: folder }
}

impl Harness {
    /// A shop, by number.
    pub(crate) async fn shop(&self, n: u8) -> ShopId {
        Shops::create(self.store.as_ref(), fixtures::shop(n)).await.unwrap();
        fixtures::shop(n).id
    }

    /// The secret of a session of this role.
    pub(crate) fn session(&self, shop_id: ShopId, role: Role) -> String {
        let secret = format!("{}-{shop_id}", role.as_str());
        let session = Session {
            user_id: fixtures::user(1, shop_id, role).id,
            shop_id,
            role,
            name: "Ida".into(),
            password_confirmed_at: START,
        };
        self.sessions.put(&secret, session);
        secret
    }

    pub(crate) async fn product(&self, n: u8, shop_id: ShopId, stocked: i32) -> ProductId {
        let product = fixtures::product(n, shop_id);
        Products::create(self.store.as_ref(), product.clone()).await.unwrap();
        let variant_id = product.variants[0].id;
        let adjustment =
            StockAdjustment { shop_id, variant_id, delta: stocked, note: String::new(), by: None };
        self.store.adjust(adjustment, START).await.unwrap();
        product.id
    }

    pub(crate) async fn show(&self, n: u8, shop_id: ShopId, state: ShowState) -> ShowId {
        let show = fixtures::show(n, shop_id, state);
        Shows::create(self.store.as_ref(), show.clone()).await.unwrap();
        show.id
    }

    /// Every id that a path of these functions has, of one shop.
    pub(crate) async fn ids(&self, shop_id: ShopId) -> BTreeMap<&'static str, String> {
        let image = fixtures::image(1, shop_id);
        Images::create(self.store.as_ref(), image.clone()).await.unwrap();
        let product_id = self.product(1, shop_id, 5).await;
        BTreeMap::from([
            ("show", self.show(1, shop_id, ShowState::Live).await.to_string()),
            ("product", product_id.to_string()),
            ("variant", fixtures::variant_id(1).to_string()),
            ("image", image.id.to_string()),
        ])
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(&self.router, Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn read(&self, path: &str, session: &str) -> Answer {
        let request = Request::get(path).header("cookie", format!("__Host-showfloor={session}"));
        send(&self.router, request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn write(
        &self,
        method: &str,
        path: &str,
        session: &str,
        version: u64,
        body: Value,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", format!("__Host-showfloor={session}"))
            .header("origin", OWN_ORIGIN)
            .header("if-match", format!("\"{version}\""))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        send(&self.router, request).await
    }

    pub(crate) async fn upload(&self, session: &str, content_type: &str, bytes: Vec<u8>) -> Answer {
        let request = Request::post("/v1/admin/images?alt=A%20vase")
            .header("cookie", format!("__Host-showfloor={session}"))
            .header("origin", OWN_ORIGIN)
            .header("content-type", content_type)
            .body(Body::from(bytes))
            .unwrap();
        send(&self.router, request).await
    }
}
