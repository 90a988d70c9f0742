//! One report in, one reading out: what does this report say, and in whose voice?

pub mod counts;
pub mod document;
pub mod lexicon;
pub mod pos;
pub mod times;
