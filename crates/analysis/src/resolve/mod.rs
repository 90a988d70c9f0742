//! Resolve: who, where, which event?

pub mod actors;
pub mod events;
pub mod places;
mod report;
mod within;

pub use report::resolve;
