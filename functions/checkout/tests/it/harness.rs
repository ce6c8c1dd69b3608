//! A shop on air with two products, and viewers who buy.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use showfloor_domain::event::ShowState;
use showfloor_domain::{ShopId, ShowId, UtcMs, VariantId, ViewerId};
use showfloor_functions_checkout::{Deps, router};
use showfloor_http::clock::Clock as _;
use showfloor_http::testing::walk::{Answer, send};
use showfloor_http::testing::{FixedOrigins, FixedSessions, ManualClock, OpenTokens, context};
use showfloor_http::token::{TokenIssuer as _, ViewerClaims};
use showfloor_storage::{Products, Shops, Shows, StockAdjustment, StockLedger};
use showfloor_storage_sqlite::Sqlite;
use showfloor_storage_testkit::fixtures::{product, shop, show, variant_id};

pub struct Stand {
    pub clock: Arc<ManualClock>,
    pub store: Arc<Sqlite>,
    pub router: Router,
    pub shop_id: ShopId,
    pub show_id: ShowId,
    viewers: AtomicU32,
    _folder: tempfile::TempDir,
}

/// A viewer with a cart.
#[derive(Clone)]
pub struct Buyer {
    pub token: String,
    pub cart: String,
    pub secret: String,
}

impl Stand {
    /// Ten pieces of each product are there.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Sqlite::open(&folder.path().join("showfloor.db")).unwrap());
        let clock = Arc::new(ManualClock::default());
        let now = clock.now();
        let (shop, other) = (shop(1), shop(2));
        let show = show(1, shop.id, ShowState::Live);
        let (shop_id, show_id) = (shop.id, show.id);
        for shop in [shop, other] {
            Shops::create(store.as_ref(), shop).await.unwrap();
        }
        Shows::create(store.as_ref(), show).await.unwrap();
        for n in [1, 2] {
            Products::create(store.as_ref(), product(n, shop_id)).await.unwrap();
            store.create_item(shop_id, product(n, shop_id).id, variant_id(n), now).await.unwrap();
            let (note, by) = (String::new(), None);
            let adjustment = StockAdjustment { shop_id, variant_id: variant_id(n), delta: 10, note, by };
            store.adjust(adjustment, now).await.unwrap();
        }
        let http = context(clock.clone(), Arc::<FixedSessions>::default(), Arc::<FixedOrigins>::default());
        let deps = Deps::new(http.clone(), store.clone());
        let router = showfloor_http::api(router(deps), &http);
        Self { clock, store, router, shop_id, show_id, viewers: AtomicU32::new(0), _folder: folder }
    }

    pub fn now(&self) -> UtcMs {
        self.clock.now()
    }

    /// A token of a new viewer of this shop's show.
    pub fn token_of(&self, shop_id: ShopId) -> String {
        let n = self.viewers.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 10];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        let mut device_hash = [0; 32];
        device_hash[..4].copy_from_slice(&n.to_be_bytes());
        OpenTokens.viewer(&ViewerClaims {
            shop_id,
            show_id: self.show_id,
            viewer_id: ViewerId::generate(self.now(), bytes),
            name: Some("Ada".into()),
            device_hash,
            issued_at: self.now(),
            expires_at: self.now().plus_ms(24 * 60 * 60 * 1_000),
        })
    }

    /// A viewer with an empty cart.
    pub async fn buyer(&self) -> Buyer {
        let token = self.token_of(self.shop_id);
        let nobody = Buyer { token, cart: String::new(), secret: String::new() };
        let body = json!({ "show_id": self.show_id, "currency": "EUR" });
        let answer = self.ask(&nobody, "POST", "/v1/carts", Some(body)).await;
        assert_eq!(answer.status, 201, "{:?}", answer.json);
        let text = |field: &str| answer.json[field].as_str().unwrap().to_owned();
        Buyer { cart: text("id"), secret: text("secret"), ..nobody }
    }

    /// A viewer who holds `quantity` pieces of variant 1; with the checkout.
    pub async fn holder(&self, quantity: u32) -> (Buyer, Value) {
        let buyer = self.buyer().await;
        let answer = self.put(&buyer, variant_id(1), json!({ "quantity": quantity })).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        let answer = self.check_out(&buyer, "key-1").await;
        assert_eq!(answer.status, 201, "{:?}", answer.json);
        (buyer, answer.json)
    }

    pub async fn put(&self, buyer: &Buyer, variant: VariantId, body: Value) -> Answer {
        let path = format!("/v1/carts/{}/lines/{variant}", buyer.cart);
        self.ask(buyer, "PUT", &path, Some(body)).await
    }

    pub async fn check_out(&self, buyer: &Buyer, key: &str) -> Answer {
        self.check_out_with(buyer, key, json!({ "country": "DE" })).await
    }

    pub async fn check_out_with(&self, buyer: &Buyer, key: &str, body: Value) -> Answer {
        let path = format!("/v1/carts/{}/checkouts", buyer.cart);
        let request = request(buyer, "POST", &path, Some(&body));
        let (mut parts, body) = request.into_parts();
        parts.headers.insert("idempotency-key", key.parse().unwrap());
        send(&self.router, Request::from_parts(parts, body)).await
    }

    pub async fn ask(&self, buyer: &Buyer, method: &str, path: &str, body: Option<Value>) -> Answer {
        send(&self.router, request(buyer, method, path, body.as_ref())).await
    }
}

fn request(buyer: &Buyer, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !buyer.token.is_empty() {
        request = request.header("authorization", format!("Bearer {}", buyer.token));
    }
    if !buyer.secret.is_empty() {
        request = request.header("showfloor-cart", &buyer.secret);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json");
        return request.body(Body::from(body.to_string())).unwrap();
    }
    request.body(Body::empty()).unwrap()
}

/// Who and where, as a buyer fills it in.
pub fn details(country: &str) -> Value {
    json!({
        "contact": { "email": "ada@example.com", "name": "Ada Lovelace" },
        "address": { "line1": "Hauptstr. 1", "postal_code": "10115", "city": "Berlin", "country": country },
    })
}
