"""Several files as one ZIP, and what they are called in it."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from pages._names import safe_stem, unique


def name_files(names: Sequence[str], suffix: str) -> list[str]:
    """Name a PNG after each of these files, all different and safe on every system."""
    return [f"{stem}.png" for stem in unique(f"{safe_stem(name)}{suffix}" for name in names)]


def write_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Write names and contents as a ZIP; the same files give the same bytes. PNGs are packed already."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(ZipInfo(name), data)
    return packed.getvalue()
