//! Origins: how many people actually know it, and how many only pass it on?
//!
//! Two tellings rest on one origin when the text of one derives from the other's, when both name the
//! same speaker, when both use the same sentence, or when one publisher family tells both by itself.
//! What is left is independent as far as can be seen; an origin that nobody names counts as "at
//! most".

use crate::sets::Sets;
use headwater_domain::id::{ClaimId, ReportId, SourceId};
use headwater_domain::picture::Origin;
use headwater_domain::reading::SourceKind;
use headwater_domain::report::Source;
use headwater_domain::resolution::{Incident, Lineage, RelationClaim, Voice};
use std::collections::{BTreeMap, BTreeSet};

/// A telling, as far as its origin is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The claim.
    pub claim: ClaimId,
    /// The report.
    pub report: ReportId,
    /// Who published it.
    pub source: Option<SourceId>,
    /// The agency that the report credits.
    pub wire: Option<&'a str>,
    /// Through whom it is told, outermost first.
    pub voices: &'a [Voice],
    /// Hash of the sentence's wording.
    pub wording: u64,
}

impl<'a> From<&'a Incident> for Telling<'a> {
    fn from(incident: &'a Incident) -> Self {
        Self {
            claim: incident.claim,
            report: incident.evidence.report,
            source: incident.source,
            wire: incident.wire.as_deref(),
            voices: &incident.voices,
            wording: incident.wording,
        }
    }
}

impl<'a> From<&'a RelationClaim> for Telling<'a> {
    fn from(claim: &'a RelationClaim) -> Self {
        Self {
            claim: claim.claim,
            report: claim.evidence.report,
            source: claim.source,
            wire: claim.wire.as_deref(),
            voices: &claim.voices,
            wording: claim.wording,
        }
    }
}

/// Sources by id, with the families they belong to.
#[derive(Debug, Clone, Default)]
pub struct Publishers {
    names: BTreeMap<SourceId, String>,
    parents: BTreeMap<SourceId, SourceId>,
}

/// Longest chain of parents followed: deeper ones are a mistake in the data, or a circle.
const PARENTS_MAX: usize = 16;

impl Publishers {
    /// Takes up what is known of sources.
    pub fn new<'a>(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let mut publishers = Self::default();
        for source in sources {
            publishers.names.insert(source.id, source.name.clone());
            if let Some(parent) = source.parent {
                publishers.parents.insert(source.id, parent);
            }
        }
        publishers
    }

    /// The head of the family that a source belongs to.
    pub fn family(&self, source: SourceId) -> SourceId {
        let mut head = source;
        for _ in 0..PARENTS_MAX {
            match self.parents.get(&head) {
                Some(&parent) if parent != source => head = parent,
                _ => break,
            }
        }
        head
    }

    /// The name of a source.
    pub fn name(&self, source: SourceId) -> Option<&str> {
        self.names.get(&source).map(String::as_str)
    }
}

/// Who stands at the root of a telling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Root {
    /// A speaker who can be told apart.
    Speaker(String),
    /// An agency or outlet that the report names as its source.
    Outlet(SourceId),
    /// Somebody in particular whom the report does not name; each report's own.
    Unnamed(ReportId),
    /// Not even the publisher is known.
    Report(ReportId),
}

/// Groups tellings by origin, largest group first. Tellings come back by index.
pub fn group(
    tellings: &[Telling<'_>],
    lineages: &[Lineage],
    publishers: &Publishers,
    prose_min: f32,
) -> Vec<Group> {
    let mut sets = Sets::new(tellings.len());
    let roots: Vec<Root> = tellings.iter().map(|telling| root(telling, publishers)).collect();

    let mut first_of: BTreeMap<&Root, usize> = BTreeMap::new();
    let mut first_worded: BTreeMap<u64, usize> = BTreeMap::new();
    let mut of_report: BTreeMap<ReportId, Vec<usize>> = BTreeMap::new();
    for (index, telling) in tellings.iter().enumerate() {
        sets.join(index, *first_of.entry(&roots[index]).or_insert(index));
        sets.join(index, *first_worded.entry(telling.wording).or_insert(index));
        of_report.entry(telling.report).or_default().push(index);
    }
    for lineage in
        lineages.iter().filter(|lineage| lineage.kind.is_copy() && lineage.prose_coverage >= prose_min)
    {
        let (Some(from), Some(to)) = (of_report.get(&lineage.from), of_report.get(&lineage.to)) else {
            continue;
        };
        for &derived in to {
            // What a copy adds in the voice of another speaker is that speaker's, not the original's.
            for &original in
                from.iter().filter(|&&original| !are_distinct_speakers(&roots[original], &roots[derived]))
            {
                sets.join(original, derived);
            }
        }
    }

    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..tellings.len() {
        groups.entry(sets.root(index)).or_default().push(index);
    }
    let mut groups: Vec<Group> =
        groups.into_values().map(|members| describe(members, tellings, &roots, publishers)).collect();
    groups.sort_by(|left, right| {
        right.members.len().cmp(&left.members.len()).then(left.label.cmp(&right.label))
    });
    groups
}

/// Tellings that rest on one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Indices of the tellings.
    pub members: Vec<usize>,
    /// The origin in words.
    pub label: String,
    /// Whether it is somebody in particular.
    pub certain: bool,
}

impl Group {
    /// The origin with its claims and reports.
    pub fn origin(&self, tellings: &[Telling<'_>]) -> Origin {
        let mut reports: Vec<ReportId> = self.members.iter().map(|&index| tellings[index].report).collect();
        reports.sort_unstable();
        reports.dedup();
        Origin {
            label: self.label.clone(),
            certain: self.certain,
            claims: self.members.iter().map(|&index| tellings[index].claim).collect(),
            reports,
        }
    }
}

fn are_distinct_speakers(left: &Root, right: &Root) -> bool {
    matches!((left, right), (Root::Speaker(left), Root::Speaker(right)) if left != right)
}

fn root(telling: &Telling<'_>, publishers: &Publishers) -> Root {
    // The innermost voice is the one that knows, or says it does.
    if let Some(voice) = telling.voices.last() {
        match voice.kind {
            SourceKind::Unnamed => return Root::Unnamed(telling.report),
            SourceKind::Media => {
                if let Some(words) = &voice.words {
                    return Root::Outlet(publishers.family(Source::id_of(words)));
                }
            }
            SourceKind::Author => {}
            SourceKind::NamedPerson
            | SourceKind::NamedOrganisation
            | SourceKind::Official
            | SourceKind::Document => {
                // "Police" of one event are one police, whether or not the report says of which country.
                let named =
                    voice.actor.as_ref().filter(|actor| actor.named).map(|actor| actor.id.to_string());
                if let Some(speaker) = named.or_else(|| voice.words.as_deref().map(described)) {
                    return Root::Speaker(speaker);
                }
            }
        }
    }
    if let Some(agency) = telling.wire {
        return Root::Outlet(publishers.family(Source::id_of(agency)));
    }
    match telling.source {
        Some(source) => Root::Outlet(publishers.family(source)),
        None => Root::Report(telling.report),
    }
}

/// A description without its article: "the police spokesman" and "Police spokesman" are one.
fn described(words: &str) -> String {
    let lower = words.to_lowercase();
    ["the ", "a ", "an "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower).to_owned()
}

fn describe(members: Vec<usize>, tellings: &[Telling<'_>], roots: &[Root], publishers: &Publishers) -> Group {
    let mut labels: BTreeSet<String> = BTreeSet::new();
    let mut certain = false;
    for &index in &members {
        let telling = &tellings[index];
        let voice = telling.voices.last();
        let words = voice.and_then(|voice| voice.words.clone());
        match &roots[index] {
            Root::Speaker(_) => {
                certain = true;
                let name = voice.and_then(|voice| voice.actor.as_ref()).filter(|actor| actor.named);
                labels.insert(name.map(|actor| actor.name.clone()).or(words).unwrap_or_default());
            }
            Root::Outlet(source) => {
                certain = true;
                let name = publishers.name(*source).map(str::to_owned);
                labels.insert(name.or_else(|| telling.wire.map(str::to_owned)).or(words).unwrap_or_default());
            }
            Root::Unnamed(_) => {
                labels.insert(
                    words.map_or_else(|| "nobody named".to_owned(), |words| format!("{words} (unnamed)")),
                );
            }
            Root::Report(_) => {
                labels.insert("a report without a publisher".to_owned());
            }
        }
    }
    labels.remove("");
    let mut label = labels.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if labels.len() > 3 {
        label.push_str(" and others");
    }
    Group { members, label, certain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_domain::reading::Stance;
    use headwater_domain::resolution::LineageKind;

    fn report(name: &str) -> ReportId {
        ReportId::of(&[name.as_bytes()])
    }

    fn voice(words: &str, kind: SourceKind) -> Voice {
        Voice { words: Some(words.to_owned()), actor: None, kind, stance: Stance::Asserts }
    }

    fn telling<'a>(name: &'a str, wire: Option<&'a str>, voices: &'a [Voice]) -> Telling<'a> {
        Telling {
            claim: ClaimId::of(&[name.as_bytes()]),
            report: report(name),
            source: Some(Source::id_of(name)),
            wire,
            voices,
            wording: crate::wording::wording(name),
        }
    }

    fn labels(tellings: &[Telling<'_>], lineages: &[Lineage]) -> Vec<String> {
        let sources = ["Coast Wire", "Brisa Post", "Harbour News"].map(Source::named);
        let publishers = Publishers::new(&sources);
        group(tellings, lineages, &publishers, 0.17).into_iter().map(|group| group.label).collect()
    }

    #[test]
    fn a_wire_story_in_two_papers_is_one_origin() {
        let tellings = [
            telling("Brisa Post", Some("Coast Wire"), &[]),
            telling("Harbour News", Some("Coast Wire"), &[]),
        ];
        assert_eq!(labels(&tellings, &[]), ["Coast Wire"]);
    }

    #[test]
    fn ten_papers_on_one_police_statement_are_one_origin() {
        let police = [voice("Brisa police", SourceKind::NamedOrganisation)];
        let tellings = [telling("Brisa Post", None, &police), telling("Harbour News", None, &police)];
        assert_eq!(labels(&tellings, &[]), ["Brisa police"]);
    }

    #[test]
    fn two_papers_with_their_own_words_are_two_origins_and_a_copy_is_none() {
        let tellings = [telling("Brisa Post", None, &[]), telling("Harbour News", None, &[])];
        assert_eq!(labels(&tellings, &[]).len(), 2);
        let copy = Lineage {
            from: report("Brisa Post"),
            to: report("Harbour News"),
            kind: LineageKind::Trimmed,
            directed: true,
            coverage: 0.9,
            prose_coverage: 0.9,
            because: String::new(),
        };
        assert_eq!(labels(&tellings, &[copy]).len(), 1);
    }

    #[test]
    fn unnamed_sources_of_two_reports_are_at_most_two_origins() {
        let unnamed = [voice("security experts", SourceKind::Unnamed)];
        let tellings = [telling("Brisa Post", None, &unnamed), telling("Harbour News", None, &unnamed)];
        let groups = group(&tellings, &[], &Publishers::default(), 0.17);
        assert_eq!(groups.len(), 2);
        assert!(groups.iter().all(|group| !group.certain));
    }
}
