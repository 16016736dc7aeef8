"""Shared pictures: put one in, get it by its id, delete it by its key; old ones leave by themselves.

What lies in the store is one object a picture (``format.py``) in a folder or an object store
(``storage.py``), and nothing else. Several servers can use one store, each may stop at any moment, and
no lock is needed, because objects are never changed and deleting twice does no harm.
"""

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from pages import _host
from pages._store.format import (
    HEAD_BYTES,
    Header,
    Label,
    Receipt,
    Shared,
    check_id,
    clean_name,
    encode_lossless,
    expiry,
    hash_key,
    is_id,
    key_fits,
    moment,
    new_id,
    new_key,
    read_head,
    read_object,
    write_head,
)
from pages._store.remote import open_storage
from pages._store.sharers import NOBODY, next_to_go
from pages._store.storage import Storage, StoredObject
from quantize.decoding.picture import Picture
from quantize.errors import QuantizeError, too_many_mb

MAX_SHARES = 10_000
"""Pictures in a store, however small: so many are listed in a moment, on an object store too."""

MAX_LEARNED = 500
"""So many are asked at a time who shared them: on an object store that takes some seconds."""

_ENDING = ".share"
_SWEEP_SECONDS = 3600  # between two sweeps by those who only look


class Gone(QuantizeError):
    """A shared picture that is not there any more, or never was."""


class ShareStore:
    """Pictures that visitors shared.

    Parameters
    ----------
    url : str
        A folder, or an address that fsspec knows.
    max_age : timedelta
        How long a picture put from now on is kept; those that are there keep the date they were given.
    max_bytes : int
        Length of all pictures together; the next to expire of whoever has most make room for new ones. While
        pictures are being written, they come on top of it.
    max_shares : int
        Their number, likewise.
    clock : function
        Seconds since 1970.

    Raises
    ------
    QuantizeError
        If the address cannot be used. It is not tried yet.
    """

    def __init__(
        self,
        url: str,
        *,
        max_age: timedelta,
        max_bytes: int,
        max_shares: int = MAX_SHARES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.max_age = max_age
        self._storage: Storage = open_storage(url)
        self._max_bytes = max_bytes
        self._max_shares = max_shares
        self._clock = clock
        self._swept: float | None = None
        self._marks: dict[str, str] = {}

    def put(
        self, picture: Picture, name: str | None = None, by: str = NOBODY, frames: bytes | None = None
    ) -> Receipt:
        """Store a picture, without anything that its file held beside pixels, alpha and resolution.

        When this returns the picture is in the store as a whole, and there is room for it. If it raises, or
        the server is killed, none of it can be got.

        Parameters
        ----------
        picture : Picture
            What to share.
        name : str or None
            Shown to those who open the link, cleaned and shortened; None keeps the file's name to oneself.
        by : str
            Mark of who shares it (``sharers.py``).
        frames : bytes, optional
            An animated PNG of all its frames, instead of the picture alone (``encode_frames``).

        Raises
        ------
        QuantizeError
            If it alone is longer than the store's limit, or the store fails.
        """
        png = frames or encode_lossless(picture)
        key = new_key()
        id = new_id(self._clock() + self.max_age.total_seconds())
        head = write_head(id, Header(hash_key(key), clean_name(name), picture.size, by), png)
        self._check_length(len(head) + len(png))
        self._storage.write(id + _ENDING, head, png)
        self._marks[id] = by
        try:
            self._sweep(keep=id)
        except BaseException:  # no room could be made: what is not confirmed does not stay
            with suppress(Exception):
                self._storage.delete(id + _ENDING)
            raise
        return Receipt(id, key, moment(expiry(id)))

    def get(self, id: str) -> Shared:
        """Get a picture just as it was put.

        Raises
        ------
        QuantizeError
            If the id is not one, the picture has expired, was deleted or is damaged, or the store fails.
        """
        header, png = read_object(id, self._read(id))
        self._sweep_sometimes()
        return Shared(id, header.name, header.size, moment(expiry(id)), png)

    def look(self, id: str) -> Label:
        """Find out whether a picture is there, without getting all of it.

        Raises
        ------
        QuantizeError
            As ``get``; but whether the picture itself is damaged is not seen.
        """
        header = read_head(self._read(id, HEAD_BYTES))
        return Label(id, header.name, header.size, moment(expiry(id)))

    def delete(self, id: str, delete_key: str) -> None:
        """Delete a picture before its time.

        Raises
        ------
        QuantizeError
            If this is not the key from its receipt, the picture is gone already, or the store fails.
        """
        header = read_head(self._read(id, HEAD_BYTES))
        if not key_fits(header, delete_key):
            raise QuantizeError(
                "key to delete a shared picture must be the one that came with its link, got another: "
                "open the delete link in full"
            )
        self._storage.delete_all([id + _ENDING])

    def sweep(self) -> int:
        """Delete what has expired, then pictures of whoever has most until the rest is within the limits.

        Returns
        -------
        int
            How many pictures were deleted, by this server or another at the same time.

        Raises
        ------
        QuantizeError
            If the store fails.
        """
        return self._sweep(keep=None)

    def _read(self, id: str, n_bytes: int | None = None) -> bytes:
        if expiry(check_id(id)) <= self._clock():
            raise _gone()
        try:
            return self._storage.read(id + _ENDING, n_bytes)
        except FileNotFoundError:
            raise _gone() from None

    def _sweep(self, keep: str | None) -> int:
        now = self._clock()
        self._swept = now
        self._storage.tidy(now)
        ids = {
            entry.name.removesuffix(_ENDING): entry for entry in self._storage.objects() if _is_share(entry)
        }
        leaving = self._leaving(ids, now, keep)
        self._storage.delete_all([id + _ENDING for id in leaving])
        return len(leaving)

    def _leaving(self, ids: dict[str, StoredObject], now: float, keep: str | None) -> list[str]:
        """Ids that have to go, of all that are there; ``keep`` stays even if a clock was set back."""
        leaving = [id for id in ids if id != keep and expiry(id) <= now]
        left = {id: one.n_bytes for id, one in ids.items() if id not in set(leaving)}
        n_bytes = sum(left.values())
        if n_bytes > self._max_bytes or len(left) > self._max_shares:
            self._learn(left)
        while left.keys() - {keep} and (n_bytes > self._max_bytes or len(left) > self._max_shares):
            scarce = left if n_bytes > self._max_bytes else dict.fromkeys(left, 1)
            id = next_to_go(left, scarce, self._marks, keep or "")
            leaving.append(id)
            n_bytes -= left.pop(id)
        return leaving

    def _learn(self, ids: Collection[str]) -> None:
        """Find out who shared what is there; it never changes, so each is read once."""
        for id in sorted(set(ids) - self._marks.keys())[:MAX_LEARNED]:
            self._marks[id] = NOBODY
            with suppress(QuantizeError, FileNotFoundError):
                self._marks[id] = read_head(self._storage.read(id + _ENDING, HEAD_BYTES)).by
        self._marks = {id: by for id, by in self._marks.items() if id in ids}

    def _sweep_sometimes(self) -> None:
        if self._swept is None or abs(self._clock() - self._swept) >= _SWEEP_SECONDS:
            with suppress(QuantizeError):  # logged already, and no concern of one who looks
                self.sweep()

    def _check_length(self, n_bytes: int) -> None:
        if n_bytes > self._max_bytes:
            raise QuantizeError(
                f"shared picture must have at most {self._max_bytes / 2**20:,.1f} MB as PNG, all that this "
                f"server keeps, got {too_many_mb(n_bytes)}: scale it down first"
            )


def open_store() -> ShareStore | None:
    """Open the store that the host's settings name, or None if sharing is switched off.

    Raises
    ------
    QuantizeError
        If a setting cannot be used.
    """
    url = _host.text("QUANTIZE_SHARE_STORE")
    if url.lower() == "off":
        return None
    return ShareStore(
        url or str(_default_folder()),
        max_age=timedelta(days=_host.number("QUANTIZE_SHARE_DAYS")),
        max_bytes=_host.number("QUANTIZE_SHARE_MB") * 2**20,
    )


def _default_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path("quantize", appauthor=False) / "shared"


def _is_share(one: StoredObject) -> bool:
    return one.name.endswith(_ENDING) and is_id(one.name.removesuffix(_ENDING))


def _gone() -> Gone:
    return Gone("the shared picture is gone, as it has expired or was deleted: ask for a new link")
