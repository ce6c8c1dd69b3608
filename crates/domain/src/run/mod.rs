//! The run of show: what is planned, what is on screen, what is on sale for a moment.
//!
//! One aggregate per show, changed by commands with the present time. Each command either changes it and says
//! which events follow, or refuses and changes nothing. One counter versions all of it, so a consumer drops
//! whatever is older than what it has. A price never rises while its product is on screen.

mod commands;
mod prices;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::event::{Event, FlashSaleEnd, VariantPrice};
use crate::{CueId, ProductId, ShowId, UtcMs};

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
    /// A flash sale costs more than the show's own price.
    #[error("a flash sale cannot cost more than the live price")]
    FlashAboveLive,
    /// No planned cue is left.
    #[error("no planned cue is left")]
    NothingPlanned,
}
