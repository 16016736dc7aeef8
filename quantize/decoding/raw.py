"""Camera raw files that call themselves TIFF: a decoder of TIFFs would show the thumbnail inside.

Source: TIFF 6.0, section 2; TIFF/EP (ISO 12234-2); Adobe DNG specification 1.7, tags.
"""

from __future__ import annotations

import struct

from quantize.decoding.formats import RAW, find_refused

_DNG_VERSION, _NEW_SUBFILE, _PHOTOMETRIC, _SUB_IFDS, _MAKE = 50706, 254, 262, 330, 271
_SENSOR = (32803, 34892)  # colour filter array, linear raw
_MAX_TAGS = 1000


def is_camera_raw(data: bytes) -> bool:
    """Tell whether a file holds a camera's own data, to be developed before it is a picture."""
    if find_refused(data) is RAW:
        return True
    tags = _first_tags(data)
    if _DNG_VERSION in tags or tags.get(_PHOTOMETRIC) in _SENSOR:
        return True
    # Nikon's and Sony's files begin with a reduced picture, and name the camera and the further ones.
    return tags.get(_NEW_SUBFILE) == 1 and _SUB_IFDS in tags and _MAKE in tags


def _first_tags(data: bytes) -> dict[int, int]:
    """Read numbers in the first directory of a TIFF, by tag; empty for other files."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return {}
    (at,) = struct.unpack(f"{order}I", data[4:8])
    count = min(struct.unpack(f"{order}H", data[at : at + 2])[0], _MAX_TAGS) if at + 2 <= len(data) else 0
    tags = {}
    for start in range(at + 2, at + 2 + 12 * count, 12):
        entry = data[start : start + 12]
        if len(entry) == 12:
            tag, kind = struct.unpack(f"{order}HH", entry[:4])
            tags[tag] = struct.unpack(f"{order}{'H2x' if kind == 3 else 'I'}", entry[8:])[0]
    return tags
