//! See ARCHITECTURE.md.
pub mod actors;
pub mod fold;
pub mod names;
pub mod places;
