//! What the sandbox promises to merchants, buyers and tests. Time is virtual except over the loopback address.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail a test")]

mod browser;
mod cards;
mod delivery;
mod loopback;
mod merchant;
mod stack;
mod state;
