//! The catalogue's functions: products and pictures for the shop, the show and its shelf for viewers.
//!
//! Contract: [`router`] takes [`Deps`] and answers everything that [`openapi`] lists. What viewers read is
//! public, the same for everybody and cacheable for a second; prices there are hints, only a quote decides.
//! Pictures are re-encoded before they are stored.
//!
//! It does not sell and keeps no stock: it shows what the ledger says.
//!
//! ```
//! let document = showfloor_functions_catalog::openapi();
//! assert!(document.paths.paths.contains_key("/v1/shows/{show}/products"));
//! ```

mod deps;
mod images;
mod picture;
mod products;
mod public;
mod stock;
mod write;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{delete, get, patch, post};
use showfloor_http::{Operation as O, cors, operation};
use utoipa::OpenApi;

pub use deps::{Deps, ImageStore, PICTURES_AT_ONCE};
pub use images::ALT_CHARS_MAX;
pub use picture::{PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX};
pub use public::PUBLIC_MAX_AGE_S;
pub use write::{
    IMAGES_MAX, OPTION_VALUES_MAX, OPTIONS_MAX, PRICE_MINOR_MAX, TAGS_MAX, VARIANTS_MAX, WEIGHT_G_MAX,
};

/// All routes of the catalogue. Put [`showfloor_http::api`] around what the root merges.
pub fn router(deps: Deps) -> Router {
    let public = Router::new()
        .route("/v1/shows/{show}", get(public::show))
        .route("/v1/shows/{show}/products", get(public::products))
        .layer(from_fn(cors::public));
    let admin = Router::new()
        .route("/v1/admin/products", operation(O::ReadProducts, get(products::list)))
        .route("/v1/admin/products", operation(O::EditProducts, post(products::create)))
        .route("/v1/admin/products/{product}", operation(O::ReadProducts, get(products::get)))
        .route("/v1/admin/products/{product}", operation(O::EditProducts, patch(products::edit)))
        .route("/v1/admin/products/{product}", operation(O::EditProducts, delete(products::delete)))
        .route(
            "/v1/admin/products/{product}/variants/{variant}/stock-adjustments",
            operation(O::AdjustStock, post(stock::adjust)),
        )
        .route("/v1/admin/products/{product}/ledger", operation(O::ReadProducts, get(stock::ledger)))
        .route("/v1/admin/images", operation(O::EditProducts, post(images::upload)))
        .route("/v1/admin/images/{image}", operation(O::EditProducts, patch(images::edit)));
    Router::new().merge(public).merge(admin).with_state(deps)
}

/// What these functions answer, for the merged document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    public::show,
    public::products,
    products::list,
    products::create,
    products::get,
    products::edit,
    products::delete,
    stock::adjust,
    stock::ledger,
    images::upload,
    images::edit,
))]
struct Document;
