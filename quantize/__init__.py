"""Colour quantization: a picture in, K colours out.

>>> from quantize import load_picture, quantize_image
>>> result = quantize_image(load_picture("photo.jpg"), n_colors=16, space="LAB")  # doctest: +SKIP
>>> result.palette.shape, result.indices.shape  # doctest: +SKIP
((16, 3), (3098, 5508))
"""

from quantize.errors import QuantizeError
from quantize.metrics import Metrics, delta_e_map, measure
from quantize.palette import Palette
from quantize.picture import Picture, load_picture
from quantize.pipeline import Quantized, quantize_image
from quantize.settings import Settings
from quantize.similarity import delta_e_blurred, ssim
from quantize.swatches import read_palette, write_palette
from quantize.warmup import warm

__all__ = [
    "Metrics",
    "Palette",
    "Picture",
    "QuantizeError",
    "Quantized",
    "Settings",
    "delta_e_blurred",
    "delta_e_map",
    "load_picture",
    "measure",
    "quantize_image",
    "read_palette",
    "ssim",
    "warm",
    "write_palette",
]
