"""The picture formats that are read: one table, for decoders, messages and file dialogs alike.

A new format is one record here, and what its pixels need beyond Pillow's decoder in ``decode.py``.
"""

from dataclasses import dataclass

from quantize.records import Records


@dataclass(frozen=True)
class PictureFormat:
    """One format of picture files.

    Attributes
    ----------
    key : str
        Its name, for people and in ``Picture.format``.
    pillow : str
        Pillow's name for it.
    plugins : tuple of str
        Pillow's modules that decode it, without their "ImagePlugin".
    starts : tuple of (int, bytes)
        Offset and bytes by which a file is known to be of it; any of them suffices.
    endings : tuple of str
        What names of its files end with, without the dot.
    """

    key: str
    pillow: str
    plugins: tuple[str, ...]
    starts: tuple[tuple[int, bytes], ...]
    endings: tuple[str, ...]


_TIFF_STARTS = ((0, b"II*\0"), (0, b"MM\0*"), (0, b"II+\0"), (0, b"MM\0+"))

PICTURE_FORMATS = Records(
    "picture format",
    (
        # What Pillow calls MPO is a camera's JPEG with further pictures behind the main one.
        PictureFormat("JPEG", "JPEG", ("Jpeg", "Mpo"), ((0, b"\xff\xd8\xff"),), ("jpg", "jpeg")),
        PictureFormat("PNG", "PNG", ("Png",), ((0, b"\x89PNG\r\n\x1a\n"),), ("png",)),
        PictureFormat("WebP", "WEBP", ("WebP",), ((8, b"WEBP"),), ("webp",)),
        PictureFormat("GIF", "GIF", ("Gif",), ((0, b"GIF8"),), ("gif",)),
        PictureFormat("BMP", "BMP", ("Bmp",), ((0, b"BM"),), ("bmp",)),
        PictureFormat("TIFF", "TIFF", ("Tiff",), _TIFF_STARTS, ("tif", "tiff")),
        PictureFormat("AVIF", "AVIF", ("Avif",), ((4, b"ftypavi"),), ("avif",)),
    ),
)

PICTURE_ENDINGS = tuple(ending for format_ in PICTURE_FORMATS.values() for ending in format_.endings)
"""What names of picture files end with, for file dialogs."""


def format_named(pillow: str | None) -> str:
    """Name the format that Pillow calls so, for people."""
    names = {"MPO": "JPEG"} | {format_.pillow: format_.key for format_ in PICTURE_FORMATS.values()}
    return names.get(str(pillow), str(pillow))


def picture_format(data: bytes) -> str | None:
    """Name the format that ``data`` claims to be, if it is one that is read here; else None."""
    for format_ in PICTURE_FORMATS.values():
        if any(data.startswith(start, offset) for offset, start in format_.starts):
            return format_.key
    return None
