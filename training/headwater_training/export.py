"""How does the tagger leave Python? As whole numbers in two files, and a third to check others against."""

from __future__ import annotations

import json
import os
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from .batches import collate
from .document import Document
from .heads import HEADS
from .model import LAYERS, Tagger
from .windows import Pieces, windows

FORMAT_VERSION = 1


def quantise(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Returns 8-bit integers and one scale a row, symmetric about zero."""
    scale = weight.abs().amax(1).clamp(min=1e-12) / 127
    return (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale.to(torch.float32)


def _rounded(weight: Tensor) -> Tensor:
    whole, scale = quantise(weight)
    return whole.to(torch.float32) * scale[:, None]


@torch.no_grad()
def round_weights(tagger: Tagger) -> None:
    """Replaces each weight that is exported in 8 bits by its rounded value."""
    tagger.tok.weight.copy_(_rounded(tagger.tok.weight))
    for layer in tagger.layers:
        for part in (layer.qkv, layer.o, layer.up, layer.down):
            part.weight.copy_(_rounded(part.weight))


def write_embeddings(tagger: Tagger, path: Path) -> None:
    """Writes the frozen table of word pieces; it is the same after every training."""
    whole, scale = quantise(tagger.tok.weight.detach())
    _write(path, {"tok_q": whole, "tok_scale": scale}, {})


def write_tagger(tagger: Tagger, path: Path, about: dict) -> None:
    """Writes everything that training changes; `about` goes into the metadata beside the heads."""
    tensors: dict[str, Tensor] = {
        "pos": tagger.pos.weight,
        "type0": tagger.type0,
        "case": tagger.case.weight,
        "window": tagger.window.weight,
        "emb_ln_g": tagger.ln.weight,
        "emb_ln_b": tagger.ln.bias,
    }
    for i in range(LAYERS):
        layer = tagger.layers[i]
        for name, part in (("qkv", layer.qkv), ("o", layer.o), ("up", layer.up), ("down", layer.down)):
            whole, scale = quantise(part.weight.detach())
            tensors[f"layer.{i}.{name}_q"] = whole
            tensors[f"layer.{i}.{name}_scale"] = scale
            tensors[f"layer.{i}.{name}_b"] = part.bias
        for name, norm in (("ln1", layer.ln1), ("ln2", layer.ln2)):
            tensors[f"layer.{i}.{name}_g"] = norm.weight
            tensors[f"layer.{i}.{name}_b"] = norm.bias
    for head in HEADS:
        at = f"head.{head.name}."
        if head.kind == "pair":
            pair = tagger.pair[head.name]
            tensors |= {
                at + "a": pair.a.weight,
                at + "bm": pair.bm.weight,
                at + "d": pair.d,
                at + "c": pair.c,
            }
            tensors |= {at + "p": pair.p, at + "v": pair.v.weight, at + "vb": pair.v.bias}
        else:
            tensors |= {at + "w": tagger.flat[head.name].weight, at + "b": tagger.flat[head.name].bias}
    heads = [
        {
            "name": head.name,
            "kind": head.kind,
            "labels": list(head.labels),
            "temperature": 1.0,  # folded into the weights
        }
        for head in HEADS
    ]
    _write(
        path,
        tensors,
        {"headwater": json.dumps({"version": FORMAT_VERSION, "heads": heads, **about}, sort_keys=True)},
    )


def _write(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    aside = path.with_suffix(".new")
    save_file({name: t.detach().contiguous() for name, t in tensors.items()}, aside, metadata=metadata)
    os.replace(aside, path)


@torch.inference_mode()
def parity(tagger: Tagger, pieces: Pieces, texts: list[str]) -> dict:
    """Returns what a correct reader of the files computes for own texts, up to the rounding of activations.

    Call after `round_weights`. A pair head is given for every pair of the first and the last eight words.
    """
    tagger.eval()
    out = []
    for text in texts:
        document = Document("own", text, "own")
        for window in windows(document, pieces):
            batch = collate([window])
            hidden = tagger.encode(batch.ids, batch.case, batch.number, batch.mask)[0]
            words = hidden[window.heads_at]
            probabilities: dict[str, list] = {}
            for head in HEADS:
                if head.kind == "pair":
                    n = len(window.words)
                    chosen = sorted({*range(min(8, n)), *range(max(0, n - 8), n)})
                    first = torch.tensor([i for i in chosen for _ in chosen])
                    second = torch.tensor([j for _ in chosen for j in chosen])
                    p = tagger.pair_logits(head, words, first, second).softmax(-1)
                    probabilities[head.name] = [
                        [int(i), int(j), [round(x, 5) for x in row]]
                        for i, j, row in zip(first, second, p.tolist(), strict=True)
                    ]
                elif head.kind == "score":
                    probabilities[head.name] = [
                        round(x, 5) for x in tagger.logits(head, words)[:, 0].tolist()
                    ]
                else:
                    rows = hidden[:1] if head.kind == "window" else words
                    p = tagger.logits(head, rows).softmax(-1)
                    probabilities[head.name] = [[round(x, 5) for x in row] for row in p.tolist()]
            out.append(
                {
                    "text": text,
                    "window_number": window.number,
                    "pieces": window.ids.tolist(),
                    "case": window.case.tolist(),
                    "words": [[len(text[:a].encode()), len(text[:b].encode())] for a, b in window.words],
                    "first_piece": window.heads_at.tolist(),
                    "hidden_first_word": [round(x, 5) for x in words[0].tolist()],
                    "heads": probabilities,
                }
            )
    return {"version": FORMAT_VERSION, "windows": out}
