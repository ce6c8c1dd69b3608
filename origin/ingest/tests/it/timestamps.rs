//! Time past 32 bits.

use proptest::prelude::*;
use showfloor_origin_ingest::TimestampExtender;

#[test]
fn time_runs_on_across_the_wrap() {
    let mut extender = TimestampExtender::default();
    assert_eq!(extender.extend(u32::MAX - 10), 4_294_967_285);
    assert_eq!(extender.extend(5), 4_294_967_301);
    assert_eq!(extender.extend(u32::MAX), 4_294_967_295, "a track that lags stays on its side");
}

#[test]
fn time_that_jumps_back_to_zero_goes_back() {
    let mut extender = TimestampExtender::default();
    extender.extend(18_000_000);
    assert_eq!(extender.extend(0), 0);
}

proptest! {
    #[test]
    fn steps_below_half_the_range_are_kept_exactly(
        start in any::<u32>(),
        steps in prop::collection::vec(-0x7FFF_FFFF_i64..0x7FFF_FFFF, 1..100),
    ) {
        let mut extender = TimestampExtender::default();
        let mut exact = extender.extend(start);
        for step in steps {
            exact += step;
            let low = u32::try_from(exact.rem_euclid(1 << 32)).unwrap();
            prop_assert_eq!(extender.extend(low), exact);
        }
    }
}
