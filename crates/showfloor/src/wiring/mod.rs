//! The narrow traits of each plane, given their one implementation: tokens by the edge's core, objects by S3,
//! other planes by HTTP.

pub mod clock;
pub mod images;
pub mod mail;
pub mod payments;
pub mod peers;
pub mod sites;
pub mod tokens;
