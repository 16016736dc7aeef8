"""Embedded ICC profiles: how a picture's colours become sRGB.

A profile counts as sRGB when converting with it would not move any colour of a coarse grid by more
than one level: the many profiles named "sRGB" differ in bytes and names, not in what they do, and
leaving their pixels alone keeps pictures exact and saves a pass over all pixels.

Source: ICC.1:2022; the conversion itself is LittleCMS through Pillow, perceptual intent.
"""

import re
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

UNUSABLE = "unusable colour profile left out"
_GRAY_MODES = ("1", "L", "LA", "La", "I", "F", "I;16", "I;16B", "I;16L")
_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}


@dataclass(frozen=True, eq=False)
class Conversion:
    """How to turn any strip of a picture into sRGB: convert to ``mode``, then apply ``transform``."""

    mode: str = "RGB"
    transform: ImageCms.ImageCmsTransform | None = None
    note: str | None = None

    def apply(self, image: Image.Image) -> Image.Image:
        """Convert an 8-bit image to mode RGB in sRGB, alpha left aside."""
        source = image if image.mode == self.mode else image.convert(self.mode)
        return source if self.transform is None else self.transform.apply(source)


LEFT_OUT = Conversion(note=f"{UNUSABLE}, colours taken as sRGB")
"""What is done with a picture whose profile cannot be used."""


def conversion_to_srgb(mode: str, icc: bytes | None) -> Conversion:
    """Choose the conversion for a picture of Pillow's ``mode`` with the embedded profile ``icc``.

    A profile that is broken or belongs to another kind of picture is left out, which the note says.
    """
    if mode == "LAB":
        return _from_profile(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), mode, "Lab colours")
    plain = Conversion(note="CMYK converted to sRGB without a profile" if mode == "CMYK" else None)
    if icc is None:
        return plain
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        return _from_profile(profile, mode, _name(profile))
    except Exception:  # LittleCMS reports through several types, and the picture is still good
        return LEFT_OUT


def _from_profile(profile: ImageCms.ImageCmsProfile, mode: str, name: str) -> Conversion:
    space = profile.profile.xcolor_space.strip()
    if not _fits(space, mode):
        raise ValueError(f"a profile for {space} in a picture of mode {mode}")
    mode_in = _MODE_OF_SPACE[space]
    srgb = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(profile, srgb, mode_in, "RGB")
    conversion = Conversion(mode_in, transform, f"{name} converted to sRGB")
    return Conversion() if _is_srgb(conversion) else conversion


def _fits(space: str, mode: str) -> bool:
    if space == "GRAY":
        return mode in _GRAY_MODES
    if space == "RGB":
        return mode not in ("CMYK", "LAB")
    return {"CMYK": "CMYK", "Lab": "LAB"}.get(space) == mode


def _is_srgb(conversion: Conversion) -> bool:
    if conversion.mode not in ("RGB", "L"):
        return False
    levels = np.arange(0, 256, 15, dtype=np.uint8)  # 18 levels from 0 to 255
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, len(levels), 3)
    before = Image.fromarray(grid).convert(conversion.mode)
    after = np.asarray(conversion.apply(before)).astype(np.int16)
    return bool(np.abs(after - np.asarray(before.convert("RGB"))).max() <= 1)


def _name(profile: ImageCms.ImageCmsProfile) -> str:
    """Return the profile's own description, cut down to harmless characters: it comes from a stranger."""
    words = re.sub(r"[^\w .,()+/%-]", " ", ImageCms.getProfileDescription(profile)).split()
    return " ".join(words)[:60].strip() or "embedded colour profile"
