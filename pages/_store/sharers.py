"""Who shared what: where there is not enough room, whoever has most of it loses pictures first.

Nobody is named. A sharer is three marks, from coarse to fine: the address that their request came from, the
one that a proxy says it came from, and their session. Each mark is made with a key that this process keeps to
itself and forgets, so that from a mark nobody finds an address. Who comes from one address counts together,
then who comes through one proxy; what a client may have made up only divides what is its own.
"""

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress

NOBODY = ""
"""The mark of what was shared before there were any."""

_KEY = secrets.token_bytes(16)
_LEVELS = 3
_MARK = re.compile(r"[0-9a-f]{8}(\.[0-9a-f]{8}){2}")


def mark(address: str, forwarded: str, session: str) -> str:
    """Make a sharer's mark."""
    address, forwarded = network(address), network(forwarded)
    names = (address, f"{address}\n{forwarded}", session)
    return ".".join(hmac.digest(_KEY, name.encode(), hashlib.sha256).hex()[:8] for name in names)


def network(address: str) -> str:
    """What one household has of an address: of IPv6 its /64, of IPv4 all. What is none stays as it is."""
    bare = address.partition("]")[0].removeprefix("[")
    with suppress(ValueError):
        ip = ipaddress.ip_address(bare)
        if isinstance(ip, ipaddress.IPv6Address):
            short = ipaddress.ip_network((int(ip) >> 64 << 64, 64))
            return str(ip.ipv4_mapped or short)
        return str(ip)
    return address


def read_mark(text: object) -> str:
    """Return a mark as ``mark`` makes them, or NOBODY's."""
    return text if isinstance(text, str) and _MARK.fullmatch(text) else NOBODY


def next_to_go(ids: Collection[str], weights: Mapping[str, int], marks: Mapping[str, str], keep: str) -> str:
    """Find which picture goes next: the first to expire of whoever has most.

    Parameters
    ----------
    ids : collection of str
        All that are there, with at least one beside ``keep``.
    weights : mapping
        What each takes of what there is too little of: its bytes, or 1.
    marks : mapping
        Marks of sharers by id; without one it is NOBODY's.
    keep : str
        The one that was just shared, which stays but counts.
    """
    for level in range(1, _LEVELS + 1):
        groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        totals: Counter[tuple[str, ...]] = Counter()
        for id in ids:
            sharer = tuple(marks.get(id, NOBODY).split(".")[:level])
            totals[sharer] += weights[id]
            groups[sharer].append(id)
        loses = [sharer for sharer, theirs in groups.items() if theirs != [keep]]
        ids = groups[max(loses, key=lambda one: (totals[one], _negated(min(groups[one]))))]
    return min(set(ids) - {keep})


def _negated(id: str) -> int:
    """So that of equals the first to expire comes first."""
    return -int(id, 16)
