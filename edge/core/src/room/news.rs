//! What other planes tell: events and seeds, made into messages.

use std::collections::BTreeSet;

use showfloor_domain::event::{CloudEvent, Event, ShowState};

use super::state::Room;
use super::{Output, record};
use crate::overlay::{Change, RoomSeed};
use crate::protocol::{Pinned, ServerMessage};
use crate::text::{Blocklist, ReservedNames, clean};

/// How many titles of one order are told.
const SOLD_LINES_MAX: usize = 5;

/// The longest title that is told, in characters.
const TITLE_CHARS_MAX: usize = 120;

impl Room {
    pub(super) fn event(&mut self, event: CloudEvent) {
        if event.shopid != self.seed().shop_id {
            return;
        }
        let key = (event.source, event.id.to_string());
        if !self.seen.insert(key.clone()) {
            return;
        }
        if let Event::OrderPaid(order) = &event.event {
            if order.show_id != Some(self.seed().show_id) {
                return;
            }
            let name = order.shown_name.as_deref().map(clean).filter(|name| self.may_be_shown(name));
            for line in order.lines.iter().take(SOLD_LINES_MAX) {
                let title = clean(&line.title).chars().take(TITLE_CHARS_MAX).collect();
                let (name, product_id, quantity) = (name.clone(), line.product_id, line.quantity);
                let at = order.at;
                self.tell(Some(key.clone()), 0, |offset| ServerMessage::Sold {
                    offset,
                    at,
                    name,
                    product_id,
                    title,
                    quantity,
                });
            }
            return;
        }
        if let Some(change) = self.overlays.apply(event.shopid, &event.event) {
            self.tell_change(Some(key), change);
        }
    }

    pub(super) fn tell_change(&mut self, event: Option<(String, String)>, change: Change) {
        match change {
            Change::Pin(pin) => {
                let Pinned { product_id, at, version } = pin;
                self.tell(event, 0, |offset| ServerMessage::Pin { offset, at, product_id, version });
            }
            Change::Unpin { at, version } => {
                self.tell(event, 0, |offset| ServerMessage::Unpin { offset, at, version });
            }
            Change::Banner { at, text, version } => {
                self.tell(event, 0, |offset| ServerMessage::Banner { offset, at, text, version });
            }
            Change::Flash(flash) => {
                self.tell(event, 0, |offset| ServerMessage::Flash { offset, flash });
            }
            Change::FlashEnd { at, product_id, reason, version } => {
                self.tell(event, 0, |offset| ServerMessage::FlashEnd {
                    offset,
                    at,
                    product_id,
                    reason,
                    version,
                });
            }
            Change::State { at, state, version } => {
                self.ended_at = (state == ShowState::Ended).then_some(self.now);
                self.tell(event, 0, |offset| ServerMessage::State { offset, at, state, version });
            }
            Change::Stock { product_id, variant_id, available, reserved, version } => {
                let message = |offset| ServerMessage::Stock {
                    offset,
                    product_id,
                    variant_id,
                    available,
                    reserved,
                    version,
                };
                // What nobody has been told yet is told once, as it stands now.
                if let Some(untold) = self.untold_stock.get(&variant_id) {
                    self.ring.replace(*untold, &message(*untold));
                } else {
                    let offset = self.tell(event, 0, message);
                    self.untold_stock.insert(variant_id, offset);
                }
            }
            Change::Stale(product) => {
                self.stale_products.extend(product);
                self.ask_for_seed();
            }
        }
    }

    pub(super) fn ask_for_seed(&mut self) {
        if self.seed_asked_at.is_none() {
            self.seed_asked_at = Some(self.now);
            self.outputs.push_back(Output::SeedStale);
        }
    }

    pub(super) fn reseed(&mut self, seed: RoomSeed) {
        if seed.shop_id != self.seed().shop_id || seed.show_id != self.seed().show_id {
            return;
        }
        self.seed_asked_at = None;
        self.blocklist = Blocklist::new(&seed.blocklist);
        self.reserved = reserved_names(&seed);
        if seed.slow_mode_s != self.seed().slow_mode_s {
            self.set_slow(slow_s_of(&seed));
        }
        let (changes, different) = self.overlays.reseed(seed);
        for change in changes {
            self.tell_change(None, change);
        }
        let stale = std::mem::take(&mut self.stale_products);
        for product_id in stale.into_iter().chain(different).collect::<BTreeSet<_>>() {
            // A product has no version of its own; the position serves as one.
            self.tell(None, 0, |offset| ServerMessage::Price { offset, product_id, version: offset });
        }
    }

    pub(super) fn set_slow(&mut self, seconds: u16) {
        self.slow_s = seconds;
        self.persist(record::put(record::SLOW_KEY, &seconds));
        self.tell(None, 0, |offset| ServerMessage::Slow { offset, seconds });
    }
}

pub(super) fn slow_s_of(seed: &RoomSeed) -> u16 {
    u16::try_from(seed.slow_mode_s).unwrap_or(u16::MAX)
}

pub(super) fn reserved_names(seed: &RoomSeed) -> ReservedNames {
    ReservedNames::new(seed.shop_name.iter().chain(&seed.host_name))
}
