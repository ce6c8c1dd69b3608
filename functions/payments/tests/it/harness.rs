//! A shop on air with one product, and buyers at its till.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use showfloor_domain::checkout::HOLD_MS;
use showfloor_domain::event::ShowState;
use showfloor_domain::payment::{Mode, PaymentTerms};
use showfloor_domain::promotion::PriceSource;
use showfloor_domain::quote::{Quote, QuoteContent, QuoteLine, QuoteRequest};
use showfloor_domain::shipping::FlatRates;
use showfloor_domain::show::{ShowInput, ShowSettings};
use showfloor_domain::tax::DestinationVat;
use showfloor_domain::*;
use showfloor_functions_payments::{Deps, FixedAccounts, router};
use showfloor_http::clock::Clock as _;
use showfloor_http::testing::walk::{Answer, send};
use showfloor_http::testing::{
    CountingEntropy, FixedOrigins, FixedSessions, ManualClock, OpenTokens, context,
};
use showfloor_http::token::{TokenIssuer as _, ViewerClaims};
use showfloor_http::{Entropy as _, Purpose};
use showfloor_storage::*;
use showfloor_storage_sqlite::Sqlite;

use crate::provider::CountingProvider;

pub const SECRET: &str = "whsec_of_our_shop_000000";
pub const THEIR_SECRET: &str = "whsec_of_their_shop_0000";
pub const PRICE: Money = Money::new(5_800, Currency::EUR);

pub struct Stand {
    pub clock: Arc<ManualClock>,
    pub store: Arc<Sqlite>,
    pub deps: Deps,
    pub router: Router,
    pub ours: Shop,
    pub theirs: Shop,
    pub changed: Arc<Mutex<Vec<CheckoutId>>>,
    /// Counts what `changed` heard.
    pub changes: tokio::sync::watch::Receiver<u64>,
    pub entropy: CountingEntropy,
    _folder: tempfile::TempDir,
}

/// A shop on air.
pub struct Shop {
    pub id: ShopId,
    pub show_id: ShowId,
    pub product_id: ProductId,
    pub variant_id: VariantId,
    pub provider: Arc<CountingProvider>,
}

/// A buyer whose pieces are held.
#[derive(Clone)]
pub struct Till {
    pub checkout_id: CheckoutId,
    pub cart_secret: String,
    pub token: String,
    pub quote: Quote,
}

impl Stand {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Sqlite::open(&folder.path().join("showfloor.db")).unwrap());
        let clock = Arc::new(ManualClock::default());
        let entropy = CountingEntropy::default();
        let ours = shop(&store, &entropy, clock.now(), Some(SECRET)).await;
        let theirs = shop(&store, &entropy, clock.now(), Some(THEIR_SECRET)).await;
        let accounts = FixedAccounts::default()
            .with_test(ours.id, ours.provider.clone())
            .with_test(theirs.id, theirs.provider.clone());
        let http = context(clock.clone(), Arc::<FixedSessions>::default(), Arc::<FixedOrigins>::default());
        let changed = Arc::<Mutex<Vec<CheckoutId>>>::default();
        let heard = changed.clone();
        let (count, changes) = tokio::sync::watch::channel(0);
        let hears = move |checkout_id: CheckoutId| {
            heard.lock().unwrap().push(checkout_id);
            count.send_modify(|count| *count += 1);
        };
        let deps = Deps::new(http.clone(), store.clone(), Arc::new(accounts), Arc::new(hears));
        let router = showfloor_http::api(router(deps.clone()), &http);
        Self { clock, store, deps, router, ours, theirs, changed, changes, entropy, _folder: folder }
    }

    pub fn now(&self) -> UtcMs {
        self.clock.now()
    }

    fn bytes(&self) -> [u8; 10] {
        self.entropy.id_bytes()
    }

    pub fn token(&self, shop: &Shop, viewer_id: ViewerId) -> String {
        OpenTokens.viewer(&ViewerClaims {
            shop_id: shop.id,
            show_id: shop.show_id,
            viewer_id,
            name: None,
            device_hash: [1; 32],
            issued_at: self.now(),
            expires_at: self.now().plus_ms(24 * 60 * 60 * 1_000),
        })
    }

    /// A buyer on a device of their own, with `quantity` pieces held and an address given.
    pub async fn till(&self, quantity: u32) -> Till {
        let device = VariantId::generate(self.now(), self.bytes()).to_string();
        self.till_of(&self.ours, quantity, &device).await
    }

    pub async fn till_of(&self, shop: &Shop, quantity: u32, device: &str) -> Till {
        let now = self.now();
        let viewer_id = ViewerId::generate(now, self.bytes());
        let buyer = Buyer { viewer_id, name: Some("Ada".into()), device: device.into() };
        let cart_id = CartId::generate(now, self.bytes());
        let cart_secret = format!("secret of {cart_id}");
        let cart = CartRecord {
            id: cart_id,
            shop_id: shop.id,
            show_id: shop.show_id,
            buyer: buyer.clone(),
            currency: Currency::EUR,
            secret_hash: self.deps.http.pepper.hash(Purpose::Cart, cart_secret.as_bytes()).0,
            lines: Vec::new(),
            discount_code: None,
            created_at: now,
        };
        self.store_carts().create(cart).await.unwrap();
        let checkout_id = CheckoutId::generate(now, self.bytes());
        let begin = BeginCheckout {
            checkout_id,
            reservation_id: ReservationId::generate(now, self.bytes()),
            shop_id: shop.id,
            show_id: shop.show_id,
            cart_id,
            buyer,
            mode: Mode::Test,
            quote: self.quote(shop, quantity),
            held_until: now.plus_ms(HOLD_MS),
            now,
        };
        self.deps.checkouts.begin(begin).await.unwrap();
        let quote = self.requote(shop, checkout_id, quantity).await;
        Till { checkout_id, cart_secret, token: self.token(shop, viewer_id), quote }
    }

    fn store_carts(&self) -> &dyn Carts {
        self.deps.carts.as_ref()
    }

    /// The buyer edits: the same pieces under a new quote.
    pub async fn requote(&self, shop: &Shop, checkout_id: CheckoutId, quantity: u32) -> Quote {
        let quote = self.quote(shop, quantity);
        let contact = Contact { email: "ada@example.com".into(), name: "Ada Sample".into(), phone: None };
        let address = Address {
            line1: "Hauptstr. 1".into(),
            line2: None,
            postal_code: "10115".into(),
            city: "Berlin".into(),
            region: None,
            country: "DE".parse().unwrap(),
        };
        let requote = Requote { checkout_id, quote: quote.clone(), contact, address, now: self.now() };
        self.deps.checkouts.requote(requote).await.unwrap();
        quote
    }

    fn quote(&self, shop: &Shop, quantity: u32) -> Quote {
        let line = QuoteLine {
            variant_id: shop.variant_id,
            product_id: shop.product_id,
            title: "Bowl".into(),
            variant_title: String::new(),
            sku: "BOWL".into(),
            image: None,
            quantity: quantity.try_into().unwrap(),
            unit_price: PRICE,
            line_total: PRICE.checked_mul(quantity).unwrap(),
            source: PriceSource::Regular,
        };
        let country: Country = "DE".parse().unwrap();
        let request = QuoteRequest {
            currency: Currency::EUR,
            shop_country: country,
            country,
            lines: vec![line],
            discount: None,
            now: self.now(),
        };
        let id = QuoteId::generate(self.now(), self.bytes());
        QuoteContent::make(request, &FlatRates, &DestinationVat).unwrap().freeze(id)
    }

    /// `POST /v1/checkouts/{chk}/payments`.
    pub async fn pay(&self, till: &Till, key: &str) -> Answer {
        let body = json!({ "quote_hash": till.quote.hash, "method": "card" });
        self.pay_with(till, key, body).await
    }

    pub async fn pay_with(&self, till: &Till, key: &str, body: Value) -> Answer {
        send(&self.router, pay_request(till, key, &body)).await
    }

    /// Starts a payment and gives its terms, as the provider knows them.
    pub async fn started(&self, till: &Till, key: &str) -> PaymentTerms {
        let answer = self.pay(till, key).await;
        assert_eq!(answer.status, 201, "{:?}", answer.json);
        let id: PaymentId = serde_json::from_value(answer.json["id"].clone()).unwrap();
        let book = self.ours.provider.book.lock().unwrap();
        book.creates.iter().find(|terms| terms.payment_id == id).unwrap().clone()
    }

    /// The same from a network of its own, so that failures of others do not count.
    pub async fn started_elsewhere(&self, till: &Till) -> PaymentTerms {
        let payment_id = PaymentId::generate(self.now(), self.bytes());
        let start = StartPayment {
            payment_id,
            shop_id: self.ours.id,
            checkout_id: till.checkout_id,
            quote_hash: till.quote.hash.clone(),
            provider: "sandbox".into(),
            client_block: payment_id.to_string(),
            now: self.now(),
        };
        let started = self.deps.payments.start(start).await.unwrap();
        let intent_id = crate::provider::intent_of(payment_id);
        self.deps.payments.intent_created(payment_id, &intent_id, self.now()).await.unwrap();
        started.terms
    }

    pub async fn checkout(&self, checkout_id: CheckoutId) -> CheckoutRecord {
        self.deps.checkouts.find(self.ours.id, checkout_id).await.unwrap().unwrap()
    }

    /// Signs and posts an event to a shop's address.
    pub async fn post(&self, shop: &Shop, secret: &str, body: &str) -> Answer {
        let signature = sign(secret, self.now(), body.as_bytes());
        self.post_raw(shop, Some(&signature), body.as_bytes().to_vec()).await
    }

    pub async fn post_raw(&self, shop: &Shop, signature: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = Request::post(format!("/v1/webhooks/sandbox/{}", shop.id))
            .header("content-type", "application/json");
        if let Some(signature) = signature {
            request = request.header("sandbox-signature", signature);
        }
        send(&self.router, request.body(Body::from(body)).unwrap()).await
    }
}

pub fn pay_request(till: &Till, key: &str, body: &Value) -> Request<Body> {
    Request::post(format!("/v1/checkouts/{}/payments", till.checkout_id))
        .header("authorization", format!("Bearer {}", till.token))
        .header("showfloor-cart", &till.cart_secret)
        .header("idempotency-key", key)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

pub fn sign(secret: &str, now: UtcMs, body: &[u8]) -> String {
    showfloor_sandbox_provider::sign(secret, now.get().div_euclid(1_000), body)
}

/// The body of an event as the sandbox writes it.
pub fn event(id: &str, intent_id: &str, told: &PaymentTerms, status: &str, failure: Option<&str>) -> String {
    let mut intent = json!({
        "id": intent_id,
        "amount": { "minor": told.amount.minor(), "currency": told.amount.currency() },
        "account": told.account,
        "mode": told.mode,
        "reference": { "payment_id": told.payment_id, "quote_id": told.quote_id },
        "status": status,
        "card": { "brand": "visa", "last4": "4242", "fingerprint": "f" },
    });
    if let Some(code) = failure {
        intent["failure"] = json!({ "code": code, "message": "no" });
    }
    if status == "requires_action" {
        intent["next_action"] = json!({ "type": "challenge", "url": "http://pay.test/challenge" });
    }
    json!({
        "id": id, "type": format!("payment_intent.{status}"), "created": 1, "account": told.account,
        "mode": told.mode, "data": { "intent": intent },
    })
    .to_string()
}

async fn shop(store: &Arc<Sqlite>, entropy: &CountingEntropy, now: UtcMs, secret: Option<&str>) -> Shop {
    let id = ShopId::generate(now, entropy.id_bytes());
    let country: Country = "DE".parse().unwrap();
    let record = ShopRecord {
        id,
        name: "Kiln".into(),
        currencies: vec![Currency::EUR],
        country,
        ships_to: vec![country],
        timezone: "Europe/Berlin".into(),
        locale: "en".into(),
        mode: Mode::Test,
        allowed_origins: Vec::new(),
        created_at: now,
        version: 1,
    };
    Shops::create(store.as_ref(), record).await.unwrap();
    let show_id = ShowId::generate(now, entropy.id_bytes());
    let show = ShowRecord {
        id: show_id,
        shop_id: id,
        title: "Autumn glazes".into(),
        description: String::new(),
        host_name: "Ida".into(),
        state: ShowState::Draft,
        state_version: 0,
        starts_at: now,
        planned_minutes: None,
        started_at: None,
        ended_at: None,
        cover_image_id: None,
        settings: ShowSettings::default(),
        created_at: now,
        version: 1,
    };
    Shows::create(store.as_ref(), show).await.unwrap();
    for input in [ShowInput::Publish, ShowInput::GoLive] {
        Shows::advance(store.as_ref(), id, show_id, input, now).await.unwrap();
    }
    let product_id = ProductId::generate(now, entropy.id_bytes());
    let variant_id = VariantId::generate(now, entropy.id_bytes());
    let variant = VariantRecord {
        id: variant_id,
        sku: "BOWL".into(),
        options: std::collections::BTreeMap::new(),
        prices: vec![PRICE],
        compare_at: Vec::new(),
        weight_g: 400,
    };
    let product = ProductRecord {
        id: product_id,
        shop_id: id,
        title: "Bowl".into(),
        description: String::new(),
        tags: Vec::new(),
        options: Vec::new(),
        images: Vec::new(),
        variants: vec![variant],
        created_at: now,
        updated_at: now,
        version: 1,
    };
    Products::create(store.as_ref(), product).await.unwrap();
    let stocked =
        StockAdjustment { shop_id: id, variant_id, delta: 10_000, note: "first firing".into(), by: None };
    store.adjust(stocked, now).await.unwrap();
    Shop { id, show_id, product_id, variant_id, provider: CountingProvider::new(id, secret) }
}
