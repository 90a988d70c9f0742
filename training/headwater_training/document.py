"""What does a corpus say of a text, in the terms of the heads?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A labelled stretch of characters."""

    start: int
    end: int
    label: str = ""


@dataclass
class Pairs:
    """Annotated pairs of one pair head; all offsets are those of a first character.

    Every anchor is paired with every candidate of its window (with every word if `candidates` is None);
    what is neither in `labels` nor in `ignored` is "none".
    """

    anchors: list[int] = field(default_factory=list)
    candidates: list[int] | None = field(default_factory=list)
    labels: dict[tuple[int, int], str] = field(default_factory=dict)
    ignored: set[tuple[int, int]] = field(default_factory=set)


@dataclass
class Document:
    """A text and its annotation; a head that is absent from a mapping is not annotated."""

    key: str
    text: str
    corpus: str
    in_order: bool = True
    """Whether the windows of the text are those of a whole document, so that their number means something."""
    tags: dict[str, list[Span]] = field(default_factory=dict)
    choices: dict[str, list[tuple[int, int, tuple[str, ...]]]] = field(default_factory=dict)
    """Stretches where each word has one of several labels; no label at all means that nothing is known."""
    classes: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    scores: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    pairs: dict[str, Pairs] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    """How much a head's loss counts here, where not 1."""
    relevant: bool | None = None
    gold: dict | None = None
    """The annotation as the corpus has it, for its own scorer."""


def apart(spans: list[Span]) -> list[Span]:
    """Drops spans that overlap a longer one: a tag head has one label a word."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s.start - s.end, s.start)):
        if span.start < span.end and all(span.end <= k.start or k.end <= span.start for k in kept):
            kept.append(span)
    return sorted(kept)
