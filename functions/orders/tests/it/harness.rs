//! Two shops on air, people who work in them, and orders that were paid.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::Request;
use serde_json::Value;
use showfloor_domain::checkout::HOLD_MS;
use showfloor_domain::event::ShowState;
use showfloor_domain::payment::{Mode, PaymentState};
use showfloor_domain::promotion::PriceSource;
use showfloor_domain::quote::{Quote, QuoteContent, QuoteLine, QuoteRequest};
use showfloor_domain::shipping::FlatRates;
use showfloor_domain::show::{ShowInput, ShowSettings};
use showfloor_domain::tax::DestinationVat;
use showfloor_domain::*;
use showfloor_functions_orders::{Deps, router};
use showfloor_http::clock::Clock as _;
use showfloor_http::principal::SESSION_COOKIE;
use showfloor_http::testing::walk::{Answer, send};
use showfloor_http::testing::{
    CountingEntropy, FixedOrigins, FixedSessions, KeptMails, ManualClock, OWN_ORIGIN, START, context,
};
use showfloor_http::{Entropy as _, Purpose, Session};
use showfloor_storage::*;
use showfloor_storage_sqlite::Sqlite;

pub const PRICE: Money = Money::new(5_800, Currency::EUR);

pub struct Stand {
    pub clock: Arc<ManualClock>,
    pub store: Arc<Sqlite>,
    pub deps: Deps,
    pub router: Router,
    pub mails: Arc<KeptMails>,
    pub sessions: Arc<FixedSessions>,
    pub origins: Arc<FixedOrigins>,
    pub ours: Shop,
    pub theirs: Shop,
    pub entropy: CountingEntropy,
    _folder: tempfile::TempDir,
}

#[derive(Clone, Copy)]
pub struct Shop {
    pub id: ShopId,
    pub show_id: ShowId,
    pub product_id: ProductId,
    pub variant_id: VariantId,
}

impl Stand {
    pub async fn new() -> Self {
        Self::with_locale("en").await
    }

    pub async fn with_locale(locale: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Sqlite::open(&folder.path().join("showfloor.db")).unwrap());
        let clock = Arc::new(ManualClock::default());
        let entropy = CountingEntropy::default();
        let ours = shop(&store, &entropy, clock.now(), locale).await;
        let theirs = shop(&store, &entropy, clock.now(), locale).await;
        let sessions = Arc::<FixedSessions>::default();
        let origins = Arc::<FixedOrigins>::default();
        let mails = Arc::<KeptMails>::default();
        let http = context(clock.clone(), sessions.clone(), origins.clone());
        let deps = Deps::new(http.clone(), store.clone(), mails.clone());
        let router = showfloor_http::api(router(deps.clone()), &http);
        let stand = Self {
            clock,
            store,
            deps,
            router,
            mails,
            sessions,
            origins,
            ours,
            theirs,
            entropy,
            _folder: folder,
        };
        for role in Role::ALL {
            stand.session(&format!("our-{role}"), ours.id, role, START);
            stand.session(&format!("their-{role}"), theirs.id, role, START);
        }
        stand
    }

    /// Signs somebody in whose password was typed at this moment.
    pub fn session(&self, secret: &str, shop_id: ShopId, role: Role, password_confirmed_at: UtcMs) {
        let user_id = UserId::generate(START, self.entropy.id_bytes());
        let name = format!("The {role}");
        self.sessions.put(secret, Session { user_id, shop_id, role, name, password_confirmed_at });
    }

    pub fn now(&self) -> UtcMs {
        self.clock.now()
    }

    fn bytes(&self) -> [u8; 10] {
        self.entropy.id_bytes()
    }

    /// An order of our shop for Ada.
    pub async fn order(&self, quantity: u32) -> OrderRecord {
        self.order_of(&self.ours, quantity, "Ada Sample").await
    }

    pub async fn order_of(&self, shop: &Shop, quantity: u32, name: &str) -> OrderRecord {
        let now = self.now();
        let device = VariantId::generate(now, self.bytes()).to_string();
        let buyer = Buyer { viewer_id: ViewerId::generate(now, self.bytes()), name: None, device };
        let cart_id = CartId::generate(now, self.bytes());
        let cart = CartRecord {
            id: cart_id,
            shop_id: shop.id,
            show_id: shop.show_id,
            buyer: buyer.clone(),
            currency: Currency::EUR,
            secret_hash: [7; 32],
            lines: Vec::new(),
            discount_code: None,
            created_at: now,
        };
        Carts::create(self.store.as_ref(), cart).await.unwrap();
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
        self.store.begin(begin).await.unwrap();
        let quote = self.quote(shop, quantity);
        let contact = Contact { email: "ada@example.com".into(), name: name.into(), phone: None };
        let address = Address {
            line1: "Hauptstr. 1".into(),
            line2: None,
            postal_code: "10115".into(),
            city: "Berlin".into(),
            region: None,
            country: "DE".parse().unwrap(),
        };
        let requote = Requote { checkout_id, quote: quote.clone(), contact, address, now };
        self.store.requote(requote).await.unwrap();
        self.paid(shop, checkout_id, quote).await
    }

    async fn paid(&self, shop: &Shop, checkout_id: CheckoutId, quote: Quote) -> OrderRecord {
        let now = self.now();
        let payment_id = PaymentId::generate(now, self.bytes());
        let start = StartPayment {
            payment_id,
            shop_id: shop.id,
            checkout_id,
            quote_hash: quote.hash,
            provider: "sandbox".into(),
            client_block: payment_id.to_string(),
            now,
        };
        let started = self.store.start(start).await.unwrap();
        let intent_id = format!("pi_{}", payment_id.uuid().simple());
        self.store.intent_created(payment_id, &intent_id, now).await.unwrap();
        let observation = Observation {
            inbox: None,
            provider: "sandbox".into(),
            intent_id,
            told: started.terms,
            state: PaymentState::Succeeded,
            failure: None,
            action_url: None,
            card: Some(CardMark { brand: "visa".into(), last4: "4242".into() }),
            order_id: OrderId::generate(now, self.bytes()),
            refund_id: RefundId::generate(now, self.bytes()),
            now,
        };
        let Observed::Sold(_, order_id) = self.store.observe(observation).await.unwrap() else {
            panic!("the payment did not become an order");
        };
        self.store.find_any_order(order_id).await
    }

    fn quote(&self, shop: &Shop, quantity: u32) -> Quote {
        let line = QuoteLine {
            variant_id: shop.variant_id,
            product_id: shop.product_id,
            title: "Bowl <b>bold</b>".into(),
            variant_title: "Oat".into(),
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

    /// The secret that the buyer of an order was shown.
    pub fn order_secret(&self, order_id: OrderId) -> String {
        self.deps.http.pepper.derive(Purpose::Order, &order_id.to_string()).reveal().to_owned()
    }

    pub async fn buyer_get(&self, order_id: impl ToString, secret: Option<&str>) -> Answer {
        let mut request = Request::get(format!("/v1/orders/{}", order_id.to_string()));
        if let Some(secret) = secret {
            request = request.header("showfloor-order", secret);
        }
        send(&self.router, request.body(Body::empty()).unwrap()).await
    }

    pub async fn get(&self, session: &str, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", format!("{SESSION_COOKIE}={session}"));
        send(&self.router, request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, session: &str, path: &str, key: Option<&str>, body: &Value) -> Answer {
        let mut request = Request::post(path)
            .header("cookie", format!("{SESSION_COOKIE}={session}"))
            .header("origin", OWN_ORIGIN)
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        send(&self.router, request.body(Body::from(body.to_string())).unwrap()).await
    }
}

/// The store's two `find_any` apart.
trait FindOrder {
    async fn find_any_order(&self, order_id: OrderId) -> OrderRecord;
}

impl FindOrder for Sqlite {
    async fn find_any_order(&self, order_id: OrderId) -> OrderRecord {
        Orders::find_any(self, order_id).await.unwrap().unwrap()
    }
}

async fn shop(store: &Arc<Sqlite>, entropy: &CountingEntropy, now: UtcMs, locale: &str) -> Shop {
    let id = ShopId::generate(now, entropy.id_bytes());
    let country: Country = "DE".parse().unwrap();
    let record = ShopRecord {
        id,
        name: "Kiln & Co".into(),
        currencies: vec![Currency::EUR],
        country,
        ships_to: vec![country],
        timezone: "Europe/Berlin".into(),
        locale: locale.into(),
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
        options: BTreeMap::new(),
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
    Shop { id, show_id, product_id, variant_id }
}
