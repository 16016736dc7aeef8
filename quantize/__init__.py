"""Colour quantization: a picture in, K colours out.

>>> from quantize import load_picture, quantize_image
>>> result = quantize_image(load_picture("photo.jpg"), n_colors=16, space="LAB")  # doctest: +SKIP
>>> result.palette.shape, result.indices.shape  # doctest: +SKIP
((16, 3), (3098, 5508))

Modules are imported when a name of theirs is first asked for: a worker process that only decodes pictures
takes a quarter of the memory that the whole engine does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quantize.animation.animation import Animation, load_animation
    from quantize.animation.mapping import Animated, quantize_animation
    from quantize.animation.writing import write_animation
    from quantize.decoding.picture import Picture, load_picture
    from quantize.errors import QuantizeError
    from quantize.indexed import ind2rgb, rgb2ind
    from quantize.measuring.metrics import Metrics, delta_e_map, measure
    from quantize.measuring.similarity import delta_e_blurred, ssim
    from quantize.measuring.ssimulacra import ssimulacra2
    from quantize.palettes.best import choose_entries
    from quantize.palettes.palette import Palette
    from quantize.palettes.tables import find_table, read_tables
    from quantize.pipeline import Quantized, quantize_image
    from quantize.saving import encode_result
    from quantize.settings import Settings
    from quantize.swatches.formats import read_palette, write_palette
    from quantize.swatches.pasted import parse_colors
    from quantize.version import __version__ as __version__
    from quantize.warmup import warm

_MODULES = {
    "Animated": "animation.mapping",
    "Animation": "animation.animation",
    "Metrics": "measuring.metrics",
    "Palette": "palettes.palette",
    "Picture": "decoding.picture",
    "QuantizeError": "errors",
    "Quantized": "pipeline",
    "Settings": "settings",
    "__version__": "version",
    "choose_entries": "palettes.best",
    "delta_e_blurred": "measuring.similarity",
    "delta_e_map": "measuring.metrics",
    "encode_result": "saving",
    "find_table": "palettes.tables",
    "ind2rgb": "indexed",
    "load_animation": "animation.animation",
    "load_picture": "decoding.picture",
    "measure": "measuring.metrics",
    "parse_colors": "swatches.pasted",
    "quantize_animation": "animation.mapping",
    "quantize_image": "pipeline",
    "read_palette": "swatches.formats",
    "read_tables": "palettes.tables",
    "rgb2ind": "indexed",
    "ssim": "measuring.similarity",
    "ssimulacra2": "measuring.ssimulacra",
    "warm": "warmup",
    "write_animation": "animation.writing",
    "write_palette": "swatches.formats",
}

__all__ = [
    "Animated",
    "Animation",
    "Metrics",
    "Palette",
    "Picture",
    "QuantizeError",
    "Quantized",
    "Settings",
    "choose_entries",
    "delta_e_blurred",
    "delta_e_map",
    "encode_result",
    "find_table",
    "ind2rgb",
    "load_animation",
    "load_picture",
    "measure",
    "parse_colors",
    "quantize_animation",
    "quantize_image",
    "read_palette",
    "read_tables",
    "rgb2ind",
    "ssim",
    "ssimulacra2",
    "warm",
    "write_animation",
    "write_palette",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(f"quantize.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
