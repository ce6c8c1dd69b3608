//! The demo shop as files: what it sells (`shop.json`) and what its host does (`programme.json`).

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use showfloor_domain::{Currency, Money};

/// What the demo shop is and sells.
#[derive(Debug, Deserialize)]
pub struct ShopFile {
    /// The shop.
    pub shop: Shop,
    /// Who is on air.
    pub host: Host,
    /// The show on air.
    pub show: Show,
    /// What is sold, in the show's order.
    pub products: Vec<Product>,
    /// Codes that take something off.
    #[serde(default)]
    pub discounts: Vec<Discount>,
}

impl ShopFile {
    /// Every currency that something has a price in, the shop's own first.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut currencies = vec![self.shop.currency];
        let variants = self.products.iter().flat_map(|product| &product.variants);
        for currency in variants.flat_map(|variant| variant.prices.0.keys()) {
            if !currencies.contains(currency) {
                currencies.push(*currency);
            }
        }
        currencies
    }
}

/// A code that takes something off.
#[derive(Debug, Deserialize)]
pub struct Discount {
    /// What buyers type.
    pub code: String,
    /// How much, in percent.
    pub percent: u32,
}

/// The shop.
#[derive(Debug, Deserialize)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2 code of the country it sends from.
    pub country: String,
    /// Its own currency.
    pub currency: Currency,
    /// IANA name of its time zone.
    pub timezone: String,
    /// BCP 47 tag of its language.
    pub locale: String,
}

/// Who is on air.
#[derive(Debug, Deserialize)]
pub struct Host {
    /// Full name.
    pub name: String,
}

/// The show on air.
#[derive(Debug, Deserialize)]
pub struct Show {
    /// Title.
    pub title: String,
    /// What it is about.
    #[serde(default)]
    pub description: String,
    /// Cover picture, a file.
    pub cover: Option<String>,
}

/// One product.
#[derive(Debug, Deserialize)]
pub struct Product {
    /// How the programme names it.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Picture, a file.
    pub image: String,
    /// Options, such as glaze and size.
    #[serde(default)]
    pub options: Vec<ProductOption>,
    /// What is really bought.
    pub variants: Vec<Variant>,
    /// Tags.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// One option of a product.
#[derive(Debug, Deserialize, serde::Serialize)]
pub struct ProductOption {
    /// Its name.
    pub name: String,
    /// What can be chosen.
    pub values: Vec<String>,
}

/// One variant. Prices are in minor units, by currency.
#[derive(Debug, Deserialize)]
pub struct Variant {
    /// Stock-keeping unit.
    pub sku: String,
    /// The choice of each option.
    #[serde(default)]
    pub options: std::collections::BTreeMap<String, String>,
    /// Prices.
    pub prices: Prices,
    /// What it cost before.
    #[serde(default)]
    pub compare_at: Prices,
    /// Prices in the show.
    #[serde(default)]
    pub live_price: Prices,
    /// Weight.
    pub weight_g: u32,
    /// Pieces to begin with.
    pub stock: u32,
}

/// Minor units by currency.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Prices(std::collections::BTreeMap<Currency, i64>);

impl Prices {
    /// As amounts.
    pub fn amounts(&self) -> impl Iterator<Item = Money> + '_ {
        self.0.iter().map(|(currency, minor)| Money::new(*minor, *currency))
    }
}

/// What the host does, over and over.
#[derive(Debug, Deserialize)]
pub struct Programme {
    /// Length of one round.
    pub loop_ms: u64,
    /// What happens, in order of time.
    pub cues: Vec<Cue>,
    /// What the host answers in chat.
    #[serde(default)]
    pub answers: Vec<Answer>,
    /// The picture and sound, a file.
    pub picture: String,
}

/// What the host answers to a question.
#[derive(Debug, Deserialize)]
pub struct Answer {
    /// Words, of which a question has at least one.
    pub any: Vec<String>,
    /// The answer.
    pub text: String,
}

/// Something the host does at a moment of the round.
#[derive(Debug, Deserialize)]
pub struct Cue {
    /// When, from the start of the round.
    pub at_ms: u64,
    /// What.
    #[serde(flatten)]
    pub action: Action,
}

/// What the host does.
#[derive(Debug, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Holds a product up.
    Pin {
        /// Its slug.
        product: String,
    },
    /// Puts it away.
    Unpin,
    /// Says something in chat.
    Chat {
        /// What.
        text: String,
    },
    /// Sets the line over the picture.
    Banner {
        /// What; none takes it away.
        text: Option<String>,
    },
    /// Opens a flash sale.
    FlashSale {
        /// The product's slug.
        product: String,
        /// The price of every variant, in minor units.
        price_minor: i64,
        /// Its currency.
        currency: Currency,
        /// How long.
        duration_s: u32,
        /// How many pieces.
        cap: u32,
    },
}

/// Reads one of the demo's files.
///
/// # Errors
/// When the file is missing or not as described here.
pub fn read<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T> {
    let path = folder.join(name);
    let text = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not as expected", path.display()))
}
