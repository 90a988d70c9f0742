//! How are the data files read? One row a line, columns parted by tabs, `#` starts a comment.

use std::collections::BTreeMap;

use super::{ActorKind, KnownActor, Relation, RelationKind, Sector, Years};

pub(super) const STATES: &str = include_str!("../../data/actors/states.tsv");
pub(super) const BODIES: &str = include_str!("../../data/actors/bodies.tsv");
/// Files with one named actor a row; later files may not repeat a key.
pub(super) const NAMED: [&str; 8] = [
    include_str!("../../data/actors/state-bodies.tsv"),
    include_str!("../../data/actors/international.tsv"),
    include_str!("../../data/actors/groups-south-asia.tsv"),
    include_str!("../../data/actors/groups-middle-east.tsv"),
    include_str!("../../data/actors/groups-africa.tsv"),
    include_str!("../../data/actors/groups-americas.tsv"),
    include_str!("../../data/actors/groups-europe.tsv"),
    include_str!("../../data/actors/groups-asia-pacific.tsv"),
];

/// A name as the data gives it, with its marks taken off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marked<'a> {
    pub name: &'a str,
    /// `?`: the name alone does not settle who is meant.
    pub needs_context: bool,
    /// `!`: the usual meaning where several actors share the name.
    pub usual: bool,
}

/// A state as a row of `states.tsv`.
pub(super) struct StateRow {
    pub iso: &'static str,
    pub names: Vec<&'static str>,
    pub adjectives: Vec<&'static str>,
    pub capitals: Vec<&'static str>,
}

/// A regular body of a state as a row of `bodies.tsv`.
pub(super) struct BodyRow {
    pub suffix: &'static str,
    pub kind: ActorKind,
    pub sector: Sector,
    pub phrases: Vec<&'static str>,
}

pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::trim).collect())
}

fn column<'a>(row: &[&'a str], index: usize) -> &'a str {
    row.get(index).copied().unwrap_or_default()
}

fn list(column: &str) -> impl Iterator<Item = &str> {
    column.split(';').map(str::trim).filter(|item| !item.is_empty())
}

pub(super) fn marked(item: &str) -> Marked<'_> {
    match (item.strip_suffix('?'), item.strip_suffix('!')) {
        (Some(name), _) => Marked { name, needs_context: true, usual: false },
        (_, Some(name)) => Marked { name, needs_context: false, usual: true },
        _ => Marked { name: item, needs_context: false, usual: false },
    }
}

pub(super) fn states() -> impl Iterator<Item = StateRow> {
    rows(STATES).map(|row| StateRow {
        iso: column(&row, 0),
        names: std::iter::once(column(&row, 1)).chain(list(column(&row, 2))).collect(),
        adjectives: list(column(&row, 3)).collect(),
        capitals: list(column(&row, 4)).collect(),
    })
}

pub(super) fn bodies() -> impl Iterator<Item = BodyRow> {
    rows(BODIES).filter_map(|row| {
        Some(BodyRow {
            suffix: column(&row, 0),
            kind: ActorKind::parse(column(&row, 1))?,
            sector: Sector::parse(column(&row, 2))?,
            phrases: list(column(&row, 3)).collect(),
        })
    })
}

/// Reads every actor: states and their regular bodies first, then the named ones, whose rows add
/// names where they speak of a regular body.
pub(super) fn actors() -> BTreeMap<String, KnownActor> {
    let mut actors = BTreeMap::new();
    let bodies: Vec<BodyRow> = bodies().collect();
    for state in states() {
        let key = state.iso.to_lowercase();
        let adjective = state.adjectives.first().or(state.names.first()).copied().unwrap_or_default();
        for body in &bodies {
            let phrase = body.phrases.first().copied().unwrap_or_default();
            let body_key = format!("{key}-{}", body.suffix);
            let name = format!("{adjective} {phrase}");
            actors.insert(
                body_key.clone(),
                KnownActor::bare(body_key, name, body.kind, body.sector, vec![state.iso]),
            );
        }
        let name = state.names.first().copied().unwrap_or_default().to_owned();
        let mut actor = KnownActor::bare(key.clone(), name, ActorKind::State, Sector::Gov, vec![state.iso]);
        actor.names.extend(state.names.iter().skip(1));
        actors.insert(key, actor);
    }
    for row in NAMED.into_iter().flat_map(rows) {
        let Some(actor) = named(&row) else { continue };
        match actors.get_mut(&actor.key) {
            Some(known) => known.absorb(actor),
            None => {
                actors.insert(actor.key.clone(), actor);
            }
        }
    }
    actors
}

/// Reads one named actor; `None` where the row's kind is not one we know (a test reads every row).
pub(super) fn named(row: &[&'static str]) -> Option<KnownActor> {
    let kind = column(row, 4);
    let mut actor = KnownActor::bare(
        column(row, 0).to_owned(),
        marked(column(row, 1)).name.to_owned(),
        ActorKind::parse(kind)?,
        Sector::of(kind)?,
        column(row, 5).split_whitespace().collect(),
    );
    actor.kind_word = kind;
    actor.name_needs_context = marked(column(row, 1)).needs_context;
    actor.names = list(column(row, 2)).collect();
    actor.abbreviations = list(column(row, 3)).collect();
    actor.years = years(column(row, 6));
    actor.relations = list(column(row, 7)).filter_map(relation).collect();
    actor.sources = match column(row, 8) {
        "" => "open reporting",
        sources => sources,
    };
    Some(actor)
}

pub(super) fn years(text: &str) -> Years {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Years { from: from.parse().ok(), to: to.parse().ok() }
}

pub(super) fn relation(text: &'static str) -> Option<Relation> {
    let (kind, rest) = text.split_once(':')?;
    let (other, when) = rest.split_once('@').unwrap_or((rest, ""));
    let years = match when.is_empty() {
        true => Years::default(),
        false if when.contains('-') => years(when),
        false => Years { from: when.parse().ok(), to: None },
    };
    Some(Relation { kind: RelationKind::parse(kind)?, other, years })
}
