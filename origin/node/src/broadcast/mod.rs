//! Broadcasts: one task for each, a value that HTTP reads, and the registry that finds both.

mod actor;
mod lifecycle;
mod live;
mod old_parts;
mod registry;
mod upload;

pub(crate) use actor::{Actor, Command, JoinAnswer};
pub(crate) use live::Live;
pub(crate) use registry::Registry;
