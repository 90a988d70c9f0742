//! What Headwater talks about: plain data and its invariants. No input or output.
//!
//! Two words are overloaded in this field and have one meaning each here. An *attribution* is who
//! says it; *responsibility* is who did it. A *judgement* is a recorded decision; an *assessment*
//! is computed.

pub mod count;
pub mod id;
pub mod kind;
pub mod marking;
pub mod reading;
pub mod report;
pub mod text;
pub mod time;
