//! Rooms: found by show, made when somebody with a good token comes, each a task of its own.

mod actor;
mod log;
mod registry;
mod socket;
mod teller;

pub use actor::COMMANDS_MAX;
pub(crate) use actor::Told;
pub use log::{LogError, RoomLog};
pub use registry::{NoRoom, ROOMS_MAX, Rooms};
pub(crate) use socket::serve;
pub(crate) use teller::run as tell;
