//! One report in, one reading out: what does this report say, and in whose voice?

pub mod document;
