//! Carts: what a viewer has chosen, priced anew each time it is read. Nothing is held by it.

use serde::{Deserialize, Serialize};
use showfloor_domain::cart::LineNotice;
use showfloor_domain::{CartId, Currency, Money, ProductId, Quantity, ShowId, VariantId};
use utoipa::ToSchema;

use crate::image::ImageRef;

/// Begins a cart.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCart {
    /// The show in which things are chosen: the token's own.
    pub show_id: ShowId,
    /// The currency of all prices, one of the shop's.
    pub currency: Currency,
}

/// Puts so many pieces of a variant into a cart, in place of what there was.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutCartLine {
    /// Pieces.
    pub quantity: Quantity,
}

/// Types a code.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutCartDiscount {
    /// The code; capitals make no difference.
    pub code: String,
}

/// One line of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CartLine {
    /// The variant.
    pub variant_id: VariantId,
    /// Its product.
    pub product_id: ProductId,
    /// The product's title.
    pub title: String,
    /// The choice of options, in words; empty where there is no choice.
    pub variant_title: String,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageRef>,
    /// Pieces.
    pub quantity: u32,
    /// What one piece costs now.
    pub unit_price: Money,
    /// What it costs otherwise, where that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Money>,
    /// What all pieces cost now.
    pub line_total: Money,
    /// Pieces that can be bought now.
    pub available: u32,
    /// What the buyer should know before going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<LineNotice>,
}

/// What a code takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliedDiscount {
    /// The code.
    pub code: String,
    /// What it takes off.
    pub amount: Money,
}

/// A cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cart {
    /// Its id. Everything on it needs its secret too.
    pub id: CartId,
    /// The show.
    pub show_id: ShowId,
    /// The currency of all prices.
    pub currency: Currency,
    /// What is in it, oldest first.
    pub lines: Vec<CartLine>,
    /// The code that was typed, while it takes something off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<AppliedDiscount>,
    /// All lines together.
    pub subtotal: Money,
    /// Less the discount; shipping comes with the checkout.
    pub total: Money,
    /// Pieces, not lines.
    pub count: u32,
}

/// A new cart, with the secret that is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreatedCart {
    /// The cart.
    #[serde(flatten)]
    pub cart: Cart,
    /// Sent as `Showfloor-Cart` with everything on this cart and its checkouts.
    pub secret: String,
}
