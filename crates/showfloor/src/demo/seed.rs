//! Filling the demo shop through the public API, once: the next start finds it again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use showfloor_domain::{CueId, Money, ProductId, ShowId, VariantId};

use super::dashboard::Dashboard;
use super::files::{Product, ShopFile};
use super::ready::Owner;

/// Where the demo notes what it made, inside the data folder.
const NOTES: &str = "demo.json";

/// What the demo made at its first start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seeded {
    /// Who may sign in.
    pub owner: Owner,
    /// Who is on air.
    pub host: Owner,
    /// The show on air.
    pub show: SeededShow,
    /// The show with nobody on air.
    pub idle: SeededShow,
    /// Products by slug.
    pub products: BTreeMap<String, SeededProduct>,
}

/// A show and its way in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeededShow {
    /// Its id.
    pub id: ShowId,
    /// A stream key for it.
    pub stream_key: String,
}

/// A product, its variants, and its place in the run of show.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeededProduct {
    /// Its id.
    pub id: ProductId,
    /// Its variants.
    pub variants: Vec<VariantId>,
    /// Its cue in the show on air.
    pub cue: CueId,
}

impl Seeded {
    /// What an earlier start made, if there was one.
    ///
    /// # Errors
    /// When the notes are there and can't be read.
    pub fn find(data_dir: &Path) -> Result<Option<Self>> {
        match fs::read(data_dir.join(NOTES)) {
            Ok(notes) => {
                Ok(Some(serde_json::from_slice(&notes).context("demo.json in the data folder is damaged")?))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("reading demo.json in the data folder"),
        }
    }

    /// Fills an empty shop.
    ///
    /// # Errors
    /// When the API refuses something, or a picture is missing.
    pub async fn make(
        dashboard: &Dashboard,
        (owner, host): (Owner, Owner),
        file: &ShopFile,
        demo_dir: &Path,
        data_dir: &Path,
    ) -> Result<Self> {
        dashboard.patch("/v1/admin/shop", &json!({ "currencies": file.currencies() })).await?;
        let person = json!({
            "email": host.email, "name": file.host.name, "role": "host", "password": host.password,
        });
        dashboard.post("/v1/admin/people", &person).await?;
        for discount in &file.discounts {
            let discount = json!({ "code": discount.code, "percent_bps": discount.percent * 100 });
            dashboard.post("/v1/admin/discounts", &discount).await?;
        }
        let show = make_show(dashboard, file, &file.show.title, &file.show.description).await?;
        let mut products = BTreeMap::new();
        for product in &file.products {
            let made = make_product(dashboard, product, demo_dir).await?;
            let cue = make_cue(dashboard, show.id, product, &made).await?;
            products.insert(product.slug.clone(), SeededProduct { id: made.0, variants: made.1, cue });
        }
        if let Some(cover) = &file.show.cover {
            let image = upload(dashboard, demo_dir, cover).await?;
            let cover = json!({ "cover_image_id": image });
            dashboard.patch(&format!("/v1/admin/shows/{}", show.id), &cover).await?;
        }
        publish(dashboard, show.id).await?;
        let idle = make_show(dashboard, file, "Your own show", "Publish to it with OBS or ffmpeg.").await?;
        for product in products.values() {
            let cue = json!({ "kind": "product", "product_id": product.id });
            dashboard.post(&format!("/v1/admin/shows/{}/cues", idle.id), &cue).await?;
        }
        publish(dashboard, idle.id).await?;
        let seeded = Self { owner, host, show, idle, products };
        seeded.note(data_dir)?;
        Ok(seeded)
    }

    fn note(&self, data_dir: &Path) -> Result<()> {
        let partial = data_dir.join("demo.json.part");
        // The owner's password and two stream keys are in it: nobody else may read them.
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(partial, data_dir.join(NOTES)).context("noting what the demo made")
    }
}

async fn make_show(
    dashboard: &Dashboard,
    file: &ShopFile,
    title: &str,
    description: &str,
) -> Result<SeededShow> {
    let now = super::super::wiring::clock::now();
    let show = json!({
        "title": title,
        "description": description,
        "starts_at": showfloor_domain::Rfc3339(now),
        "planned_minutes": 60,
        "host_name": file.host.name,
    });
    let id: ShowId = field(&dashboard.post("/v1/admin/shows", &show).await?, "id")?;
    let key = dashboard.post(&format!("/v1/admin/shows/{id}/stream-keys"), &json!({})).await?;
    Ok(SeededShow { id, stream_key: field(&key, "key")? })
}

async fn publish(dashboard: &Dashboard, show: ShowId) -> Result<()> {
    dashboard.post(&format!("/v1/admin/shows/{show}/publish"), &json!({})).await.map(drop)
}

async fn make_product(
    dashboard: &Dashboard,
    product: &Product,
    demo_dir: &Path,
) -> Result<(ProductId, Vec<VariantId>)> {
    let image = upload(dashboard, demo_dir, &product.image).await?;
    let variants: Vec<Value> = product
        .variants
        .iter()
        .map(|variant| {
            json!({
                "sku": variant.sku,
                "options": variant.options,
                "prices": variant.prices.amounts().collect::<Vec<_>>(),
                "compare_at": variant.compare_at.amounts().collect::<Vec<_>>(),
                "weight_g": variant.weight_g,
            })
        })
        .collect();
    let made = dashboard
        .post(
            "/v1/admin/products",
            &json!({
                "title": product.title,
                "description": product.description,
                "tags": product.tags,
                "options": product.options,
                "images": [image],
                "variants": variants,
            }),
        )
        .await?;
    let id: ProductId = field(&made, "id")?;
    let mut ids = Vec::new();
    for (position, variant) in product.variants.iter().enumerate() {
        // Variants come back in the order in which they were sent.
        let variant_id: VariantId = field(&made["variants"][position], "id")?;
        if variant.stock > 0 {
            let adjust = json!({ "delta": variant.stock, "reason": "First stock" });
            let path = format!("/v1/admin/products/{id}/variants/{variant_id}/stock-adjustments");
            dashboard.post(&path, &adjust).await?;
        }
        ids.push(variant_id);
    }
    Ok((id, ids))
}

async fn make_cue(
    dashboard: &Dashboard,
    show: ShowId,
    product: &Product,
    (id, variants): &(ProductId, Vec<VariantId>),
) -> Result<CueId> {
    let live_prices: Vec<Value> = variants
        .iter()
        .zip(&product.variants)
        .flat_map(|(id, variant)| variant.live_price.amounts().map(move |price| live_price(*id, price)))
        .collect();
    let cue = json!({ "kind": "product", "product_id": id, "live_prices": live_prices });
    field(&dashboard.post(&format!("/v1/admin/shows/{show}/cues"), &cue).await?, "id")
}

fn live_price(variant: VariantId, price: Money) -> Value {
    json!({ "variant_id": variant, "price": price })
}

async fn upload(dashboard: &Dashboard, demo_dir: &Path, name: &str) -> Result<String> {
    let path = demo_dir.join(name);
    let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let media_type = match path.extension().and_then(|extension| extension.to_str()) {
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        _ => "image/jpeg",
    };
    field(&dashboard.post_picture("/v1/admin/images", media_type, bytes).await?, "id")
}

fn field<T: DeserializeOwned>(value: &Value, name: &str) -> Result<T> {
    serde_json::from_value(value[name].clone()).with_context(|| format!("expected `{name}` in {value}"))
}
