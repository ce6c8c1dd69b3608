//! What a product must be to be written.

use std::collections::BTreeSet;

use showfloor_api_types::product::{ProductOption, WriteVariant};
use showfloor_domain::{Currency, Money, ProductId, VariantId};
use showfloor_http::fields::{DESCRIPTION_CHARS_MAX, Fields, TITLE_CHARS_MAX};
use showfloor_http::{Context, Result};
use showfloor_storage::{OptionRecord, ProductRecord, ShopRecord, VariantRecord};

/// The most tags of a product.
pub const TAGS_MAX: usize = 20;
/// The most options of a product.
pub const OPTIONS_MAX: usize = 3;
/// The most values of an option.
pub const OPTION_VALUES_MAX: usize = 50;
/// The most variants of a product.
pub const VARIANTS_MAX: usize = 100;
/// The most pictures of a product.
pub const IMAGES_MAX: usize = 12;
/// The highest price, in minor units.
pub const PRICE_MINOR_MAX: i64 = 1_000_000_000;
/// The heaviest piece.
pub const WEIGHT_G_MAX: u32 = 1_000_000;

/// What to write: everything of a create, or a product with an edit laid over it.
pub(crate) struct Draft {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) tags: Vec<String>,
    pub(crate) options: Vec<ProductOption>,
    pub(crate) images: Vec<showfloor_domain::ImageId>,
    pub(crate) variants: Vec<WriteVariant>,
}

impl Draft {
    /// The product as it is, ready to be written again.
    pub(crate) fn of(product: &ProductRecord) -> Self {
        let options = product.options.iter();
        let variants = product.variants.iter();
        Self {
            title: product.title.clone(),
            description: product.description.clone(),
            tags: product.tags.clone(),
            options: options
                .map(|option| ProductOption { name: option.name.clone(), values: option.values.clone() })
                .collect(),
            images: product.images.clone(),
            variants: variants
                .map(|variant| WriteVariant {
                    id: Some(variant.id),
                    sku: variant.sku.clone(),
                    options: variant.options.clone(),
                    prices: variant.prices.clone(),
                    compare_at: variant.compare_at.clone(),
                    weight_g: variant.weight_g,
                })
                .collect(),
        }
    }

    /// The record that this makes; `before` is what it replaces.
    ///
    /// # Errors
    /// 422 with all that is wrong.
    pub(crate) fn check(
        self,
        http: &Context,
        shop: &ShopRecord,
        product_id: ProductId,
        before: Option<&ProductRecord>,
    ) -> Result<ProductRecord> {
        let now = http.now();
        let mut fields = Fields::default();
        let title = fields.line("/title", &self.title, TITLE_CHARS_MAX);
        let description = fields.lines("/description", &self.description, DESCRIPTION_CHARS_MAX);
        let tags = tags(&mut fields, &self.tags);
        let options = options(&mut fields, &self.options);
        fields.require(self.images.len() <= IMAGES_MAX, "/images", "at most 12 pictures");
        let distinct: BTreeSet<_> = self.images.iter().collect();
        fields.require(distinct.len() == self.images.len(), "/images", "names a picture twice");
        let bounded = (1..=VARIANTS_MAX).contains(&self.variants.len());
        fields.require(bounded, "/variants", "1 to 100 variants");

        let mut variants: Vec<VariantRecord> = Vec::new();
        for (index, write) in self.variants.into_iter().enumerate().take(VARIANTS_MAX) {
            let pointer = format!("/variants/{index}");
            let known = |id: VariantId| {
                before.is_some_and(|before| before.variants.iter().any(|variant| variant.id == id))
            };
            fields.require(
                write.id.is_none_or(known),
                &format!("{pointer}/id"),
                "is not a variant of this product; leave it out for a new one",
            );
            let id = write.id.unwrap_or_else(|| VariantId::generate(now, http.entropy.id_bytes()));
            let variant = variant(&mut fields, &pointer, id, write, &options, shop);
            for other in &variants {
                fields.require(other.id != variant.id, &format!("{pointer}/id"), "is named twice");
                fields.require(other.sku != variant.sku, &format!("{pointer}/sku"), "is used twice");
                fields.require(
                    other.options != variant.options,
                    &format!("{pointer}/options"),
                    "another variant has the same options",
                );
            }
            variants.push(variant);
        }
        fields.check()?;
        Ok(ProductRecord {
            id: product_id,
            shop_id: shop.id,
            title,
            description,
            tags,
            options,
            images: self.images,
            variants,
            created_at: before.map_or(now, |before| before.created_at),
            updated_at: now,
            version: before.map_or(1, |before| before.version),
        })
    }
}

fn tags(fields: &mut Fields, tags: &[String]) -> Vec<String> {
    fields.require(tags.len() <= TAGS_MAX, "/tags", "at most 20 tags");
    let mut clean: Vec<String> = Vec::new();
    for (index, tag) in tags.iter().enumerate().take(TAGS_MAX) {
        let tag = fields.line(&format!("/tags/{index}"), tag, 40);
        if !clean.contains(&tag) {
            clean.push(tag);
        }
    }
    clean
}

fn options(fields: &mut Fields, options: &[ProductOption]) -> Vec<OptionRecord> {
    fields.require(options.len() <= OPTIONS_MAX, "/options", "at most 3 options");
    let mut clean: Vec<OptionRecord> = Vec::new();
    for (index, option) in options.iter().enumerate().take(OPTIONS_MAX) {
        let pointer = format!("/options/{index}");
        let name = fields.line(&format!("{pointer}/name"), &option.name, 40);
        let repeated = clean.iter().any(|other| other.name == name);
        fields.require(!repeated, &format!("{pointer}/name"), "is used twice");
        let bounded = (1..=OPTION_VALUES_MAX).contains(&option.values.len());
        fields.require(bounded, &format!("{pointer}/values"), "1 to 50 values");
        let mut values: Vec<String> = Vec::new();
        for (at, value) in option.values.iter().enumerate().take(OPTION_VALUES_MAX) {
            let pointer = format!("{pointer}/values/{at}");
            let value = fields.line(&pointer, value, 60);
            fields.require(!values.contains(&value), &pointer, "is used twice");
            values.push(value);
        }
        clean.push(OptionRecord { name, values });
    }
    clean
}

fn variant(
    fields: &mut Fields,
    pointer: &str,
    id: VariantId,
    write: WriteVariant,
    options: &[OptionRecord],
    shop: &ShopRecord,
) -> VariantRecord {
    let sku = fields.line(&format!("{pointer}/sku"), &write.sku, 64);
    let chosen = options
        .iter()
        .all(|option| write.options.get(&option.name).is_some_and(|value| option.values.contains(value)));
    fields.require(
        chosen && write.options.len() == options.len(),
        &format!("{pointer}/options"),
        "must have one of the values of each option, and nothing else",
    );
    let main = write.prices.iter().any(|price| price.currency() == shop.currency());
    fields.require(main, &format!("{pointer}/prices"), "must have a price in the shop's main currency");
    prices(fields, &format!("{pointer}/prices"), &write.prices, &shop.currencies);
    prices(fields, &format!("{pointer}/compare_at"), &write.compare_at, &shop.currencies);
    for (index, before) in write.compare_at.iter().enumerate() {
        let price = write.prices.iter().find(|price| price.currency() == before.currency());
        let above = price.is_some_and(|price| before.minor() > price.minor());
        fields.require(above, &format!("{pointer}/compare_at/{index}"), "must be above the price");
    }
    let heavy = write.weight_g <= WEIGHT_G_MAX;
    fields.require(heavy, &format!("{pointer}/weight_g"), "must be at most 1000000");
    VariantRecord {
        id,
        sku,
        options: write.options,
        prices: write.prices,
        compare_at: write.compare_at,
        weight_g: write.weight_g,
    }
}

fn prices(fields: &mut Fields, pointer: &str, prices: &[Money], currencies: &[Currency]) {
    for (index, price) in prices.iter().enumerate().take(2 * currencies.len()) {
        let pointer = format!("{pointer}/{index}");
        fields.require(
            (1..=PRICE_MINOR_MAX).contains(&price.minor()),
            &format!("{pointer}/minor"),
            "must be 1 to 1000000000",
        );
        let sold_in = currencies.contains(&price.currency());
        fields.require(sold_in, &format!("{pointer}/currency"), "is not a currency of the shop");
        let repeated = prices[..index].iter().any(|other| other.currency() == price.currency());
        fields.require(!repeated, &format!("{pointer}/currency"), "has two prices");
    }
    fields.require(prices.len() <= currencies.len(), pointer, "one price for each currency");
}
