//! Rate limits: the generic cell rate algorithm (ITU-T I.371), one instant per limited thing.

use showfloor_domain::UtcMs;

use super::Rate;

/// When the next one would be on time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell(UtcMs);

impl Cell {
    /// Takes `n` at once, or says how long to wait for them.
    pub(super) fn take(&mut self, now: UtcMs, rate: Rate, n: u32) -> Result<(), i64> {
        let due = self.0.max(now);
        let next = due.plus_ms(rate.interval_ms.saturating_mul(i64::from(n)));
        let ahead_ms = next.since(now);
        let allowed_ms = rate.interval_ms.saturating_mul(i64::from(rate.burst));
        if ahead_ms > allowed_ms {
            return Err(ahead_ms - allowed_ms);
        }
        self.0 = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_one_each_interval() {
        let (mut cell, rate) = (Cell::default(), Rate { burst: 5, interval_ms: 1_000 });
        let now = UtcMs::new(1_000_000);
        assert!((0..5).all(|_| cell.take(now, rate, 1).is_ok()));
        assert_eq!(cell.take(now, rate, 1), Err(1_000));
        assert_eq!(cell.take(now.plus_ms(999), rate, 1), Err(1));
        assert_eq!(cell.take(now.plus_ms(1_000), rate, 1), Ok(()));
        assert_eq!(cell.take(now.plus_ms(1_000), rate, 1), Err(1_000));
    }
}
