//! The run of show: what is planned, what is on screen, what is on sale for a moment.
//!
//! One aggregate per show, changed by commands with the present time. Each command either changes it and says
//! which events follow, or refuses and changes nothing. One counter versions all of it, so a consumer drops
//! whatever is older than what it has. A price never rises while its product is on screen.

use serde::{Deserialize, Serialize};

use crate::event::{
    BannerChanged, Event, FlashSaleEnd, FlashSaleEnded, FlashSaleStarted, ProductPinned, ProductUnpinned,
    ShowChanged, VariantPrice,
};
use crate::{CueId, Money, ProductId, ShowId, UtcMs, VariantId};

/// The most cues of a show.
pub const CUES_MAX: usize = 200;

/// Where a cue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CueState {
    /// Still to come.
    Planned,
    /// On screen, or on sale, now.
    OnScreen,
    /// Was on screen.
    Done,
    /// Was passed over.
    Skipped,
}

/// A flash sale as it is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlashPlan {
    /// The prices while it lasts.
    pub prices: Vec<VariantPrice>,
    /// How long it lasts.
    pub duration_s: u32,
    /// How many pieces at most.
    pub cap: u32,
}

/// What a cue does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CueAction {
    /// Pins a product.
    Product {
        /// The product.
        product_id: ProductId,
        /// Prices during the show.
        live_prices: Vec<VariantPrice>,
    },
    /// Opens a flash sale.
    FlashSale {
        /// The product.
        product_id: ProductId,
        /// What is on sale, for how long.
        plan: FlashPlan,
        /// When it ends at the latest, once started.
        ends_at: Option<UtcMs>,
        /// The version of its start.
        version: u64,
    },
    /// Shows a line over the picture.
    Banner {
        /// The line.
        text: String,
    },
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// The cue.
    pub id: CueId,
    /// What it does.
    pub action: CueAction,
    /// Where it stands.
    pub state: CueState,
    /// When it is planned.
    pub planned_at: Option<UtcMs>,
    /// How long it is planned to be.
    pub planned_minutes: Option<u32>,
    /// When it came on screen.
    pub started_at: Option<UtcMs>,
    /// When it went off.
    pub ended_at: Option<UtcMs>,
}

impl Cue {
    /// The product it is about, if it is about one.
    #[must_use]
    pub const fn product_id(&self) -> Option<ProductId> {
        match &self.action {
            CueAction::Product { product_id, .. } | CueAction::FlashSale { product_id, .. } => {
                Some(*product_id)
            }
            CueAction::Banner { .. } => None,
        }
    }
}

/// The product on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// The product.
    pub product_id: ProductId,
    /// The cue that put it there, if one did.
    pub cue_id: Option<CueId>,
    /// The moment of its frame.
    pub at: UtcMs,
    /// The version since which it is.
    pub version: u64,
}

/// The line over the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    /// The line.
    pub text: String,
    /// The cue that put it there, if one did.
    pub cue_id: Option<CueId>,
    /// The moment of its frame.
    pub at: UtcMs,
    /// The version since which it is.
    pub version: u64,
}

/// A show's run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunOfShow {
    /// The show.
    pub show_id: ShowId,
    /// Counts changes.
    pub version: u64,
    /// The product on screen.
    pub pinned: Option<Pinned>,
    /// The line over the picture.
    pub banner: Option<Banner>,
    /// The cues in order.
    pub cues: Vec<Cue>,
}

/// What to change of a cue; none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CueEdit {
    /// The banner's line.
    pub text: Option<String>,
    /// When it is planned.
    pub planned_at: Option<UtcMs>,
    /// How long it is planned to be.
    pub planned_minutes: Option<u32>,
    /// A product's prices during the show.
    pub live_prices: Option<Vec<VariantPrice>>,
    /// The flash sale.
    pub flash: Option<FlashPlan>,
    /// Skips it, or takes it back into the plan.
    pub skipped: Option<bool>,
}

/// What can be asked of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunCommand {
    /// Plans a cue, at a place or at the end.
    Add {
        /// The cue, planned.
        cue: Cue,
        /// Its place.
        position: Option<usize>,
    },
    /// Changes a cue.
    Edit {
        /// The cue.
        cue_id: CueId,
        /// What to change.
        edit: CueEdit,
    },
    /// Takes a cue out.
    Remove(CueId),
    /// Puts all cues into this order.
    Order(Vec<CueId>),
    /// Puts a cue on screen, or opens its sale.
    Start(CueId),
    /// Takes a cue off screen, or ends its sale.
    Stop(CueId),
    /// Starts the first planned cue.
    Next,
    /// Puts a product on screen without a cue.
    Pin(ProductId),
    /// Takes the product off screen.
    Unpin,
    /// Sets the line over the picture, or takes it away.
    Banner(Option<String>),
    /// Ends a sale for this reason, if it runs.
    EndFlash(CueId, FlashSaleEnd),
    /// Ends what time has ended.
    EndDue,
    /// The show is over: everything goes off screen, every sale ends.
    Close,
}

/// What a command did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunOutcome {
    /// What others must hear, in order.
    pub events: Vec<Event>,
    /// The cue that was started, if one was.
    pub started: Option<CueId>,
    /// The sales that were ended.
    pub ended_flash: Vec<CueId>,
}

/// A command was refused; nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// No such cue in this show.
    #[error("there is no such cue in this show")]
    UnknownCue,
    /// There are [`CUES_MAX`] cues already.
    #[error("a show has at most {CUES_MAX} cues")]
    Full,
    /// The new order does not name every cue once.
    #[error("the order must name every cue of the show once")]
    NotAPermutation,
    /// The cue is on screen and cannot be taken out or skipped.
    #[error("the cue is on screen")]
    OnScreen,
    /// A sale that was started is not started again, and is not changed: countdowns never restart.
    #[error("a flash sale that was started can be neither changed nor started again")]
    FlashStarted,
    /// The cue is not on screen.
    #[error("the cue is not on screen")]
    NotOnScreen,
    /// The change does not fit the cue's kind.
    #[error("this cannot be set on a cue of this kind")]
    WrongKind,
    /// A price would rise while its product is on screen.
    #[error("a price cannot rise while its product is on screen")]
    PriceOnScreen,
    /// A flash sale of this product runs already.
    #[error("a flash sale of this product is running")]
    FlashRunning,
    /// No planned cue is left.
    #[error("no planned cue is left")]
    NothingPlanned,
}

impl RunOfShow {
    /// Nothing planned, nothing on screen.
    #[must_use]
    pub const fn new(show_id: ShowId) -> Self {
        Self { show_id, version: 0, pinned: None, banner: None, cues: Vec::new() }
    }

    /// Carries out `command` at `now`.
    ///
    /// # Errors
    /// When it cannot be; nothing changed then.
    pub fn apply(&mut self, command: RunCommand, now: UtcMs) -> Result<RunOutcome, RunError> {
        let mut next = self.clone();
        let mut outcome = RunOutcome::default();
        next.change(command, now, &mut outcome)?;
        if next == *self {
            return Ok(outcome);
        }
        self.check_prices_on_screen(&next)?;
        *self = next;
        Ok(outcome)
    }

    fn change(&mut self, command: RunCommand, now: UtcMs, out: &mut RunOutcome) -> Result<(), RunError> {
        match command {
            RunCommand::Add { cue, position } => {
                if self.cues.len() >= CUES_MAX {
                    return Err(RunError::Full);
                }
                let position = position.unwrap_or(self.cues.len()).min(self.cues.len());
                self.cues.insert(position, cue);
                self.plan_changed(out);
            }
            RunCommand::Edit { cue_id, edit } => self.edit(cue_id, edit, out)?,
            RunCommand::Remove(cue_id) => {
                let index = self.index(cue_id)?;
                if self.cues[index].state == CueState::OnScreen {
                    return Err(RunError::OnScreen);
                }
                self.cues.remove(index);
                self.plan_changed(out);
            }
            RunCommand::Order(ids) => self.order(&ids, out)?,
            RunCommand::Start(cue_id) => self.start(cue_id, now, out)?,
            RunCommand::Stop(cue_id) => self.stop(cue_id, now, out)?,
            RunCommand::Next => {
                let next = self.cues.iter().find(|cue| cue.state == CueState::Planned);
                let cue_id = next.ok_or(RunError::NothingPlanned)?.id;
                self.start(cue_id, now, out)?;
            }
            RunCommand::Pin(product_id) => self.pin(product_id, None, now, out),
            RunCommand::Unpin => self.unpin(now, out),
            RunCommand::Banner(text) => self.set_banner(text, None, now, out),
            RunCommand::EndFlash(cue_id, reason) => {
                let index = self.index(cue_id)?;
                if self.cues[index].state == CueState::OnScreen {
                    self.end_flash(index, reason, now, out);
                }
            }
            RunCommand::EndDue => {
                for index in 0..self.cues.len() {
                    if self.is_due(index, now) {
                        self.end_flash(index, FlashSaleEnd::Deadline, now, out);
                    }
                }
            }
            RunCommand::Close => {
                self.unpin(now, out);
                self.set_banner(None, None, now, out);
                for index in 0..self.cues.len() {
                    self.end_flash(index, FlashSaleEnd::Stopped, now, out);
                }
            }
        }
        Ok(())
    }

    fn edit(&mut self, cue_id: CueId, edit: CueEdit, out: &mut RunOutcome) -> Result<(), RunError> {
        let index = self.index(cue_id)?;
        let cue = &mut self.cues[index];
        if let Some(text) = edit.text {
            let CueAction::Banner { text: line } = &mut cue.action else { return Err(RunError::WrongKind) };
            if cue.state == CueState::OnScreen {
                return Err(RunError::OnScreen);
            }
            *line = text;
        }
        if let Some(prices) = edit.live_prices {
            let CueAction::Product { live_prices, .. } = &mut cue.action else {
                return Err(RunError::WrongKind);
            };
            *live_prices = prices;
        }
        if let Some(flash) = edit.flash {
            let CueAction::FlashSale { plan, ends_at, .. } = &mut cue.action else {
                return Err(RunError::WrongKind);
            };
            if ends_at.is_some() {
                return Err(RunError::FlashStarted);
            }
            *plan = flash;
        }
        if let Some(skipped) = edit.skipped {
            cue.state = match (cue.state, skipped) {
                (CueState::OnScreen, true) => return Err(RunError::OnScreen),
                (CueState::Planned, true) => CueState::Skipped,
                (CueState::Skipped, false) => CueState::Planned,
                (state, _) => state,
            };
        }
        cue.planned_at = edit.planned_at.or(cue.planned_at);
        cue.planned_minutes = edit.planned_minutes.or(cue.planned_minutes);
        self.plan_changed(out);
        Ok(())
    }

    fn order(&mut self, ids: &[CueId], out: &mut RunOutcome) -> Result<(), RunError> {
        let mut ordered = Vec::with_capacity(self.cues.len());
        for id in ids {
            let index = self.cues.iter().position(|cue| cue.id == *id).ok_or(RunError::NotAPermutation)?;
            ordered.push(self.cues.remove(index));
        }
        if !self.cues.is_empty() {
            return Err(RunError::NotAPermutation);
        }
        self.cues = ordered;
        self.plan_changed(out);
        Ok(())
    }

    fn start(&mut self, cue_id: CueId, now: UtcMs, out: &mut RunOutcome) -> Result<(), RunError> {
        let index = self.index(cue_id)?;
        if self.cues[index].state == CueState::OnScreen {
            return Ok(());
        }
        match self.cues[index].action.clone() {
            CueAction::Product { product_id, .. } => self.pin(product_id, Some(cue_id), now, out),
            CueAction::Banner { text } => self.set_banner(Some(text), Some(cue_id), now, out),
            CueAction::FlashSale { product_id, plan, ends_at, .. } => {
                if ends_at.is_some() {
                    return Err(RunError::FlashStarted);
                }
                if self.running_flash(now).any(|cue| cue.product_id() == Some(product_id)) {
                    return Err(RunError::FlashRunning);
                }
                self.version += 1;
                let version = self.version;
                let end = now.plus_ms(i64::from(plan.duration_s) * 1_000);
                out.events.push(Event::FlashSaleStarted(FlashSaleStarted {
                    show_id: self.show_id,
                    product_id,
                    cue_id,
                    at: now,
                    ends_at: end,
                    cap: plan.cap,
                    prices: plan.prices.clone(),
                    version,
                }));
                self.cues[index].action =
                    CueAction::FlashSale { product_id, plan, ends_at: Some(end), version };
            }
        }
        let cue = &mut self.cues[index];
        cue.state = CueState::OnScreen;
        cue.started_at = Some(now);
        cue.ended_at = None;
        out.started = Some(cue_id);
        Ok(())
    }

    fn stop(&mut self, cue_id: CueId, now: UtcMs, out: &mut RunOutcome) -> Result<(), RunError> {
        let index = self.index(cue_id)?;
        if self.cues[index].state != CueState::OnScreen {
            return Err(RunError::NotOnScreen);
        }
        match &self.cues[index].action {
            CueAction::Product { .. } => self.unpin(now, out),
            CueAction::Banner { .. } => self.set_banner(None, None, now, out),
            CueAction::FlashSale { .. } => self.end_flash(index, FlashSaleEnd::Stopped, now, out),
        }
        Ok(())
    }

    fn pin(&mut self, product_id: ProductId, cue_id: Option<CueId>, now: UtcMs, out: &mut RunOutcome) {
        if let Some(before) = self.pinned.and_then(|pinned| pinned.cue_id) {
            self.finish(before, now);
        }
        self.version += 1;
        let version = self.version;
        self.pinned = Some(Pinned { product_id, cue_id, at: now, version });
        out.events.push(Event::ProductPinned(ProductPinned {
            show_id: self.show_id,
            product_id,
            cue_id,
            at: now,
            version,
        }));
    }

    fn unpin(&mut self, now: UtcMs, out: &mut RunOutcome) {
        let Some(pinned) = self.pinned.take() else { return };
        if let Some(cue_id) = pinned.cue_id {
            self.finish(cue_id, now);
        }
        self.version += 1;
        let (show_id, version) = (self.show_id, self.version);
        out.events.push(Event::ProductUnpinned(ProductUnpinned { show_id, at: now, version }));
    }

    fn set_banner(&mut self, text: Option<String>, cue_id: Option<CueId>, now: UtcMs, out: &mut RunOutcome) {
        if text.is_none() && self.banner.is_none() {
            return;
        }
        if let Some(before) = self.banner.as_ref().and_then(|banner| banner.cue_id) {
            self.finish(before, now);
        }
        self.version += 1;
        let (show_id, version) = (self.show_id, self.version);
        self.banner = text.clone().map(|text| Banner { text, cue_id, at: now, version });
        out.events.push(Event::BannerChanged(BannerChanged { show_id, text, at: now, version }));
    }

    fn end_flash(&mut self, index: usize, reason: FlashSaleEnd, now: UtcMs, out: &mut RunOutcome) {
        let cue = &mut self.cues[index];
        let CueAction::FlashSale { product_id, .. } = cue.action else { return };
        if cue.state != CueState::OnScreen {
            return;
        }
        cue.state = CueState::Done;
        cue.ended_at = Some(now);
        self.version += 1;
        out.ended_flash.push(cue.id);
        out.events.push(Event::FlashSaleEnded(FlashSaleEnded {
            show_id: self.show_id,
            product_id,
            reason,
            at: now,
            version: self.version,
        }));
    }

    fn finish(&mut self, cue_id: CueId, now: UtcMs) {
        if let Some(cue) = self.cues.iter_mut().find(|cue| cue.id == cue_id) {
            cue.state = CueState::Done;
            cue.ended_at = Some(now);
        }
    }

    fn plan_changed(&mut self, out: &mut RunOutcome) {
        self.version += 1;
        out.events.push(Event::ShowChanged(ShowChanged { show_id: self.show_id }));
    }

    fn index(&self, cue_id: CueId) -> Result<usize, RunError> {
        self.cues.iter().position(|cue| cue.id == cue_id).ok_or(RunError::UnknownCue)
    }

    fn is_due(&self, index: usize, now: UtcMs) -> bool {
        let cue = &self.cues[index];
        cue.state == CueState::OnScreen
            && matches!(cue.action, CueAction::FlashSale { ends_at: Some(ends_at), .. } if ends_at <= now)
    }

    /// The price of the show for a variant in a currency: the lowest of its cues that are not skipped.
    #[must_use]
    pub fn live_price(&self, variant_id: VariantId, currency: crate::Currency) -> Option<Money> {
        self.live_prices()
            .filter(|offer| offer.variant_id == variant_id && offer.price.currency() == currency)
            .map(|offer| offer.price)
            .min_by_key(|price| price.minor())
    }

    fn live_prices(&self) -> impl Iterator<Item = &VariantPrice> {
        self.cues.iter().filter(|cue| cue.state != CueState::Skipped).flat_map(|cue| match &cue.action {
            CueAction::Product { live_prices, .. } => live_prices.as_slice(),
            CueAction::FlashSale { .. } | CueAction::Banner { .. } => &[],
        })
    }

    /// The flash sales that run at `now`.
    pub fn running_flash(&self, now: UtcMs) -> impl Iterator<Item = &Cue> {
        self.cues.iter().filter(move |cue| {
            cue.state == CueState::OnScreen
                && matches!(cue.action, CueAction::FlashSale { ends_at: Some(ends_at), .. } if now < ends_at)
        })
    }

    /// The earliest deadline of a sale that runs.
    #[must_use]
    pub fn next_flash_end(&self) -> Option<UtcMs> {
        self.cues
            .iter()
            .filter(|cue| cue.state == CueState::OnScreen)
            .filter_map(|cue| match cue.action {
                CueAction::FlashSale { ends_at, .. } => ends_at,
                CueAction::Product { .. } | CueAction::Banner { .. } => None,
            })
            .min()
    }

    /// The products of the show, each once, in the order of its cues.
    #[must_use]
    pub fn product_ids(&self) -> Vec<ProductId> {
        let mut ids = Vec::new();
        let pinned = self.pinned.map(|pinned| pinned.product_id);
        let planned =
            self.cues.iter().filter(|cue| cue.state != CueState::Skipped).filter_map(Cue::product_id);
        for id in planned.chain(pinned) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// While a product stays on screen, no price of it may rise.
    fn check_prices_on_screen(&self, next: &Self) -> Result<(), RunError> {
        let (Some(before), Some(after)) = (self.pinned, next.pinned) else { return Ok(()) };
        if before.product_id != after.product_id {
            return Ok(());
        }
        let of_product =
            |cue: &&Cue| cue.product_id() == Some(before.product_id) && cue.state != CueState::Skipped;
        let offers = self.cues.iter().filter(of_product).flat_map(|cue| match &cue.action {
            CueAction::Product { live_prices, .. } => live_prices.as_slice(),
            CueAction::FlashSale { .. } | CueAction::Banner { .. } => &[],
        });
        for offer in offers {
            let currency = offer.price.currency();
            let then = self.live_price(offer.variant_id, currency);
            let now = next.live_price(offer.variant_id, currency);
            if let (Some(then), now) = (then, now)
                && now.is_none_or(|now| now.minor() > then.minor())
            {
                return Err(RunError::PriceOnScreen);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Currency;

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
        let edit = CueEdit {
            flash: Some(FlashPlan { prices: vec![], duration_s: 999, cap: 9 }),
            ..CueEdit::default()
        };
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
        assert_eq!(
            run.apply(RunCommand::Edit { cue_id: cue_id(1), edit: skip }, NOW),
            Err(RunError::OnScreen)
        );
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
            Cue {
                id: CueId::generate(UtcMs::new(2), bytes),
                ..cue(0, CueAction::Banner { text: "x".into() })
            }
        });
        let mut run = run(cues.collect());
        let one_more =
            RunCommand::Add { cue: cue(1, CueAction::Banner { text: "x".into() }), position: None };
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
            let mut run = run(vec![product_cue(1, 10), flash_cue(2, 1), flash_cue(3, 2), product_cue(4, 10)]);
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
}
