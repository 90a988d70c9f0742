//! Digest: is this the same picture as that one?

use headwater_domain::record::hex_digest;
use headwater_store::query::{EventQuery, Page, SayingQuery};
use headwater_store::{Store, StoreError};
use serde::Serialize;
use std::collections::BTreeMap;

/// The derived picture in a form that two pictures can be compared by: each part by name, with the
/// digest of its canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// Events with all they say, their tellings included.
    pub events: BTreeMap<String, String>,
    /// What is said.
    pub sayings: BTreeMap<String, String>,
    /// How actors stand to one another, as it is told.
    pub relations: BTreeMap<String, String>,
    /// Which report derives from which.
    pub lineages: BTreeMap<String, String>,
}

impl Digest {
    /// Digests what a store believes.
    pub fn of(store: &dyn Store) -> Result<Self, StoreError> {
        let mut digest = Self {
            events: BTreeMap::new(),
            sayings: BTreeMap::new(),
            relations: BTreeMap::new(),
            lineages: BTreeMap::new(),
        };
        for event in store.events(&EventQuery::default(), Page::ALL)? {
            let members: Vec<_> = match store.dossier(event.id)? {
                Some(dossier) => dossier.incidents.iter().map(|incident| incident.claim).collect(),
                None => Vec::new(),
            };
            digest.events.insert(event.id.to_string(), canonical(&(&event, members)));
        }
        for saying in store.sayings(&SayingQuery::default(), Page::ALL)? {
            digest.sayings.insert(saying.claim.to_string(), canonical(&saying));
        }
        for claim in store.relation_claims(None)? {
            digest.relations.insert(claim.claim.to_string(), canonical(&claim));
        }
        for lineage in store.lineages(None)? {
            digest.lineages.insert(format!("{} {}", lineage.from, lineage.to), canonical(&lineage));
        }
        Ok(digest)
    }

    /// One line that stands for the whole picture.
    pub fn line(&self) -> String {
        canonical(self)
    }

    /// What differs, in words; nothing if the two are the same.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for (what, mine, theirs) in [
            ("event", &self.events, &other.events),
            ("saying", &self.sayings, &other.sayings),
            ("relation claim", &self.relations, &other.relations),
            ("lineage", &self.lineages, &other.lineages),
        ] {
            for (id, digest) in mine {
                match theirs.get(id) {
                    None => found.push(format!("{what} {id} is gone")),
                    Some(other) if other != digest => found.push(format!("{what} {id} is different")),
                    Some(_) => {}
                }
            }
            found.extend(
                theirs.keys().filter(|id| !mine.contains_key(*id)).map(|id| format!("{what} {id} is new")),
            );
        }
        found
    }
}

fn canonical(value: &impl Serialize) -> String {
    hex_digest(&serde_json::to_vec(value).expect("plain values always serialise"))
}
