//! Rows to test with. Numbers make ids, so that a failure reads the same in every run.

use std::collections::BTreeMap;

use showfloor_domain::event::{ShowState, VariantPrice};
use showfloor_domain::payment::Mode;
use showfloor_domain::run::{Cue, CueAction, CueState, FlashPlan};
use showfloor_domain::show::ShowSettings;
use showfloor_domain::{
    Country, CueId, Currency, ImageId, Money, ProductId, Role, ShopId, ShowId, UserId, UtcMs, VariantId,
};
use showfloor_storage::{ImageRecord, ProductRecord, ShopRecord, ShowRecord, UserRecord, VariantRecord};

/// The instant at which tests happen: 2026-11-20T19:30:00Z.
pub const NOW: UtcMs = UtcMs::new(1_795_203_000_000);

/// A shop that sells in euro and dollars.
#[must_use]
pub fn shop(n: u8) -> ShopRecord {
    ShopRecord {
        id: ShopId::generate(NOW, [n; 10]),
        name: format!("Shop {n}"),
        currencies: vec![Currency::EUR, Currency::USD],
        country: Country::literal(b"DE"),
        ships_to: vec![Country::literal(b"DE"), Country::literal(b"NL")],
        timezone: "Europe/Berlin".into(),
        locale: "en".into(),
        mode: Mode::Test,
        allowed_origins: vec![format!("https://shop{n}.example")],
        created_at: NOW,
        version: 1,
    }
}

/// Someone of a shop. The password's hash is no hash.
#[must_use]
pub fn user(n: u8, shop_id: ShopId, role: Role) -> UserRecord {
    UserRecord {
        id: UserId::generate(NOW, [n; 10]),
        shop_id,
        email: format!("user{n}@example.com"),
        name: format!("User {n}"),
        role,
        password_hash: "$none".into(),
        created_at: NOW,
        last_seen_at: None,
    }
}

/// A show of a shop, in this state.
#[must_use]
pub fn show(n: u8, shop_id: ShopId, state: ShowState) -> ShowRecord {
    ShowRecord {
        id: ShowId::generate(NOW, [n; 10]),
        shop_id,
        title: format!("Show {n}"),
        description: String::new(),
        host_name: "Ida".into(),
        state,
        state_version: 0,
        starts_at: NOW.plus_ms(i64::from(n) * 1_000),
        planned_minutes: Some(60),
        started_at: None,
        ended_at: None,
        cover_image_id: None,
        settings: ShowSettings::default(),
        created_at: NOW,
        version: 1,
    }
}

/// A picture of a shop.
#[must_use]
pub fn image(n: u8, shop_id: ShopId) -> ImageRecord {
    ImageRecord {
        id: ImageId::generate(NOW, [n; 10]),
        shop_id,
        alt: format!("Picture {n}"),
        width: 1_200,
        height: 900,
        created_at: NOW,
    }
}

/// The id of a product's only variant.
#[must_use]
pub fn variant_id(n: u8) -> VariantId {
    VariantId::generate(NOW, [n; 10])
}

/// A product with one variant at 58.00 € and $64.00, and no picture.
#[must_use]
pub fn product(n: u8, shop_id: ShopId) -> ProductRecord {
    ProductRecord {
        id: ProductId::generate(NOW.plus_ms(i64::from(n)), [n; 10]),
        shop_id,
        title: format!("Product {n}"),
        description: String::new(),
        tags: vec![if n.is_multiple_of(2) { "even" } else { "odd" }.into()],
        options: Vec::new(),
        images: Vec::new(),
        variants: vec![VariantRecord {
            id: variant_id(n),
            sku: format!("SKU-{n}"),
            options: BTreeMap::new(),
            prices: vec![Money::new(5_800, Currency::EUR), Money::new(6_400, Currency::USD)],
            compare_at: Vec::new(),
            weight_g: 500,
        }],
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

/// A planned cue.
#[must_use]
pub fn cue(n: u8, action: CueAction) -> Cue {
    Cue {
        id: CueId::generate(NOW, [n; 10]),
        action,
        state: CueState::Planned,
        planned_at: None,
        planned_minutes: None,
        started_at: None,
        ended_at: None,
    }
}

/// A cue that pins [`product`] `n`, at this price in euro during the show.
#[must_use]
pub fn product_cue(n: u8, shop_id: ShopId, live_minor: i64) -> Cue {
    let price = Money::new(live_minor, Currency::EUR);
    let live_prices = vec![VariantPrice { variant_id: variant_id(n), price }];
    cue(n, CueAction::Product { product_id: product(n, shop_id).id, live_prices })
}

/// A cue that opens a flash sale of [`product`] `n` for 60 s and 10 pieces, at this price in euro.
#[must_use]
pub fn flash_cue(id: u8, n: u8, shop_id: ShopId, minor: i64) -> Cue {
    let price = Money::new(minor, Currency::EUR);
    let plan = FlashPlan {
        prices: vec![VariantPrice { variant_id: variant_id(n), price }],
        duration_s: 60,
        cap: 10,
    };
    cue(id, CueAction::FlashSale { product_id: product(n, shop_id).id, plan, ends_at: None, version: 0 })
}
