//! Relations: how do two actors stand to one another, by everybody who says so?

use super::origins::{self, Publishers, Telling};
use crate::policy::Policy;
use headwater_domain::id::{ActorId, RelationId};
use headwater_domain::picture::{Relation, RelationReading};
use headwater_domain::reading::RelationKind;
use headwater_domain::resolution::{Lineage, RelationClaim};
use std::collections::BTreeMap;

/// Sorts relation claims into one relation for each pair of actors, disputed ones first.
pub fn relations(
    claims: &[RelationClaim],
    lineages: &[Lineage],
    publishers: &Publishers,
    policy: &Policy,
) -> Vec<Relation> {
    let mut pairs: BTreeMap<(ActorId, ActorId), Vec<&RelationClaim>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.from.id != claim.to.id) {
        let (from, to) = (claim.from.id, claim.to.id);
        pairs.entry((from.min(to), from.max(to))).or_default().push(claim);
    }
    let mut relations: Vec<Relation> = pairs
        .into_iter()
        .filter_map(|(pair, mut claims)| {
            claims.sort_by_key(|claim| (claim.published, claim.claim));
            relation(pair, &claims, lineages, publishers, policy)
        })
        .collect();
    relations.sort_by_key(|relation| {
        let claims: usize = relation.readings.iter().map(|reading| reading.claims.len()).sum();
        (!relation.disputed, std::cmp::Reverse(claims), relation.id)
    });
    relations
}

fn relation(
    (left, right): (ActorId, ActorId),
    claims: &[&RelationClaim],
    lineages: &[Lineage],
    publishers: &Publishers,
    policy: &Policy,
) -> Option<Relation> {
    let first = claims.first()?;
    let actor = |id: ActorId| if first.from.id == id { first.from.clone() } else { first.to.clone() };
    let mut by_kind: BTreeMap<(RelationKind, bool), Vec<RelationClaim>> = BTreeMap::new();
    for claim in claims {
        by_kind.entry((claim.kind, claim.negated)).or_default().push((*claim).clone());
    }
    let mut readings: Vec<RelationReading> = by_kind
        .into_iter()
        .map(|((kind, negated), claims)| {
            let tellings: Vec<Telling<'_>> = claims.iter().map(Telling::from).collect();
            let groups = origins::group(&tellings, lineages, publishers, policy.prose_coverage_min);
            RelationReading {
                kind,
                negated,
                origins: u32::try_from(groups.len()).unwrap_or(u32::MAX),
                claims,
            }
        })
        .collect();
    readings.sort_by_key(|reading| std::cmp::Reverse((reading.origins, reading.claims.len())));
    let disputed = readings
        .iter()
        .enumerate()
        .any(|(position, one)| readings[position + 1..].iter().any(|other| are_at_odds(one, other)));
    let summary = readings.iter().map(in_words).collect::<Vec<_>>().join(if disputed {
        "; against that, "
    } else {
        "; "
    });
    let marking =
        claims.iter().skip(1).fold(first.marking.clone(), |so_far, claim| so_far.join(&claim.marking));
    Some(Relation {
        id: RelationId::of(&[left.to_string().as_bytes(), right.to_string().as_bytes()]),
        left: actor(left),
        right: actor(right),
        readings,
        disputed,
        summary,
        marking,
    })
}

fn in_words(reading: &RelationReading) -> String {
    let not = if reading.negated { "not " } else { "" };
    let claims = reading.claims.len();
    format!("{not}{} ({claims} {})", reading.kind.word(), if claims == 1 { "claim" } else { "claims" })
}

/// Working together and fighting exclude one another at one time, as do a link and its denial.
fn are_at_odds(one: &RelationReading, other: &RelationReading) -> bool {
    use RelationKind::{Affiliated, Allied, Controls, DeniesLink, Hostile};
    let ties = |kind: RelationKind| matches!(kind, Allied | Affiliated | Controls);
    if one.kind == other.kind {
        return one.negated != other.negated;
    }
    let (one_holds, other_holds) = (!one.negated, !other.negated);
    let at_odds = |left: RelationKind, right: RelationKind| {
        (left == Hostile && ties(right)) || (left == DeniesLink && ties(right))
    };
    one_holds && other_holds && (at_odds(one.kind, other.kind) || at_odds(other.kind, one.kind))
}
