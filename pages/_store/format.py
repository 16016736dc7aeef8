"""What one shared picture is in the store: its id, and one object that holds everything about it.

The id begins with the moment at which the share expires, as a version 7 UUID begins with that of its
making: so a listing alone tells which ones have expired and which go first, and no clock but that of the
server that stored it has a say. Behind it come 128 random bits, without which nothing is found.

The object is two lines of ASCII and a PNG: a seal over id, header and PNG, so that what a failing disk or
a cut connection made of it is never shown; the header as JSON; pixels, alpha and resolution, and no other
metadata. The PNG of an animation has all its frames.

Source: RFC 9562, section 5.7 (time first, in milliseconds; here with all 128 bits random).
"""

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from PIL import Image

from pages._store.sharers import NOBODY, read_mark
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError

MAX_NAME = 100
"""Characters of a name that are kept."""

HEAD_BYTES = 4096
"""So much of an object holds its first two lines, however long the name."""

_STAMP, _RANDOM = 12, 32  # hexadecimal digits: milliseconds since 1970, 128 bits
_ID = re.compile(f"[0-9a-f]{{{_STAMP + _RANDOM}}}")
_KEY = re.compile(f"[0-9a-f]{{{_RANDOM}}}")
_MAGIC = b"quantize share 1 "
_LAST_STAMP = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp() * 1000)


@dataclass(frozen=True)
class Header:
    """What is known of a share beside its picture: hash of the delete key, name, width and height, and the
    mark of who shared it.
    """

    key_hash: str
    name: str | None
    size: tuple[int, int]
    by: str = NOBODY


@dataclass(frozen=True)
class Receipt:
    """What the one who shares gets: the id for the link, the key to delete it, when it expires (UTC)."""

    id: str
    delete_key: str
    expires: datetime


@dataclass(frozen=True)
class Label:
    """What is known of a shared picture without getting it; width and height in ``size``."""

    id: str
    name: str | None
    size: tuple[int, int]
    expires: datetime


@dataclass(frozen=True)
class Shared(Label):
    """A shared picture with ``data``, a PNG of its pixels, alpha and resolution."""

    data: bytes


def new_id(expires: float) -> str:
    """Make the id of a share that expires so many seconds after 1970."""
    return f"{min(max(0, int(expires * 1000)), _LAST_STAMP):0{_STAMP}x}{secrets.token_hex(16)}"


def new_key() -> str:
    """Make a delete key: 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_id(text: object) -> bool:
    """Whether this is an id as ``new_id`` writes them, to the letter; what it stands for may be gone."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None and _stamp(text) <= _LAST_STAMP


def check_id(text: object) -> str:
    """Return an id unchanged, or refuse it.

    Raises
    ------
    QuantizeError
        If it is anything but 44 characters of 0–9 and a–f.
    """
    if not is_id(text):
        raise QuantizeError(
            f"link to a shared picture must name {_STAMP + _RANDOM} characters of 0–9 and a–f, got others: "
            "open the link in full, as it was sent"
        )
    assert isinstance(text, str)
    return text


def expiry(id: str) -> float:
    """When a share expires, in seconds since 1970."""
    return _stamp(id) / 1000


def moment(seconds: float) -> datetime:
    """The same as a date, UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def hash_key(key: str) -> str:
    """What is stored of a delete key. It is random, so one round without salt is as good as many."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_fits(header: Header, key: object) -> bool:
    """Whether this is the key that the share was given, told in the same time for every wrong one."""
    well_formed = isinstance(key, str) and _KEY.fullmatch(key) is not None
    return well_formed and hmac.compare_digest(hash_key(str(key)), header.key_hash)


def clean_name(name: str | None) -> str | None:
    """Make a name that a visitor gave one short line of text, or None if nothing is left of it.

    Control, formatting and unassigned characters go: line breaks, and those that turn the direction of
    writing, by which a name can pose as another. What means something to HTML stays; pages escape it.
    """
    if name is None:
        return None
    shown = ("\N{SPACE}" if char.isspace() else char for char in name[: 100 * MAX_NAME])
    kept = "".join(char for char in shown if not unicodedata.category(char).startswith("C"))
    return " ".join(kept.split())[:MAX_NAME].strip() or None


def encode_lossless(picture: Picture) -> bytes:
    """Write pixels, alpha and resolution as a PNG with nothing else in it; colours are kept under transparent
    pixels, too.

    At zlib's level 1, which packs 12 megapixels of a photo in 0.6 s. Level 3 takes half as long again for
    8 % less; matching only runs is a little better on photos but up to six times longer on drawings.
    """
    image = Image.fromarray(picture.pixels)
    if picture.alpha is not None:
        image.putalpha(Image.fromarray(picture.alpha))
    file = BytesIO()
    image.save(file, "PNG", compress_level=1, dpi=picture.dpi)
    return file.getvalue()


def write_head(id: str, header: Header, png: bytes) -> bytes:
    """Write what comes before the PNG in the object of this id."""
    fields: dict[str, Any] = {"key": header.key_hash, "name": header.name, "size": header.size}
    if header.by:
        fields["by"] = header.by
    line = json.dumps(fields).encode() + b"\n"
    return _MAGIC + _seal(id, line, memoryview(png)).encode() + b"\n" + line


def read_head(data: bytes) -> Header:
    """Read the header from the beginning of an object, whose picture may still turn out to be damaged.

    Raises
    ------
    QuantizeError
        If it is not one.
    """
    return _header(_lines(data)[1])


def read_object(id: str, data: bytes) -> tuple[Header, bytes]:
    """Take an object apart into header and PNG, just as they were written for this id.

    Raises
    ------
    QuantizeError
        If a single bit of it has changed, or it belongs to another id.
    """
    seal, line, start = _lines(data)
    if not hmac.compare_digest(seal, _seal(id, line, memoryview(data)[start:]).encode()):
        raise _damaged()
    return _header(line), data[start:]


def _stamp(id: str) -> int:
    return int(id[:_STAMP], 16)


def _seal(id: str, line: bytes, png: memoryview) -> str:
    seal = hashlib.sha256(id.encode() + b"\n" + line)
    seal.update(png)
    return seal.hexdigest()


def _lines(data: bytes) -> tuple[bytes, bytes, int]:
    """Seal, header line with its end, and where the PNG begins."""
    first = data.find(b"\n", 0, HEAD_BYTES)
    second = data.find(b"\n", first + 1, HEAD_BYTES)
    if not data.startswith(_MAGIC) or first < 0 or second < 0:
        raise _damaged()
    return data[len(_MAGIC) : first], data[first + 1 : second + 1], second + 1


def _header(line: bytes) -> Header:
    try:
        fields = json.loads(line)
        width, height = fields["size"]
        by = read_mark(fields.get("by"))
        return Header(str(fields["key"]), _name(fields["name"]), (int(width), int(height)), by)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise _damaged() from None


def _name(name: object) -> str | None:
    if name is not None and not isinstance(name, str):
        raise TypeError
    return name


def _damaged() -> QuantizeError:
    return QuantizeError(
        "shared picture must be in the store as it was written, but it is damaged there and cannot be shown: "
        "ask for a new link"
    )
