//! See ARCHITECTURE.md.
pub mod places;
