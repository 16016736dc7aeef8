"""Limits on what comes from outside, in one place: every refusal of a size names one of these."""

MAX_PIXELS = 64 * 2**20
"""Pixels of a picture file, read from its header before anything is decoded. 64 binary megapixels
(8192 × 8192), because the sensors sold as "64 megapixels" deliver up to 64.4 million pixels."""

MAX_BYTES = 512 * 2**20
"""Bytes of a picture file unless the caller sets less: the largest uncompressed picture within
MAX_PIXELS (16-bit RGBA) is just this long."""

UPLOAD_BYTES = 20 * 2**20
"""Bytes of a picture that a visitor of the page may upload."""

MAX_FRAMES_COUNTED = 10_000
"""Frames of an animation are counted only for a note to the user; beyond this the note says "more"."""
