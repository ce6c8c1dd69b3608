//! Carrying out commands on a run.

use super::{
    Banner, CUES_MAX, CueAction, CueEdit, CueState, Pinned, RunCommand, RunError, RunOfShow, RunOutcome,
};
use crate::event::{
    BannerChanged, Event, FlashSaleEnd, FlashSaleEnded, FlashSaleStarted, ProductPinned, ProductUnpinned,
    ShowChanged, VariantPrice,
};
use crate::{CueId, ProductId, ShowId, UtcMs};

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
                let dearer = |offer: &VariantPrice| {
                    let live = self.live_price(offer.variant_id, offer.price.currency());
                    live.is_some_and(|live| live.minor() < offer.price.minor())
                };
                if plan.prices.iter().any(dearer) {
                    return Err(RunError::FlashAboveLive);
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
}
