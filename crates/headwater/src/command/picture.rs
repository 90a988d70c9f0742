//! `picture`: the overview.

use super::Session;
use crate::arguments::PictureRows;
use crate::exit::Exit;
use crate::overview::Overview;
use anyhow::Result;

/// Shows the overview.
pub fn picture(session: &Session, what: &PictureRows) -> Result<Exit> {
    let rows = if what.all { usize::MAX } else { what.rows };
    session.answer(&Overview::of(&session.view()?, rows)?)
}
