//! Relevance: is there conflict in this text at all?
//!
//! A striker attacks, a bid is ambushed, a film is bombed by its critics. Words of violence count only
//! in a text that has somebody or something of conflict in it: an armed group, a force, a weapon, or
//! people harmed by people.

use crate::events::Found;
use headwater_domain::count::{CountForm, Harm};
use headwater_domain::kind::{Family, Plover};
use headwater_domain::reading::{Chain, CountMention, EventProposition, Role, ThingKind};

/// Leaves out events that nothing in the text supports.
pub fn keep(
    events: Vec<Found>,
    chains: &[Chain],
    counts: &[CountMention],
    chain_of: impl Fn(u32) -> Option<usize>,
) -> Vec<Found> {
    let has_force =
        chains.iter().any(|chain| matches!(chain.kind, ThingKind::ArmedGroup | ThingKind::SecurityForce));
    let has_weapon = events.iter().any(|found| found.proposition.in_role(Role::Weapon).next().is_some());
    let kind_of =
        |mention: u32| chain_of(mention).and_then(|chain| chains.get(chain)).map(|chain| chain.kind);
    let kills = |event: &EventProposition| {
        event.tolls.iter().filter_map(|toll| counts.get(toll.0 as usize)).any(|count| {
            matches!(count.harm, Harm::Killed | Harm::Injured | Harm::Abducted)
                && count.count.form != CountForm::Implied
        })
    };
    let by_people = |event: &EventProposition| {
        event.in_role(Role::Actor).any(|mention| kind_of(mention.0).is_some_and(ThingKind::acts))
    };
    let harms = events.iter().any(|found| {
        found.proposition.kind.event == Plover::Assault
            && kills(&found.proposition)
            && by_people(&found.proposition)
    });
    let conflict = has_force || has_weapon || harms;
    events
        .into_iter()
        .filter(|found| {
            let event = &found.proposition;
            let organised = event.arguments.iter().any(|argument| {
                kind_of(argument.mention.0).is_some_and(|kind| {
                    matches!(kind, ThingKind::ArmedGroup | ThingKind::SecurityForce | ThingKind::Government)
                })
            });
            match event.kind.family() {
                Family::Violence => conflict,
                Family::Talk | Family::Threat | Family::Mobilization => conflict || organised,
                Family::Protest | Family::Coercion | Family::Cooperation => true,
            }
        })
        .collect()
}
