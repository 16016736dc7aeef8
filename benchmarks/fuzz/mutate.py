"""One mutated file for each number: the same number, the same file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.fuzz.seeds import seeds
from benchmarks.fuzz.structure import Structure, structure, unzipped, zipped
from tests.palette_files import TOKENS

Random = np.random.Generator
_BYTES = (0, 1, 2, 3, 4, 8, 16, 32, 64, 127, 128, 254, 255)
_SIZES = (0, 1, 2, 3, 7, 16, 255, 256, 8191, 8192, 16_383, 30_000, 32_767, 65_535)
_LONG = (*_SIZES, 65_536, 2**20, 2**24 - 1, 2**26, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1)
_VALUES = {"B": _BYTES, "H": _SIZES, "I": _LONG, "f": (0.0, -1.0, 1e30, float("inf"), float("nan"))}


def mutated(key: str, number: int, seed: int = 0) -> bytes:
    """Mutated file ``number`` of a format: one to six changes to one of its whole files."""
    rng = np.random.default_rng([seed, zlib.crc32(key.encode()), number])
    whole = seeds(key)
    data = whole[number % len(whole)]
    inside = key == "procreate" and rng.random() < 0.7  # a changed archive is refused by its checksum
    data = unzipped(data) if inside else data
    known = structure("json" if inside else key)
    for _ in range(min(6, int(rng.geometric(0.5)))):
        data = _CHANGES[int(rng.integers(len(_CHANGES)))](data, rng, known, whole) or b"\0"
    if rng.random() < 0.8:
        data = known.repaired(data)
    return zipped(data) if inside else data


def _flip(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 9))):
        out[_place(out, rng)] ^= 1 << int(rng.integers(8))
    return bytes(out)


def _overwrite(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    at, length = _place(data, rng), int(rng.integers(1, 20))
    kind = int(rng.integers(3))
    run = rng.bytes(length) if kind == 0 else bytes([int(rng.choice(_BYTES))]) * length
    return data[:at] + run + data[at + length :]


def _cut(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    if rng.random() < 0.3:
        return data[: _place(data, rng)]
    at = _place(data, rng)
    return data[:at] + data[at + int(rng.integers(1, 40)) :]


def _repeat(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    at, length = _place(data, rng), int(rng.integers(1, 64))
    times = int(rng.choice((1, 1, 2, 5, 200)))
    return data[:at] + data[at : at + length] * times + data[at:]


def _splice(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    other = whole[int(rng.integers(len(whole)))]
    return data[: _place(data, rng)] + other[_place(other, rng) :]


def _swell(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    """Say one thing of a text very often: a word of its grammar, or a piece of this file."""
    at = _place(data, rng)
    piece = TOKENS[int(rng.integers(len(TOKENS)))] if rng.random() < 0.5 else data[at : at + 9]
    times = int(rng.choice((100, 3000, 20_000))) // max(1, len(piece))
    return data[:at] + piece * times + data[at:]


def _rearrange(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    """Repeat, drop or move one of the parts, or take one of another file."""
    cuts = _cuts(data, known)
    if len(cuts) < 3:
        return _flip(data, rng, known, whole)
    first = int(rng.integers(len(cuts) - 1))
    start, end = cuts[first], cuts[first + 1]
    to = cuts[int(rng.integers(len(cuts)))]
    match int(rng.integers(4)):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:to] + data[start:end] * int(rng.choice((1, 2, 50))) + data[to:]
        case 2:
            other = whole[int(rng.integers(len(whole)))]
            theirs = _cuts(other, known)
            pick = int(rng.integers(max(1, len(theirs) - 1)))
            return data[:to] + other[theirs[pick] : theirs[pick + 1]] + data[to:] if len(theirs) > 1 else data
    rest = data[:start] + data[end:]
    return rest[:to] + data[start:end] + rest[to:]


def _extreme(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    """Set one of the numbers that readers believe to an extreme."""
    fields = _fields(data, known)
    if not fields:
        return _overwrite(data, rng, known, whole)
    at, kind = fields[int(rng.integers(len(fields)))]
    if at + struct.calcsize(kind) > len(data):
        return data
    out = bytearray(data)
    struct.pack_into(kind, out, at, rng.choice(_VALUES[kind[-1]]))
    return bytes(out)


def _enlarge(data: bytes, rng: Random, known: Structure, whole: tuple[bytes, ...]) -> bytes:
    """Let the file say that it holds as many pixels as are accepted, or somewhat fewer."""
    width = int(2 ** rng.uniform(0, 26))
    height = int(2 ** rng.uniform(20, 26)) // width
    out = bytearray(data)
    for fields in _attempt(known.sizes, data):
        for (at, kind), value in zip(fields, (width, height), strict=True):
            if at + struct.calcsize(kind) <= len(out):
                struct.pack_into(kind, out, at, min(value, 65_535) if kind[-1] == "H" else value)
    return bytes(out)


def _place(data: bytes | bytearray, rng: Random) -> int:
    """Anywhere, but more often near the beginning, where headers are."""
    within = len(data) if rng.random() < 0.6 else min(len(data), 200)
    return int(rng.integers(within)) if within else 0


def _cuts(data: bytes, known: Structure) -> list[int]:
    return [at for at in _attempt(known.cuts, data) if at <= len(data)]


def _fields(data: bytes, known: Structure) -> list[tuple[int, str]]:
    return _attempt(known.fields, data)


def _attempt(find: Callable[[bytes], list[Any]], data: bytes) -> list[Any]:
    try:
        return find(data)
    except (struct.error, IndexError):  # an earlier change has broken what it follows
        return []


_CHANGES = (
    _flip,
    _overwrite,
    _cut,
    _repeat,
    _swell,
    _splice,
    _rearrange,
    _extreme,
    _extreme,
    _extreme,
    _enlarge,
)
