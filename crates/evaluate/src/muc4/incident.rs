//! Incidents: which of a reading's events are reportable, and which are one incident?

use headwater_domain::kind::{EventStatus, Mode, Plover, SubEvent};
use headwater_domain::reading::{Chain, EventProposition, Mention, MentionIndex, Reading, Role, ThingKind};
use headwater_domain::report::Report;
use headwater_domain::text::Span;
use headwater_domain::time::Published;
use headwater_knowledge::places::{DocumentPlaces, Gazetteer, PlaceKey, PlaceKind, Weights};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Acts longer ago than this are told as history.
const DAYS_BACK_MAX: i32 = 100;

/// The types of incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// An attack or killing.
    Attack,
    /// With explosives.
    Bombing,
    /// An abduction or hijacking.
    Kidnapping,
    /// Setting on fire.
    Arson,
    /// Stealing by force.
    Robbery,
}

impl Type {
    /// The word of the key.
    pub fn word(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Bombing => "bombing",
            Self::Kidnapping => "kidnapping",
            Self::Arson => "arson",
            Self::Robbery => "robbery",
        }
    }
}

/// How far an act went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It was done.
    Accomplished,
    /// It failed.
    Attempted,
    /// It was announced.
    Threatened,
}

/// What became of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Dead.
    Death,
    /// Hurt.
    Injury,
}

/// One incident, put together of events.
#[derive(Debug, Clone)]
pub struct Incident {
    /// Its type.
    pub kind: Type,
    /// How far it went.
    pub stage: Stage,
    /// Who did it, by description.
    pub perpetrators: Vec<MentionIndex>,
    /// Which organisation did it.
    pub organisations: Vec<MentionIndex>,
    /// Who is harmed, and how where the words say.
    pub victims: Vec<(MentionIndex, Option<Effect>)>,
    /// What was attacked.
    pub targets: Vec<MentionIndex>,
    /// With what.
    pub weapons: Vec<MentionIndex>,
    /// When.
    pub days: Option<(Option<Date>, Option<Date>)>,
    /// Where, the likeliest first.
    pub places: Vec<MentionIndex>,
    /// The words that tell of it.
    pub triggers: Vec<Span>,
}

/// One report with its reading and what its place names mean.
pub struct Article<'a> {
    /// The report.
    pub report: &'a Report,
    /// Its reading.
    pub reading: &'a Reading,
    /// The day it was sent.
    pub published: Option<Date>,
    /// Where it was sent from.
    pub home: Option<PlaceKey>,
    /// What the names of places mean.
    pub places: BTreeMap<MentionIndex, PlaceKey>,
}

impl<'a> Article<'a> {
    /// Looks up the places of a reading.
    pub fn new(report: &'a Report, reading: &'a Reading, home: Option<PlaceKey>) -> Self {
        let gazetteer = Gazetteer::shared();
        let mentions: Vec<(MentionIndex, Span)> = (0u32..)
            .zip(&reading.mentions)
            .filter(|(_, mention)| mention.kind == ThingKind::Place)
            .map(|(index, mention)| (MentionIndex(index), mention.span))
            .collect();
        let ranges: Vec<_> = mentions.iter().map(|(_, span)| span.range()).collect();
        let mut document: DocumentPlaces = gazetteer.document_places(report.text.as_str(), &ranges);
        document.dateline = home.map(|home| gazetteer.place(home).name.to_owned());
        let resolved = gazetteer.resolve(&document, &Weights::default());
        let places = mentions
            .iter()
            .zip(resolved)
            .filter_map(|((mention, _), resolved)| Some((*mention, resolved?.key)))
            .collect();
        Self { report, reading, published: report.published.map(Published::date), home, places }
    }

    /// The words of a span.
    pub fn words(&self, span: Span) -> &str {
        self.report.text.passage(span).unwrap_or_default()
    }

    /// A mention.
    pub fn mention(&self, index: MentionIndex) -> Option<&Mention> {
        self.reading.mention(index)
    }

    /// Its chain.
    pub fn chain(&self, index: MentionIndex) -> Option<&Chain> {
        self.reading.chain_of(index)
    }

    fn kind(&self, index: MentionIndex) -> Option<ThingKind> {
        self.mention(index).map(|mention| mention.kind)
    }

    /// Tells whether a mention's thing has a name.
    pub fn named(&self, index: MentionIndex) -> bool {
        self.chain(index).is_some_and(|chain| chain.named)
    }

    /// The reportable incidents, each told once.
    pub fn incidents(&self) -> Vec<Incident> {
        let mut incidents: Vec<Incident> = Vec::new();
        for (_, event) in self.reading.events() {
            let Some(incident) = self.incident(event) else { continue };
            match incidents.iter().position(|other| self.same(other, &incident)) {
                Some(index) => self.merge(&mut incidents[index], incident),
                None => incidents.push(incident),
            }
        }
        self.drop_echoes(&mut incidents);
        for incident in &mut incidents {
            self.find_organisation(incident);
        }
        incidents
    }

    /// One event as an incident, if the guidelines ask for such.
    fn incident(&self, event: &EventProposition) -> Option<Incident> {
        let kind = self.kind_of(event)?;
        let stage = match event.status {
            EventStatus::Happened | EventStatus::Alleged | EventStatus::Background => Stage::Accomplished,
            EventStatus::Foiled => Stage::Attempted,
            EventStatus::Threatened => Stage::Threatened,
            EventStatus::Denied | EventStatus::Planned | EventStatus::Hypothetical => return None,
        };
        if event.aggregate {
            return None;
        }
        let days = event.when.as_ref().map(|when| {
            (when.earliest().map(jiff::civil::DateTime::date), when.latest().map(jiff::civil::DateTime::date))
        });
        if let (Some((_, Some(last))), Some(published)) = (days, self.published)
            && (published - last).get_days() > DAYS_BACK_MAX
        {
            return None;
        }
        let mut incident = Incident {
            kind,
            stage,
            perpetrators: Vec::new(),
            organisations: Vec::new(),
            victims: Vec::new(),
            targets: Vec::new(),
            weapons: event
                .in_role(Role::Weapon)
                .filter(|&it| self.kind(it) == Some(ThingKind::Weapon))
                .collect(),
            days,
            places: event.in_role(Role::Place).collect(),
            triggers: std::iter::once(event.trigger).chain(event.more_triggers.iter().copied()).collect(),
        };
        for actor in event.in_role(Role::Actor).filter(|it| !self.only_qualifies(*it, &incident.triggers)) {
            match self.kind(actor) {
                Some(
                    ThingKind::ArmedGroup
                    | ThingKind::SecurityForce
                    | ThingKind::Organisation
                    | ThingKind::Government,
                ) if self.named(actor) => incident.organisations.push(actor),
                Some(ThingKind::Government | ThingKind::Organisation) => incident.organisations.push(actor),
                Some(_) if self.is_somebody(actor) => incident.perpetrators.push(actor),
                _ => {}
            }
        }
        let harmed = [Role::Victim, Role::Target, Role::Detained];
        for argument in event.arguments.iter().filter(|argument| harmed.contains(&argument.role)) {
            let it = argument.mention;
            match self.kind(it) {
                _ if self.is_building(it) => incident.targets.push(it),
                Some(ThingKind::Person | ThingKind::People | ThingKind::Government) => {
                    incident.victims.push((it, self.effect(it, &incident.triggers)));
                }
                Some(ThingKind::SecurityForce) if self.is_police(it) => {
                    incident.victims.push((it, self.effect(it, &incident.triggers)));
                }
                _ => {}
            }
        }
        let explosive = |it: &MentionIndex| {
            let words = self.mention(*it).map(|it| self.words(it.span)).unwrap_or_default();
            ["bomb", "dynamite", "explosive", "tnt"].iter().any(|part| words.contains(part))
        };
        if incident.kind == Type::Attack && incident.weapons.iter().any(explosive) {
            incident.kind = Type::Bombing;
        }
        self.reportable(event, &incident).then_some(incident)
    }

    fn kind_of(&self, event: &EventProposition) -> Option<Type> {
        let word = self.words(event.trigger);
        let fire = ["burn", "torch", "set fire", "set on fire", "arson", "set ablaze"]
            .iter()
            .any(|start| word.starts_with(start));
        let rob = ["rob", "loot", "steal", "stole"].iter().any(|start| word.starts_with(start));
        match (event.kind.event, event.kind.mode) {
            (Plover::Assault | Plover::Coerce, _) if fire => Some(Type::Arson),
            (Plover::Assault | Plover::Coerce, _) if rob => Some(Type::Robbery),
            (Plover::Assault, Some(Mode::Abduct)) => Some(Type::Kidnapping),
            (Plover::Assault, Some(Mode::Explosives | Mode::SuicideAttack)) => Some(Type::Bombing),
            (Plover::Assault, _) => Some(Type::Attack),
            _ => None,
        }
    }

    /// Leaves out combat between armed forces, and acts of which nothing is told but that they happened.
    fn reportable(&self, event: &EventProposition, incident: &Incident) -> bool {
        let armed = |it: &MentionIndex| {
            matches!(self.kind(*it), Some(ThingKind::ArmedGroup | ThingKind::SecurityForce))
        };
        let harmed: Vec<_> = event
            .in_role(Role::Victim)
            .chain(event.in_role(Role::Target))
            .chain(event.in_role(Role::Detained))
            .collect();
        let fighters_only = !harmed.is_empty() && harmed.iter().all(|it| armed(it) && !self.is_police(*it));
        if fighters_only && !matches!(incident.kind, Type::Kidnapping) {
            return false;
        }
        if event.kind.sub_event == Some(SubEvent::ArmedClash) && harmed.is_empty() {
            return false;
        }
        !incident.victims.is_empty() || !incident.targets.is_empty() || !incident.weapons.is_empty()
    }

    /// Tells whether a mention only says what sort of act it was: "terrorist attack".
    fn only_qualifies(&self, it: MentionIndex, triggers: &[Span]) -> bool {
        !self.named(it)
            && self.mention(it).is_some_and(|mention| {
                triggers.iter().any(|trigger| {
                    mention.span.end() <= trigger.start() && trigger.start() <= mention.span.end() + 1
                })
            })
    }

    /// Tells whether a mention describes people, not only their number or their fate.
    fn is_somebody(&self, it: MentionIndex) -> bool {
        self.mention(it).is_some_and(|mention| {
            let head = self.words(mention.head);
            !head.starts_with(|c: char| c.is_ascii_digit())
                && !matches!(
                    head,
                    "casualties"
                        | "casualty"
                        | "other"
                        | "others"
                        | "victim"
                        | "victims"
                        | "dead"
                        | "wounded"
                        | "injured"
                )
        })
    }

    /// Tells whether a mention is a thing that can be attacked.
    fn is_building(&self, it: MentionIndex) -> bool {
        self.mention(it).is_some_and(|mention| {
            matches!(mention.kind, ThingKind::Facility | ThingKind::Organisation)
                || matches!(
                    self.words(mention.head),
                    "embassy" | "consulate" | "ministry" | "court" | "courts"
                )
        })
    }

    fn is_police(&self, it: MentionIndex) -> bool {
        self.mention(it).is_some_and(|mention| {
            let words = self.words(mention.span);
            ["police", "policem", "guard", "agent", "detective"].iter().any(|word| words.contains(word))
        })
    }

    /// What the nearest word before or behind says became of somebody.
    fn effect(&self, it: MentionIndex, triggers: &[Span]) -> Option<Effect> {
        let span = self.mention(it)?.span;
        let nearest = triggers.iter().min_by_key(|trigger| {
            trigger.start().saturating_sub(span.end()).max(span.start().saturating_sub(trigger.end()))
        })?;
        effect_of(self.words(*nearest))
    }

    /// Tells whether two events are one incident.
    fn same(&self, left: &Incident, right: &Incident) -> bool {
        if left.kind != right.kind {
            return false;
        }
        true
    }

    fn merge(&self, into: &mut Incident, from: Incident) {
        let add = |list: &mut Vec<MentionIndex>, more: Vec<MentionIndex>| {
            for it in more {
                let chain = self.mention(it).map(|mention| mention.chain);
                if !list.iter().any(|known| self.mention(*known).map(|mention| mention.chain) == chain) {
                    list.push(it);
                }
            }
        };
        add(&mut into.perpetrators, from.perpetrators);
        add(&mut into.organisations, from.organisations);
        add(&mut into.targets, from.targets);
        add(&mut into.weapons, from.weapons);
        add(&mut into.places, from.places);
        for (it, effect) in from.victims {
            let chain = self.mention(it).map(|mention| mention.chain);
            let known = into
                .victims
                .iter_mut()
                .find(|(known, _)| self.mention(*known).map(|mention| mention.chain) == chain);
            match known {
                Some((_, known)) => *known = [*known, effect].into_iter().flatten().min(),
                None => into.victims.push((it, effect)),
            }
        }
        into.triggers.extend(from.triggers);
        if into.stage != Stage::Accomplished {
            into.stage = from.stage;
        }
        into.days = into.days.or(from.days);
    }

    /// "The attack" told beside a bombing is mostly the bombing: an attack that harms nobody and nothing
    /// of its own is left out.
    fn drop_echoes(&self, incidents: &mut Vec<Incident>) {
        let others = incidents.clone();
        incidents.retain(|incident| {
            if incident.kind != Type::Attack {
                return true;
            }
            !others.iter().any(|other| {
                other.kind != Type::Attack
                    && incident
                        .victims
                        .iter()
                        .all(|(it, _)| other.victims.iter().any(|(known, _)| self.one_thing(*it, *known)))
                    && incident
                        .targets
                        .iter()
                        .all(|it| other.targets.iter().any(|known| self.one_thing(*it, *known)))
            })
        });
    }

    fn one_thing(&self, left: MentionIndex, right: MentionIndex) -> bool {
        self.mention(left).map(|it| it.chain) == self.mention(right).map(|it| it.chain)
    }

    /// "FMLN guerrillas": the organisation named in a description; where nobody is named, the one that
    /// claims responsibility or is accused, or the only armed group of the report.
    fn find_organisation(&self, incident: &mut Incident) {
        if !incident.organisations.is_empty() {
            return;
        }
        let described: Vec<&String> = incident
            .perpetrators
            .iter()
            .filter_map(|it| self.chain(*it))
            .flat_map(|chain| chain.usual.as_ref().or(chain.known.first()))
            .collect();
        let groups: Vec<&Chain> = self
            .reading
            .chains
            .iter()
            .filter(|chain| chain.named && chain.kind == ThingKind::ArmedGroup && !chain.known.is_empty())
            .collect();
        let found = match described.first() {
            Some(key) => self.reading.chains.iter().find(|chain| chain.named && chain.known.contains(key)),
            None if groups.len() == 1 && self.may_be_a_group(incident) => groups.first().copied(),
            None => None,
        };
        incident.organisations.extend(found.and_then(|chain| chain.mentions.first()));
    }

    fn may_be_a_group(&self, incident: &Incident) -> bool {
        incident.perpetrators.is_empty()
            || incident.perpetrators.iter().any(|it| self.kind(*it) == Some(ThingKind::ArmedGroup))
    }

    /// The place of an incident: its country and its own name, where it has one.
    pub fn location(&self, incident: &Incident) -> Option<String> {
        let gazetteer = Gazetteer::shared();
        let country_of = |key: PlaceKey| {
            let mut at = Some(key);
            while let Some(key) = at {
                let place = gazetteer.place(key);
                if place.kind == PlaceKind::Country {
                    return Some(place.name.to_owned());
                }
                at = place.parent;
            }
            None
        };
        let own = incident.places.iter().find_map(|it| Some((*it, *self.places.get(it)?)));
        let home = self.home.and_then(country_of);
        let (mention, key) = match own {
            Some(own) => own,
            None => return home.map(|home| home.to_uppercase()),
        };
        let country = country_of(key).or(home)?;
        let name = self.mention(mention).map(|mention| self.words(mention.span)).unwrap_or_default();
        if gazetteer.place(key).kind == PlaceKind::Country {
            return Some(country.to_uppercase());
        }
        Some(format!("{}: {}", country.to_uppercase(), name.to_uppercase()))
    }
}

/// What a word for an act says became of those it was done to.
fn effect_of(word: &str) -> Option<Effect> {
    const DEATH: &[&str] = &[
        "kill",
        "murder",
        "assassin",
        "slay",
        "slain",
        "massacre",
        "execut",
        "die",
        "dead",
        "death",
        "behead",
        "gun",
        "shot dead",
        "lynch",
        "homicide",
    ];
    const INJURY: &[&str] = &["wound", "injur", "hurt", "maim"];
    if DEATH.iter().any(|start| word.starts_with(start)) {
        return Some(Effect::Death);
    }
    INJURY.iter().any(|start| word.starts_with(start)).then_some(Effect::Injury)
}
