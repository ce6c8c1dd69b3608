//! The shop's settings.

use axum::Json;
use axum::extract::State;
use showfloor_api_types::auth::{EditShop, ShopSettings};
use showfloor_http::cors::is_origin;
use showfloor_http::{AdminJson, IfMatch, Problem, Result, Staff, Versioned};
use showfloor_storage::ShopRecord;

use crate::auth::my_shop;
use crate::deps::Deps;
use showfloor_http::fields::{Fields, TITLE_CHARS_MAX};

/// The most sites a shop lists.
pub const ORIGINS_MAX: usize = 50;
/// The most currencies a shop sells in.
pub const CURRENCIES_MAX: usize = 10;
/// The most countries a shop ships to.
pub const COUNTRIES_MAX: usize = 250;

/// The shop's settings.
#[utoipa::path(get, path = "/v1/admin/shop", operation_id = "get_shop", tag = "shop", security(("session" = [])),
    responses((status = 200, body = ShopSettings, headers(("etag" = String)))))]
pub(crate) async fn get(State(deps): State<Deps>, staff: Staff) -> Result<Versioned<Json<ShopSettings>>> {
    Ok(settings(deps.shop(staff.shop_id).await?))
}

/// Changes the shop's settings.
#[utoipa::path(patch, path = "/v1/admin/shop", operation_id = "edit_shop", tag = "shop", request_body = EditShop,
    params(("if-match" = Option<String>, Header, description = "The version that was read; without it the newest is changed")),
    security(("session" = [])), responses((status = 200, body = ShopSettings, headers(("etag" = String)))))]
pub(crate) async fn edit(
    State(deps): State<Deps>,
    staff: Staff,
    if_match: Result<IfMatch, Problem>,
    AdminJson(body): AdminJson<EditShop>,
) -> Result<Versioned<Json<ShopSettings>>> {
    let mut shop = deps.shop(staff.shop_id).await?;
    match if_match {
        Ok(IfMatch(version)) => shop.version = version,
        Err(problem) if problem.kind() == showfloor_http::problem::PRECONDITION_REQUIRED => {}
        Err(problem) => return Err(problem),
    }
    let mut fields = Fields::default();
    if let Some(name) = body.name {
        shop.name = fields.line("/name", &name, TITLE_CHARS_MAX);
    }
    if let Some(origins) = body.allowed_origins {
        fields.require(origins.len() <= ORIGINS_MAX, "/allowed_origins", "at most 50 sites");
        for (index, origin) in origins.iter().enumerate() {
            let pointer = format!("/allowed_origins/{index}");
            fields.require(is_origin(origin), &pointer, "must be a site's origin like https://shop.example");
            fields.require(!origins[..index].contains(origin), &pointer, "is listed twice");
        }
        shop.allowed_origins = origins;
    }
    if let Some(countries) = body.ships_to {
        fields.require(countries.len() <= COUNTRIES_MAX, "/ships_to", "too many countries");
        let countries = countries.iter().enumerate();
        shop.ships_to =
            countries.filter_map(|(i, text)| fields.country(&format!("/ships_to/{i}"), text)).collect();
    }
    if let Some(currencies) = body.currencies {
        let bounded = (1..=CURRENCIES_MAX).contains(&currencies.len());
        fields.require(bounded, "/currencies", "1 to 10 currencies");
        for (index, currency) in currencies.iter().enumerate() {
            let repeated = currencies[..index].contains(currency);
            fields.require(!repeated, &format!("/currencies/{index}"), "is listed twice");
        }
        if bounded {
            // Prices and reports are kept in the main one: it stays.
            fields.require(currencies[0] == shop.currency(), "/currencies/0", "the main currency stays");
            shop.currencies = currencies;
        }
    }
    if let Some(timezone) = body.timezone {
        shop.timezone = fields.line("/timezone", &timezone, 64);
    }
    if let Some(locale) = body.locale {
        shop.locale = fields.line("/locale", &locale, 35);
    }
    fields.check()?;
    let shop = deps.shops.edit(shop, deps.http.now()).await?;
    deps.audit(&staff, "shop.changed", staff.shop_id, "").await?;
    Ok(settings(shop))
}

fn settings(shop: ShopRecord) -> Versioned<Json<ShopSettings>> {
    let version = shop.version;
    let allowed_origins = shop.allowed_origins.clone();
    let ships_to = shop.ships_to.iter().map(ToString::to_string).collect();
    Versioned { version, body: Json(ShopSettings { shop: my_shop(shop), allowed_origins, ships_to }) }
}
