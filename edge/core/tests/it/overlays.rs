//! Abuse case C15, and what each audience sees.

use serde_json::{Value, json};
use showfloor_domain::event::{
    BannerChanged, Event, FlashSaleEnd, FlashSaleEnded, FlashSaleStarted, ProductPinned, ProductUnpinned,
    ShowState, ShowStateChanged, StockChanged, VariantPrice,
};
use showfloor_domain::{CueId, Currency, Money, ShopId, UtcMs};
use showfloor_edge_core::overlay::{
    AUDIENCES_MAX, Audience, Change, OVERLAY_QUERY_BYTES_MAX, Overlay, Overlays, RoomSeed, VariantState,
};

use crate::stage::{T0, product, seed, seed_json, shop, show, variant};

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn at(overlays: &mut Overlays, now: UtcMs, query: &str) -> Overlay {
    let audience = overlays.audience(query);
    serde_json::from_slice(&overlays.compose(now, &audience, 1, 5)).unwrap()
}

fn price(overlays: &mut Overlays, now: UtcMs, query: &str) -> (Money, Option<Money>) {
    let variant = &at(overlays, now, query).products[0].variants[0];
    (variant.price, variant.was)
}

fn state(state: ShowState, version: u64) -> Event {
    Event::ShowStateChanged(ShowStateChanged { show_id: show(), state, at: T0, version })
}

fn flash(version: u64, ends_at: UtcMs) -> Event {
    Event::FlashSaleStarted(FlashSaleStarted {
        show_id: show(),
        product_id: product(1),
        cue_id: CueId::generate(T0, [1; 10]),
        at: T0.plus_ms(1_000),
        ends_at,
        cap: 10,
        prices: vec![
            VariantPrice { variant_id: variant(1), price: eur(3900) },
            VariantPrice { variant_id: variant(1), price: usd(4200) },
        ],
        version,
    })
}

#[test]
fn the_price_is_the_flash_price_else_the_live_price_else_the_price() {
    let mut overlays = Overlays::new(seed());
    assert_eq!(price(&mut overlays, T0, ""), (eur(4900), Some(eur(5800))), "live");
    assert_eq!(price(&mut overlays, T0, "currency=USD"), (usd(6400), None), "no live price in dollars");
    overlays.apply(shop(), &state(ShowState::Paused, 1));
    assert_eq!(price(&mut overlays, T0, ""), (eur(4900), Some(eur(5800))), "still on air");
    for (n, off_air) in [ShowState::Scheduled, ShowState::Ended].into_iter().enumerate() {
        overlays.apply(shop(), &state(off_air, 2 + n as u64));
        assert_eq!(price(&mut overlays, T0, ""), (eur(5800), Some(eur(6500))), "off air");
    }
    overlays.apply(shop(), &state(ShowState::Live, 9));
    overlays.apply(shop(), &flash(1, T0.plus_ms(61_000)));
    assert_eq!(price(&mut overlays, T0.plus_ms(2_000), ""), (eur(3900), Some(eur(5800))));
    assert_eq!(price(&mut overlays, T0.plus_ms(2_000), "currency=USD"), (usd(4200), Some(usd(6400))));
}

#[test]
fn a_flash_price_begins_and_ends_at_its_very_millisecond_by_itself() {
    let mut overlays = Overlays::new(seed());
    overlays.apply(shop(), &flash(1, T0.plus_ms(61_000)));
    for (ms, expected) in [(999, 4900), (1_000, 3900), (60_999, 3900), (61_000, 4900)] {
        assert_eq!(price(&mut overlays, T0.plus_ms(ms), "").0, eur(expected), "{ms}");
    }
    assert!(at(&mut overlays, T0.plus_ms(61_000), "").flash.is_empty());
    overlays.apply(shop(), &flash(2, T0.plus_ms(161_000)));
    let ended = FlashSaleEnded {
        show_id: show(),
        product_id: product(1),
        reason: FlashSaleEnd::SoldOut,
        at: T0.plus_ms(70_000),
        version: 3,
    };
    assert!(overlays.apply(shop(), &Event::FlashSaleEnded(ended)).is_some());
    assert_eq!(price(&mut overlays, T0.plus_ms(70_000), "").0, eur(4900));
    assert_eq!(overlays.apply(shop(), &flash(2, T0.plus_ms(161_000))), None, "it does not begin again");
}

#[test]
fn an_overlay_holds_one_currency_only() {
    let mut overlays = Overlays::new(seed());
    overlays.apply(shop(), &flash(1, T0.plus_ms(61_000)));
    for (query, currency, other) in [("currency=EUR", "EUR", "USD"), ("currency=USD", "USD", "EUR")] {
        let audience = overlays.audience(query);
        let body = overlays.compose(T0.plus_ms(2_000), &audience, 1, 5);
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.contains(currency) && !text.contains(other), "{text}");
    }
}

#[test]
fn the_audience_is_one_that_the_shop_has_whatever_is_asked_for() {
    let overlays = Overlays::new(seed());
    let audience = |query: &str| {
        let Audience { locale, currency } = overlays.audience(query);
        (locale, currency.to_string())
    };
    let of = |locale: &str, currency: &str| (locale.to_owned(), currency.to_owned());
    assert_eq!(audience(""), of("en", "EUR"));
    assert_eq!(audience("currency=USD&locale=de-at"), of("de-AT", "USD"));
    assert_eq!(audience("locale=zh-Hant-TW"), of("zh-TW", "EUR"));
    for forged in [
        "currency=GBP",
        "currency=usd",
        "currency=XXX",
        "currency=USD%00",
        "currency=",
        "currency=EUR,USD",
        "price=1",
        "tier=vip&role=owner&audience=vip",
        "locale=../../etc",
        "locale=<b>",
        "locale=e",
        "locale=",
        "locale=engl",
        "CURRENCY=USD",
    ] {
        assert_eq!(audience(forged), of("en", "EUR"), "{forged}");
    }
    let long = |n: usize| format!("{}&currency=USD", "x".repeat(n - 13));
    assert_eq!(audience(&long(OVERLAY_QUERY_BYTES_MAX)).1, "USD");
    assert_eq!(audience(&long(OVERLAY_QUERY_BYTES_MAX + 1)).1, "EUR");
}

#[test]
fn an_overlay_is_composed_once_per_audience_and_again_when_something_changed() {
    let mut overlays = Overlays::new(seed());
    let (euro, dollar) = (overlays.audience("currency=EUR"), overlays.audience("currency=USD"));
    let first = overlays.compose(T0, &euro, 1, 0);
    let other = overlays.compose(T0, &dollar, 1, 0);
    let again = overlays.compose(T0.plus_ms(5_000), &euro, 1, 99);
    assert_eq!(first.as_ptr(), again.as_ptr(), "shared, not composed again");
    assert_ne!(first, other);
    let stock = StockChanged {
        product_id: product(1),
        variant_id: variant(1),
        show_ids: vec![show()],
        available: 1,
        reserved: 2,
        version: 4,
    };
    assert!(overlays.apply(shop(), &Event::StockChanged(stock)).is_some());
    let overlay = at(&mut overlays, T0.plus_ms(6_000), "");
    assert_eq!((overlay.at, overlay.offset), (T0.plus_ms(6_000), 5));
    assert_eq!(overlay.products[0].variants[0].state, VariantState::LastOne);
}

#[test]
fn a_warm_cache_never_gives_one_audience_anothers_overlay() {
    let mut overlays = Overlays::new(seed());
    for n in 0..4 * AUDIENCES_MAX {
        let locale = format!("{}{}", (b'a' + (n / 26) as u8) as char, (b'a' + (n % 26) as u8) as char);
        let currency = if n % 2 == 0 { "EUR" } else { "USD" };
        let overlay = at(&mut overlays, T0, &format!("locale={locale}&currency={currency}"));
        assert_eq!(
            (overlay.audience.locale.as_str(), overlay.audience.currency.as_str()),
            (&*locale, currency)
        );
        assert_eq!(overlay.products[0].variants[0].price.currency().as_str(), currency);
    }
}

#[test]
fn what_is_left_is_said_as_it_is() {
    for (available, reserved, expected) in [
        (5, 0, VariantState::Available),
        (2, 9, VariantState::Available),
        (1, 0, VariantState::LastOne),
        (0, 3, VariantState::Held),
        (0, 0, VariantState::SoldOut),
    ] {
        let mut overlays = Overlays::new(seed());
        let stock = StockChanged {
            product_id: product(1),
            variant_id: variant(1),
            show_ids: vec![show()],
            available,
            reserved,
            version: 9,
        };
        overlays.apply(shop(), &Event::StockChanged(stock));
        assert_eq!(at(&mut overlays, T0, "").products[0].variants[0].state, expected);
    }
}

#[test]
fn the_latest_version_wins_whatever_the_order() {
    let pin = |version| {
        Event::ProductPinned(ProductPinned {
            show_id: show(),
            product_id: product(1),
            cue_id: None,
            at: T0,
            version,
        })
    };
    let unpin = |version| Event::ProductUnpinned(ProductUnpinned { show_id: show(), at: T0, version });
    let banner = |version, text: Option<&str>| {
        Event::BannerChanged(BannerChanged { show_id: show(), text: text.map(Into::into), at: T0, version })
    };
    let mut overlays = Overlays::new(seed());
    overlays.apply(shop(), &unpin(5));
    assert_eq!(overlays.apply(shop(), &pin(4)), None);
    assert_eq!(at(&mut overlays, T0, "").pinned, None);
    overlays.apply(shop(), &pin(6));
    assert_eq!(at(&mut overlays, T0, "").pinned.map(|pinned| pinned.product_id), Some(product(1)));
    overlays.apply(shop(), &banner(2, None));
    overlays.apply(shop(), &banner(1, Some("stale")));
    assert_eq!(at(&mut overlays, T0, "").banner, None);
    // A seed that was read before the event came is no newer than the event.
    let mut old = seed_json();
    old["pinned"] = Value::Null;
    old["products"][0]["variants"][0]["available"] = json!(1);
    old["products"][0]["variants"][0]["version"] = json!(1);
    let (changes, different) = overlays.reseed(serde_json::from_value(old).unwrap());
    assert_eq!((changes, different), (vec![], vec![]));
    let overlay = at(&mut overlays, T0, "");
    assert!(overlay.pinned.is_some() && overlay.products[0].variants[0].available == 7);
    // A newer one is.
    let mut new = seed_json();
    new["run_version"] = json!(7);
    let (changes, _) = overlays.reseed(serde_json::from_value(new).unwrap());
    assert!(matches!(&changes[..], [Change::Unpin { version: 7, .. }]));
}

#[test]
fn events_of_other_shops_and_shows_change_nothing() {
    let mut overlays = Overlays::new(seed());
    let elsewhere = ShopId::generate(T0, [99; 10]);
    assert_eq!(overlays.apply(elsewhere, &state(ShowState::Ended, 99)), None);
    let stock = StockChanged {
        product_id: product(1),
        variant_id: variant(1),
        show_ids: vec![],
        available: 0,
        reserved: 0,
        version: 99,
    };
    assert_eq!(overlays.apply(shop(), &Event::StockChanged(stock)), None);
    assert_eq!(at(&mut overlays, T0, "").show_state, ShowState::Live);
}

#[test]
fn a_product_without_a_price_in_the_currency_is_not_shown() {
    let mut json = seed_json();
    json["products"][0]["variants"][0]["prices"] = json!([{"minor": 5800, "currency": "EUR"}]);
    let mut overlays = Overlays::new(serde_json::from_value::<RoomSeed>(json).unwrap());
    assert_eq!(at(&mut overlays, T0, "currency=USD").products, []);
    assert_eq!(at(&mut overlays, T0, "currency=EUR").products.len(), 1);
}
