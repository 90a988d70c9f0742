//! Bytes in, reports out.
pub mod found;
pub mod limits;
pub mod page;
mod dates;
mod guard;
mod html;
mod provenance;
mod sniff;
mod text;
pub use found::*;
pub use page::{Page, extract_page};
pub use text::normalise;
