"""Who opens sockets from where: what they say together is bounded, as what each of them says is.

A change costs some twenty milliseconds of a processor, of which Python uses one for all pages, and pages that
run at once wait for each other's locks. Thirty sockets of one address, each within its own bound, left
nothing for anybody else. Changes of one page that come quickly are worked out as few: turns are what counts.
"""

import ipaddress
from collections import OrderedDict
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import Scope

from pages._server.buckets import Bucket
from pages._store.sharers import network

MAX_SOCKETS = 200
"""Open at once from one address: a lecture hall."""

TURNS, TURNS_A_SECOND = 120, 20.0
"""How often the sockets of an address may take turns in speaking at once, and how often a second after that,
for which they wait. Sixty people behind one address who change something every three seconds do it as often.
"""

MAX_KNOWN = 10_000
"""Addresses that are remembered."""


class Address:
    """What comes from one address."""

    def __init__(self) -> None:
        self.sockets = 0
        self._turns = Bucket(TURNS, TURNS_A_SECOND)
        self._speaker: object = None

    def speak(self, speaker: object) -> float:
        """Let one of its sockets say something; return after how many seconds."""
        another = speaker is not self._speaker
        self._speaker = speaker
        return self._turns.take(1) if another else 0.0


class Addresses:
    """All addresses that opened a socket lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Address] = OrderedDict()

    def of(self, scope: Scope) -> Address:
        """The address that a socket is opened from."""
        name = asker(scope)
        address = self._known.setdefault(name, Address())
        self._known.move_to_end(name)
        while len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        return address


def asker(scope: Scope) -> str:
    """Where a request comes from: what the nearest proxy says, if one in this network handed it on.

    Whoever comes from outside may write what they like.
    """
    peer = (scope.get("client") or ("",))[0]
    said = Headers(scope=scope).get("x-forwarded-for", "").rpartition(",")[2].strip()
    with suppress(ValueError):
        if said and not ipaddress.ip_address(peer).is_global:
            return network(said)
    return network(peer)
