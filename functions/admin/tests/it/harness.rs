//! The control plane over SQLite in a folder of its own, with a clock that is set.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use http::Request;
use serde_json::Value;
use showfloor_api_types::show::Ingest;
use showfloor_domain::event::ShowState;
use showfloor_domain::{Role, ShopId, ShowId, UserId};
use showfloor_functions_admin::{Deps, IngestHealth, SetupCode, StoredOrigins, StoredSessions};
use showfloor_http::testing::walk::{Answer, send};
use showfloor_http::testing::{CountingEntropy, KeptMails, ManualClock, OWN_ORIGIN, OpenTokens, START};
use showfloor_http::{Context, Pepper, Purpose, Result, Secret, Services};
use showfloor_storage::{Accounts, Products, Runs, SessionRecord, Shops, Shows};
use showfloor_storage_sqlite::Sqlite;
use showfloor_storage_testkit::fixtures;

pub(crate) const PASSWORD: &str = "correct battery horse";

/// Nobody publishes.
struct Silence;

#[async_trait]
impl IngestHealth for Silence {
    async fn ingest(&self, _: ShowId) -> Result<Option<Ingest>> {
        Ok(None)
    }
}

pub(crate) struct Harness {
    pub(crate) router: Router,
    pub(crate) store: Arc<Sqlite>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) mails: Arc<KeptMails>,
    pub(crate) deps: Deps,
    pub(crate) setup_code: Secret,
    _folder: tempfile::TempDir,
}

/// An empty deployment.
pub(crate) fn empty() -> Harness {
    with_trusted_hops(0)
}

pub(crate) fn with_trusted_hops(trusted_hops: usize) -> Harness {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(&folder.path().join("test.db")).unwrap());
    let clock = Arc::new(ManualClock::default());
    let pepper = Pepper::new([42; 32]);
    let mails = Arc::new(KeptMails::default());
    let context = Context::new(Services {
        clock: clock.clone(),
        entropy: Arc::new(CountingEntropy::default()),
        issuer: Arc::new(OpenTokens),
        verifier: Arc::new(OpenTokens),
        sessions: Arc::new(StoredSessions::new(store.clone(), pepper.clone())),
        listed_origins: Arc::new(StoredOrigins(store.clone())),
        limits: showfloor_http::rate::RateLimits::new(pepper.clone()),
        pepper: pepper.clone(),
        own_origins: vec![OWN_ORIGIN.into()],
        trusted_hops,
    });
    let (code, setup_code) = SetupCode::generate(&pepper, context.entropy.as_ref());
    let rtmp_url = "rtmp://showfloor.test/live".into();
    let deps = Deps::new(context.clone(), store.clone(), Arc::new(Silence), mails.clone(), code, rtmp_url);
    let router = showfloor_http::api(showfloor_functions_admin::router(deps.clone()), &context);
    Harness { router, store, clock, mails, deps, setup_code, _folder: folder }
}

impl Harness {
    /// A shop, by number.
    pub(crate) async fn shop(&self, n: u8) -> ShopId {
        let shop = fixtures::shop(n);
        Shops::create(self.store.as_ref(), shop.clone()).await.unwrap();
        shop.id
    }

    /// Someone of a shop with [`PASSWORD`], by number.
    pub(crate) async fn user(&self, n: u8, shop_id: ShopId, role: Role) -> UserId {
        let mut user = fixtures::user(n, shop_id, role);
        let hash = self.deps.passwords.hash(PASSWORD.into(), self.deps.http.entropy.as_ref()).await;
        user.password_hash = hash.unwrap();
        self.store.add(user.clone()).await.unwrap();
        user.id
    }

    /// A session of someone new of this role; its secret.
    pub(crate) async fn session(&self, n: u8, shop_id: ShopId, role: Role) -> String {
        let user = fixtures::user(n, shop_id, role);
        self.store.add(user.clone()).await.unwrap();
        let secret = format!("session-{n}");
        let hash = self.deps.http.pepper.hash(Purpose::Session, secret.as_bytes());
        let now = self.deps.http.now();
        let session = SessionRecord {
            secret_hash: hash.0,
            user_id: user.id,
            created_at: now,
            used_at: now,
            confirmed_at: now,
        };
        self.store.begin_session(session).await.unwrap();
        secret
    }

    /// A show with a product in its run, by number.
    pub(crate) async fn show(&self, n: u8, shop_id: ShopId, state: ShowState) -> ShowId {
        let show = fixtures::show(n, shop_id, state);
        Shows::create(self.store.as_ref(), show.clone()).await.unwrap();
        show.id
    }

    pub(crate) async fn product(&self, n: u8, shop_id: ShopId) {
        let product = fixtures::product(n, shop_id);
        Products::create(self.store.as_ref(), product).await.unwrap();
    }

    /// Every id that a path of these functions has, of one shop.
    pub(crate) async fn ids(&self, shop_id: ShopId) -> BTreeMap<&'static str, String> {
        let show_id = self.show(1, shop_id, ShowState::Live).await;
        self.product(1, shop_id).await;
        let cue = fixtures::product_cue(1, shop_id, 3_900);
        let cue_id = cue.id;
        let add = showfloor_domain::run::RunCommand::Add { cue, position: None };
        Runs::apply(self.store.as_ref(), shop_id, show_id, add, START).await.unwrap();
        let key_id = showfloor_domain::StreamKeyId::generate(START, [1; 10]);
        let user_id = fixtures::user(90, shop_id, Role::Analyst).id;
        self.store.add(fixtures::user(90, shop_id, Role::Analyst)).await.unwrap();
        BTreeMap::from([
            ("show", show_id.to_string()),
            ("cue", cue_id.to_string()),
            ("key", key_id.to_string()),
            ("user", user_id.to_string()),
        ])
    }

    pub(crate) async fn get(&self, path: &str, session: &str) -> Answer {
        let request = Request::get(path).header("cookie", format!("__Host-showfloor={session}"));
        send(&self.router, request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn write(&self, method: &str, path: &str, session: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", format!("__Host-showfloor={session}"))
            .header("origin", OWN_ORIGIN)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        send(&self.router, request).await
    }

    pub(crate) async fn post(&self, path: &str, session: &str, body: Value) -> Answer {
        self.write("POST", path, session, body).await
    }

    /// A write of a service.
    pub(crate) async fn service(&self, service: &str, path: &str, body: Value) -> Answer {
        let token = OpenTokens.service(service, "functions", self.deps.http.now().plus_ms(1_000));
        let request = Request::post(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        send(&self.router, request).await
    }
}
