//! People, sessions, tokens and the shop.

use serde::{Deserialize, Serialize};
use showfloor_domain::{Currency, Rfc3339, ShopId, ShowId, UserId, ViewerId};
use utoipa::ToSchema;

pub use showfloor_domain::payment::Mode;
pub use showfloor_domain::role::Role;

/// Who signs in.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's address.
    #[schema(example = "owner@example.com")]
    pub email: String,
    /// The password, 12 to 128 characters.
    #[schema(format = Password)]
    pub password: String,
}

/// The password, typed once more.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPassword {
    /// The password.
    #[schema(format = Password)]
    pub password: String,
}

/// The first owner of a new deployment.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The one-time code from the server's console.
    pub code: String,
    /// The owner's address.
    pub email: String,
    /// The owner's name.
    pub name: String,
    /// The owner's password, 12 to 128 characters.
    #[schema(format = Password)]
    pub password: String,
    /// The shop's name.
    pub shop_name: String,
    /// The shop's first currency.
    pub currency: Currency,
    /// The shop's country, ISO 3166-1 alpha-2.
    #[schema(example = "DE")]
    pub country: String,
    /// The shop's time zone (IANA).
    #[schema(example = "Europe/Berlin")]
    pub timezone: String,
    /// The shop's language (BCP 47).
    #[schema(example = "en")]
    pub locale: String,
}

/// Whose password is forgotten.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestReset {
    /// The account's address.
    pub email: String,
}

/// A new password, with the token from the mail.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmReset {
    /// The token from the link.
    pub token: String,
    /// The new password, 12 to 128 characters.
    #[schema(format = Password)]
    pub password: String,
}

/// Who is signed in, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The person.
    pub user: MyUser,
    /// The shop they work in.
    pub shop: MyShop,
}

/// The person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyUser {
    /// The person.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
}

/// The shop that is worked in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyShop {
    /// The shop.
    pub id: ShopId,
    /// Its name.
    pub name: String,
    /// The currency of its figures.
    pub currency: Currency,
    /// All currencies it sells in, the first one first.
    pub currencies: Vec<Currency>,
    /// Its country, ISO 3166-1 alpha-2.
    pub country: String,
    /// Its time zone (IANA).
    pub timezone: String,
    /// Its language (BCP 47).
    pub locale: String,
    /// Whether it takes real money.
    pub mode: Mode,
}

/// The shop's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShopSettings {
    /// The shop.
    #[serde(flatten)]
    pub shop: MyShop,
    /// The sites that may embed the player and sell: `https://shop.example`.
    pub allowed_origins: Vec<String>,
    /// The countries it ships to, ISO 3166-1 alpha-2.
    pub ships_to: Vec<String>,
}

/// What to change of the shop; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditShop {
    /// Its name.
    pub name: Option<String>,
    /// The sites that may embed the player and sell, at most 50.
    pub allowed_origins: Option<Vec<String>>,
    /// The countries it ships to.
    pub ships_to: Option<Vec<String>>,
    /// All currencies it sells in, the first one first.
    pub currencies: Option<Vec<Currency>>,
    /// Its time zone (IANA).
    pub timezone: Option<String>,
    /// Its language (BCP 47).
    pub locale: Option<String>,
}

/// Someone who works in the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// The person.
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// When they last signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<Rfc3339>,
}

/// Someone new.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPerson {
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role; at most that of who adds them.
    pub role: Role,
    /// Their first password, 12 to 128 characters.
    #[schema(format = Password)]
    pub password: String,
}

/// What to change of someone; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditPerson {
    /// Their name.
    pub name: Option<String>,
    /// Their role; at most that of who changes it.
    pub role: Option<Role>,
}

/// A device that wants to watch.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestViewerToken {
    /// A secret that the device made: base64url of at least 20 bytes. It is needed to renew.
    #[schema(min_length = 27, max_length = 128)]
    pub device_secret: String,
    /// A name for the chat, up to 32 characters.
    #[serde(default)]
    pub name: Option<String>,
}

/// A viewer's token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ViewerToken {
    /// The token, a JWT.
    pub token: String,
    /// When it ends.
    pub expires_at: Rfc3339,
    /// The viewer; the same after renewing.
    pub viewer_id: ViewerId,
    /// Until when it can be renewed.
    pub renew_until: Rfc3339,
}

/// A staff member's token for one room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffToken {
    /// The token, a JWT.
    pub token: String,
    /// When it ends.
    pub expires_at: Rfc3339,
    /// The show whose room it opens.
    pub show_id: ShowId,
}
