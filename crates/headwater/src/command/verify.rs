//! `verify`: does the store hold what it should?

use super::Session;
use crate::exit::{Exit, Problem};
use crate::progress::Progress;
use crate::render::{Line, Page, Render};
use anyhow::Result;
use headwater_store::verify::{self, Verification};
use serde::Serialize;

/// What verifying found.
#[derive(Debug, Serialize)]
struct Verified {
    /// Entries of the record whose chain was followed.
    entries: u64,
    /// Versions of reports whose bytes were checked.
    versions: u64,
    /// Passages that were looked up in their texts.
    passages: u64,
    /// Judgements that were checked.
    judgements: u64,
    /// The hash of the last entry.
    head: Option<String>,
    /// What is wrong, each with its id.
    damage: Vec<(String, String)>,
}

impl From<Verification> for Verified {
    fn from(found: Verification) -> Self {
        let damage = found.problems.into_iter().map(|problem| (problem.object, problem.flaw.to_string()));
        Self {
            entries: found.entries,
            versions: found.versions,
            passages: found.spans,
            judgements: found.judgements,
            head: found.head,
            damage: damage.collect(),
        }
    }
}

impl Render for Verified {
    fn render(&self, page: &mut Page) {
        let Self { entries, versions, passages, judgements, .. } = self;
        let line = format!(
            "Checked {entries} entries of the record, {versions} versions of reports, {passages} passages, \
             {judgements} judgements."
        );
        page.wrapped(0, 2, line);
        if let Some(head) = &self.head {
            let remark = " (noted down elsewhere, it shows later that nothing was cut off)";
            page.wrapped(0, 2, Line::new().plain("Head of the record: ").strong(head).faint(remark));
        }
        if self.damage.is_empty() {
            page.wrapped(0, 2, Line::new().good("Nothing is missing or altered."));
        }
        for (object, flaw) in &self.damage {
            page.wrapped(0, 2, Line::new().strong(object).plain(": ").bad(flaw));
        }
    }
}

/// Checks the record, the bytes and the passages.
pub fn verify(session: &Session) -> Result<Exit> {
    let store = session.pipeline.store();
    let mut progress = Progress::start(session.is_quiet(), Some(store.totals()?.versions));
    let verified = Verified::from(verify::verify(store, &mut |_| progress.step(1))?);
    drop(progress);
    session.answer(&verified)?;
    if verified.damage.is_empty() {
        return Ok(Exit::Done);
    }
    let hint = "restore the store from a copy, or take the reports in again into a new store";
    Err(Problem::new(Exit::NotVerified, "cannot vouch for the store", hint).into())
}
