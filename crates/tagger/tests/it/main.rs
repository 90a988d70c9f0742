//! The shipped model, as its users see it.

mod parity;
