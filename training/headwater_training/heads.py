"""Which questions does the tagger answer, and in which labels?"""

from __future__ import annotations

from dataclasses import dataclass

ENTITY_TYPES = (
    "person",
    "armed_group",
    "security_force",
    "government",
    "organisation",
    "people",
    "place",
    "facility",
    "weapon",
)
EVENT_TYPES = (
    "ASSAULT",
    "COERCE",
    "PROTEST",
    "THREATEN",
    "MOBILIZE",
    "SANCTION",
    "ACCUSE",
    "REJECT",
    "REQUEST",
    "CONSULT",
    "AGREE",
    "SUPPORT",
    "COOPERATE",
    "AID",
    "YIELD",
    "CLAIM",
    "TRIAL",
)
ROLES = ("actor", "target", "victim", "place", "time", "weapon", "killed", "injured", "detained")
STATUSES = ("happened", "alleged", "denied", "planned", "foiled", "threatened", "hypothetical", "background")
STANCES = (
    "asserts",
    "denies",
    "claims_responsibility",
    "accuses",
    "predicts",
    "speculates",
    "demands",
    "promises",
)
SOURCE_KINDS = ("named_person", "named_organisation", "official", "unnamed", "media", "document", "author")
SIGNS = ("hostile", "cooperative", "denies_link", "controls", "negotiating")
MUC_ROLES = {
    "PerpInd": "muc_perp_ind",
    "PerpOrg": "muc_perp_org",
    "Target": "muc_target",
    "Victim": "muc_victim",
    "Weapon": "muc_weapon",
}

PAIR_WIDTH = 128
DISTANCE_BUCKETS = 15


@dataclass(frozen=True)
class Head:
    """One output layer; `weight` is that of its loss per annotated item."""

    name: str
    kind: str
    labels: tuple[str, ...]
    weight: float


def _bio(*names: str) -> tuple[str, ...]:
    if not names:
        return ("O", "B", "I")
    return ("O", *(f"{mark}-{name}" for name in names for mark in "BI"))


# A tag head has an item at every word, a class head at one word in fifty: hence the weights.
HEADS = (
    Head("mention", "tag", _bio(*ENTITY_TYPES), 1 / 600),
    Head("trigger", "tag", _bio(*EVENT_TYPES), 1 / 400),
    Head("source", "tag", _bio(), 1 / 1000),
    Head("cue", "tag", _bio(), 1 / 1000),
    Head("content", "tag", _bio(), 1 / 1000),
    Head("detail", "tag", _bio("time", "count"), 1 / 1000),
    *(Head(name, "tag", _bio(), 1 / 1000) for name in MUC_ROLES.values()),
    Head("status", "class", STATUSES, 1 / 40),
    Head("stance", "class", STANCES, 1 / 100),
    Head("source_kind", "class", SOURCE_KINDS, 1 / 100),
    Head("hedged", "class", ("no", "yes"), 1 / 100),
    Head("factuality", "score", ("score",), 1 / 100),
    Head("argument", "pair", ("none", *ROLES), 1 / 200),
    Head("voice", "pair", ("none", "source", "content"), 1 / 500),
    Head("coref", "pair", ("none", "same"), 1 / 1500),
    Head("same_event", "pair", ("none", "same"), 1 / 100),
    Head("relation", "pair", ("none", *SIGNS), 1 / 300),
    Head("relevant", "window", ("no", "yes"), 1 / 30),
)
BY_NAME = {head.name: head for head in HEADS}
