"""Sums of colours on the workers of a cluster, added up as a tree.

Eight sums become one, eight of these the next, and so on for some rounds; then the sum comes to the client,
and all that led to it is forgotten. So a worker holds some sums at a time and the scheduler a few thousand
tasks, whatever the number of pictures: a sum has at most 16.7 million colours, 200 MB.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from quantize.batch.summing import ColorSum

FAN, ROUNDS = 8, 3


class Tree:
    """Sums under way, as futures.

    Parameters
    ----------
    merge : callable
        Makes the future of a sum of some.
    wait : callable
        Waits for one and gives it back.
    total : ColorSum
        Gets what comes to the client.
    """

    def __init__(
        self, merge: Callable[[Sequence[Any]], Any], wait: Callable[[Any], Any], total: ColorSum
    ) -> None:
        self._merge, self._wait, self._total = merge, wait, total
        self._rounds: list[list[Any]] = [[] for _ in range(ROUNDS)]

    def add(self, part: Any, number: int = 0) -> None:
        """Add a sum, of so many rounds."""
        if number == ROUNDS:
            self._total.add_part(self._wait(part))
            return
        self._rounds[number].append(part)
        if len(self._rounds[number]) == FAN:
            parts, self._rounds[number] = self._rounds[number], []
            self.add(self._merge(parts), number + 1)

    def finish(self) -> None:
        """Add up what is left."""
        left = [part for parts in self._rounds for part in parts]
        while len(left) > 1:
            left = [*left[FAN:], self._merge(left[:FAN])]
        if left:
            self._total.add_part(self._wait(left[0]))
        self._rounds = [[] for _ in range(ROUNDS)]
