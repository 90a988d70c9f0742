//! Resolve: who, where, which event?

pub mod actors;
pub mod events;
pub mod places;
mod report;

pub use report::resolve;
