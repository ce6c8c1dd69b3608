//! Pictures.

use serde::{Deserialize, Serialize};
use showfloor_domain::ImageId;
use utoipa::ToSchema;

/// The widths that every picture is stored in, in pixels.
pub const IMAGE_WIDTHS: [u32; 4] = [160, 320, 640, 1200];

/// A stored picture, ready for an `<img>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImageRef {
    /// The picture.
    pub id: ImageId,
    /// What it shows, for people who don't see it.
    pub alt: String,
    /// Width of the picture as uploaded (after rotation), in pixels.
    pub width: u32,
    /// Height of the picture as uploaded (after rotation), in pixels.
    pub height: u32,
    /// A path of medium width: `/images/img_…/640.jpg`.
    pub src: String,
    /// All widths, for `srcset`.
    pub srcset: String,
}

impl ImageRef {
    /// The picture with this id, described as `alt`.
    #[must_use]
    pub fn new(id: ImageId, alt: String, width: u32, height: u32) -> Self {
        let path = |w: u32| format!("/images/{id}/{w}.jpg");
        let srcset = IMAGE_WIDTHS.map(|w| format!("{} {w}w", path(w))).join(", ");
        Self { id, alt, width, height, src: path(640), srcset }
    }
}

/// New words for a picture.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditImage {
    /// What it shows, up to 200 characters.
    pub alt: String,
}
