"""Limits on what comes from outside, in one place: every refusal of a size names one of these."""

MAX_PIXELS = 100 * 2**20
"""Pixels of a picture file, read from its header before anything is decoded. 100 binary megapixels,
because the sensors sold as "100 megapixels" deliver up to 101.8 million pixels (11648 × 8736)."""

MAX_BYTES = 800 * 2**20
"""Bytes of a picture file unless the caller sets less: the largest uncompressed picture within
MAX_PIXELS (16-bit RGBA) is just this long. What a visitor may upload is in ``.streamlit/config.toml``."""

MAX_FRAMES_COUNTED = 10_000
"""Frames of an animation are counted only for a note to the user; beyond this the note says "more"."""

MAX_FRAMES = 4_096
"""Frames that are read of an animation: over two minutes at 30 a second."""

MAX_SCANNED_PIXELS = 2**31
"""Pixels of a progressive JPEG times its scans: 20 scans at 100 megapixels, where encoders write 10."""

MAX_PIECES = 2**18
"""Strips or tiles of a TIFF: as many as the standard's smallest tiles, 16 × 16, make of 64 megapixels."""

MAX_RUN_LENGTH_PIXELS = 2**24
"""Pixels of a run-length encoded BMP, of which a decoder in plain Python does 10 million a second."""

MAX_PYTHON_PIXELS = 2**23
"""Pixels of a QOI or an unusual PPM, of which decoders in plain Python do a million a second."""

MAX_DECODE_SECONDS = 20
"""Wall-clock seconds that a worker process may take for one picture, its way there and back included;
lossless WebP, the slowest, takes 3.5 s for 64 megapixels on one core of a server of 2026."""

MAX_DECODE_MEMORY = 2**30
"""Bytes of memory that a worker process may take for one picture beyond the file itself. An ordinary
picture of 64 megapixels takes 0.3 GB (GIF), 0.5 GB (JPEG, PNG, BMP, TIFF) or 0.8 GB (WebP, AVIF); of 100
megapixels these two take more than there is."""

MAX_PALETTE_BYTES = 1_000_000
"""Bytes of a palette file, and of what is packed inside one. 4,096 named colours take a tenth of it."""

MAX_PALETTE_SECONDS = 5
"""Wall-clock seconds that a worker process may take for one palette file; the slowest of the allowed length
takes little more than one."""

MAX_PALETTE_MEMORY = 2**28
"""Bytes of memory that a worker process may take for one palette file: a PNG of 4 megapixels takes most."""

MAX_WORKERS = 2
"""Worker processes that decode pictures side by side; the second is started when it is first needed."""

MAX_WAIT_SECONDS = 60
"""Seconds that a picture waits for a worker process while others are being decoded."""

REST_SECONDS = 20
"""Seconds without a picture after which a worker process is ended; the last one starts over instead."""

WORKER_KEPT_BYTES = 64 * 2**20
"""Resident bytes above which an idle worker process gives up its memory by starting over; one that has
decoded nothing takes half of this."""
