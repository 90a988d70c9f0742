"""How does the network compute? all-MiniLM-L6-v2 with case and window number, and all heads on its words."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from .heads import DISTANCE_BUCKETS, HEADS, PAIR_WIDTH, Head

WIDTH, HEADS_OF_ATTENTION, LAYERS, INNER, VOCABULARY, POSITIONS = 384, 12, 6, 1536, 30522, 512
CASES, WINDOW_NUMBERS = 6, 5
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Layer(nn.Module):
    """One transformer layer. Attention has no dropout, which would keep it off the fused kernel."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.o = nn.Linear(WIDTH, WIDTH)
        self.ln1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.ln2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        rows, length, _ = x.shape
        shape = (rows, length, 3, HEADS_OF_ATTENTION, WIDTH // HEADS_OF_ATTENTION)
        q, k, v = self.qkv(x).view(shape).permute(2, 0, 3, 1, 4).unbind(0)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        x = self.ln1(x + self.drop(self.o(attended.transpose(1, 2).reshape(rows, length, WIDTH))))
        return self.ln2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Pair(nn.Module):
    """Scores two words for one pair head.

    The sum of both tells what each word is, their product how alike they are.
    """

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.a = nn.Linear(WIDTH, PAIR_WIDTH, bias=False)
        self.bm = nn.Linear(WIDTH, PAIR_WIDTH, bias=False)
        self.p = nn.Parameter(torch.zeros(PAIR_WIDTH))
        self.d = nn.Parameter(torch.zeros(DISTANCE_BUCKETS, PAIR_WIDTH))
        self.c = nn.Parameter(torch.zeros(PAIR_WIDTH))
        self.v = nn.Linear(PAIR_WIDTH, labels)

    def forward(self, first: Tensor, second: Tensor, bucket: Tensor) -> Tensor:
        return self.score(self.a(first), self.bm(second), bucket)

    def score(self, one: Tensor, two: Tensor, bucket: Tensor) -> Tensor:
        """Scores what the two words bring in."""
        return self.v(F.relu(one + two + self.p * one * two + self.d[bucket] + self.c))


def bucket_of(distance: Tensor) -> Tensor:
    """Returns the bucket of each signed word distance: its bit length, at most 7, with the sign, plus 7."""
    size = distance.abs()
    length = torch.zeros_like(size)
    for bit in range(7):
        length += (size >= (1 << bit)).long()
    return distance.sign() * length.clamp(max=7) + 7


class Tagger(nn.Module):
    """The encoder and its heads."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.tok = nn.Embedding(VOCABULARY, WIDTH)
        self.tok.weight.requires_grad = False
        self.pos = nn.Embedding(POSITIONS, WIDTH)
        self.type0 = nn.Parameter(torch.zeros(WIDTH))
        self.case = nn.Embedding(CASES, WIDTH)
        self.window = nn.Embedding(WINDOW_NUMBERS, WIDTH)
        nn.init.zeros_(self.case.weight)
        nn.init.zeros_(self.window.weight)
        self.ln = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.flat = nn.ModuleDict(
            {head.name: nn.Linear(WIDTH, len(head.labels)) for head in HEADS if head.kind != "pair"}
        )
        self.pair = nn.ModuleDict(
            {head.name: Pair(len(head.labels)) for head in HEADS if head.kind == "pair"}
        )

    def encode(self, ids: Tensor, case: Tensor, number: Tensor, mask: Tensor) -> Tensor:
        """Returns the last hidden state of every piece."""
        positions = torch.arange(ids.shape[1], device=ids.device)
        x = (
            self.tok(ids)
            + self.pos(positions)[None]
            + self.type0
            + self.case(case)
            + self.window(number)[:, None]
        )
        x = self.drop(self.ln(x))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def logits(self, head: Head, words: Tensor) -> Tensor:
        return self.flat[head.name](words)

    def pair_logits(self, head: Head, words: Tensor, first: Tensor, second: Tensor) -> Tensor:
        """Scores pairs of rows of `words`, the words of one window (or of several with the same offsets)."""
        return self.pair[head.name](words[first], words[second], bucket_of(second - first))


def load_encoder(folder: Path, dropout: float = 0.1) -> Tagger:
    """Returns a tagger with the published encoder and fresh heads; the weights must be the known ones."""
    path = folder / "model.safetensors"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ValueError(f"cannot use the encoder weights: their digest is {digest}")
    saved = load_file(path)
    tagger = Tagger(dropout)
    state = {
        "tok.weight": saved["embeddings.word_embeddings.weight"],
        "pos.weight": saved["embeddings.position_embeddings.weight"],
        "type0": saved["embeddings.token_type_embeddings.weight"][0],
    }
    for part in ("weight", "bias"):
        state[f"ln.{part}"] = saved[f"embeddings.LayerNorm.{part}"]
        for i in range(LAYERS):
            at = f"encoder.layer.{i}."
            state[f"layers.{i}.qkv.{part}"] = torch.cat(
                [saved[f"{at}attention.self.{x}.{part}"] for x in ("query", "key", "value")]
            )
            state[f"layers.{i}.o.{part}"] = saved[f"{at}attention.output.dense.{part}"]
            state[f"layers.{i}.ln1.{part}"] = saved[f"{at}attention.output.LayerNorm.{part}"]
            state[f"layers.{i}.up.{part}"] = saved[f"{at}intermediate.dense.{part}"]
            state[f"layers.{i}.down.{part}"] = saved[f"{at}output.dense.{part}"]
            state[f"layers.{i}.ln2.{part}"] = saved[f"{at}output.LayerNorm.{part}"]
    missing, unexpected = tagger.load_state_dict(state, strict=False)
    fresh = ("case.", "window.", "flat.", "pair.")
    if unexpected or any(not name.startswith(fresh) for name in missing):
        raise ValueError("cannot use the encoder weights: other tensors than expected")
    return tagger
