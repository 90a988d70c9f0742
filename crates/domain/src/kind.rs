//! Kinds: what sort of event is it? (PLOVER 0.8 events and modes, ACLED sub-events)

use serde::{Deserialize, Serialize};

/// Declares an enum with the words a standard writes its values in.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All values, in the order of the standard.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value as the standard writes it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads the value as the standard writes it, whatever the case.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word().eq_ignore_ascii_case(word))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// The 16 events of PLOVER 0.8.
    Plover {
        /// Promise, offer or accept future cooperation.
        Agree = "AGREE",
        /// Meetings and calls of any kind.
        Consult = "CONSULT",
        /// Praise, endorse, recognise; nothing material.
        Support = "SUPPORT",
        /// Verbal concession, pardon, announced withdrawal.
        Concede = "CONCEDE",
        /// Mutual material exchange.
        Cooperate = "COOPERATE",
        /// One-sided material help.
        Aid = "AID",
        /// Done concession: withdrawal, release, ceasefire held.
        Retreat = "RETREAT",
        /// Ask, demand, order.
        Request = "REQUEST",
        /// Disapprove, allege, investigate.
        Accuse = "ACCUSE",
        /// Refuse, decline, veto, deny.
        Reject = "REJECT",
        /// Warning with serious consequences.
        Threaten = "THREATEN",
        /// Collective civilian dissent with physical presence.
        Protest = "PROTEST",
        /// Reduce relations, convict, expel, discontinue.
        Sanction = "SANCTION",
        /// Armed or police posture short of force.
        Mobilize = "MOBILIZE",
        /// Repression and restriction short of violence.
        Coerce = "COERCE",
        /// Deliberate act that can cause serious physical harm.
        Assault = "ASSAULT",
    }
}

vocabulary! {
    /// Modes of PLOVER 0.8 that Headwater reads, and `claim` for claims of responsibility.
    Mode {
        /// CONSULT: one visits the other.
        Visit = "visit",
        /// CONSULT: with a mediator.
        ThirdParty = "third-party",
        /// CONSULT: more than two sides.
        Multilateral = "multilateral",
        /// CONSULT: by telephone.
        Phone = "phone",
        /// RETREAT: forces leave.
        Withdraw = "withdraw",
        /// RETREAT: prisoners or hostages go free.
        Release = "release",
        /// RETREAT: arms are laid down.
        Disarm = "disarm",
        /// RETREAT or AGREE: fighting stops.
        Ceasefire = "ceasefire",
        /// RETREAT: access is granted.
        Access = "access",
        /// RETREAT: an office is given up.
        Resign = "resign",
        /// ACCUSE: disapproval.
        Disapprove = "disapprove",
        /// ACCUSE: an inquiry.
        Investigate = "investigate",
        /// ACCUSE: an allegation.
        Allege = "allege",
        /// PROTEST: a demonstration.
        Demo = "demo",
        /// PROTEST: violent.
        Riot = "riot",
        /// PROTEST: a strike.
        Strike = "strike",
        /// PROTEST: a hunger strike.
        Hunger = "hunger",
        /// PROTEST: a boycott.
        Boycott = "boycott",
        /// PROTEST: a road or building is blocked.
        Obstruct = "obstruct",
        /// SANCTION: a court convicts or tries.
        Convict = "convict",
        /// SANCTION or THREATEN: somebody is put out.
        Expel = "expel",
        /// SANCTION: an arrangement is discontinued.
        Discontinue = "discontinue",
        /// MOBILIZE: troops.
        Troops = "troops",
        /// MOBILIZE: weapons.
        Weapons = "weapons",
        /// MOBILIZE: police.
        Police = "police",
        /// MOBILIZE: militia.
        Militia = "militia",
        /// COERCE: property or weapons are taken.
        Seize = "seize",
        /// COERCE or THREATEN: movement or rights are limited.
        Restrict = "restrict",
        /// COERCE: speech is limited.
        Censor = "censor",
        /// COERCE: a curfew.
        Curfew = "curfew",
        /// COERCE: martial law or a state of emergency.
        MartialLaw = "martial-law",
        /// COERCE or THREATEN: arrest, detention.
        Arrest = "arrest",
        /// COERCE: deportation.
        Deport = "deport",
        /// COERCE: needs are withheld.
        Withhold = "withhold",
        /// COERCE: against computers.
        Cyber = "cyber",
        /// THREATEN: force.
        Violence = "violence",
        /// ASSAULT: abduction.
        Abduct = "abduct",
        /// ASSAULT: beating.
        Beat = "beat",
        /// ASSAULT: torture.
        Torture = "torture",
        /// ASSAULT: sexual violence.
        Sexual = "sexual",
        /// ASSAULT: assassination, execution, massacre.
        Targeted = "targeted",
        /// ASSAULT: destruction.
        Destroy = "destroy",
        /// ASSAULT: blades, fire, stones.
        Primitive = "primitive",
        /// ASSAULT: small arms.
        Firearms = "firearms",
        /// ASSAULT: bombs and mines.
        Explosives = "explosives",
        /// ASSAULT: the attacker dies by intent.
        SuicideAttack = "suicide-attack",
        /// ASSAULT: manned aircraft.
        Aerial = "aerial",
        /// ASSAULT: unmanned aircraft.
        Drone = "drone",
        /// ASSAULT: artillery, rockets, tanks.
        HeavyWeapons = "heavy-weapons",
        /// ASSAULT: against crowds.
        CrowdControl = "crowd-control",
        /// ASSAULT: chemical, biological, radiological, nuclear.
        Unconventional = "unconventional",
        /// A claim of responsibility: our own, PLOVER has no place for it.
        Claim = "claim",
    }
}

vocabulary! {
    /// The 25 sub-event types of ACLED.
    SubEvent {
        /// State forces retake a place.
        GovernmentRegains = "Government regains territory",
        /// Another group takes a place.
        NonStateOvertakes = "Non-state actor overtakes territory",
        /// Fighting without change of territory.
        ArmedClash = "Armed clash",
        /// Chemical weapon.
        ChemicalWeapon = "Chemical weapon",
        /// From the air.
        AirStrike = "Air/drone strike",
        /// Suicide bomb.
        SuicideBomb = "Suicide bomb",
        /// Artillery, mortars, missiles.
        Shelling = "Shelling/artillery/missile attack",
        /// Bombs and mines set off from afar.
        RemoteExplosive = "Remote explosive/landmine/IED",
        /// Grenade.
        Grenade = "Grenade",
        /// Sexual violence.
        SexualViolence = "Sexual violence",
        /// Armed attack on civilians.
        Attack = "Attack",
        /// Abduction.
        Abduction = "Abduction/forced disappearance",
        /// Peaceful protest.
        PeacefulProtest = "Peaceful protest",
        /// Protest that authorities hinder.
        ProtestWithIntervention = "Protest with intervention",
        /// Protest met with serious force.
        ExcessiveForce = "Excessive force against protesters",
        /// Demonstrators act violently.
        ViolentDemonstration = "Violent demonstration",
        /// Mobs act violently.
        MobViolence = "Mob violence",
        /// Agreement.
        Agreement = "Agreement",
        /// Arrests.
        Arrests = "Arrests",
        /// Change to a group.
        GroupChange = "Change to group/activity",
        /// Weapons seized, bombs defused, plots foiled.
        DisruptedWeapons = "Disrupted weapons use",
        /// Headquarters or base.
        BaseEstablished = "Headquarters or base established",
        /// Looting and destruction of property.
        PropertyDestruction = "Looting/property destruction",
        /// A place changes hands without fighting.
        TerritoryTransfer = "Non-violent transfer of territory",
        /// Other strategic development.
        Other = "Other",
    }
}

/// What sort of event: PLOVER's event, its mode, and ACLED's sub-event where one fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventKind {
    /// PLOVER event.
    pub event: Plover,
    /// PLOVER mode.
    pub mode: Option<Mode>,
    /// ACLED sub-event.
    pub sub_event: Option<SubEvent>,
}

impl EventKind {
    /// An event of PLOVER without more detail.
    pub fn of(event: Plover) -> Self {
        Self { event, mode: None, sub_event: None }
    }

    /// The family within which reports may tell of the same event under differing kinds.
    pub fn family(self) -> Family {
        match self.event {
            Plover::Assault => Family::Violence,
            Plover::Protest => Family::Protest,
            Plover::Coerce | Plover::Sanction => Family::Coercion,
            Plover::Threaten => Family::Threat,
            Plover::Mobilize => Family::Mobilization,
            Plover::Retreat | Plover::Agree | Plover::Concede | Plover::Cooperate | Plover::Aid => {
                Family::Cooperation
            }
            Plover::Consult | Plover::Support | Plover::Request | Plover::Accuse | Plover::Reject => {
                Family::Talk
            }
        }
    }
}

vocabulary! {
    /// Groups of kinds that differing reports use for one event.
    Family {
        /// Use of force.
        Violence = "violence",
        /// Protest and riot.
        Protest = "protest",
        /// Arrest, restriction, sanction.
        Coercion = "coercion",
        /// Threats.
        Threat = "threat",
        /// Posture of forces.
        Mobilization = "mobilization",
        /// Agreement, release, aid.
        Cooperation = "cooperation",
        /// Words between parties.
        Talk = "talk",
    }
}

vocabulary! {
    /// What the report makes of whether the event took place.
    EventStatus {
        /// Told as fact.
        Happened = "happened",
        /// Told as somebody's claim.
        Alleged = "alleged",
        /// Said not to have happened.
        Denied = "denied",
        /// Announced or intended.
        Planned = "planned",
        /// Prevented.
        Foiled = "foiled",
        /// Threatened.
        Threatened = "threatened",
        /// Only imagined: a risk, a condition, an outlook.
        Hypothetical = "hypothetical",
        /// Earlier history told for context.
        Background = "historical-background",
    }
}
