"""Random draws that are the same everywhere: a counter hashed with a key, no generator state.

Every draw names its stream, so that adding one leaves the others as they were, and a story that
is left out moves nothing else. Only integer arithmetic and products: no numpy version matters.
Below it: numpy only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_GOLDEN, _MIX1, _MIX2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
# quantiles of a right-skewed multiplier of mean about 1 (a log-normal, tabulated)
_SKEW_AT = (0.0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)
_SKEW = (0.2, 0.36, 0.62, 0.88, 1.22, 1.7, 2.3, 4.0)


@dataclass(frozen=True)
class Draw:
    """Draws of one seed and one part of the company.

    >>> Draw(1).integers("dice", 5, 1, 6).tolist() == Draw(1).integers("dice", 5, 1, 6).tolist()
    True
    >>> Draw(1).uniform("a", 3).round(3).tolist() == Draw(2).uniform("a", 3).round(3).tolist()
    False
    """

    seed: int
    part: int = 0

    def uniform(self, stream: str, n: int) -> Floats:
        """``n`` numbers in [0, 1) (splitmix64 of a counter)."""
        name = f"{self.seed}/{self.part}/{stream}".encode()  # hashed: seeds side by side must not give shifted draws
        key = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")
        x = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(_GOLDEN) + np.uint64(key)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(_MIX1)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(_MIX2)
        return ((x ^ (x >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def chance(self, stream: str, n: int, p: float | Floats) -> Bools:
        """``n`` booleans, true with probability ``p``."""
        return self.uniform(stream, n) < p

    def integers(self, stream: str, n: int, low: int, high: int) -> Ints:
        """``n`` integers from ``low`` to ``high``, both included."""
        return low + (self.uniform(stream, n) * (high - low + 1)).astype(np.int64)

    def index(self, stream: str, n: int, weights: Sequence[float] | Floats) -> Ints:
        """``n`` positions in ``weights``, drawn in proportion to them."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.searchsorted(edges, self.uniform(stream, n) * edges[-1], side="right").astype(np.int64)

    def within(self, stream: str, low: Floats, high: Floats) -> Floats:
        """One number between each ``low`` and ``high``."""
        return low + (high - low) * self.uniform(stream, len(low))

    def skewed(self, stream: str, n: int) -> Floats:
        """``n`` multipliers of mean about 1, many small and a few large (0.2 to 4)."""
        return np.interp(self.uniform(stream, n), _SKEW_AT, _SKEW).astype(np.float64)


def repeat(counts: Ints) -> tuple[Ints, Ints]:
    """For groups of ``counts`` rows: the group of each row, and its rank in the group.

    >>> [each.tolist() for each in repeat(np.array([2, 0, 3]))]
    [[0, 0, 2, 2, 2], [0, 1, 0, 1, 2]]
    """
    group = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return group, np.arange(len(group)) - first


def sums(values: Ints, group: Ints, groups: int) -> Ints:
    """The sum of integer ``values`` by group, exact (a float bincount would round past 2^53)."""
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, values)
    return total
