"""Tables of records: what there is of a kind, by name, in the order in which it is offered."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar

from quantize.errors import QuantizeError, shown


class Keyed(Protocol):
    """A record that knows its name."""

    @property
    def key(self) -> str:
        """Its name in settings."""


R = TypeVar("R", bound=Keyed)


class Records(Mapping[str, R], Generic[R]):
    """An unchanging mapping from names to records.

    Parameters
    ----------
    kind : str
        What a record is, for messages: "space".
    records : iterable
        In the order in which they are offered.
    """

    def __init__(self, kind: str, records: Iterable[R]) -> None:
        self._kind = kind
        self._records = {record.key: record for record in records}

    def __getitem__(self, key: str) -> R:
        return self._records[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def find(self, key: Any) -> R:
        """Look a record up by a name that somebody gave.

        Raises
        ------
        QuantizeError
            If there is none of that name; the message lists those there are.
        """
        try:
            return self._records[key]
        except (KeyError, TypeError):
            raise QuantizeError(f"{self._kind} must be one of {', '.join(self)}, got {shown(key)}") from None
