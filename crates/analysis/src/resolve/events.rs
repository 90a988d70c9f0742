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
use headwater_domain::kind::{EventStatus, Family, Mode, Plover};
use headwater_domain::resolution::{Incident, PlaceRef, Precision, Sketch, Toll};
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
pub(super) fn outlook(status: EventStatus) -> u8 {
    match status {
        EventStatus::Happened | EventStatus::Alleged | EventStatus::Denied | EventStatus::Background => 0,
        EventStatus::Planned | EventStatus::Threatened => 1,
        EventStatus::Foiled => 2,
        EventStatus::Hypothetical => 3,
    }
}

pub(super) fn places_apart(left: &PlaceRef, right: &PlaceRef, policy: &Policy) -> bool {
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
    let parts = parts(left, right, wording::overlap(&left.words, &right.words), policy);
    let because: Vec<(&'static str, f32)> = parts.into_iter().filter(|&(_, points)| points != 0.0).collect();
    Points { total: because.iter().map(|(_, points)| points).sum(), because }
}

/// What speaks for and against, by what it is; `in_common` is the share of words in common.
fn parts(left: &Incident, right: &Incident, in_common: f32, policy: &Policy) -> [(&'static str, f32); 11] {
    let same_sentence = left.wording == right.wording && left.trigger_offset() == right.trigger_offset();
    let same_target =
        left.targets.iter().any(|target| right.targets.iter().any(|other| other.id == target.id));
    let given = |holds: bool, points: f32| if holds { points } else { 0.0 };
    [
        ("the same sentence", given(same_sentence, policy.same_wording)),
        ("place", place_points(left.place.as_ref(), right.place.as_ref(), policy)),
        ("time", time_points(left, right, policy)),
        ("means", mode_points(left, right, policy)),
        ("the word for it", given(left.word == right.word, policy.same_word)),
        ("dead", toll_points(&left.tolls, &right.tolls, policy)),
        ("who did it", actor_points(left, right, policy)),
        ("target", given(same_target, policy.same_target)),
        (
            "the news of both reports",
            given(left.main && right.main && near_in_publication(left, right, policy), policy.both_main),
        ),
        ("words in common", policy.same_words * in_common),
        (
            "a wave or a total against one event",
            given(left.aggregate != right.aggregate, policy.aggregate_mismatch),
        ),
    ]
}

fn place_points(left: Option<&PlaceRef>, right: Option<&PlaceRef>, policy: &Policy) -> f32 {
    let (Some(left), Some(right)) = (left, right) else { return 0.0 };
    // A village that the gazetteer does not hold is the same village by its name.
    if (left.key.is_none() || right.key.is_none()) && same_words(left, right) {
        return policy.same_town;
    }
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
        _ if near_in_publication(left, right, policy) => policy.near_publication,
        _ => 0.0,
    }
}

fn near_in_publication(left: &Incident, right: &Incident, policy: &Policy) -> bool {
    let days = left.published.zip(right.published).map(|(one, other)| (one - other).get_days().abs());
    days.is_some_and(|days| days <= policy.publication_days)
}

/// Modes that papers use for one and the same act.
fn mode_group(mode: Mode) -> u8 {
    match mode {
        Mode::Explosives | Mode::SuicideAttack | Mode::Destroy => 1,
        // "Killed" says nothing of the means, and reads as a targeted killing.
        Mode::Firearms | Mode::Beat | Mode::Primitive => 2,
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

/// Tells whether the means of two tellings exclude one another.
pub(super) fn means_exclude(left: &Incident, right: &Incident, policy: &Policy) -> bool {
    mode_points(left, right, policy) < 0.0
}

/// Tells whether two tellings are of the same sort of means.
pub(super) fn same_means(left: &Incident, right: &Incident) -> bool {
    match (left.kind.mode, right.kind.mode) {
        (Some(one), Some(other)) => {
            one == other || (mode_group(one) != 0 && mode_group(one) == mode_group(other))
        }
        _ => false,
    }
}

/// Tells whether two places are one town.
pub(super) fn is_same_town(left: &PlaceRef, right: &PlaceRef, policy: &Policy) -> bool {
    place_points(Some(left), Some(right), policy) >= policy.same_town
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

/// Hash of what a telling says, as far as identity goes; tellings with the same are copies. When a
/// report was published is left out: a sentence without a date means one event wherever it is printed.
pub fn alike(incident: &Incident) -> u64 {
    let place = incident.place.as_ref().map_or("", |place| place.key.as_deref().unwrap_or(&place.name));
    let when = incident.when.as_ref().map_or("", Period::edtf);
    let words = wording::hash([place, when, incident.status.word(), incident.kind.event.word()]);
    wording::mix(words ^ wording::mix(incident.wording ^ wording::mix(incident.trigger_offset() as u64)))
}

/// Tellings that say exactly the same in the same words, one a report. They are compared once, by
/// the one with the smallest claim.
#[derive(Debug, Clone)]
pub struct Copies<'a> {
    /// The tellings, by claim.
    pub members: Vec<&'a Sketch>,
    /// The reports, sorted.
    reports: Vec<ReportId>,
}

impl<'a> Copies<'a> {
    fn new(mut members: Vec<&'a Sketch>) -> Self {
        members.sort_unstable_by_key(|sketch| sketch.claim);
        let mut reports: Vec<ReportId> = members.iter().map(|sketch| sketch.report).collect();
        reports.sort_unstable();
        Self { members, reports }
    }

    /// The telling that stands for all.
    pub fn first(&self) -> &'a Sketch {
        self.members[0]
    }
}

/// Groups tellings into copies, sorted by the first claim of each.
pub fn copies<'a>(sketches: impl IntoIterator<Item = &'a Sketch>) -> Vec<Copies<'a>> {
    let mut sorted: Vec<&Sketch> = sketches.into_iter().collect();
    sorted.sort_unstable_by_key(|sketch| (sketch.alike, sketch.report, sketch.claim));
    let mut groups = Vec::new();
    for alike in sorted.chunk_by(|one, other| one.alike == other.alike) {
        let mut members = Vec::new();
        for of_report in alike.chunk_by(|one, other| one.report == other.report) {
            members.push(of_report[0]);
            // The same sentence twice in one report: told twice, but the reader kept them apart.
            groups.extend(of_report[1..].iter().map(|&sketch| Copies::new(vec![sketch])));
        }
        groups.push(Copies::new(members));
    }
    groups.sort_unstable_by_key(|group| group.first().claim);
    groups
}

/// The incidents that stand for copies, by claim.
pub type Firsts = BTreeMap<ClaimId, Incident>;

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
pub struct Component<T> {
    /// The smallest claim; it names the component.
    pub id: ClaimId,
    /// The events, each with its tellings, the founding one first.
    pub events: Vec<Vec<T>>,
}

/// Sorts tellings into components and events. Claims must differ.
pub fn cluster<'a>(
    incidents: &'a [Incident],
    decisions: &Decisions,
    policy: &Policy,
) -> Vec<Component<&'a Incident>> {
    let by_claim: BTreeMap<ClaimId, &Incident> =
        incidents.iter().map(|incident| (incident.claim, incident)).collect();
    let sketches: Vec<Sketch> = incidents.iter().map(Sketch::of).collect();
    let groups = copies(&sketches);
    let firsts: Firsts = groups
        .iter()
        .filter_map(|group| Some((group.first().claim, (*by_claim.get(&group.first().claim)?).clone())))
        .collect();
    let incident = |sketch: &&Sketch| by_claim.get(&sketch.claim).copied();
    cluster_copies(&groups, &firsts, decisions, policy)
        .into_iter()
        .map(|component| Component {
            id: component.id,
            events: component
                .events
                .iter()
                .map(|event| event.iter().filter_map(incident).collect())
                .collect(),
        })
        .collect()
}

/// Sorts copies into components and events. Of each the first must be among `firsts`.
pub fn cluster_copies<'a>(
    copies: &[Copies<'a>],
    firsts: &Firsts,
    decisions: &Decisions,
    policy: &Policy,
) -> Vec<Component<&'a Sketch>> {
    let groups = compared(copies, firsts, policy);
    let pairs = decisions.same.iter().chain(&decisions.distinct);
    let decided_on: BTreeSet<ClaimId> = pairs.flat_map(|&(left, right)| [left, right]).collect();
    let mut group_of: BTreeMap<ClaimId, usize> = BTreeMap::new();
    if !decided_on.is_empty() {
        for (index, group) in copies.iter().enumerate() {
            let claims = group.members.iter().map(|sketch| sketch.claim);
            group_of.extend(claims.filter(|claim| decided_on.contains(claim)).map(|claim| (claim, index)));
        }
    }
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

    let mut clusters = Clusters::new(&groups);
    for &(left, right) in same.difference(&distinct) {
        clusters.join(left, right);
    }
    for (_, left, right) in links {
        if clusters.of[left] == clusters.of[right] {
            continue;
        }
        let barred = !clusters.share_no_report(left, right)
            || clusters.members(left).iter().any(|&a| {
                clusters.members(right).iter().any(|&b| {
                    distinct.contains(&(a.min(b), a.max(b)))
                        || apart(groups[a].first, groups[b].first, policy).is_some()
                })
            });
        if !barred {
            clusters.join(left, right);
        }
    }

    let mut by_component: BTreeMap<usize, Vec<Vec<&Sketch>>> = BTreeMap::new();
    for cluster in clusters.members.iter().filter(|cluster| !cluster.is_empty()) {
        let mut members: Vec<&Sketch> =
            cluster.iter().flat_map(|&index| groups[index].copies.members.iter().copied()).collect();
        members.sort_unstable_by_key(|sketch| sketch.founding_order());
        by_component.entry(components.root(cluster[0])).or_default().push(members);
    }
    by_component
        .into_values()
        .map(|mut events| {
            events.sort_by_key(|members| members.first().map(|sketch| sketch.founding_order()));
            let id = events.iter().flatten().map(|sketch| sketch.claim).min();
            Component { id: id.expect("a component holds what made it"), events }
        })
        .collect()
}

/// Links that some new copies have, as pairs of places in the list. What was known before is not
/// compared again: its links were found when it was new. Copies are new if their first is, since
/// only the first is compared.
pub fn linked(copies: &[Copies<'_>], firsts: &Firsts, policy: &Policy) -> Vec<(usize, usize)> {
    let is_new: Vec<bool> = copies.iter().map(|group| group.first().open).collect();
    let links = links(&compared(copies, firsts, policy), policy, |left, right| is_new[left] || is_new[right]);
    links.into_iter().map(|(_, left, right)| (left, right)).collect()
}

/// Groups by number, joined into clusters whose members can be listed.
struct Clusters {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
    reports: Vec<Vec<ReportId>>,
}

impl Clusters {
    fn new(groups: &[Group<'_, '_>]) -> Self {
        Self {
            of: (0..groups.len()).collect(),
            members: (0..groups.len()).map(|index| vec![index]).collect(),
            reports: groups.iter().map(|group| group.copies.reports.clone()).collect(),
        }
    }

    fn members(&self, index: usize) -> &[usize] {
        &self.members[self.of[index]]
    }

    /// Two tellings of one report are two events: the reader has joined what it took for one.
    fn share_no_report(&self, left: usize, right: usize) -> bool {
        are_disjoint(&self.reports[self.of[left]], &self.reports[self.of[right]])
    }

    fn join(&mut self, left: usize, right: usize) {
        let (into, from) = (self.of[left].min(self.of[right]), self.of[left].max(self.of[right]));
        if into != from {
            let moved = std::mem::take(&mut self.members[from]);
            for &index in &moved {
                self.of[index] = into;
            }
            self.members[into].extend(moved);
            let reports = std::mem::take(&mut self.reports[from]);
            self.reports[into].extend(reports);
            self.reports[into].sort_unstable();
        }
    }
}

/// Tells whether two sorted lists have nothing in common.
fn are_disjoint<T: Ord>(left: &[T], right: &[T]) -> bool {
    let (short, mut long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    for item in short {
        match long.binary_search(item) {
            Ok(_) => return false,
            Err(position) => long = &long[position..],
        }
    }
    true
}

/// Copies with what is looked at first when they are compared: most pairs need no more.
struct Group<'g, 'a> {
    copies: &'g Copies<'a>,
    first: &'g Incident,
    /// What links keep to: family and outlook.
    lane: (Family, u8),
    country: Option<usize>,
    /// The days it may lie in, the ends of time where open.
    days: (Date, Date),
    /// Hashes of its content words, sorted.
    words: Vec<u64>,
}

fn compared<'g, 'a>(copies: &'g [Copies<'a>], firsts: &'g Firsts, policy: &Policy) -> Vec<Group<'g, 'a>> {
    let mut countries: BTreeMap<&str, usize> = BTreeMap::new();
    copies
        .iter()
        .map(|copies| {
            let first = firsts.get(&copies.first().claim).expect("the first of all copies was looked up");
            let country = first.place.as_ref().and_then(|place| place.country.as_deref()).map(|country| {
                let next = countries.len();
                *countries.entry(country).or_insert(next)
            });
            let (from, to) = days(first, policy);
            let mut words: Vec<u64> = first.words.iter().map(|word| wording::hash([word.as_str()])).collect();
            words.sort_unstable();
            Group {
                copies,
                first,
                lane: (first.kind.family(), outlook(first.status)),
                country,
                days: (from.unwrap_or(Date::MIN), to.unwrap_or(Date::MAX)),
                words,
            }
        })
        .collect()
}

/// Links between groups, of the pairs that are wanted.
fn links(
    groups: &[Group<'_, '_>],
    policy: &Policy,
    is_wanted: impl Fn(usize, usize) -> bool,
) -> Vec<(f32, usize, usize)> {
    // Sorted by the first day possible, so that what lies long after is never looked at.
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_unstable_by_key(|&index| (groups[index].lane, groups[index].days, index));
    let mut links = Vec::new();
    for (position, &left) in order.iter().enumerate() {
        let one = &groups[left];
        let last = one.days.1.tomorrow().unwrap_or(Date::MAX);
        for &right in &order[position + 1..] {
            let other = &groups[right];
            if other.lane != one.lane || other.days.0 > last {
                break;
            }
            let in_two_countries =
                one.country.is_some() && other.country.is_some() && one.country != other.country;
            if in_two_countries || !is_wanted(left, right) || apart(one.first, other.first, policy).is_some()
            {
                continue;
            }
            let in_common = wording::overlap(&one.words, &other.words);
            let points: f32 =
                parts(one.first, other.first, in_common, policy).iter().map(|(_, points)| points).sum();
            if points >= policy.same_event_points && are_disjoint(&one.copies.reports, &other.copies.reports)
            {
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
