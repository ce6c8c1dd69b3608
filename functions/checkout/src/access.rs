//! Whose cart and whose checkout: a viewer of the show, with the cart's secret. Every miss is the same 404 after the
//! same work (abuse case C10).

use axum::extract::FromRequestParts;
use http::request::Parts;
use showfloor_domain::{CartId, CheckoutId};
use showfloor_http::{Problem, Purpose, Result, Secret, SecretHash, Viewer};
use showfloor_storage::{CartRecord, CheckoutRecord};

use crate::Deps;

/// The header that carries a cart's secret.
pub const CART_HEADER: &str = "showfloor-cart";

/// The secret that a request shows; an absent one is wrong later, like any other.
pub(crate) struct CartSecret(Secret);

impl<S: Send + Sync> FromRequestParts<S> for CartSecret {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Self::Rejection> {
        let secret = parts.headers.get(CART_HEADER).and_then(|value| value.to_str().ok());
        Ok(Self(secret.unwrap_or_default().to_owned().into()))
    }
}

impl CartSecret {
    fn opens(&self, deps: &Deps, cart: Option<&CartRecord>) -> bool {
        let kept = SecretHash(cart.map_or([0; 32], |cart| cart.secret_hash));
        deps.http.pepper.verify(Purpose::Cart, self.0.reveal(), &kept) && cart.is_some()
    }
}

/// The cart, for who may see it.
pub(crate) async fn cart(
    deps: &Deps,
    viewer: &Viewer,
    cart_id: CartId,
    secret: &CartSecret,
) -> Result<CartRecord> {
    let cart = deps.carts.find(viewer.shop_id, cart_id).await?;
    let opened = secret.opens(deps, cart.as_ref());
    cart.filter(|cart| opened && cart.show_id == viewer.show_id).ok_or_else(Problem::not_found)
}

/// The checkout, for who may see it.
pub(crate) async fn checkout(
    deps: &Deps,
    viewer: &Viewer,
    checkout_id: CheckoutId,
    secret: &CartSecret,
) -> Result<CheckoutRecord> {
    let checkout = deps.checkouts.find(viewer.shop_id, checkout_id).await?;
    let cart = match &checkout {
        Some(checkout) => deps.carts.find(viewer.shop_id, checkout.cart_id).await?,
        None => None,
    };
    let opened = secret.opens(deps, cart.as_ref());
    checkout.filter(|checkout| opened && checkout.show_id == viewer.show_id).ok_or_else(Problem::not_found)
}
