"""What a JPEG says in its segments, found by walking them: bytes in a scan or behind the end mean nothing.

Source: ITU-T T.81 (JPEG), annex B; ISO 21496-1 and Adobe's gain map specification for the names of gain maps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_SEGMENTS = 2**18
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_NO_SCAN_DATA = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
_GAIN_MAPS = (
    b"urn:iso:std:iso:ts:21496:-1\0",
    b"http://ns.adobe.com/hdr-gain-map/",
    b"http://ns.apple.com/HDRGainMap",
)


@dataclass
class Jpeg:
    """How many scans there are, whether they refine each other, whether the end and a gain map are there."""

    scans: int = 0
    ended: bool = False
    progressive: bool = False
    gain_map: bool = False

    @property
    def is_coarse(self) -> bool:
        """Whether it is cut off after a scan that covers the whole picture, before others that refine it."""
        return self.progressive and not self.ended and self.scans > 1


def walk_jpeg(data: bytes) -> Jpeg:
    """Read the segments of a JPEG up to its end or where it is cut off."""
    found, at = Jpeg(), 2
    for _ in range(_MAX_SEGMENTS):
        while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] == b"\xff":  # fill bytes
            at += 1
        marker = data[at + 1] if at + 1 < len(data) and data[at] == 0xFF else None
        if marker is None or marker == 0xD9:
            found.ended = marker == 0xD9
            return found
        if marker in _ALONE:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        _note(found, marker, data[at + 4 : at + 2 + length])
        at += 2 + length
        if marker == 0xDA:
            behind = _NO_SCAN_DATA.search(data, at)
            at = behind.end() - 2 if behind else len(data)
    return found


def _note(found: Jpeg, marker: int, segment: bytes) -> None:
    if marker == 0xDA:
        found.scans += 1
    elif marker in (0xC2, 0xC6, 0xCA, 0xCE):
        found.progressive = True
    elif marker in (0xE1, 0xE2):
        found.gain_map = found.gain_map or any(name in segment for name in _GAIN_MAPS)
