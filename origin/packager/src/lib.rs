//! (introduction)

pub mod frame;
