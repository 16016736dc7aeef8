"""Objects in whatever fsspec reaches; an object store writes each whole or not at all, in one request."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from pages._store.folder import Folder
from pages._store.storage import Storage, StoredObject, explained, refused
from quantize.errors import QuantizeError

_SECONDS = 30  # a visitor's patience; nothing else ends a PUT that waits to be told to continue
_AT_ONCE = 16
_S3_OPTIONS = {"config_kwargs": {"connect_timeout": 3, "read_timeout": 10, "retries": {"max_attempts": 1}}}


def open_storage(url: str) -> Storage:
    """Find the place that a host's setting means; nothing is created or asked yet.

    Parameters
    ----------
    url : str
        A folder, or an address that fsspec knows: ``s3://bucket/folder``.

    Raises
    ------
    QuantizeError
        If no package for this kind of address is installed, or it is not one.
    """
    kind, separator, _ = url.partition("://")
    if not separator:
        return Folder(Path(url).expanduser().absolute())
    import fsspec  # 50 ms that a plain folder does not need
    from fsspec.implementations.local import LocalFileSystem

    if "::" in url:  # chains put caches before a store, which go on showing what was deleted
        raise QuantizeError(
            "QUANTIZE_SHARE_STORE must be one address, got a chain with '::': name the last one"
        )
    options = _S3_OPTIONS if kind in ("s3", "s3a") else {}
    try:
        system, root = fsspec.url_to_fs(url, skip_instance_cache=True, use_listings_cache=False, **options)
    except ImportError as error:
        missing = "pip install s3fs" if options else str(error)
        raise QuantizeError(
            f"QUANTIZE_SHARE_STORE is a {kind}:// address, which needs a package that is missing: {missing}"
        ) from error
    except ValueError as error:
        raise QuantizeError(
            "QUANTIZE_SHARE_STORE must be a folder, an address that fsspec knows, s3://bucket/folder for "
            "one, or off, got another: correct it"
        ) from error
    return Folder(Path(root)) if isinstance(system, LocalFileSystem) else Remote(system, root)


class Remote:
    """A place that fsspec reaches. On object stores, one request writes an object whole or not at all."""

    def __init__(self, system: Any, root: str) -> None:
        self._system = system
        self._root = root.rstrip("/")
        self._bounds: dict[str, float] = {}
        if getattr(system, "async_impl", False):
            system.retries = 1  # s3fs's own five on top of botocore's would take minutes
            self._bounds = {"timeout": _SECONDS}

    def write(self, name: str, head: bytes, body: bytes) -> None:
        """Store an object that is ``head`` and ``body``."""
        data = head + body
        # Longer than any picture: several requests would leave parts behind when the server is killed.
        options = {"chunksize": 2**32} if "s3" in self._system.protocol else {}
        try:
            with explained("write"):
                self._system.pipe_file(self._path(name), data, **options, **self._bounds)
        except FileNotFoundError as error:  # the bucket or the folder
            raise refused() from error

    def read(self, name: str, n_bytes: int | None = None) -> bytes:
        """Read an object, or its beginning."""
        with explained("read"):
            return self._system.cat_file(self._path(name), end=n_bytes, **self._bounds)

    def delete(self, name: str) -> None:
        """Delete an object; object stores do not tell whether it was there."""
        with explained("delete"):
            self._system.rm_file(self._path(name), **self._bounds)

    def delete_all(self, names: Sequence[str]) -> None:
        """Delete objects, of which others may have deleted some at the same time."""
        # One by one, but many at once: s3fs's request for a thousand swallows refusals.
        with ThreadPoolExecutor(_AT_ONCE if self._bounds else 1) as pool:
            list(pool.map(self._delete_if_there, names))

    def objects(self) -> list[StoredObject]:
        """List all objects."""
        with suppress(FileNotFoundError), explained("list"):
            found = self._system.ls(self._root, detail=True, **self._bounds)
            return [
                StoredObject(item["name"].rpartition("/")[2], item["size"] or 0)
                for item in found
                if item["type"] == "file"
            ]
        return []

    def tidy(self, now: float) -> None:
        """Nothing is left over here."""

    def _delete_if_there(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self.delete(name)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"
