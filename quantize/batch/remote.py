"""Files behind URLs: read, written whole, listed, by whatever fsspec reaches (``s3://bucket/folder``).

A place is a path of this machine or such a URL. Secrets are no part of either: services read them from the
environment, each in its own way, and a URL that holds one is refused, as reports and records name files.
Object stores show an object when it is whole. Elsewhere a file is written under another name and moved.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from socket import gaierror
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from quantize.batch.files import StoppedError, put_whole
from quantize.decoding.picture import read_source
from quantize.errors import QuantizeError, shown, too_many_mb

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_CHAIN = re.compile(r"[^/]*::.*://|[A-Za-z][A-Za-z0-9+.-]+://.*::")
_WHOLE = frozenset(("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"))
_PACKAGES = {"s3": "quantize-colors[s3]", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}
_SECRET = re.compile(r"//[^/@\s]+@")
_LONGEST_REASON = 200
_HOPELESS = (PermissionError, FileNotFoundError, NotImplementedError, ConnectionRefusedError, gaierror)
# Of botocore and aiohttp, which may not be there.
_STRANGERS = frozenset(
    (
        *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
        *("EndpointConnectionError", "ClientConnectorError", "ClientConnectorDNSError"),
    )
)

# A crowd of workers is told to be slow now and then; a store that is not there should not cost minutes.
_S3 = {
    "config_kwargs": {
        "connect_timeout": 5,
        "read_timeout": 60,
        "retries": {"max_attempts": 4, "mode": "standard"},
    }
}


@dataclass(frozen=True)
class Remote:
    """A file or folder behind a URL, without "/" at the end, and its length if a listing told it."""

    url: str
    n_bytes: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """Give the URL."""
        return self.url

    def __truediv__(self, name: PurePath | str) -> Remote:
        """Go down to what is below."""
        return Remote(f"{self.url}/{PurePath(name).as_posix()}")

    @property
    def name(self) -> str:
        """What stands last."""
        return self.url.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The ending of the name."""
        return PurePath(self.name).suffix

    @property
    def kind(self) -> str:
        """What stands before "://"."""
        return self.url.partition("://")[0]


Place: TypeAlias = Path | Remote


def as_place(said: str) -> Place:
    """Read what a person wrote: ``s3://bucket/folder``, ``file:///folder``, or a path.

    Raises
    ------
    QuantizeError
        If nothing is said, or a URL names no place, or holds a password or what is signed.
    """
    if not said:
        raise QuantizeError("a place must have a name, got an empty one: the current folder is .")
    if _CHAIN.match(said):
        raise QuantizeError("a URL must be one address, got a chain with '::': name the last one")
    if not _URL.match(said):
        return Path(said)
    kind, _, rest = said.partition("://")
    if kind.lower() == "file":
        if not rest.startswith("/"):
            raise QuantizeError(f"file URLs must have three slashes (file:///folder), got {shown(said, 120)}")
        return Path(rest)
    if urlsplit(f"x://{rest}").password or (kind.lower() in ("http", "https") and "?" in rest):
        raise QuantizeError(
            "a URL must hold no secret, as reports name files, got one: set it as the service has it, in the "
            "environment"
        )
    if not rest.strip("/"):
        raise QuantizeError(f"a URL must name a folder or a file, got {shown(said, 120)}")
    return Remote(f"{kind.lower().replace('s3a', 's3')}://{rest.rstrip('/')}")


def read_place(place: Place, most: int) -> bytes:
    """Read a file of at most so many bytes.

    Raises
    ------
    QuantizeError
        If it is not there, empty, too long, or cannot be read.
    """
    if isinstance(place, Path):
        return read_source(place, most)
    if place.n_bytes is not None and place.n_bytes > most:
        raise QuantizeError(
            f"picture file must be at most {most / 2**20:,.0f} MB, got {too_many_mb(place.n_bytes)}: "
            "export it smaller"
        )
    if place.n_bytes == 0:  # a store answers with an error if a part of nothing is asked for
        return read_source(b"", most)
    with explained(place, "read"):
        system, path = open_system(place)
        return read_source(system.cat_file(path, start=0, end=most + 1), most)


def put_place(place: Place, content: bytes) -> None:
    """Write a file so that there is either the whole of it or what was there before.

    Raises
    ------
    StoppedError
        If nothing more can be written on this disk, or nothing at all in this store.
    QuantizeError
        If it cannot be written.
    """
    if isinstance(place, Path):
        put_whole(place, content)
        return
    with explained(place, "written"), _stopping():
        system, path = open_system(place)
        if place.kind in _WHOLE:
            options = {"chunksize": 2**32} if place.kind == "s3" else {}  # in one request
            system.pipe_file(path, content, **options)
            return
        folder = path.rpartition("/")[0]
        part = f"{folder}/.quantize-{secrets.token_hex(8)}.part"
        system.makedirs(folder, exist_ok=True)
        try:
            system.pipe_file(part, content)
            system.mv(part, path)
        except BaseException:
            with suppress(Exception):
                system.rm_file(part)
            raise


def list_below(folder: Remote) -> Iterator[tuple[str, Remote]]:
    """List all files below a folder by name: what stands behind it, with "/", and the file.

    Raises
    ------
    QuantizeError
        If it cannot be looked at.
    """
    with explained(folder, "listed"):
        system, root = open_system(folder)
        found = system.find(root, detail=True)
    head = root.rstrip("/") + "/"
    for path in sorted(found):
        if path.startswith(head) and not path.endswith("/"):
            inside = path.removeprefix(head)
            yield inside, Remote(f"{folder.url}/{inside}", found[path].get("size"))


def look_at(place: Remote) -> tuple[str, int | None]:
    """Tell what is there, "file", "directory" or "" for nothing, and how long it is.

    Raises
    ------
    QuantizeError
        If it cannot be looked at.
    """
    with explained(place, "looked at"):
        system, path = open_system(place)
        try:
            info = system.info(path)
        except FileNotFoundError:
            return "", None
        return info["type"], info.get("size")


def remove_place(place: Remote) -> None:
    """Remove a file, if it is there."""
    with explained(place, "removed"):
        system, path = open_system(place)
        with suppress(FileNotFoundError):
            system.rm_file(path)


def open_system(place: Remote) -> tuple[Any, str]:
    """Find what reaches a place, an fsspec file system, and how it calls the place."""
    import fsspec

    options: dict[str, Any] = _S3 if place.kind == "s3" else {}
    return fsspec.url_to_fs(place.url, use_listings_cache=False, **options)


def check_reach(place: Place) -> None:
    """Refuse a place that nothing here reaches, before anything is begun.

    Raises
    ------
    QuantizeError
        If its kind is not known, or a package for it is missing.
    """
    if isinstance(place, Remote):
        with explained(place, "reached"):
            open_system(place)


@contextmanager
def _stopping() -> Iterator[None]:
    """Tell what no other file would be spared, either: nobody there, no bucket, or no right to write."""
    try:
        yield
    except Exception as error:
        if isinstance(error, _HOPELESS) or not _STRANGERS.isdisjoint(
            one.__name__ for one in type(error).mro()
        ):
            raise StoppedError(
                f"stopped, results cannot be written: {_reason(error)}; mend it and go on with --resume"
            ) from None
        raise


@contextmanager
def explained(place: Remote, deed: str) -> Iterator[None]:
    """Turn whatever a file system raises into a sentence without secrets.

    Raises
    ------
    QuantizeError
        Instead of any other exception.
    """
    try:
        yield
    except QuantizeError:
        raise
    except ImportError as error:
        package = _PACKAGES.get(place.kind)
        missing = f"{place.kind}:// needs a package that is missing"
        if package is None:
            raise QuantizeError(f"{missing}: {_reason(error)}") from None
        raise QuantizeError(f"{missing}: pip install '{package}'") from None
    except Exception as error:
        raise QuantizeError(f"could not be {deed}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file, folder or bucket"
    if isinstance(error, NotImplementedError):
        return "nothing can be written there"
    text = str(getattr(error, "strerror", None) or error or type(error).__name__)
    return _SECRET.sub("//", text.strip().splitlines()[0])[:_LONGEST_REASON]
