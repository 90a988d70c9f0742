//! The sample reports against what a careful analyst expects of them (`samples/expected.toml`).

use crate::pipeline::Pipeline;
use crate::worker;
use anyhow::{Context as _, Result};
use headwater_analysis::policy::Policy;
use headwater_domain::id::{EventId, ReportId};
use headwater_domain::kind::{EventStatus, Family, Plover};
use headwater_domain::marking::Marking;
use headwater_domain::picture::{Dossier, Field, Value};
use headwater_domain::time::Period;
use headwater_intake::{Intake, Limits, Target};
use headwater_reader::Reader;
use headwater_store::MemoryStore;
use headwater_store::query::{EventQuery, Page, ReportQuery};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
struct Expected {
    event: Vec<ExpectedEvent>,
    apart: Vec<Apart>,
    copy: Vec<Copied>,
    not_event: Vec<NotEvent>,
}

#[derive(Debug, Deserialize)]
struct ExpectedEvent {
    name: String,
    kind: String,
    country: String,
    place: String,
    date: String,
    killed_low: Option<u32>,
    killed_high: Option<u32>,
    reports: Vec<String>,
    origins_max: usize,
    #[serde(default = "yes")]
    stands: bool,
    #[serde(default)]
    may_split: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
struct Apart {
    a: String,
    b: String,
}

#[derive(Debug, Deserialize)]
struct Copied {
    a: String,
    b: String,
}

#[derive(Debug, Deserialize)]
struct NotEvent {
    file: String,
}

/// A share, kept as its two counts.
#[derive(Debug, Default)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }

    fn get(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.right as f64 / self.of as f64 }
    }
}

/// Takes the samples in and compares; gives a line a figure, then what was missed.
pub fn measure(expected: &Path, reader: Reader) -> Result<String> {
    let folder = expected.parent().unwrap_or(expected);
    let text = fs::read_to_string(expected).with_context(|| format!("cannot read {}", expected.display()))?;
    let expected: Expected =
        toml::from_str(&text).context("cannot understand what is expected of the samples")?;

    let pipeline = Pipeline::new(
        Arc::new(MemoryStore::new()),
        reader,
        Policy::default(),
        Marking::default(),
        "evaluate",
        worker::threads(0),
    );
    let reports_folder = folder.join("reports");
    for item in Intake::new(Limits::default()).open(&Target::parse(&reports_folder.to_string_lossy())) {
        pipeline.take_in(item, Timestamp::UNIX_EPOCH)?;
    }
    pipeline.settle_what_is_left()?;
    let store = pipeline.store();

    // Reports go by file, or file#id where a file holds several.
    let mut report_of: BTreeMap<String, ReportId> = BTreeMap::new();
    for summary in store.reports(&ReportQuery::default(), Page::ALL)? {
        let Some(report) = store.report(summary.id, None)? else { continue };
        for (_, version) in store.all_versions()?.into_iter().filter(|(id, _)| *id == summary.id) {
            let Some(kept) = store.report(summary.id, Some(version))? else { continue };
            let file = kept.origin.split_once('#').map_or(kept.origin.as_str(), |(file, _)| file);
            let name = Path::new(file)
                .strip_prefix(&reports_folder)
                .map_or(file.to_owned(), |name| name.to_string_lossy().into_owned());
            if let Some(id) = &report.given_id {
                report_of.insert(format!("{name}#{id}"), report.id);
            }
            report_of.insert(name, report.id);
        }
    }
    let mut dossiers: Vec<Dossier> = Vec::new();
    for event in store.events(&EventQuery::default(), Page::ALL)? {
        dossiers.extend(store.dossier(event.id)?);
    }

    let mut missed = String::new();
    let (mut found, mut joined, mut toll, mut origins) =
        (Share::default(), Share::default(), Share::default(), Share::default());
    let mut event_of: BTreeMap<&str, EventId> = BTreeMap::new();
    for event in expected.event.iter().filter(|event| event.stands) {
        let wanted: BTreeSet<ReportId> =
            event.reports.iter().filter_map(|name| report_of.get(name).copied()).collect();
        let tells = |dossier: &&Dossier| {
            dossier
                .incidents
                .iter()
                .map(|incident| incident.evidence.report)
                .collect::<BTreeSet<_>>()
                .intersection(&wanted)
                .count()
        };
        let best = dossiers
            .iter()
            .filter(|dossier| fits(event, dossier))
            .max_by_key(|dossier| {
                (closeness(event, dossier), tells(dossier), std::cmp::Reverse(dossier.event.id))
            })
            .filter(|dossier| tells(dossier) > 0);
        found.count(best.is_some());
        let Some(best) = best else {
            writeln!(missed, "missed: {}", event.name)?;
            continue;
        };
        event_of.insert(&event.name, best.event.id);
        if !event.may_split {
            joined.right += tells(&best);
            joined.of += wanted.len();
            if tells(&best) < wanted.len() {
                writeln!(missed, "split: {} has {} of {} reports", event.name, tells(&best), wanted.len())?;
            }
        }
        // Reports that are not listed may tell of it too, and bring origins of their own.
        let counted = best.event.assessment.origins.iter();
        let counted =
            counted.filter(|origin| origin.reports.iter().any(|report| wanted.contains(report))).count();
        let right_origins = counted <= event.origins_max;
        origins.count(right_origins);
        if !right_origins {
            writeln!(
                missed,
                "origins: {} has {counted}, at most {} are there",
                event.name, event.origins_max
            )?;
        }
        if let Some(low) = event.killed_low {
            let told = best.event.assessment.field(Field::Killed).and_then(|field| field.values.first());
            let right = told.is_some_and(|told| {
                matches!(&told.value, Value::Count(count) if count.low >= low && event.killed_high.is_none_or(|high| count.low <= high))
            });
            toll.count(right);
            if !right {
                let words = told.map_or("no toll", |told| told.words.as_str());
                writeln!(missed, "toll: {} has {words}, not {low}", event.name)?;
            }
        }
    }

    let mut apart = Share::default();
    for pair in &expected.apart {
        if let (Some(a), Some(b)) = (event_of.get(pair.a.as_str()), event_of.get(pair.b.as_str())) {
            apart.count(a != b);
            if a == b {
                writeln!(missed, "joined: {} and {}", pair.a, pair.b)?;
            }
        }
    }
    let lineages = store.lineages(None)?;
    let mut copies = Share::default();
    for copy in &expected.copy {
        let (Some(a), Some(b)) = (report_of.get(&copy.a), report_of.get(&copy.b)) else { continue };
        // A corrected article is a version of the same report, not a copy.
        let is_found = a == b
            || lineages.iter().any(|lineage| {
                (lineage.from, lineage.to) == (*a, *b) || (lineage.to, lineage.from) == (*a, *b)
            });
        copies.count(is_found);
        if !is_found {
            writeln!(missed, "copy not seen: {} from {}", copy.b, copy.a)?;
        }
    }
    let mut quiet = Share::default();
    for file in &expected.not_event {
        let told = report_of.get(&file.file).map_or(0, |report| {
            dossiers
                .iter()
                .flat_map(|dossier| &dossier.incidents)
                .filter(|incident| incident.evidence.report == *report)
                .filter(|incident| matches!(incident.status, EventStatus::Happened | EventStatus::Alleged))
                .filter(|incident| {
                    matches!(incident.kind.family(), Family::Violence | Family::Protest | Family::Coercion)
                })
                .count()
        });
        quiet.count(told == 0);
        if told > 0 {
            writeln!(missed, "false: {told} events in {}", file.file)?;
        }
    }
    Ok(format!(
        "events found {:.3}\nreports joined {:.3}\ntoll right {:.3}\norigins right {:.3}\nkept apart {:.3}\ncopies found {:.3}\nhard negatives quiet {:.3}\n{missed}",
        found.get(),
        joined.get(),
        toll.get(),
        origins.get(),
        apart.get(),
        copies.get(),
        quiet.get(),
    ))
}

/// How well time and place fit what is expected: the place by name, the day by what is stated.
fn closeness(expected: &ExpectedEvent, dossier: &Dossier) -> u8 {
    let event = &dossier.event;
    let place = event.place.as_ref().is_some_and(|place| {
        let wanted = expected.place.to_lowercase();
        place.name.to_lowercase().contains(&wanted) || place.words.to_lowercase().contains(&wanted)
    });
    let day = Period::parse(&expected.date).zip(event.when.as_ref()).is_some_and(|(wanted, when)| {
        when.overlaps(&wanted) && when.days_long().is_some_and(|days| days <= 31)
    });
    2 * u8::from(place) + u8::from(day)
}

/// Tells whether an event may be the one expected: its kind and country.
fn fits(expected: &ExpectedEvent, dossier: &Dossier) -> bool {
    let kind = Plover::from_word(&expected.kind);
    let event = &dossier.event;
    let same_kind = kind.is_some_and(|kind| {
        let family = headwater_domain::kind::EventKind::of(kind).family();
        event.kind.event == kind || event.kind.family() == family
    });
    let country = event.place.as_ref().and_then(|place| place.country.as_deref());
    same_kind && country.is_none_or(|country| country == expected.country)
}
