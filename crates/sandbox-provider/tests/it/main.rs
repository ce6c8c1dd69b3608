//! What the sandbox promises to merchants, buyers and tests. Time is virtual except over the loopback address.

mod browser;
mod cards;
mod delivery;
mod loopback;
mod merchant;
mod stack;
mod state;
