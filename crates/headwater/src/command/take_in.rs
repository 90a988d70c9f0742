//! `take-in`: reports arrive.

use super::Session;
use crate::exit::{Exit, Problem};
use crate::pipeline::Outcome;
use crate::progress::Progress;
use crate::render::words::plural;
use crate::render::{Line, Page, Render};
use crate::worker;
use anyhow::Result;
use headwater_domain::record::Failure;
use headwater_intake::{Intake, Item, Origin, Target};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// What taking in came to.
#[derive(Debug, Default, Serialize)]
struct TakenIn {
    /// Reports not seen before.
    new: u64,
    /// Other words of reports seen before.
    new_versions: u64,
    /// Reports that were kept before.
    unchanged: u64,
    /// What could not be taken in.
    failed: Vec<Failure>,
    /// Whether the user stopped it.
    interrupted: bool,
}

/// Reports kept in one transaction: few enough that a killed run loses little of its work.
const KEPT_TOGETHER: usize = 16;

/// Failures that are shown at once; `headwater failures` lists all.
const FAILURES_SHOWN: usize = 5;

impl Render for TakenIn {
    fn render(&self, page: &mut Page) {
        let mut line = Line::new().strong(plural(self.new, "new report", "new reports"));
        if self.new_versions > 0 {
            line = line.plain(format!(", {}", plural(self.new_versions, "new version", "new versions")));
        }
        line = line.plain(format!(", {} unchanged", self.unchanged));
        if !self.failed.is_empty() {
            line = line.bad(format!(", {} could not be taken in", self.failed.len()));
        }
        page.wrapped(0, 2, line);
        for failure in self.failed.iter().take(FAILURES_SHOWN) {
            let hint =
                if failure.hint.is_empty() { String::new() } else { format!("; hint: {}", failure.hint) };
            page.wrapped(
                1,
                2,
                Line::new().plain(format!("{}: {}", failure.origin, failure.reason)).faint(hint),
            );
        }
        if !self.failed.is_empty() {
            page.wrapped(
                0,
                2,
                Line::new()
                    .faint("`headwater failures` lists them, `headwater failures --retry` tries again."),
            );
        }
        let next = if self.interrupted {
            "Interrupted. What was taken in is kept; repeat the command to go on."
        } else {
            "`headwater picture` shows what is known now."
        };
        page.wrapped(0, 2, Line::new().faint(next));
    }
}

/// Takes in what the targets hold.
pub fn take_in(session: &Session, targets: &[String]) -> Result<Exit> {
    session.changes()?;
    take_in_all(session, &targets.iter().map(|target| Target::parse(target)).collect::<Vec<_>>())
}

/// Takes in again what failed before.
pub fn retry(session: &Session) -> Result<Exit> {
    session.changes()?;
    let failures = session.pipeline.store().failures()?;
    let targets: Vec<Target> =
        failures.iter().map(|failure| Target::Again(origin(&failure.origin))).collect();
    take_in_all(session, &targets)
}

fn take_in_all(session: &Session, targets: &[Target]) -> Result<Exit> {
    let intake = Intake::new(session.settings.limits.clone());
    let whole: Option<u64> = targets.iter().map(|target| intake.extent(target).bytes).sum();
    let mut progress = Progress::start(session.is_quiet(), whole);
    let pipeline = &session.pipeline;
    let failed_before: BTreeSet<String> =
        pipeline.store().failures()?.into_iter().map(|failure| failure.origin).collect();
    let mut taken = TakenIn::default();
    let items =
        targets.iter().flat_map(|target| intake.open(target)).take_while(|_| !session.interrupt.is_asked());
    let prepare = |item: Item| {
        let size = item.as_ref().map_or(0, |found| found.raw.len() as u64);
        let origin =
            item.as_ref().map_or_else(|failed| failed.origin.to_string(), |found| found.origin.to_string());
        (size, origin, pipeline.prepare(item, session.now))
    };
    worker::in_batches(pipeline.threads(), KEPT_TOGETHER, items, prepare, |batch| -> Result<()> {
        let (mut came, mut preparations) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
        for (size, origin, prepared) in batch {
            came.push((size, origin));
            preparations.push(prepared?);
        }
        for ((size, origin), outcome) in came.into_iter().zip(pipeline.keep(preparations, session.now)?) {
            match outcome {
                Outcome::New => taken.new += 1,
                Outcome::NewVersion => taken.new_versions += 1,
                Outcome::Unchanged => {
                    taken.unchanged += 1;
                    // It failed once and has come in some other way since.
                    if failed_before.contains(&origin) {
                        pipeline.store().clear_failure(&origin)?;
                    }
                }
                Outcome::Failed(failure) => taken.failed.push(failure),
            }
            progress.step(size);
        }
        Ok(())
    })?;
    progress.say("settling");
    pipeline.settle_what_is_left()?;
    drop(progress);
    taken.interrupted = session.interrupt.is_asked();
    finish(session, &taken)
}

fn finish(session: &Session, taken: &TakenIn) -> Result<Exit> {
    if !session.is_quiet() {
        session.answer(taken)?;
    }
    let any = taken.new + taken.new_versions + taken.unchanged > 0;
    match (taken.interrupted, taken.failed.is_empty()) {
        (true, _) => Ok(Exit::Interrupted),
        (false, true) => Ok(Exit::Done),
        (false, false) if any => Ok(Exit::SomeFailed),
        (false, false) => {
            Err(Problem::new(Exit::Failed, "cannot take in any of it", "`headwater failures` says why")
                .into())
        }
    }
}

/// Reads an origin back from how it is shown: `base!entry!entry#record`.
fn origin(shown: &str) -> Origin {
    if Path::new(shown).exists() {
        return Origin::of(shown);
    }
    let numbered = shown.rsplit_once('#').and_then(|(rest, number)| Some((rest, number.parse().ok()?)));
    let (path, record) = numbered.map_or((shown, None), |(rest, number)| (rest, Some(number)));
    let mut parts = path.split('!').map(str::to_owned);
    let base = parts.next().unwrap_or_default();
    Origin { base, inside: parts.collect(), record }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_reads_back_as_it_is_shown() {
        for shown in
            ["no/such.txt", "a.zip!b/c.jsonl#3", "https://harbour.example/feed#12", "x.tar!y.zip!z.html"]
        {
            assert_eq!(origin(shown).to_string(), shown);
        }
        assert_eq!(origin("a.zip!b.jsonl#3").record, Some(3));
    }
}
