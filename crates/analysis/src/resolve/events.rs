//! Event identity: which tellings are of one event?
//!
//! Points for and against are added up for each pair of tellings; pairs with enough points are
//! linked. Within what hangs together, the strongest links are joined first, and no join may bring
//! together two tellings that cannot be one event. The result depends only on the set of tellings,
//! not on the order in which they came.

use crate::policy::Policy;
use crate::sets::Sets;
use crate::wording;
use headwater_domain::count::Harm;
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::judgement::Verdict;
use headwater_domain::kind::{EventStatus, Mode, Plover};
use headwater_domain::resolution::{Incident, PlaceRef, Precision, Toll};
use headwater_domain::time::Period;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Points for and against two tellings being one event, with what gave them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Points {
    /// The sum.
    pub total: f32,
    /// What gave points, in words.
    pub because: Vec<(&'static str, f32)>,
}

impl Points {
    fn add(&mut self, because: &'static str, points: f32) {
        if points != 0.0 {
            self.total += points;
            self.because.push((because, points));
        }
    }
}

/// Days in which a telling may place its event: as stated, else the days before publication.
pub fn days(incident: &Incident, policy: &Policy) -> (Option<Date>, Option<Date>) {
    let window = incident.when.as_ref().or(incident.window.as_ref());
    let latest = window.and_then(Period::latest).map(|at| at.date());
    let earliest = window.and_then(Period::earliest).map(|at| at.date());
    if incident.when.is_some() || incident.status == EventStatus::Background {
        return (earliest, latest);
    }
    let bounded = latest.and_then(|day| day.checked_sub(policy.undated_days.days()).ok());
    (earliest.or(bounded), latest)
}

/// Tells why two tellings cannot be one event, if they cannot.
pub fn apart(left: &Incident, right: &Incident, policy: &Policy) -> Option<&'static str> {
    if left.kind.family() != right.kind.family() {
        return Some("different kinds of event");
    }
    if outlook(left.status) != outlook(right.status) {
        return Some("one was carried out and the other was not");
    }
    if left.status == EventStatus::Hypothetical && left.wording != right.wording {
        return Some("only imagined");
    }
    if let (Some(left), Some(right)) = (&left.place, &right.place)
        && places_apart(left, right, policy)
    {
        return Some("different places");
    }
    let ((from, to), (since, until)) = (days(left, policy), days(right, policy));
    let before = |end: Option<Date>, begin: Option<Date>| match (end, begin) {
        // A day of slack: time zones, and nights that two papers date differently.
        (Some(end), Some(begin)) => (begin - end).get_days() > 1,
        _ => false,
    };
    if before(to, since) || before(until, from) {
        return Some("different times");
    }
    None
}

/// What has been carried out, what only might be, and what was stopped are never one event.
fn outlook(status: EventStatus) -> u8 {
    match status {
        EventStatus::Happened | EventStatus::Alleged | EventStatus::Denied | EventStatus::Background => 0,
        EventStatus::Planned | EventStatus::Threatened => 1,
        EventStatus::Foiled => 2,
        EventStatus::Hypothetical => 3,
    }
}

fn places_apart(left: &PlaceRef, right: &PlaceRef, policy: &Policy) -> bool {
    if let (Some(left), Some(right)) = (&left.country, &right.country)
        && left != right
    {
        return true;
    }
    let (Some(left_key), Some(right_key)) = (&left.key, &right.key) else { return false };
    if left_key == right_key || left.within.contains(right_key) || right.within.contains(left_key) {
        return false;
    }
    match distance_km(left, right) {
        Some(distance) => {
            let slack = f64::from(left.radius_km.unwrap_or(0.0) + right.radius_km.unwrap_or(0.0));
            distance > policy.town_distance_km + slack
        }
        None => false,
    }
}

fn distance_km(left: &PlaceRef, right: &PlaceRef) -> Option<f64> {
    Some(headwater_knowledge::places::distance_km(left.position?, right.position?))
}

/// Adds up what speaks for and against two tellings being one event.
pub fn compare(left: &Incident, right: &Incident, policy: &Policy) -> Points {
    let mut points = Points::default();
    if left.wording == right.wording && left.trigger_offset() == right.trigger_offset() {
        points.add("the same sentence", policy.same_wording);
    }
    points.add("place", place_points(left.place.as_ref(), right.place.as_ref(), policy));
    points.add("time", time_points(left, right, policy));
    points.add("means", mode_points(left, right, policy));
    if left.word == right.word {
        points.add("the word for it", policy.same_word);
    }
    points.add("dead", toll_points(&left.tolls, &right.tolls, policy));
    points.add("who did it", actor_points(left, right, policy));
    if left.targets.iter().any(|target| right.targets.iter().any(|other| other.id == target.id)) {
        points.add("target", policy.same_target);
    }
    points.add("words in common", policy.same_words * wording::overlap(&left.words, &right.words));
    if left.aggregate != right.aggregate {
        points.add("a wave or a total against one event", policy.aggregate_mismatch);
    }
    points
}

fn place_points(left: Option<&PlaceRef>, right: Option<&PlaceRef>, policy: &Policy) -> f32 {
    let (Some(left), Some(right)) = (left, right) else { return 0.0 };
    let both_towns = left.precision == Precision::Town && right.precision == Precision::Town;
    if both_towns && (left.key.is_some() && left.key == right.key || same_words(left, right)) {
        return policy.same_town;
    }
    if both_towns && distance_km(left, right).is_some_and(|distance| distance <= policy.town_distance_km) {
        return policy.same_town;
    }
    let contains = |outer: &PlaceRef, inner: &PlaceRef| {
        outer.key.is_some()
            && (outer.key == inner.key || outer.key.as_ref().is_some_and(|key| inner.within.contains(key)))
    };
    if contains(left, right) || contains(right, left) {
        return match left.precision.max(right.precision) {
            Precision::Town | Precision::District | Precision::Province => policy.same_division,
            Precision::Country | Precision::Unknown => policy.same_country,
        };
    }
    if left.country.is_some() && left.country == right.country { policy.same_country } else { 0.0 }
}

fn same_words(left: &PlaceRef, right: &PlaceRef) -> bool {
    left.name.to_lowercase() == right.name.to_lowercase()
}

fn time_points(left: &Incident, right: &Incident, policy: &Policy) -> f32 {
    match (&left.when, &right.when) {
        (Some(one), Some(other)) => match one.days_long().max(other.days_long()) {
            Some(1) => policy.same_day,
            Some(2..=4) => policy.same_days,
            Some(5..=45) => policy.same_month,
            _ => 0.0,
        },
        _ => match (left.published, right.published) {
            (Some(one), Some(other)) if (one - other).get_days().abs() <= policy.publication_days => {
                policy.near_publication
            }
            _ => 0.0,
        },
    }
}

/// Modes that papers use for one and the same act.
fn mode_group(mode: Mode) -> u8 {
    match mode {
        Mode::Explosives | Mode::SuicideAttack | Mode::Destroy => 1,
        Mode::Firearms | Mode::Targeted | Mode::Beat | Mode::Primitive => 2,
        Mode::Aerial | Mode::Drone | Mode::HeavyWeapons => 3,
        Mode::Abduct => 4,
        Mode::Sexual => 5,
        Mode::Unconventional => 6,
        Mode::Arrest | Mode::Seize | Mode::Convict => 7,
        _ => 0,
    }
}

fn mode_points(left: &Incident, right: &Incident, policy: &Policy) -> f32 {
    match (left.kind.mode, right.kind.mode) {
        (Some(one), Some(other)) if one == other => policy.same_mode,
        (Some(one), Some(other)) => match (mode_group(one), mode_group(other)) {
            (0, _) | (_, 0) => 0.0,
            (one, other) if one == other => policy.same_mode / 2.0,
            // Attackers shoot and set off bombs in one event; they do not bomb and abduct in one.
            (1, 2) | (2, 1) | (1, 3) | (3, 1) => 0.0,
            _ => policy.other_mode,
        },
        _ if left.kind.event != right.kind.event && left.kind.event != Plover::Assault => policy.other_mode,
        _ => 0.0,
    }
}

/// The toll that stands for a telling: of the dead, the highest.
fn dead(tolls: &[Toll]) -> Option<&Toll> {
    tolls.iter().filter(|toll| toll.harm == Harm::Killed).max_by_key(|toll| toll.count.low)
}

fn toll_points(left: &[Toll], right: &[Toll], policy: &Policy) -> f32 {
    let (Some(left), Some(right)) = (dead(left), dead(right)) else { return 0.0 };
    let (low, high) = (left.count.low.min(right.count.low), left.count.low.max(right.count.low));
    if low == high && low >= 3 {
        policy.same_toll
    } else if left.count.agrees(&right.count) || f64::from(low) >= f64::from(high) * 0.7 {
        policy.near_toll
    } else if high > 9 && low.saturating_mul(3) < high {
        policy.far_toll
    } else {
        0.0
    }
}

fn actor_points(left: &Incident, right: &Incident, policy: &Policy) -> f32 {
    let named = |incident: &'_ Incident| incident.actors.iter().any(|actor| actor.named);
    let shared = left
        .actors
        .iter()
        .filter(|actor| actor.named)
        .any(|actor| right.actors.iter().any(|other| other.id == actor.id));
    match (shared, named(left) && named(right)) {
        (true, _) => policy.same_actor,
        (false, true) => policy.other_actor,
        (false, false) => 0.0,
    }
}

/// Tellings that say exactly the same in the same words: copies. They are compared once.
struct Group<'a> {
    members: Vec<&'a Incident>,
    reports: BTreeSet<ReportId>,
}

impl<'a> Group<'a> {
    fn first(&self) -> &'a Incident {
        self.members[0]
    }
}

/// What a telling says, as far as identity goes; tellings with one signature are copies. When a
/// report was published is left out: a sentence without a date means one event wherever it is printed.
type Signature<'a> = (u64, usize, Option<&'a str>, Option<&'a str>, EventStatus, Plover);

fn signature(incident: &Incident) -> Signature<'_> {
    let place = incident.place.as_ref().map(|place| place.key.as_deref().unwrap_or(&place.name));
    let when = incident.when.as_ref().map(Period::edtf);
    (incident.wording, incident.trigger_offset(), place, when, incident.status, incident.kind.event)
}

/// Decisions that bear on event identity.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    same: BTreeSet<(ClaimId, ClaimId)>,
    distinct: BTreeSet<(ClaimId, ClaimId)>,
}

impl Decisions {
    /// Takes up those verdicts that say which events are one and which are two.
    pub fn of<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Self {
        let mut decisions = Self::default();
        let pair = |left: &EventId, right: &EventId| {
            let (left, right) = (left.founding_claim(), right.founding_claim());
            (left.min(right), left.max(right))
        };
        for verdict in verdicts {
            match verdict {
                Verdict::SameEvent(left, right) => {
                    decisions.distinct.remove(&pair(left, right));
                    decisions.same.insert(pair(left, right));
                }
                Verdict::DistinctEvents(left, right) => {
                    decisions.same.remove(&pair(left, right));
                    decisions.distinct.insert(pair(left, right));
                }
                _ => {}
            }
        }
        decisions
    }

    /// Claims that must be looked up with a claim, since a decision ties them.
    pub fn partners(&self, claim: ClaimId) -> impl Iterator<Item = ClaimId> + '_ {
        self.same.iter().filter_map(move |&(left, right)| {
            if left == claim {
                Some(right)
            } else if right == claim {
                Some(left)
            } else {
                None
            }
        })
    }
}

/// A component: tellings that hang together by links, and the events they fall into.
#[derive(Debug, Clone, PartialEq)]
pub struct Component<'a> {
    /// The smallest claim; it names the component.
    pub id: ClaimId,
    /// The events, each with its tellings.
    pub events: Vec<Vec<&'a Incident>>,
}

/// Sorts tellings into components and events. Claims must differ.
pub fn cluster<'a>(incidents: &'a [Incident], decisions: &Decisions, policy: &Policy) -> Vec<Component<'a>> {
    let groups = groups(incidents);
    let group_of: BTreeMap<ClaimId, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(index, group)| group.members.iter().map(move |incident| (incident.claim, index)))
        .collect();
    let decided = |pairs: &BTreeSet<(ClaimId, ClaimId)>| -> BTreeSet<(usize, usize)> {
        let groups =
            pairs.iter().filter_map(|(left, right)| Some((*group_of.get(left)?, *group_of.get(right)?)));
        groups.map(|(left, right)| (left.min(right), left.max(right))).collect()
    };
    let (same, distinct) = (decided(&decisions.same), decided(&decisions.distinct));

    let mut links = links(&groups, policy, |_, _| true);
    links.sort_by(|left, right| {
        right.0.total_cmp(&left.0).then_with(|| (left.1, left.2).cmp(&(right.1, right.2)))
    });

    let mut components = Sets::new(groups.len());
    for &(_, left, right) in &links {
        components.join(left, right);
    }
    for &(left, right) in &same {
        components.join(left, right);
    }

    let mut clusters = Clusters::new(groups.len());
    for &(left, right) in same.difference(&distinct) {
        clusters.join(left, right);
    }
    for (_, left, right) in links {
        let (one, other) = (clusters.members(left), clusters.members(right));
        let barred = one.iter().any(|&a| {
            other.iter().any(|&b| {
                a != b
                    && (distinct.contains(&(a.min(b), a.max(b)))
                        || cannot_join(&groups[a], &groups[b], policy))
            })
        });
        if !barred {
            clusters.join(left, right);
        }
    }

    let mut by_component: BTreeMap<usize, Vec<Vec<&Incident>>> = BTreeMap::new();
    for cluster in clusters.members.iter().filter(|cluster| !cluster.is_empty()) {
        let mut members: Vec<&Incident> =
            cluster.iter().flat_map(|&index| groups[index].members.iter().copied()).collect();
        members.sort_by_key(|incident| founding_order(incident));
        by_component.entry(components.root(cluster[0])).or_default().push(members);
    }
    by_component
        .into_values()
        .map(|mut events| {
            events.sort_by_key(|members| members.first().map(|incident| founding_order(incident)));
            let id = events.iter().flatten().map(|incident| incident.claim).min();
            Component { id: id.expect("a component holds what made it"), events }
        })
        .collect()
}

/// Sets of claims that hang together by links with something new, each of two or more. What was
/// known before is not compared again: its links were found when it was new.
pub fn linked(new: &BTreeSet<ClaimId>, incidents: &[Incident], policy: &Policy) -> Vec<Vec<ClaimId>> {
    let groups = groups(incidents);
    // A copy of something known says nothing that its original did not.
    let is_new: Vec<bool> = groups
        .iter()
        .map(|group| group.members.iter().all(|incident| new.contains(&incident.claim)))
        .collect();
    let mut sets = Sets::new(groups.len());
    for (_, left, right) in links(&groups, policy, |left, right| is_new[left] || is_new[right]) {
        sets.join(left, right);
    }
    let mut together: BTreeMap<usize, Vec<ClaimId>> = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        together
            .entry(sets.root(index))
            .or_default()
            .extend(group.members.iter().map(|incident| incident.claim));
    }
    together.into_values().filter(|claims| claims.len() > 1).collect()
}

/// Groups by number, joined into clusters whose members can be listed.
struct Clusters {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

impl Clusters {
    fn new(count: usize) -> Self {
        Self { of: (0..count).collect(), members: (0..count).map(|index| vec![index]).collect() }
    }

    fn members(&self, index: usize) -> &[usize] {
        &self.members[self.of[index]]
    }

    fn join(&mut self, left: usize, right: usize) {
        let (into, from) = (self.of[left].min(self.of[right]), self.of[left].max(self.of[right]));
        if into != from {
            let moved = std::mem::take(&mut self.members[from]);
            for &index in &moved {
                self.of[index] = into;
            }
            self.members[into].extend(moved);
        }
    }
}

/// The order in which tellings could found an event: earliest published first, undated last.
fn founding_order(incident: &Incident) -> (Date, ClaimId) {
    (incident.published.unwrap_or(headwater_domain::time::NO_DAY), incident.claim)
}

fn groups(incidents: &[Incident]) -> Vec<Group<'_>> {
    let mut by_signature: BTreeMap<Signature<'_>, Group<'_>> = BTreeMap::new();
    let mut sorted: Vec<&Incident> = incidents.iter().collect();
    sorted.sort_by_key(|incident| incident.claim);
    let mut alone = Vec::new();
    for incident in sorted {
        let group = by_signature
            .entry(signature(incident))
            .or_insert_with(|| Group { members: Vec::new(), reports: BTreeSet::new() });
        if group.reports.insert(incident.evidence.report) {
            group.members.push(incident);
        } else {
            // The same sentence twice in one report: told twice, but the reader kept them apart.
            alone
                .push(Group { members: vec![incident], reports: BTreeSet::from([incident.evidence.report]) });
        }
    }
    let mut groups: Vec<Group<'_>> = by_signature.into_values().chain(alone).collect();
    groups.sort_by_key(|group| group.first().claim);
    groups
}

/// Two tellings of one report are two events: the reader has joined what it took for one.
fn cannot_join(left: &Group<'_>, right: &Group<'_>, policy: &Policy) -> bool {
    !left.reports.is_disjoint(&right.reports) || apart(left.first(), right.first(), policy).is_some()
}

/// Links between groups, of the pairs that are wanted.
fn links(
    groups: &[Group<'_>],
    policy: &Policy,
    is_wanted: impl Fn(usize, usize) -> bool,
) -> Vec<(f32, usize, usize)> {
    // Sorted by the latest day possible, so that what lies long before is never looked at.
    let mut order: Vec<(Option<Date>, Option<Date>, usize)> = groups
        .iter()
        .enumerate()
        .map(|(index, group)| {
            let (from, to) = days(group.first(), policy);
            (from, to, index)
        })
        .collect();
    order.sort_unstable();
    let mut links = Vec::new();
    for (position, &(_, until, left)) in order.iter().enumerate() {
        for &(since, _, right) in &order[position + 1..] {
            if let (Some(until), Some(since)) = (until, since)
                && (since - until).get_days() > 1
            {
                break;
            }
            if !is_wanted(left, right) {
                continue;
            }
            let (one, other) = (groups[left].first(), groups[right].first());
            if apart(one, other, policy).is_some()
                || !groups[left].reports.is_disjoint(&groups[right].reports)
            {
                continue;
            }
            let points = compare(one, other, policy).total;
            if points >= policy.same_event_points {
                links.push((points, left.min(right), left.max(right)));
            }
        }
    }
    links
}

/// How far into its sentence the word stands: tells two events of one sentence apart.
trait TriggerOffset {
    fn trigger_offset(&self) -> usize;
}

impl TriggerOffset for Incident {
    fn trigger_offset(&self) -> usize {
        self.trigger.start().saturating_sub(self.evidence.first().start())
    }
}
