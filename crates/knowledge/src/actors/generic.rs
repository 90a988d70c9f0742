//! What kind of actor is an unnamed one ("gunmen", "security forces"), and what is a title?

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Sector;
use super::tables::rows;

/// The kinds of entities that a noun phrase for an unnamed actor may denote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GenericKind {
    /// One human being.
    Person,
    /// An armed group or its members, outside the state.
    ArmedGroup,
    /// Forces of a state or of states.
    SecurityForce,
    /// A state's civil organs and officials.
    Government,
    /// A body that is neither armed nor a state.
    Organisation,
    /// Civilians and communities.
    People,
}

impl GenericKind {
    fn parse(word: &str) -> Option<GenericKind> {
        Some(match word {
            "person" => GenericKind::Person,
            "armed_group" => GenericKind::ArmedGroup,
            "security_force" => GenericKind::SecurityForce,
            "government" => GenericKind::Government,
            "organisation" => GenericKind::Organisation,
            "people" => GenericKind::People,
            _ => return None,
        })
    }
}

/// A noun for unnamed actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// What it denotes.
    pub kind: GenericKind,
    /// Its PLOVER sector.
    pub sector: Sector,
    /// The singular.
    pub singular: &'static str,
    /// Says that the form looked up is the plural.
    pub plural: bool,
}

/// What an adjective says of an unnamed actor: `armed`, `suspected`, `state-linked`.
pub type Adjective = &'static str;

/// Nouns and adjectives for unnamed actors.
pub struct GenericActors {
    nouns: BTreeMap<&'static str, Noun>,
    adjectives: BTreeMap<&'static str, Adjective>,
}

static GENERIC: LazyLock<GenericActors> = LazyLock::new(|| {
    let mut nouns = BTreeMap::new();
    for row in rows(include_str!("../../data/actors/generic.tsv")) {
        let [singular, plural, kind, sector] = row[..] else { continue };
        let (Some(kind), Some(sector)) = (GenericKind::parse(kind), Sector::parse(sector)) else { continue };
        nouns.entry(plural).or_insert(Noun { kind, sector, singular, plural: true });
        nouns.insert(singular, Noun { kind, sector, singular, plural: singular == plural });
    }
    let adjectives = rows(include_str!("../../data/actors/generic-adjectives.tsv"))
        .filter_map(|row| Some((*row.first()?, *row.get(1)?)))
        .collect();
    GenericActors { nouns, adjectives }
});

impl GenericActors {
    /// Returns the nouns and adjectives compiled into the program.
    pub fn shared() -> &'static Self {
        &GENERIC
    }

    /// Returns the noun with a lower-case form, singular or plural: `gunmen`, `suicide bomber`.
    pub fn noun(&self, form: &str) -> Option<Noun> {
        self.nouns.get(form).copied()
    }

    /// Returns the longest noun that a lower-case phrase ends with: "heavily armed gunmen".
    pub fn head(&self, phrase: &str) -> Option<Noun> {
        let starts = std::iter::once(0).chain(phrase.match_indices(' ').map(|(at, _)| at + 1));
        starts.filter_map(|start| self.noun(phrase.get(start..)?)).next()
    }

    /// Returns what a lower-case adjective says of the actor it goes with.
    pub fn adjective(&self, word: &str) -> Option<Adjective> {
        self.adjectives.get(word).copied()
    }

    /// Returns all nouns by their forms.
    pub fn nouns(&self) -> impl Iterator<Item = (&'static str, Noun)> {
        self.nouns.iter().map(|(form, noun)| (*form, *noun))
    }
}

/// A title or office of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Office {
    /// The title written out, in the singular: `lieutenant general` for `lt gen`.
    pub title: &'static str,
    /// PLOVER sector of whoever holds it.
    pub sector: Sector,
    /// Whose office it is: `police`, `parliament`, `armed group`.
    pub body: &'static str,
    /// Says that the form looked up is the plural.
    pub plural: bool,
}

/// Titles and offices.
pub struct Offices {
    offices: BTreeMap<&'static str, Office>,
}

static OFFICES: LazyLock<Offices> = LazyLock::new(|| {
    let mut offices = BTreeMap::new();
    for row in rows(include_str!("../../data/actors/offices.tsv")) {
        let [singular, plural, sector, body, long] = row[..] else { continue };
        let Some(sector) = Sector::parse(sector) else { continue };
        let title = if long.is_empty() { singular } else { long };
        offices.entry(plural).or_insert(Office { title, sector, body, plural: true });
        offices.insert(singular, Office { title, sector, body, plural: false });
    }
    Offices { offices }
});

impl Offices {
    /// Returns the titles compiled into the program.
    pub fn shared() -> &'static Self {
        &OFFICES
    }

    /// Returns the office with a lower-case form without full stops: `governors`, `lt gen`.
    pub fn office(&self, form: &str) -> Option<Office> {
        self.offices.get(form).copied()
    }

    /// Returns all offices by their forms.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Office)> {
        self.offices.iter().map(|(form, office)| (*form, *office))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unnamed_actors_have_a_kind() {
        let generic = GenericActors::shared();
        let kind = |phrase: &str| generic.head(phrase).map(|noun| noun.kind);
        assert_eq!(kind("heavily armed gunmen"), Some(GenericKind::ArmedGroup));
        assert_eq!(kind("a suicide bomber"), Some(GenericKind::ArmedGroup));
        assert_eq!(kind("government forces"), Some(GenericKind::SecurityForce));
        assert_eq!(kind("provincial officials"), Some(GenericKind::Government));
        assert_eq!(kind("rights groups"), Some(GenericKind::Organisation));
        assert_eq!(kind("elderly worshippers"), Some(GenericKind::People));
        assert_eq!(kind("green tables"), None);
        assert_eq!(generic.adjective("masked"), Some("unknown"));
    }

    #[test]
    fn every_row_of_the_tables_is_read() {
        let nouns = rows(include_str!("../../data/actors/generic.tsv")).count();
        let read: std::collections::BTreeSet<&str> =
            GenericActors::shared().nouns().map(|(_, noun)| noun.singular).collect();
        assert_eq!(read.len(), nouns);
        let offices = rows(include_str!("../../data/actors/offices.tsv"));
        for row in offices {
            assert!(row.first().is_some_and(|title| Offices::shared().office(title).is_some()), "{row:?}");
        }
    }

    #[test]
    fn titles_and_their_short_forms_are_known() {
        let office = |form: &str| Offices::shared().office(form).map(|office| (office.title, office.body));
        assert_eq!(office("lt gen"), Some(("lieutenant general", "military")));
        assert_eq!(office("governors"), Some(("governor", "government")));
        assert_eq!(office("lamp"), None);
    }
}
