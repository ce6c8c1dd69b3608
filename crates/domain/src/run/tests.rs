//! What a run of show promises.

use proptest::prelude::*;

use super::*;
use crate::{Currency, Money, VariantId};

const NOW: UtcMs = UtcMs::new(1_795_203_000_000);

fn product(n: u8) -> ProductId {
    ProductId::generate(UtcMs::new(1), [n; 10])
}

fn variant(n: u8) -> VariantId {
    VariantId::generate(UtcMs::new(1), [n; 10])
}

fn cue_id(n: u8) -> CueId {
    CueId::generate(UtcMs::new(1), [n; 10])
}

fn price(variant_id: VariantId, minor: i64) -> VariantPrice {
    VariantPrice { variant_id, price: Money::new(minor, Currency::EUR) }
}

fn cue(n: u8, action: CueAction) -> Cue {
    Cue {
        id: cue_id(n),
        action,
        state: CueState::Planned,
        planned_at: None,
        planned_minutes: None,
        started_at: None,
        ended_at: None,
    }
}

fn product_cue(n: u8, minor: i64) -> Cue {
    let live_prices = vec![price(variant(n), minor)];
    cue(n, CueAction::Product { product_id: product(n), live_prices })
}

fn flash_cue(n: u8, product_number: u8) -> Cue {
    let plan = FlashPlan { prices: vec![price(variant(product_number), 3_900)], duration_s: 60, cap: 10 };
    cue(n, CueAction::FlashSale { product_id: product(product_number), plan, ends_at: None, version: 0 })
}

fn run(cues: Vec<Cue>) -> RunOfShow {
    let mut run = RunOfShow::new(ShowId::generate(UtcMs::new(1), [0; 10]));
    for cue in cues {
        run.apply(RunCommand::Add { cue, position: None }, NOW).unwrap();
    }
    run
}

fn states(run: &RunOfShow) -> Vec<CueState> {
    run.cues.iter().map(|cue| cue.state).collect()
}

#[test]
fn next_takes_the_product_on_screen_off_and_puts_the_next_one_on() {
    let mut run = run(vec![product_cue(1, 100), product_cue(2, 100)]);
    run.apply(RunCommand::Next, NOW).unwrap();
    let outcome = run.apply(RunCommand::Next, NOW.plus_ms(5)).unwrap();
    assert_eq!(states(&run), [CueState::Done, CueState::OnScreen]);
    let [Event::ProductPinned(pinned)] = outcome.events.as_slice() else { panic!("{outcome:?}") };
    assert_eq!((pinned.product_id, pinned.at, pinned.version), (product(2), NOW.plus_ms(5), run.version));
    assert_eq!(run.apply(RunCommand::Next, NOW), Err(RunError::NothingPlanned));
}

#[test]
fn a_flash_sale_ends_at_its_deadline_and_never_restarts() {
    let mut run = run(vec![flash_cue(1, 7)]);
    run.apply(RunCommand::Start(cue_id(1)), NOW).unwrap();
    assert_eq!(run.next_flash_end(), Some(NOW.plus_ms(60_000)));
    assert_eq!(run.running_flash(NOW.plus_ms(59_999)).count(), 1);
    assert_eq!(run.running_flash(NOW.plus_ms(60_000)).count(), 0);
    assert!(run.apply(RunCommand::EndDue, NOW.plus_ms(59_999)).unwrap().events.is_empty());
    let outcome = run.apply(RunCommand::EndDue, NOW.plus_ms(60_000)).unwrap();
    assert_eq!(outcome.ended_flash, [cue_id(1)]);
    assert!(run.apply(RunCommand::EndDue, NOW.plus_ms(70_000)).unwrap().events.is_empty());
    assert_eq!(run.apply(RunCommand::Start(cue_id(1)), NOW), Err(RunError::FlashStarted));
    let edit =
        CueEdit { flash: Some(FlashPlan { prices: vec![], duration_s: 999, cap: 9 }), ..CueEdit::default() };
    assert_eq!(run.apply(RunCommand::Edit { cue_id: cue_id(1), edit }, NOW), Err(RunError::FlashStarted));
}

#[test]
fn one_flash_sale_of_a_product_at_a_time() {
    let mut run = run(vec![flash_cue(1, 7), flash_cue(2, 7), flash_cue(3, 8)]);
    run.apply(RunCommand::Start(cue_id(1)), NOW).unwrap();
    assert_eq!(run.apply(RunCommand::Start(cue_id(2)), NOW), Err(RunError::FlashRunning));
    assert!(run.apply(RunCommand::Start(cue_id(3)), NOW).is_ok());
}

#[test]
fn a_flash_sale_is_never_dearer_than_the_live_price() {
    let mut run = run(vec![product_cue(7, 3_899), flash_cue(1, 7)]);
    assert_eq!(run.apply(RunCommand::Start(cue_id(1)), NOW), Err(RunError::FlashAboveLive));
    let edit = CueEdit { live_prices: Some(vec![price(variant(7), 3_900)]), ..CueEdit::default() };
    run.apply(RunCommand::Edit { cue_id: cue_id(7), edit }, NOW).unwrap();
    assert!(run.apply(RunCommand::Start(cue_id(1)), NOW).is_ok());
}

#[test]
fn a_live_price_above_the_regular_one_does_not_count() {
    let run = run(vec![product_cue(1, 1_000)]);
    let regular = |minor| Money::new(minor, Currency::EUR);
    assert_eq!(run.live_price_under(variant(1), regular(1_000)), Some(regular(1_000)));
    assert_eq!(run.live_price_under(variant(1), regular(999)), None);
}

#[test]
fn a_price_never_rises_while_its_product_is_on_screen() {
    let mut run = run(vec![product_cue(1, 1_000)]);
    let to = |minor| RunCommand::Edit {
        cue_id: cue_id(1),
        edit: CueEdit { live_prices: Some(vec![price(variant(1), minor)]), ..CueEdit::default() },
    };
    assert!(run.apply(to(1_100), NOW).is_ok(), "before it is on screen");
    run.apply(RunCommand::Start(cue_id(1)), NOW).unwrap();
    assert!(run.apply(to(1_000), NOW).is_ok(), "lower");
    assert_eq!(run.apply(to(1_001), NOW), Err(RunError::PriceOnScreen));
    let none = CueEdit { live_prices: Some(vec![]), ..CueEdit::default() };
    let none = RunCommand::Edit { cue_id: cue_id(1), edit: none };
    assert_eq!(run.apply(none.clone(), NOW), Err(RunError::PriceOnScreen));
    run.apply(RunCommand::Unpin, NOW).unwrap();
    assert!(run.apply(none, NOW).is_ok(), "after");
}

#[test]
fn what_is_on_screen_cannot_be_removed_or_skipped() {
    let mut run = run(vec![product_cue(1, 100)]);
    run.apply(RunCommand::Start(cue_id(1)), NOW).unwrap();
    assert_eq!(run.apply(RunCommand::Remove(cue_id(1)), NOW), Err(RunError::OnScreen));
    let skip = CueEdit { skipped: Some(true), ..CueEdit::default() };
    assert_eq!(run.apply(RunCommand::Edit { cue_id: cue_id(1), edit: skip }, NOW), Err(RunError::OnScreen));
}

#[test]
fn closing_takes_everything_off_screen() {
    let mut run = run(vec![product_cue(1, 100), flash_cue(2, 7)]);
    run.apply(RunCommand::Start(cue_id(1)), NOW).unwrap();
    run.apply(RunCommand::Start(cue_id(2)), NOW).unwrap();
    run.apply(RunCommand::Banner(Some("Free shipping".into())), NOW).unwrap();
    let outcome = run.apply(RunCommand::Close, NOW).unwrap();
    assert_eq!(outcome.events.len(), 3);
    assert!(run.pinned.is_none() && run.banner.is_none() && run.next_flash_end().is_none());
}

#[test]
fn an_order_names_every_cue_once() {
    let mut run = run(vec![product_cue(1, 100), product_cue(2, 100)]);
    for ids in [vec![1], vec![1, 1], vec![1, 2, 3], vec![]] {
        let ids = ids.into_iter().map(cue_id).collect();
        assert_eq!(run.apply(RunCommand::Order(ids), NOW), Err(RunError::NotAPermutation));
    }
    run.apply(RunCommand::Order(vec![cue_id(2), cue_id(1)]), NOW).unwrap();
    assert_eq!(run.cues[0].id, cue_id(2));
}

#[test]
fn the_last_cue_fits_and_one_more_does_not() {
    let cues = (0..CUES_MAX).map(|n| {
        let mut bytes = [0; 10];
        bytes[..2].copy_from_slice(&u16::try_from(n).unwrap().to_be_bytes());
        Cue { id: CueId::generate(UtcMs::new(2), bytes), ..cue(0, CueAction::Banner { text: "x".into() }) }
    });
    let mut run = run(cues.collect());
    let one_more = RunCommand::Add { cue: cue(1, CueAction::Banner { text: "x".into() }), position: None };
    assert_eq!(run.apply(one_more, NOW), Err(RunError::Full));
}

fn command() -> impl Strategy<Value = RunCommand> {
    let id = 1_u8..5;
    prop_oneof![
        id.clone().prop_map(|n| RunCommand::Start(cue_id(n))),
        id.clone().prop_map(|n| RunCommand::Stop(cue_id(n))),
        id.clone().prop_map(|n| RunCommand::Remove(cue_id(n))),
        id.prop_map(|n| RunCommand::Pin(product(n))),
        Just(RunCommand::Next),
        Just(RunCommand::Unpin),
        Just(RunCommand::EndDue),
        Just(RunCommand::Banner(None)),
        Just(RunCommand::Banner(Some("x".into()))),
        Just(RunCommand::Close),
    ]
}

proptest! {
    #[test]
    fn versions_rise_strictly_and_a_refusal_changes_nothing(commands in prop::collection::vec(command(), 0..40)) {
        let mut run = run(vec![product_cue(1, 4_000), flash_cue(2, 1), flash_cue(3, 2), product_cue(4, 4_000)]);
        let mut last = run.version;
        for (step, command) in commands.into_iter().enumerate() {
            let before = run.clone();
            let now = NOW.plus_ms(i64::try_from(step).unwrap() * 10_000);
            let Ok(outcome) = run.apply(command, now) else {
                prop_assert_eq!(&run, &before);
                continue;
            };
            for event in &outcome.events {
                let version = match event {
                    Event::ProductPinned(e) => e.version,
                    Event::ProductUnpinned(e) => e.version,
                    Event::BannerChanged(e) => e.version,
                    Event::FlashSaleStarted(e) => e.version,
                    Event::FlashSaleEnded(e) => e.version,
                    _ => continue,
                };
                prop_assert!(version > last);
                last = version;
            }
            prop_assert!(run.version >= last);
            // At most one product cue is on screen, and it is the pinned one.
            let on_screen: Vec<_> = run.cues.iter().filter(|cue| {
                cue.state == CueState::OnScreen && matches!(cue.action, CueAction::Product { .. })
            }).map(|cue| Some(cue.id)).collect();
            let pinned: Vec<_> = run.pinned.iter().map(|p| p.cue_id).filter(Option::is_some).collect();
            prop_assert_eq!(on_screen, pinned);
        }
    }
}
