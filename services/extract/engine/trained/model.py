"""A model's files: read with their checksums verified, written the same way every time.

A model is a folder of arrays (`tagger.npz`, `network.npz`, one `.npz` for each field), tables
(`lemmas.tsv.gz`, `bins.tsv.gz`) and `model.json`, which names the version, the settings and the
SHA-256 of every other file that is loaded.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from services.extract.engine.trained.crf import Field
from services.extract.engine.trained.finder import Fields, Settings
from services.extract.engine.trained.lemmas import Lemmas, WordClass
from services.extract.engine.trained.network import Network
from services.extract.engine.trained.tagger import Tagger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from services.extract.engine.trained.arrays import Floats

MANIFEST = "model.json"
FORMAT = 2
_TAGGER, _LEMMAS, _BINS = "tagger.npz", "lemmas.tsv.gz", "bins.tsv.gz"
_NETWORK = "network.npz"
_FIELD_FILES = {field.name: f"{field.name}.npz" for field in fields(Fields)}
_HIGHEST = 127


class UnusableModelError(Exception):
    """The model's files are missing, damaged, or of another format."""


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that finding needs; `bins` are by lemma, for cues and for sources."""

    name: str
    version: str
    tagger: Tagger
    lemmas: Lemmas
    bins: dict[str, tuple[int, int]]
    fields: Fields
    network: Network
    settings: Settings


def load_model(folder: Path) -> Model:
    """Load the model in `folder`.

    Raises UnusableModelError when a file is missing or is not the one the manifest names.
    """
    manifest = _manifest(folder)
    files = _files(folder, manifest, [_TAGGER, _LEMMAS, _BINS, _NETWORK, *_FIELD_FILES.values()])
    return Model(
        name=manifest["name"],
        version=manifest["version"],
        tagger=_unpacked_tagger(files[_TAGGER]),
        lemmas=_unpacked_lemmas(files[_LEMMAS]),
        bins=_unpacked_bins(files[_BINS]),
        fields=Fields(
            **{name: _unpacked_field(files[file]) for name, file in _FIELD_FILES.items()}
        ),
        network=_unpacked_network(files[_NETWORK]),
        settings=Settings(**manifest["settings"]),
    )


def load_words(folder: Path) -> tuple[Tagger, Lemmas]:
    """Load only what the model in `folder` knows of words, to train another one upon.

    Raises UnusableModelError like `load_model`.
    """
    files = _files(folder, _manifest(folder), [_TAGGER, _LEMMAS])
    return _unpacked_tagger(files[_TAGGER]), _unpacked_lemmas(files[_LEMMAS])


def _files(folder: Path, manifest: dict[str, Any], names: Iterable[str]) -> dict[str, bytes]:
    digests = manifest.get("files", {})
    missing = [name for name in names if name not in digests]
    if missing:
        raise UnusableModelError(f"{folder / MANIFEST} does not name {', '.join(missing)}.")
    return {name: _verified(folder / name, digests[name]) for name in names}


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableModelError(f"{folder} holds no readable {MANIFEST}: {error}") from error
    if manifest.get("format") != FORMAT:
        raise UnusableModelError(f"{folder} is of format {manifest.get('format')}, not {FORMAT}.")
    return manifest


def _verified(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableModelError(f"{path} cannot be read: {error}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise UnusableModelError(f"{path} is damaged: its SHA-256 is not the one in {MANIFEST}.")
    return content


def save_model(model: Model, folder: Path) -> None:
    """Write the model's files and their manifest into `folder`; the same model, the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        _TAGGER: _packed_tagger(model.tagger),
        _NETWORK: _packed_network(model.network),
        _LEMMAS: _packed_lemmas(model.lemmas),
        _BINS: _table(
            (lemma, str(cue), str(source)) for lemma, (cue, source) in model.bins.items()
        ),
    }
    for name, file in _FIELD_FILES.items():
        files[file] = _packed_field(getattr(model.fields, name))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    manifest = {
        "format": FORMAT,
        "name": model.name,
        "version": model.version,
        "settings": {f.name: getattr(model.settings, f.name) for f in fields(Settings)},
        "files": {
            name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())
        },
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def compressed(field: Field) -> Field:
    """Give the field as it is after a round through its file, where weights are bytes."""
    return _unpacked_field(_packed_field(field))


def compressed_words(tagger: Tagger) -> Tagger:
    """Give the tagger as it is after a round through its file."""
    return _unpacked_tagger(_packed_tagger(tagger))


def compressed_network(network: Network) -> Network:
    """Give the network as it is after a round through its file."""
    return _unpacked_network(_packed_network(network))


def _packed_network(network: Network) -> bytes:
    rounded, scale = _rounded(network.vectors[1:])
    told = rounded.any(axis=1)
    dense = {name: getattr(network, name).astype(np.float16) for name in _NETWORK_DENSE}
    return _arrays(
        labels=np.array(network.labels),
        slots=network.slots[told],
        vectors=rounded[told],
        scale=scale,
        layers=np.stack(network.layers).astype(np.float16),
        layer_biases=np.stack(network.layer_biases).astype(np.float16),
        **dense,
    )


_NETWORK_DENSE = ("gain", "shift", "inner", "inner_bias", "out", "out_bias")


def _unpacked_network(content: bytes) -> Network:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        vectors = arrays["vectors"].astype(np.float32) * arrays["scale"]
        nothing = np.zeros((1, vectors.shape[1]), np.float32)
        return Network(
            labels=tuple(arrays["labels"].tolist()),
            slots=arrays["slots"],
            vectors=np.concatenate([nothing, vectors]),
            layers=tuple(arrays["layers"].astype(np.float32)),
            layer_biases=tuple(arrays["layer_biases"].astype(np.float32)),
            **{name: arrays[name].astype(np.float32) for name in _NETWORK_DENSE},
        )


def _packed_field(field: Field) -> bytes:
    rounded, scale = _rounded(field.weights[1:])
    told = rounded.any(axis=1)
    return _arrays(
        labels=np.array(field.labels),
        slots=field.slots[told],
        weights=rounded[told],
        scale=scale,
        transitions=field.transitions,
    )


def _unpacked_field(content: bytes) -> Field:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        weights = arrays["weights"].astype(np.float32) * arrays["scale"]
        nothing = np.zeros((1, weights.shape[1]), np.float32)
        return Field(
            labels=tuple(arrays["labels"].tolist()),
            slots=arrays["slots"],
            weights=np.concatenate([nothing, weights]),
            transitions=arrays["transitions"],
        )


def _rounded(values: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Round each column to bytes; `scale` brings them back."""
    highest = np.abs(values).max(axis=0, initial=0)
    scale = np.where(highest > 0, highest / _HIGHEST, 1).astype(np.float32)
    return np.round(values / scale).astype(np.int8), scale


def _packed_tagger(tagger: Tagger) -> bytes:
    rounded, scale = _rounded(tagger.buckets)
    used = np.flatnonzero(rounded.any(axis=1)).astype(np.int32)
    return _arrays(
        tags=np.array(tagger.tags),
        cases=np.array(tagger.cases),
        size=np.array(len(tagger.buckets)),
        used=used,
        buckets=rounded[used],
        scale=scale,
        **{name: getattr(tagger, name).astype(np.float16) for name in _DENSE},
    )


_DENSE = ("first", "first_bias", "second", "second_bias", "out", "out_bias")


def _unpacked_tagger(content: bytes) -> Tagger:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        buckets = np.zeros((int(arrays["size"]), len(arrays["scale"])), np.float32)
        buckets[arrays["used"]] = arrays["buckets"] * arrays["scale"]
        return Tagger(
            tags=tuple(arrays["tags"].tolist()),
            cases=tuple(arrays["cases"].tolist()),
            buckets=buckets,
            **{name: arrays[name].astype(np.float32) for name in _DENSE},
        )


def _arrays(**arrays: NDArray[Any]) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()


def _table(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = "".join("\t".join(row) + "\n" for row in rows)
    return gzip.compress(text.encode(), mtime=0)


def _rows(content: bytes) -> list[list[str]]:
    return [line.split("\t") for line in gzip.decompress(content).decode().split("\n") if line]


def _packed_lemmas(lemmas: Lemmas) -> bytes:
    words = (("=", kind.name, word, lemma) for (word, kind), lemma in lemmas.words.items())
    endings = (
        (str(cut), kind.name, ending, instead)
        for (ending, kind), (cut, instead) in lemmas.endings.items()
    )
    return _table([*words, *endings])


def _unpacked_lemmas(content: bytes) -> Lemmas:
    words: dict[tuple[str, WordClass], str] = {}
    endings: dict[tuple[str, WordClass], tuple[int, str]] = {}
    kinds = {kind.name: kind for kind in WordClass}
    for what, kind, form, result in _rows(content):
        if what == "=":
            words[form, kinds[kind]] = result
        else:
            endings[form, kinds[kind]] = (int(what), result)
    return Lemmas(words, endings)


def _unpacked_bins(content: bytes) -> dict[str, tuple[int, int]]:
    return {lemma: (int(cue), int(source)) for lemma, cue, source in _rows(content)}
