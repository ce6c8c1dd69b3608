//! What every store of shops and their catalogue promises.

use showfloor_domain::event::{Event, ShowState};
use showfloor_domain::run::RunCommand;
use showfloor_domain::show::ShowInput;
use showfloor_domain::{Currency, Money};
use showfloor_storage::{
    Images, Outbox, PageRequest, PriceBook, ProductError, Products, Runs, Shops, Shows, StoreError,
};

use crate::fixtures::{NOW, flash_cue, image, product, product_cue, shop, show, variant_id};

/// The sites of a shop are found by site; an edit replaces them; of two edits one is stale.
pub async fn a_shop_lists_its_sites(store: &impl Shops) {
    store.create(shop(1)).await.unwrap();
    store.create(shop(2)).await.unwrap();
    assert_eq!(store.listing("https://shop1.example").await, Ok(vec![shop(1).id]));
    let mut edit = shop(1);
    edit.allowed_origins = vec!["https://shop2.example".into()];
    assert_eq!(store.edit(edit.clone(), NOW).await.unwrap().version, 2);
    assert_eq!(store.edit(edit, NOW).await, Err(StoreError::Stale));
    assert_eq!(store.listing("https://shop1.example").await, Ok(vec![]));
    let mut both = store.listing("https://shop2.example").await.unwrap();
    both.sort();
    let mut expected = vec![shop(1).id, shop(2).id];
    expected.sort();
    assert_eq!(both, expected);
}

/// Another shop's products and pictures are not found (abuse case A1).
pub async fn products_are_found_in_their_shop_only(store: &(impl Shops + Products + Images)) {
    let (ours, theirs) = (shop(1).id, shop(2).id);
    Shops::create(store, shop(1)).await.unwrap();
    Shops::create(store, shop(2)).await.unwrap();
    Images::create(store, image(1, ours)).await.unwrap();
    Products::create(store, product(1, ours)).await.unwrap();
    assert_eq!(Products::find(store, theirs, product(1, ours).id).await, Ok(None));
    assert_eq!(Products::find_all(store, theirs, &[product(1, ours).id]).await, Ok(vec![]));
    assert_eq!(Images::find_all(store, theirs, &[image(1, ours).id]).await, Ok(vec![]));
    assert_eq!(store.describe(theirs, image(1, ours).id, "x".into()).await, Err(StoreError::NotFound));
    let mut edit = product(1, theirs);
    edit.title = "Taken over".into();
    let not_found = Err(ProductError::Store(StoreError::NotFound));
    assert_eq!(Products::edit(store, edit, NOW).await, not_found);
    assert_eq!(
        Products::delete(store, theirs, product(1, ours).id, NOW).await.unwrap_err(),
        ProductError::Store(StoreError::NotFound)
    );
    let mut with_their_image = product(2, theirs);
    with_their_image.images = vec![image(1, ours).id];
    assert_eq!(Products::create(store, with_their_image).await, Err(ProductError::UnknownImage));
}

/// A product reads back as written; a stale edit is refused; a sku is taken once per shop.
pub async fn a_product_reads_back_as_written(store: &(impl Shops + Products)) {
    let shop_id = shop(1).id;
    Shops::create(store, shop(1)).await.unwrap();
    Products::create(store, product(1, shop_id)).await.unwrap();
    assert_eq!(Products::find(store, shop_id, product(1, shop_id).id).await, Ok(Some(product(1, shop_id))));
    let mut same_sku = product(2, shop_id);
    same_sku.variants[0].sku = "SKU-1".into();
    let taken = Products::create(store, same_sku).await;
    assert_eq!(taken, Err(ProductError::Store(StoreError::Taken("sku".into()))));
    let mut edit = product(1, shop_id);
    edit.title = "Vase".into();
    let edited = Products::edit(store, edit.clone(), NOW).await.unwrap();
    assert_eq!((edited.title.as_str(), edited.version), ("Vase", 2));
    assert_eq!(Products::edit(store, edit, NOW).await, Err(ProductError::Store(StoreError::Stale)));
}

/// Products are found by words and by tag, newest first, in pages.
pub async fn products_are_found_by_text_and_tag(store: &(impl Shops + Products)) {
    let shop_id = shop(1).id;
    Shops::create(store, shop(1)).await.unwrap();
    for n in 1..=5 {
        Products::create(store, product(n, shop_id)).await.unwrap();
    }
    let find = async |text: Option<&str>, tag: Option<&str>| {
        let page = PageRequest { limit: 100, cursor: None };
        let found = Products::list(store, shop_id, text.map(Into::into), tag.map(Into::into), page).await;
        found.unwrap().items.into_iter().map(|product| product.title).collect::<Vec<_>>()
    };
    assert_eq!(find(None, Some("even")).await, ["Product 4", "Product 2"]);
    assert_eq!(find(Some("sku-3"), None).await, ["Product 3"]);
    assert_eq!(find(Some("PRODUCT 5"), Some("odd")).await, ["Product 5"]);
    assert_eq!(find(Some("%"), None).await, Vec::<String>::new());
    let first =
        Products::list(store, shop_id, None, None, PageRequest { limit: 3, cursor: None }).await.unwrap();
    let second = PageRequest { limit: 3, cursor: first.next };
    let second = Products::list(store, shop_id, None, None, second).await.unwrap();
    assert_eq!((first.items.len(), second.items.len(), second.next), (3, 2, None));
}

/// A price does not rise while its product is on screen; a listed product is not deleted.
pub async fn a_price_on_screen_does_not_rise(store: &(impl Shops + Products + Shows + Runs + Outbox)) {
    let shop_id = shop(1).id;
    let show_id = show(1, shop_id, ShowState::Live).id;
    Shops::create(store, shop(1)).await.unwrap();
    Products::create(store, product(1, shop_id)).await.unwrap();
    Shows::create(store, show(1, shop_id, ShowState::Live)).await.unwrap();
    let cue = product_cue(1, shop_id, 3_900);
    let start = RunCommand::Start(cue.id);
    Runs::apply(store, shop_id, show_id, RunCommand::Add { cue, position: None }, NOW).await.unwrap();
    Runs::apply(store, shop_id, show_id, start, NOW).await.unwrap();
    let priced = |minor, version| {
        let mut edit = product(1, shop_id);
        edit.variants[0].prices[0] = Money::new(minor, Currency::EUR);
        edit.version = version;
        edit
    };
    assert_eq!(Products::edit(store, priced(5_801, 1), NOW).await, Err(ProductError::PriceOnScreen));
    assert_eq!(Products::edit(store, priced(5_700, 1), NOW).await.unwrap().version, 2);
    let deleted = Products::delete(store, shop_id, product(1, shop_id).id, NOW).await;
    assert_eq!(deleted, Err(ProductError::Listed));
    let events = store.after(0, 100).await.unwrap();
    let listed = events.into_iter().find_map(|entry| match entry.event.event {
        Event::ProductChanged(change) => Some(change.show_ids),
        _ => None,
    });
    assert_eq!(listed, Some(vec![show_id]));
    Shows::advance(store, shop_id, show_id, ShowInput::End, NOW).await.unwrap();
    assert!(Products::edit(store, priced(9_900, 2), NOW).await.is_ok());
    Products::delete(store, shop_id, product(1, shop_id).id, NOW).await.unwrap();
    assert_eq!(Products::find(store, shop_id, product(1, shop_id).id).await, Ok(None));
}

/// Live prices hold while the show is on air, flash prices from start to deadline (abuse case C16).
pub async fn offers_follow_the_show_and_the_clock(
    store: &(impl Shops + Products + Shows + Runs + PriceBook),
) {
    let shop_id = shop(1).id;
    let show_id = show(1, shop_id, ShowState::Scheduled).id;
    Shops::create(store, shop(1)).await.unwrap();
    Products::create(store, product(1, shop_id)).await.unwrap();
    Shows::create(store, show(1, shop_id, ShowState::Scheduled)).await.unwrap();
    let (pin, flash) = (product_cue(1, shop_id, 3_900), flash_cue(2, 1, shop_id, 2_900));
    let start = RunCommand::Start(flash.id);
    for cue in [pin, flash] {
        Runs::apply(store, shop_id, show_id, RunCommand::Add { cue, position: None }, NOW).await.unwrap();
    }
    let prices = async |currency, now| {
        let offers = store.offers(shop_id, show_id, currency, &[variant_id(1), variant_id(9)], now).await;
        let offers = offers.unwrap();
        assert_eq!(offers.len(), 1);
        let prices = offers[0].prices;
        (prices.regular.minor(), prices.live.map(Money::minor), prices.flash.map(|flash| flash.price.minor()))
    };
    assert_eq!(prices(Currency::EUR, NOW).await, (5_800, None, None), "not on air");
    Shows::advance(store, shop_id, show_id, ShowInput::GoLive, NOW).await.unwrap();
    assert_eq!(prices(Currency::EUR, NOW).await, (5_800, Some(3_900), None));
    assert_eq!(prices(Currency::USD, NOW).await, (6_400, None, None));
    Runs::apply(store, shop_id, show_id, start, NOW).await.unwrap();
    assert_eq!(prices(Currency::EUR, NOW).await, (5_800, Some(3_900), Some(2_900)));
    assert_eq!(prices(Currency::EUR, NOW.plus_ms(59_999)).await.2, Some(2_900));
    assert_eq!(prices(Currency::EUR, NOW.plus_ms(60_000)).await.2, None);
    let elsewhere = store.offers(shop(2).id, show_id, Currency::EUR, &[variant_id(1)], NOW).await;
    assert_eq!(elsewhere, Ok(vec![]));
    Shows::advance(store, shop_id, show_id, ShowInput::End, NOW).await.unwrap();
    assert_eq!(prices(Currency::EUR, NOW).await, (5_800, None, None));
}
