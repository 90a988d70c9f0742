//! Incidents: which of a reading's events are reportable, and which are one incident?

use headwater_domain::kind::{EventStatus, Mode, Plover, SubEvent};
use headwater_domain::reading::{Chain, EventProposition, Mention, MentionIndex, Reading, Role, ThingKind};
use headwater_domain::report::Report;
use headwater_domain::text::Span;
use headwater_domain::time::Published;
use headwater_knowledge::places::{DocumentPlaces, Gazetteer, PlaceKey, PlaceKind, Weights};
use headwater_reader::lexicon::{is_given_name, is_title, kind_of_noun};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Acts longer ago than this are told as history.
const DAYS_BACK_MAX: i32 = 100;

/// How far behind the word for an act the name of its victim may stand.
const NEAR_BYTES_MAX: usize = 60;

/// Most mentions that a list of victims runs over.
const LISTED_MAX: usize = 40;

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
    /// Whether it is only told as context.
    pub background: bool,
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
        incidents.retain(|incident| self.is_covered(incident));
        for incident in &mut incidents {
            self.name_identified(incident);
            self.find_target(incident);
            self.find_explosive(incident);
            self.find_perpetrator(incident);
            self.find_organisation(incident);
        }
        incidents
    }

    /// One event as an incident, if the guidelines ask for such.
    fn incident(&self, event: &EventProposition) -> Option<Incident> {
        let kind = self.kind_of(event)?;
        let stage = match event.status {
            EventStatus::Foiled => Stage::Attempted,
            _ if defused(event) => Stage::Attempted,
            _ if event.kind.event == Plover::Threaten => Stage::Threatened,
            EventStatus::Threatened => Stage::Threatened,
            EventStatus::Happened | EventStatus::Alleged | EventStatus::Background => Stage::Accomplished,
            EventStatus::Planned if self.is_past(event) => Stage::Accomplished,
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
            weapons: event.in_role(Role::Weapon).filter(|&it| self.is_telling_weapon(it)).collect(),
            days,
            places: event.in_role(Role::Place).collect(),
            triggers: std::iter::once(event.trigger).chain(event.more_triggers.iter().copied()).collect(),
            background: event.status == EventStatus::Background,
        };
        for actor in event.in_role(Role::Actor).filter(|it| !self.only_qualifies(*it, &incident.triggers)) {
            match self.kind(actor) {
                Some(_) if self.is_members(actor) && self.is_doer(actor) => incident.perpetrators.push(actor),
                Some(ThingKind::ArmedGroup | ThingKind::SecurityForce | ThingKind::Organisation)
                    if self.named(actor) || self.is_army(actor) =>
                {
                    incident.organisations.push(actor);
                }
                Some(ThingKind::Government) if self.named(actor) => incident.organisations.push(actor),
                Some(ThingKind::Government | ThingKind::Organisation) => {}
                Some(_) if self.is_doer(actor) => incident.perpetrators.push(actor),
                _ => {}
            }
        }
        let harmed = [Role::Victim, Role::Target, Role::Detained];
        for argument in event.arguments.iter().filter(|argument| harmed.contains(&argument.role)) {
            let it = argument.mention;
            match self.kind(it) {
                _ if self.is_building(it) && self.is_military(it) => {}
                _ if self.is_building(it) => incident.targets.push(it),
                _ if self.is_named_person(it) => {
                    incident.victims.push((it, self.effect(it, &incident.triggers)));
                }
                Some(ThingKind::Person | ThingKind::People | ThingKind::Government) => {
                    incident.victims.push((it, self.effect(it, &incident.triggers)));
                }
                Some(ThingKind::SecurityForce) if self.is_police(it) => {
                    incident.victims.push((it, self.effect(it, &incident.triggers)));
                }
                _ => {}
            }
        }
        for place in event.in_role(Role::Place) {
            if kind == Type::Bombing
                && self.kind(place) == Some(ThingKind::Facility)
                && !self.is_military(place)
            {
                incident.targets.push(place);
            }
        }
        // Whom an act is aimed at and whom it harms are often one.
        let mut once: Vec<(MentionIndex, Option<Effect>)> = Vec::new();
        for (it, effect) in std::mem::take(&mut incident.victims) {
            if !once.iter().any(|(known, _)| self.one_thing(*known, it)) {
                once.push((it, effect));
            }
        }
        incident.victims = once;
        self.name_victims(&mut incident);
        if defused(event) {
            incident.weapons.extend(event.in_role(Role::Target).filter(|&it| self.is_telling_weapon(it)));
        }
        let explosive = |it: &MentionIndex| {
            let words = self.mention(*it).map(|it| self.words(it.span)).unwrap_or_default();
            ["bomb", "dynamite", "explosive", "tnt"].iter().any(|part| words.contains(part))
        };
        if incident.kind == Type::Attack && incident.weapons.iter().any(explosive) {
            incident.kind = Type::Bombing;
        }
        if defused(event) && !incident.weapons.iter().any(explosive) {
            return None;
        }
        self.reportable(event, &incident).then_some(incident)
    }

    /// Tells whether the time of an event had come when it was reported.
    fn is_past(&self, event: &EventProposition) -> bool {
        let last = event.when.as_ref().and_then(|when| when.latest()).map(jiff::civil::DateTime::date);
        last.zip(self.published).is_some_and(|(last, published)| last <= published)
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
            (Plover::Coerce, _) if defused(event) => Some(Type::Bombing),
            (Plover::Threaten, _) if word.contains("bomb") => Some(Type::Bombing),
            (Plover::Threaten, _) if word.contains("death") => Some(Type::Attack),
            (Plover::Coerce, _) if event.kind.sub_event == Some(SubEvent::PropertyDestruction) => {
                Some(Type::Attack)
            }
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
                let head = self.words(mention.head);
                let one = !head.ends_with('s') && !head.ends_with("men") && mention.span == mention.head;
                one && triggers.iter().any(|trigger| {
                    mention.span.end() <= trigger.start() && trigger.start() <= mention.span.end() + 1
                })
            })
    }

    /// Tells whether a weapon says more than that there was one.
    fn is_telling_weapon(&self, it: MentionIndex) -> bool {
        self.mention(it).is_some_and(|mention| {
            mention.kind == ThingKind::Weapon
                && !matches!(
                    self.words(mention.head),
                    "weapons"
                        | "weapon"
                        | "arms"
                        | "ammunition"
                        | "bullets"
                        | "stones"
                        | "artillery"
                        | "launchers"
                        | "rifles"
                        | "mines"
                        | "gas"
                        | "belt"
                        | "vest"
                        | "hammer"
                        | "warplanes"
                )
        })
    }

    /// Tells whether a mention is a regular force without a proper name.
    fn is_army(&self, it: MentionIndex) -> bool {
        self.mention(it).is_some_and(|mention| {
            let words = self.words(mention.span);
            ["army", "armed forces", "air force", "police", "military", "death squads"]
                .iter()
                .any(|force| words.ends_with(force))
        })
    }

    /// Tells whether a description can stand for those who did it.
    fn is_doer(&self, it: MentionIndex) -> bool {
        let Some(mention) = self.mention(it) else { return false };
        let head = self.words(mention.head);
        let vague = matches!(
            head,
            "forces"
                | "force"
                | "front"
                | "squad"
                | "organization"
                | "organizations"
                | "people"
                | "women"
                | "relatives"
                | "civilians"
                | "peasants"
                | "leaders"
                | "journalists"
                | "one"
                | "person"
                | "students"
                | "workers"
                | "children"
                | "cartels"
                | "cartel"
                | "movement"
                | "brigade"
                | "battalion"
                | "coalition"
        );
        let single = matches!(head, "terrorist" | "guerrilla" | "rebel" | "militant");
        self.is_somebody(it) && !vague && !single
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

    /// Tells whether a name is that of an organisation's people rather than its own: "FMLN rebels".
    fn is_members(&self, it: MentionIndex) -> bool {
        self.mention(it).is_some_and(|mention| {
            let last = self.words(mention.span).split_whitespace().next_back().unwrap_or_default();
            matches!(mention.kind, ThingKind::ArmedGroup | ThingKind::SecurityForce)
                && matches!(
                    last,
                    "guerrillas"
                        | "rebels"
                        | "fighters"
                        | "commandos"
                        | "members"
                        | "troops"
                        | "soldiers"
                        | "militants"
                        | "gunmen"
                        | "terrorists"
                        | "men"
                        | "policemen"
                        | "traffickers"
                )
        })
    }

    /// Tells whether a thing serves an army, whose losses in combat are not reportable.
    fn is_military(&self, it: MentionIndex) -> bool {
        self.mention(it).is_some_and(|mention| {
            self.words(mention.span).split_whitespace().any(|word| {
                matches!(
                    word,
                    "army"
                        | "street"
                        | "streets"
                        | "highway"
                        | "road"
                        | "helicopter"
                        | "helicopters"
                        | "aircraft"
                        | "plane"
                        | "planes"
                        | "military"
                        | "garrison"
                        | "barracks"
                        | "brigade"
                        | "battalion"
                        | "navy"
                        | "positions"
                        | "guerrilla"
                        | "rebel"
                        | "air"
                        | "infantry"
                        | "troops"
                        | "base"
                        | "bases"
                )
            })
        })
    }

    /// Tells whether a mention is the name of a person.
    pub fn is_named_person(&self, it: MentionIndex) -> bool {
        let given =
            |mention: &Mention| self.words(mention.span).split_whitespace().next().is_some_and(is_given_name);
        self.named(it)
            && self.mention(it).is_some_and(|mention| {
                mention.kind == ThingKind::Person
                    || (mention.kind == ThingKind::Organisation && given(mention))
            })
    }

    /// Tells whether a mention is a thing that can be attacked.
    fn is_building(&self, it: MentionIndex) -> bool {
        !self.is_named_person(it)
            && self.mention(it).is_some_and(|mention| {
                matches!(mention.kind, ThingKind::Facility)
                    || (mention.kind == ThingKind::Organisation
                        && (self.named(it)
                            || !matches!(
                                self.words(mention.head),
                                "group"
                                    | "groups"
                                    | "organization"
                                    | "organizations"
                                    | "movement"
                                    | "party"
                                    | "network"
                            )))
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

    /// Tells whether two events are one incident: of one type, unless they harm others elsewhere or on
    /// another day.
    fn same(&self, left: &Incident, right: &Incident) -> bool {
        if left.kind != right.kind {
            return false;
        }
        let apart = |left: &[MentionIndex], right: &[MentionIndex]| {
            !left.is_empty()
                && !right.is_empty()
                && !left.iter().any(|one| right.iter().any(|other| self.one_thing(*one, *other)))
        };
        let named = |incident: &Incident| -> Vec<MentionIndex> {
            let victims = incident.victims.iter().map(|(it, _)| *it).filter(|it| self.named(*it));
            victims.chain(incident.targets.iter().copied()).collect()
        };
        let days = match (left.days, right.days) {
            (Some((Some(first), Some(last))), Some((Some(other_first), Some(other_last)))) => {
                first > other_last || other_first > last
            }
            _ => false,
        };
        let places = apart(&left.places, &right.places);
        !(apart(&named(left), &named(right)) && (days || places))
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
        into.background &= from.background;
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

    /// "The minister's wife, Ana Belloza, was shot": the name beside a description names the victim.
    /// Where the clause leaves out who was harmed, a name behind the word for the act is it.
    fn name_victims(&self, incident: &mut Incident) {
        let text = self.report.text.as_str();
        let person = |it: MentionIndex| self.is_named_person(it);
        let mut more = Vec::new();
        for (it, effect) in &incident.victims {
            let (Some(mention), next) = (self.mention(*it), MentionIndex(it.0 + 1)) else { continue };
            let Some(following) = self.mention(next) else { continue };
            let between = text.get(mention.span.end()..following.span.start()).unwrap_or("-");
            if !person(*it) && person(next) && matches!(between, ", " | " " | " (" | ", including ") {
                more.push((next, *effect));
            }
        }
        incident.victims.extend(more);
        self.name_listed(incident);
        if incident.victims.is_empty() && incident.kind != Type::Bombing {
            let found = incident.triggers.iter().find_map(|trigger| {
                let sentence = self.reading.sentence_of(*trigger)?.span;
                let first = self.reading.mentions.partition_point(|it| it.span.start() < trigger.end());
                let it = MentionIndex(u32::try_from(first).ok()?);
                let mention = self.mention(it)?;
                let near =
                    mention.span.start() <= trigger.end() + NEAR_BYTES_MAX && sentence.contains(mention.span);
                (near && person(it)).then(|| (it, self.effect(it, &incident.triggers)))
            });
            incident.victims.extend(found);
        }
    }

    /// "Ana Belloza, 24; Corporal Omar Rey, and Luis Galdos": a list of victims goes on to its end.
    fn name_listed(&self, incident: &mut Incident) {
        let text = self.report.text.as_str();
        let person = |it: MentionIndex| self.is_named_person(it);
        let lists = |word: &str| {
            let word = word.trim_matches([',', ';', '(', ')', '.']);
            matches!(
                word,
                "" | "and"
                    | "as"
                    | "well"
                    | "a"
                    | "the"
                    | "his"
                    | "her"
                    | "wife"
                    | "son"
                    | "daughter"
                    | "including"
            ) || word.starts_with(|c: char| c.is_ascii_digit())
                || is_title(word)
                || matches!(
                    kind_of_noun(word),
                    Some(ThingKind::People | ThingKind::SecurityForce | ThingKind::Government)
                )
        };
        let mut more: Vec<(MentionIndex, Option<Effect>)> = Vec::new();
        for (it, effect) in incident.victims.clone() {
            if !person(it) {
                continue;
            }
            let mut last = it;
            for next in (it.0 + 1..).map(MentionIndex).take(LISTED_MAX) {
                let (Some(from), Some(to)) = (self.mention(last), self.mention(next)) else { break };
                let Some(between) = text.get(from.span.end()..to.span.start()) else { continue };
                let goes_on = between.len() <= NEAR_BYTES_MAX && between.split_whitespace().all(lists);
                let starts = between.starts_with([',', ';']) || between.starts_with(" and ");
                if !goes_on || !starts {
                    break;
                }
                if person(next) {
                    more.push((next, effect));
                    last = next;
                }
            }
        }
        for (it, effect) in more {
            if !incident.victims.iter().any(|(known, _)| self.one_thing(*known, it)) {
                incident.victims.push((it, effect));
            }
        }
    }

    /// "The victims were identified as …": persons named in a sentence about the victims.
    fn name_identified(&self, incident: &mut Incident) {
        let text = self.report.text.as_str();
        let (Some(first), Some(last)) = (
            incident.triggers.iter().map(|trigger| self.sentence_number(*trigger)).min(),
            incident.triggers.iter().map(|trigger| self.sentence_number(*trigger)).max(),
        ) else {
            return;
        };
        let effect = incident.victims.iter().find_map(|(_, effect)| *effect);
        for sentence in self.reading.sentences.iter().take(last + 4).skip(first) {
            let words = text.get(sentence.span.range()).unwrap_or("");
            let Some(at) =
                ["identified as", "victims are", "victims were", "dead are", "wounded are", "injured are"]
                    .iter()
                    .find_map(|cue| words.find(cue))
            else {
                continue;
            };
            let victims = [
                "victim",
                "dead",
                "killed",
                "wounded",
                "injured",
                "body",
                "bodies",
                "corpse",
                "kidnapped",
                "hostage",
            ]
            .iter()
            .any(|word| words.contains(word));
            if !victims {
                continue;
            }
            let after = sentence.span.start() + at;
            for it in (0u32..).map(MentionIndex).take(self.reading.mentions.len()) {
                let inside = self.mention(it).is_some_and(|mention| {
                    mention.span.start() >= after && sentence.span.contains(mention.span)
                });
                if inside
                    && self.is_named_person(it)
                    && !incident.victims.iter().any(|(known, _)| self.one_thing(*known, it))
                {
                    incident.victims.push((it, effect));
                }
            }
        }
    }

    /// Where the clause names nobody who did it, an armed group described in a sentence that tells of it.
    fn find_perpetrator(&self, incident: &mut Incident) {
        if !incident.perpetrators.is_empty() {
            return;
        }
        let sentences: Vec<Span> = incident
            .triggers
            .iter()
            .filter_map(|trigger| self.reading.sentence_of(*trigger))
            .map(|sentence| sentence.span)
            .collect();
        let found = (0u32..).map(MentionIndex).take(self.reading.mentions.len()).find(|it| {
            self.mention(*it).is_some_and(|mention| {
                let words = self.words(mention.span);
                let unknown = ["unidentified", "unknown", "armed", "uniformed", "hooded", "masked"]
                    .iter()
                    .any(|sign| words.contains(sign));
                (mention.kind == ThingKind::ArmedGroup || mention.kind == ThingKind::People && unknown)
                    && (words.ends_with('s') || words.ends_with("men"))
                    && (!self.named(*it) || self.is_members(*it))
                    && self.is_doer(*it)
                    && !self.only_qualifies(*it, &incident.triggers)
                    && sentences.iter().any(|sentence| sentence.contains(mention.span))
            }) && !incident.victims.iter().any(|(victim, _)| self.one_thing(*victim, *it))
        });
        incident.perpetrators.extend(found);
    }

    fn sentence_number(&self, span: Span) -> usize {
        self.reading
            .sentences
            .partition_point(|sentence| sentence.span.start() <= span.start())
            .saturating_sub(1)
    }

    /// Tells whether an incident lies in one of the countries that the guidelines cover.
    fn is_covered(&self, incident: &Incident) -> bool {
        self.location(incident).is_some_and(|place| COVERED.iter().any(|country| place.starts_with(country)))
    }

    /// Where the clause does not say what exploded, the first explosive of a sentence that tells of it.
    fn find_explosive(&self, incident: &mut Incident) {
        if incident.kind != Type::Bombing || !incident.weapons.is_empty() {
            return;
        }
        let sentences: Vec<Span> = incident
            .triggers
            .iter()
            .filter_map(|trigger| self.reading.sentence_of(*trigger))
            .map(|sentence| sentence.span)
            .collect();
        let found = (0u32..).map(MentionIndex).take(self.reading.mentions.len()).find(|it| {
            self.is_telling_weapon(*it)
                && self
                    .mention(*it)
                    .is_some_and(|mention| sentences.iter().any(|sentence| sentence.contains(mention.span)))
        });
        incident.weapons.extend(found);
    }

    /// Where the clause names nothing that a bomb was meant for, the buildings and vehicles of a sentence
    /// that tells of it.
    fn find_target(&self, incident: &mut Incident) {
        if !incident.targets.is_empty() || incident.kind != Type::Bombing && !incident.victims.is_empty() {
            return;
        }
        let Some(sentence) = incident.triggers.first().and_then(|trigger| self.reading.sentence_of(*trigger))
        else {
            return;
        };
        let found: Vec<MentionIndex> = (0u32..)
            .map(MentionIndex)
            .take(self.reading.mentions.len())
            .filter(|it| {
                self.mention(*it).is_some_and(|mention| {
                    mention.kind == ThingKind::Facility && sentence.span.contains(mention.span)
                }) && !self.is_military(*it)
            })
            .collect();
        incident.targets.extend(found);
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
        let text = self.report.text.as_str();
        let belongs = incident.perpetrators.iter().find_map(|it| {
            let (own, next) = (self.mention(*it)?, MentionIndex(it.0 + 1));
            let between = text.get(own.span.end()..self.mention(next)?.span.start())?;
            let organised = self.kind(next).is_some_and(ThingKind::is_organised) && self.named(next);
            (organised && matches!(between, " of the " | " of " | " from the " | " of the so-called "))
                .then_some(next)
        });
        if let Some(organisation) = belongs {
            incident.organisations.push(organisation);
            return;
        }
        let found = match described.first() {
            Some(key) => self.reading.chains.iter().find(|chain| chain.named && chain.known.contains(key)),
            None if self.may_be_a_group(incident) => self.likeliest_group(incident, &groups),
            None => None,
        };
        incident.organisations.extend(found.and_then(|chain| chain.mentions.first()));
    }

    /// The armed group named in a sentence that tells of the incident, else the one most often named.
    fn likeliest_group<'c>(&self, incident: &Incident, groups: &[&'c Chain]) -> Option<&'c Chain> {
        let sentences: Vec<Span> = incident
            .triggers
            .iter()
            .filter_map(|trigger| self.reading.sentence_of(*trigger))
            .map(|sentence| sentence.span)
            .collect();
        let told = |chain: &&&Chain| {
            chain
                .mentions
                .iter()
                .filter_map(|it| self.mention(*it))
                .any(|mention| sentences.iter().any(|sentence| sentence.contains(mention.span)))
        };
        let most = |chain: &&&Chain| chain.mentions.len();
        groups.iter().filter(told).max_by_key(most).or_else(|| groups.iter().max_by_key(most)).copied()
    }

    fn may_be_a_group(&self, incident: &Incident) -> bool {
        incident.perpetrators.is_empty()
            || incident.perpetrators.iter().any(|it| self.kind(*it) == Some(ThingKind::ArmedGroup))
    }

    /// The place of an incident: its country and its own name, where it has one.
    pub fn location(&self, incident: &Incident) -> Option<String> {
        let gazetteer = Gazetteer::shared();
        let main = self.main_country();
        let covered = |country: &String| COVERED.contains(&country.as_str());
        let known = incident.places.iter().filter_map(|it| {
            let key = *self.places.get(it)?;
            let country =
                country_of(key).filter(|country| covered(country) || Some(country) == main.as_ref())?;
            Some((*it, key, country))
        });
        // A town says more than its country.
        let best = known.min_by_key(|(_, key, _)| gazetteer.place(*key).kind == PlaceKind::Country);
        let Some((it, key, country)) = best else { return main };
        if gazetteer.place(key).kind == PlaceKind::Country {
            return Some(country);
        }
        Some(format!("{country}: {}", self.words(self.mention(it)?.span).to_uppercase()))
    }

    /// The country that the report was sent from, if it is covered, else the covered one most often named.
    fn main_country(&self) -> Option<String> {
        let home = self.home.and_then(country_of);
        if home.as_ref().is_some_and(|home| COVERED.contains(&home.as_str())) {
            return home;
        }
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        for country in self.places.values().filter_map(|key| country_of(*key)) {
            if COVERED.contains(&country.as_str()) {
                *named.entry(country).or_default() += 1;
            }
        }
        named.into_iter().max_by_key(|(_, times)| *times).map(|(country, _)| country).or(home)
    }
}

/// The countries that the guidelines cover.
const COVERED: &[&str] =
    &["ARGENTINA", "BOLIVIA", "CHILE", "COLOMBIA", "ECUADOR", "EL SALVADOR", "GUATEMALA", "HONDURAS", "PERU"];

/// The country that a place lies in, or is.
fn country_of(key: PlaceKey) -> Option<String> {
    let gazetteer = Gazetteer::shared();
    let mut at = Some(key);
    while let Some(key) = at {
        let place = gazetteer.place(key);
        if place.kind == PlaceKind::Country {
            return Some(place.name.to_uppercase());
        }
        at = place.parent;
    }
    None
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

/// Tells whether a weapon was made harmless before it did any harm.
fn defused(event: &EventProposition) -> bool {
    event.kind.sub_event == Some(SubEvent::DisruptedWeapons)
}
