"""Members of a ZIP that anyone has made, unpacked no further than a palette may be long."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from quantize.errors import QuantizeError
from quantize.limits import MAX_PALETTE_BYTES
from quantize.swatches.reading import unreadable

_ENCRYPTED = 1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MAX_MEMBERS = 1000

MAGIC = b"PK\3\4"


class Archive:
    """An open ZIP. All that is unpacked of it together is at most MAX_PALETTE_BYTES long."""

    def __init__(self, file: zipfile.ZipFile, title: str) -> None:
        self._title = title
        self._file = file
        self._members = {member.filename: member for member in file.infolist()[:_MAX_MEMBERS]}
        self._left = MAX_PALETTE_BYTES

    def find(self, ending: str) -> str | None:
        """Find the name of the first member that ends so."""
        return next((name for name in self._members if name.endswith(ending)), None)

    def read(self, name: str) -> bytes:
        """Unpack a member, whatever length the archive claims that it has.

        Raises
        ------
        QuantizeError
            If it is not there, packed otherwise than ZIPs are, or too long.
        """
        member = self._members.get(name)
        if member is None:
            raise unreadable(self._title, f"it holds no {name[:40]}")
        if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
            raise unreadable(self._title, "it is encrypted or packed in a rare way")
        with self._file.open(member) as file:
            content = file.read(self._left + 1)
        if len(content) > self._left:
            raise unreadable(self._title, f"it unpacks to more than {MAX_PALETTE_BYTES // 1_000_000} MB")
        self._left -= len(content)
        return content


@contextmanager
def open_archive(data: bytes, title: str) -> Iterator[Archive]:
    """Open a ZIP.

    Raises
    ------
    QuantizeError
        If it, or a member that is read, is damaged.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            yield Archive(file, title)
    except QuantizeError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise unreadable(title, "its ZIP archive is damaged") from None
