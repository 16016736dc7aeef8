"""What a worker process can make of a file, by the name of the job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from quantize.decoding.decode import Decoded, decode, measure
from quantize.decoding.moving import Frames, decode_frames
from quantize.palettes.palette import Palette


def read_palette(data: bytes, filename: str) -> Palette:
    """Read a palette file as ``quantize.read_palette`` does; "" for no name."""
    # By its name, since palette files stand above this room; and only when the first one comes.
    return import_module("quantize.swatches.formats").read_palette(data, filename or None)


JOBS: Mapping[str, Callable[[bytes, str], Decoded | Frames | Palette | int]] = MappingProxyType(
    {
        "picture": lambda data, _: decode(data),
        "palette": read_palette,
        "animation": lambda data, _: decode_frames(data),
        "size": lambda data, _: measure(data),
    }
)
"""Functions of a file's content and name; each raises only QuantizeError and MemoryError."""
