//! The catalogue as the shop sees it.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use showfloor_api_types::list::List;
use showfloor_api_types::product::{CreateProduct, EditProduct, Product, ProductOption, Stock, Variant};
use showfloor_domain::stock::StockLevel;
use showfloor_domain::{ImageId, ProductId, ShopId, VariantId};
use showfloor_http::problem::ProblemType;
use showfloor_http::{AdminJson, IfMatch, Page, Path, Problem, Query, Result, Staff, Versioned};
use showfloor_storage::{ImageRecord, PageRequest, ProductError, ProductRecord, ShopRecord};
use utoipa::IntoParams;

use crate::deps::Deps;
use crate::images::image_ref;
use crate::write::Draft;

const PRICE_ON_SCREEN: ProblemType = ProblemType {
    slug: "price-on-screen",
    title: "A price cannot rise while it is on screen",
    status: StatusCode::CONFLICT,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductFilter {
    /// Part of a title or of a variant's number.
    q: Option<String>,
    /// A tag.
    tag: Option<String>,
    /// How many, at most 100.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Products, newest first.
#[utoipa::path(get, path = "/v1/admin/products", operation_id = "list_products", tag = "products", params(ProductFilter),
    security(("session" = [])), responses((status = 200, body = List<Product>)))]
pub(crate) async fn list(
    State(deps): State<Deps>,
    staff: Staff,
    Query(filter): Query<ProductFilter>,
) -> Result<Json<List<Product>>> {
    let page = Page { limit: filter.limit, cursor: filter.cursor };
    let cursors = deps.http.cursors();
    let request =
        PageRequest { limit: page.items()?, cursor: cursors.read(staff.shop_id, "products", &page)? };
    let text = filter.q.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
    let found = deps.products.list(staff.shop_id, text, filter.tag, request).await?;
    let items = views(&deps, staff.shop_id, found.items).await?;
    let next_cursor = found.next.map(|position| cursors.write(staff.shop_id, "products", &position));
    Ok(Json(List { items, next_cursor }))
}

/// Adds a product.
#[utoipa::path(post, path = "/v1/admin/products", operation_id = "create_product", tag = "products",
    request_body = CreateProduct, security(("session" = [])),
    responses((status = 201, body = Product, headers(("etag" = String)))))]
pub(crate) async fn create(
    State(deps): State<Deps>,
    staff: Staff,
    AdminJson(body): AdminJson<CreateProduct>,
) -> Result<(StatusCode, Versioned<Json<Product>>)> {
    let shop = shop(&deps, staff.shop_id).await?;
    let draft = Draft {
        title: body.title,
        description: body.description,
        tags: body.tags,
        options: body.options,
        images: body.images,
        variants: body.variants,
    };
    let id = ProductId::generate(deps.http.now(), deps.http.entropy.id_bytes());
    let product = draft.check(&deps.http, &shop, id, None)?;
    deps.products.create(product.clone()).await.map_err(refusal)?;
    Ok((StatusCode::CREATED, versioned(&deps, product).await?))
}

/// A product.
#[utoipa::path(get, path = "/v1/admin/products/{product}", operation_id = "get_product", tag = "products",
    params(("product" = ProductId, Path)), security(("session" = [])),
    responses((status = 200, body = Product, headers(("etag" = String)))))]
pub(crate) async fn get(
    State(deps): State<Deps>,
    staff: Staff,
    Path(product_id): Path<ProductId>,
) -> Result<Versioned<Json<Product>>> {
    let product = find(&deps, staff.shop_id, product_id).await?;
    versioned(&deps, product).await
}

/// Changes a product.
#[utoipa::path(patch, path = "/v1/admin/products/{product}", operation_id = "edit_product", tag = "products",
    params(("product" = ProductId, Path), ("if-match" = String, Header, description = "The version that was read")),
    request_body = EditProduct, security(("session" = [])),
    responses((status = 200, body = Product, headers(("etag" = String)))))]
pub(crate) async fn edit(
    State(deps): State<Deps>,
    staff: Staff,
    Path(product_id): Path<ProductId>,
    if_match: Result<IfMatch, Problem>,
    AdminJson(body): AdminJson<EditProduct>,
) -> Result<Versioned<Json<Product>>> {
    let before = find(&deps, staff.shop_id, product_id).await?;
    let version = if_match?.0;
    let shop = shop(&deps, staff.shop_id).await?;
    let unchanged = Draft::of(&before);
    let draft = Draft {
        title: body.title.unwrap_or(unchanged.title),
        description: body.description.unwrap_or(unchanged.description),
        tags: body.tags.unwrap_or(unchanged.tags),
        options: body.options.unwrap_or(unchanged.options),
        images: body.images.unwrap_or(unchanged.images),
        variants: body.variants.unwrap_or(unchanged.variants),
    };
    let mut product = draft.check(&deps.http, &shop, product_id, Some(&before))?;
    product.version = version;
    let product = deps.products.edit(product, deps.http.now()).await.map_err(refusal)?;
    versioned(&deps, product).await
}

/// Takes a product out of the catalogue. Orders keep what they say.
#[utoipa::path(delete, path = "/v1/admin/products/{product}", operation_id = "delete_product", tag = "products",
    params(("product" = ProductId, Path)), security(("session" = [])),
    responses((status = 204, description = "Taken out")))]
pub(crate) async fn delete(
    State(deps): State<Deps>,
    staff: Staff,
    Path(product_id): Path<ProductId>,
) -> Result<StatusCode> {
    deps.products.delete(staff.shop_id, product_id, deps.http.now()).await.map_err(refusal)?;
    Ok(StatusCode::NO_CONTENT)
}

fn refusal(error: ProductError) -> Problem {
    match error {
        ProductError::PriceOnScreen => Problem::new(
            PRICE_ON_SCREEN,
            "Viewers see the product at its price now.",
            "Take the product off screen first, then change the price.",
        ),
        ProductError::Listed => Problem::conflict(
            "A show that is not over lists this product.",
            "Take it out of the run of show first.",
        ),
        ProductError::UnknownImage => {
            Problem::invalid_at("/images", "names a picture that this shop does not have")
        }
        ProductError::Store(error) => error.into(),
    }
}

pub(crate) async fn shop(deps: &Deps, shop_id: ShopId) -> Result<ShopRecord> {
    deps.shops.find(shop_id).await?.ok_or_else(Problem::not_found)
}

pub(crate) async fn find(deps: &Deps, shop_id: ShopId, product_id: ProductId) -> Result<ProductRecord> {
    deps.products.find(shop_id, product_id).await?.ok_or_else(Problem::not_found)
}

async fn versioned(deps: &Deps, product: ProductRecord) -> Result<Versioned<Json<Product>>> {
    let version = product.version;
    let views = views(deps, product.shop_id, vec![product]).await?;
    let view = views.into_iter().next().ok_or_else(Problem::internal)?;
    Ok(Versioned { version, body: Json(view) })
}

async fn views(deps: &Deps, shop_id: ShopId, products: Vec<ProductRecord>) -> Result<Vec<Product>> {
    let image_ids: Vec<ImageId> = products.iter().flat_map(|product| product.images.clone()).collect();
    let images = deps.images.find_all(shop_id, &image_ids).await?;
    let images: HashMap<ImageId, ImageRecord> = images.into_iter().map(|image| (image.id, image)).collect();
    let variant_ids: Vec<VariantId> =
        products.iter().flat_map(|product| &product.variants).map(|variant| variant.id).collect();
    let levels: HashMap<VariantId, StockLevel> =
        deps.stock.levels(shop_id, &variant_ids).await?.into_iter().collect();
    Ok(products.into_iter().map(|product| view(product, &images, &levels)).collect())
}

fn view(
    product: ProductRecord,
    images: &HashMap<ImageId, ImageRecord>,
    levels: &HashMap<VariantId, StockLevel>,
) -> Product {
    let variants = product.variants.into_iter().map(|variant| Variant {
        stock: levels.get(&variant.id).copied().map(Stock::from).unwrap_or_default(),
        id: variant.id,
        sku: variant.sku,
        options: variant.options,
        prices: variant.prices,
        compare_at: variant.compare_at,
        weight_g: variant.weight_g,
    });
    let variants: Vec<Variant> = variants.collect();
    Product {
        id: product.id,
        title: product.title,
        description: product.description,
        tags: product.tags,
        options: product
            .options
            .into_iter()
            .map(|option| ProductOption { name: option.name, values: option.values })
            .collect(),
        images: product.images.iter().filter_map(|id| images.get(id)).cloned().map(image_ref).collect(),
        stock: variants.iter().fold(Stock::default(), |sum, variant| sum.plus(variant.stock)),
        variants,
        created_at: product.created_at.into(),
        updated_at: product.updated_at.into(),
        version: product.version,
    }
}
