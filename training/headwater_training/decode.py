"""What does the tagger say of a text? From probabilities to spans, events and attributions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch

from .batches import PIECES_PER_BATCH, collate
from .document import Document
from .heads import BY_NAME, HEADS
from .model import Tagger
from .windows import Pieces, Window, windows

IMPOSSIBLE = -1e9


@dataclass(frozen=True)
class Policy:
    """Decisions that are settled on the dev files."""

    outside: dict[str, float] = field(default_factory=dict)
    """Added to the logit of O of a tag head: below 0 finds more."""
    argument_min: float = 0.5
    source_min: float = 0.3
    content_min: float = 0.3
    same_event_min: float = 0.5
    same_entity_min: float = 0.5
    relation_min: float = 0.5


@dataclass
class Seen:
    """A window with what the network made of it."""

    window: Window
    words: torch.Tensor
    """Hidden state of each word."""
    logits: dict[str, np.ndarray]
    start: torch.Tensor
    """Hidden state of [CLS]."""


@dataclass
class Reading:
    """A text as the network sees it."""

    document: Document
    seen: list[Seen]

    @property
    def words(self) -> list[tuple[int, int]]:
        return [word for s in self.seen for word in s.window.words]

    def logits(self, head: str) -> np.ndarray:
        return np.concatenate([s.logits[head] for s in self.seen])

    def place(self, word: int) -> tuple[Seen, int]:
        """Returns the window of a word of the text, and the word's number there."""
        for seen in self.seen:
            if word < len(seen.window.words):
                return seen, word
            word -= len(seen.window.words)
        raise IndexError(word)

    def first_of(self, seen: Seen) -> int:
        """Returns the number of a window's first word in the text."""
        return sum(len(s.window.words) for s in self.seen[: self.seen.index(seen)])


@torch.inference_mode()
def read(tagger: Tagger, documents: list[Document], pieces: Pieces) -> list[Reading]:
    """Runs the network over documents."""
    tagger.eval()
    readings = [Reading(d, []) for d in documents]
    todo = [(r, w) for r in readings for w in windows(r.document, pieces)]
    order = sorted(range(len(todo)), key=lambda i: todo[i][1].length)
    done: list[Seen | None] = [None] * len(todo)
    at = 0
    while at < len(order):
        size = 1
        while at + size < len(order) and (size + 1) * todo[order[at + size]][1].length <= PIECES_PER_BATCH:
            size += 1
        chosen = order[at : at + size]
        batch = collate([todo[i][1] for i in chosen])
        hidden = tagger.encode(batch.ids, batch.case, batch.number, batch.mask)
        for row, i in enumerate(chosen):
            window = todo[i][1]
            words = hidden[row][window.heads_at].clone()
            logits = {
                h.name: tagger.logits(h, words).numpy() for h in HEADS if h.kind in ("tag", "class", "score")
            }
            done[i] = Seen(window, words, logits, hidden[row, 0].clone())
        at += size
    for (reading, _), seen in zip(todo, done, strict=True):
        reading.seen.append(seen)
    return readings


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def best_path(logits: np.ndarray, labels: tuple[str, ...], outside: float = 0.0) -> list[int]:
    """Returns the likeliest labels in which each I follows its own B or I."""
    scores = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    scores[:, 0] += outside
    allowed = np.zeros((len(labels), len(labels)))
    for j, label in enumerate(labels):
        if label.startswith("I"):
            for i, before in enumerate(labels):
                if before[0] not in "BI" or before[1:] != label[1:]:
                    allowed[i, j] = IMPOSSIBLE
    best = scores[0] + np.array([IMPOSSIBLE if x.startswith("I") else 0.0 for x in labels])
    back = []
    for row in scores[1:]:
        through = best[:, None] + allowed
        back.append(through.argmax(0))
        best = through.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


def spans(reading: Reading, head: str, policy: Policy) -> list[tuple[int, int, str]]:
    """Returns the spans of a tag head as ranges of words with their label."""
    labels = BY_NAME[head].labels
    if not reading.seen:
        return []
    out: list[tuple[int, int, str]] = []
    for word, code in enumerate(best_path(reading.logits(head), labels, policy.outside.get(head, 0.0))):
        label = labels[code]
        if label.startswith("B"):
            out.append((word, word + 1, label[2:]))
        elif label.startswith("I"):
            out[-1] = (out[-1][0], word + 1, out[-1][2])
    return out


def characters(reading: Reading, span: tuple[int, int]) -> list[int]:
    """Returns the character range of a range of words."""
    words = reading.words
    return [words[span[0]][0], words[span[1] - 1][1]]


@torch.inference_mode()
def pair_scores(tagger: Tagger, head: str, seen: Seen, firsts: list[int], seconds: list[int]) -> np.ndarray:
    """Returns the probabilities of each first with each second word, as [first, second, label]."""
    if not firsts or not seconds:
        return np.zeros((len(firsts), len(seconds), len(BY_NAME[head].labels)), np.float32)
    one = torch.tensor([i for i in firsts for _ in seconds])
    two = torch.tensor([j for _ in firsts for j in seconds])
    logits = tagger.pair_logits(BY_NAME[head], seen.words, one, two)
    return logits.softmax(-1).numpy().reshape(len(firsts), len(seconds), -1)


@dataclass
class Attribution:
    """Who says what, as ranges of words."""

    cue: tuple[int, int]
    source: tuple[int, int] | None
    contents: list[tuple[int, int]]


def attributions(tagger: Tagger, reading: Reading, policy: Policy) -> list[Attribution]:
    """Ties each content to its likeliest cue, and each cue to its likeliest source."""
    cues = [(a, b) for a, b, _ in spans(reading, "cue", policy)]
    sources = [(a, b) for a, b, _ in spans(reading, "source", policy)]
    contents = [(a, b) for a, b, _ in spans(reading, "content", policy)]
    source_code, content_code = (BY_NAME["voice"].labels.index(x) for x in ("source", "content"))
    out: list[Attribution] = []
    first = 0
    for seen in reading.seen:
        end = first + len(seen.window.words)
        here = [c for c in cues if first <= c[0] < end]
        every = list(range(end - first))
        p = pair_scores(tagger, "voice", seen, [c[0] - first for c in here], every)
        said: list[list[tuple[int, int]]] = [[] for _ in here]
        for content in contents:
            if not here or not first <= content[0] < end:
                continue
            column = p[:, content[0] - first, content_code]
            best = int(column.argmax())
            if column[best] >= policy.content_min:
                said[best].append(content)
        for i, cue in enumerate(here):
            if not said[i] and len(every):
                j = int(p[i, :, content_code].argmax())
                around = [c for c in contents if c[0] <= j + first < c[1]]
                if around and p[i, j, content_code] >= policy.content_min:
                    said[i].append((j + first, around[0][1]))
            near = [s for s in sources if first <= s[0] < end]
            source = max(near, key=lambda s: p[i, s[0] - first, source_code], default=None)
            if source and p[i, source[0] - first, source_code] < policy.source_min:
                source = None
            out.append(Attribution(cue, source, sorted(said[i])))
        first = end
    return out


@dataclass
class Event:
    """One act with its triggers and arguments, as ranges of words."""

    triggers: list[tuple[int, int]]
    kind: str
    status: str
    arguments: dict[str, list[tuple[int, int]]]


def events(tagger: Tagger, reading: Reading, policy: Policy) -> list[Event]:
    """Finds triggers, joins those of one act, and ties mentions to them."""
    triggers = spans(reading, "trigger", policy)
    fillers = [*spans(reading, "mention", policy), *spans(reading, "detail", policy)]
    labels = BY_NAME["argument"].labels
    statuses = BY_NAME["status"].labels
    out: list[Event] = []
    first = 0
    for seen in reading.seen:
        end = first + len(seen.window.words)
        here = [t for t in triggers if first <= t[0] < end]
        near = [f for f in fillers if first <= f[0] < end]
        places = [t[0] - first for t in here]
        same = pair_scores(tagger, "same_event", seen, places, places)
        roles = pair_scores(tagger, "argument", seen, places, [f[0] - first for f in near])
        event_of: list[Event] = []
        for i, (a, b, kind) in enumerate(here):
            found: dict[str, list[tuple[int, int]]] = {}
            for k, (c, d, filler_kind) in enumerate(near):
                p = roles[i, k].copy()
                fits = [
                    0.0 if role == "none" or not _fits(role, filler_kind) else p[n]
                    for n, role in enumerate(labels)
                ]
                best = int(np.argmax(fits))
                if fits[best] >= policy.argument_min:
                    found.setdefault(labels[best], []).append((c, d))
            earlier = [j for j in range(i) if here[j][2] == kind and same[i, j, 1] >= policy.same_event_min]
            if earlier:
                event = event_of[max(earlier, key=lambda j: same[i, j, 1])]
                event.triggers.append((a, b))
                for role, those in found.items():
                    known = event.arguments.setdefault(role, [])
                    known += [s for s in those if s not in known]
            else:
                status = statuses[int(seen.logits["status"][a - first].argmax())]
                event = Event([(a, b)], kind, status, found)
                out.append(event)
            event_of.append(event)
        first = end
    return out


def _fits(role: str, filler: str) -> bool:
    """Times fill only times, counts only counts, people and things the rest."""
    if filler == "time":
        return role == "time"
    if filler == "count":
        return role in ("killed", "injured", "detained")
    if role == "place":
        return filler in ("place", "facility")
    if role == "weapon":
        return filler in ("weapon", "facility")
    return role != "time"
