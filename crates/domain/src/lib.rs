//! What Headwater talks about: plain data and its invariants. No input or output.
//!
//! Two words are overloaded in this field and have one meaning each here. An *attribution* is who
//! says it; *responsibility* is who did it. A *judgement* is a recorded decision; an *assessment*
//! is computed.
//!
//! | module | what |
//! |---|---|
//! | [`text`] | texts, spans, sentences, evidence: one coordinate system |
//! | [`time`] | when, as EDTF with bounds |
//! | [`count`] | how many, as intervals |
//! | [`kind`] | what sort of event: PLOVER, ACLED |
//! | [`report`] | what was taken in, and from whom |
//! | [`reading`] | what one report says, and in whose voice |
//! | [`resolution`] | what one reading is about, in terms of the world |
//! | [`picture`] | what is believed, and how sure it is |
//! | [`judgement`] | what somebody decided, and why |
//! | [`marking`] | who may see it |
//! | [`record`] | who changed what |
//! | [`id`] | names for all of these |

pub mod count;
pub mod id;
pub mod judgement;
pub mod kind;
pub mod marking;
pub mod picture;
pub mod reading;
pub mod record;
pub mod report;
pub mod resolution;
pub mod text;
pub mod time;
