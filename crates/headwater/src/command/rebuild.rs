//! `rebuild`: the picture is derived again from what was kept.

use super::Session;
use crate::digest::Digest;
use crate::exit::{Exit, Problem};
use crate::pipeline::Pipeline;
use crate::progress::Progress;
use crate::render::{Line, Page, Render};
use crate::worker;
use anyhow::Result;
use headwater_domain::id::ReportId;
use headwater_domain::marking::Marking;
use headwater_domain::record::{Action, Deed};
use headwater_store::{MemoryStore, Store};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What rebuilding came to.
#[derive(Debug, Serialize)]
struct Rebuilt {
    /// How many versions of reports were read.
    versions: usize,
    /// Stands for the whole picture.
    digest: String,
    /// What is not as it was, or not the same in every order.
    differences: Vec<String>,
    /// Whether it was only checked.
    checked: bool,
}

/// Differences beyond so many are only counted.
const DIFFERENCES_SHOWN: usize = 20;

impl Render for Rebuilt {
    fn render(&self, page: &mut Page) {
        let done = if self.checked { "checked" } else { "derived again" };
        let line = Line::new().strong(format!("{} versions of reports {done}", self.versions));
        page.wrapped(0, 2, line.faint(format!(" · {}", self.digest)));
        if self.differences.is_empty() {
            page.wrapped(0, 2, Line::new().good("The picture is the same."));
        }
        for difference in self.differences.iter().take(DIFFERENCES_SHOWN) {
            page.wrapped(0, 2, Line::new().doubt(difference));
        }
        if self.differences.len() > DIFFERENCES_SHOWN {
            page.wrapped(0, 2, format!("… {} more", self.differences.len() - DIFFERENCES_SHOWN));
        }
    }
}

/// Derives everything again, or only checks that this would change nothing.
pub fn rebuild(session: &Session, only_check: bool) -> Result<Exit> {
    session.changes()?;
    if only_check { check(session) } else { derive_again(session) }
}

fn derive_again(session: &Session) -> Result<Exit> {
    let pipeline = &session.pipeline;
    pipeline.settle_what_is_left()?;
    let before = Digest::of(pipeline.store())?;
    let versions = pipeline.store().all_versions()?;
    pipeline.store().clear_derived()?;
    let mut progress = Progress::start(session.is_quiet(), Some(versions.len() as u64));
    let again = |(id, version): (ReportId, u32)| pipeline.derive(id, version, true);
    worker::in_order(pipeline.threads(), versions.iter().copied(), again, |again| -> Result<()> {
        if let Some(again) = again? {
            pipeline.keep_again(&again)?;
        }
        progress.step(1);
        Ok(())
    })?;
    progress.say("settling");
    pipeline.settle_what_is_left()?;
    drop(progress);
    let after = Digest::of(pipeline.store())?;
    pipeline.store().record(Deed {
        at: session.now,
        by: pipeline.user().to_owned(),
        action: Action::Rebuild,
        object: "picture".to_owned(),
        digest: after.line(),
        marking: Marking::default(),
    })?;
    let differences = before.differences(&after);
    session.answer(&Rebuilt { versions: versions.len(), digest: after.line(), differences, checked: false })
}

/// Derives the picture in memory, in the order of intake, backwards, and in an order that looks like none.
fn check(session: &Session) -> Result<Exit> {
    let pipeline = &session.pipeline;
    pipeline.settle_what_is_left()?;
    let kept = Digest::of(pipeline.store())?;
    let reports = in_order_of_intake(pipeline)?;
    let backwards: Vec<ReportId> = reports.iter().rev().copied().collect();
    // By id is by hash: an order that has nothing to do with intake and is the same every time.
    let mut by_id = reports.clone();
    by_id.sort_unstable();
    let mut differences = Vec::new();
    let mut versions = 0;
    for (name, order) in [("in order of intake", &reports), ("backwards", &backwards), ("by id", &by_id)] {
        let (digest, read) = derived(session, order, name)?;
        differences
            .extend(kept.differences(&digest).into_iter().map(|difference| format!("{name}: {difference}")));
        versions = read;
    }
    let answer = Rebuilt { versions, digest: kept.line(), differences, checked: true };
    session.answer(&answer)?;
    if answer.differences.is_empty() {
        return Ok(Exit::Done);
    }
    let hint = "`headwater rebuild` puts in place what is derived in the order of intake";
    Err(Problem::new(Exit::NotVerified, "cannot derive the same picture again", hint).into())
}

fn in_order_of_intake(pipeline: &Pipeline) -> Result<Vec<ReportId>> {
    let mut seen = std::collections::BTreeSet::new();
    let versions = pipeline.store().all_versions()?;
    Ok(versions.into_iter().map(|(id, _)| id).filter(|id| seen.insert(*id)).collect())
}

/// Derives the picture in memory, report by report in this order, and digests it.
fn derived(session: &Session, order: &[ReportId], name: &str) -> Result<(Digest, usize)> {
    let kept = session.pipeline.store();
    let mut versions: BTreeMap<ReportId, Vec<u32>> = BTreeMap::new();
    for (id, version) in kept.all_versions()? {
        versions.entry(id).or_default().push(version);
    }
    let memory = Arc::new(MemoryStore::new());
    let derived = session.pipeline.over(Arc::clone(&memory) as Arc<dyn Store>);
    let mut progress = Progress::start(session.is_quiet(), Some(order.len() as u64));
    progress.say(name);
    let read = |id: ReportId| {
        let versions = versions.get(&id).into_iter().flatten();
        versions.map(|&version| session.pipeline.derive(id, version, true)).collect::<Result<Vec<_>, _>>()
    };
    let mut count = 0;
    worker::in_order(session.pipeline.threads(), order.iter().copied(), read, |all| -> Result<()> {
        for each in all?.into_iter().flatten() {
            derived.keep_elsewhere(&memory, each)?;
            count += 1;
        }
        progress.step(1);
        Ok(())
    })?;
    derived.settle_what_is_left()?;
    for judgement in kept.judgements()? {
        derived.judge(&judgement)?;
    }
    derived.settle_what_is_left()?;
    Ok((Digest::of(derived.store())?, count))
}
