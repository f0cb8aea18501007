"""Which weight classes can lose their denominator together, where weights are zero.

The denominator of class g, det(V diag(w_g) V^T), is zero exactly if the columns of V in
the support of w_g have rank below k. There P - c Q is zero whatever c is, so a search
that wants its sign needs the same inequality without the classes that vanish.

Contents
--------
remaining_classes   what remains of the classes for each set that may vanish together

Notes on the implementation
---------------------------
At rank one V is a vector: the classes that vanish are those with support in the set of
its zeros, which is not all of the columns. At higher rank every combination is
listed, possible or not. There may be exponentially many: the combinations of fewest
supports come first, up to a limit, then the classes without zeros. Inequalities that
are missing cost time, not truth.
"""

import itertools
from collections.abc import Sequence

_MOST_COMBINATIONS = 31


def remaining_classes(
    weight_rows: Sequence[Sequence[int]], rank: int
) -> tuple[tuple[int, ...], ...]:
    """Return subsets of the classes: all of them, then those left when others vanish.

    Empty subsets are left out.

    Parameters
    ----------
    weight_rows : sequence of weight rows
        One for each class.
    rank : int
        k.

    Examples
    --------
    The vectors (x, 0, 0), (0, y, 0), (0, 0, z) make one class vanish or two:

    >>> remaining_classes([[1, 1, 0], [0, 1, 1], [1, 1, 1], [0, 0, 1]], 1)
    ((0, 1, 2, 3), (1, 2, 3), (0, 2), (0, 1, 2))
    """
    everything = tuple(range(len(weight_rows)))
    supports = [frozenset(j for j, w in enumerate(row) if w) for row in weight_rows]
    columns = frozenset(range(len(weight_rows[0]))) if weight_rows else frozenset()
    partial = list(dict.fromkeys(s for s in supports if s < columns))
    combinations = itertools.chain.from_iterable(
        itertools.combinations(partial, size) for size in range(1, len(partial) + 1)
    )
    found = [everything]
    for combination in itertools.islice(combinations, _MOST_COMBINATIONS):
        covers = [frozenset().union(*combination)] if rank == 1 else combination
        if columns in covers:
            continue
        kept = tuple(
            h for h in everything if not any(supports[h] <= cover for cover in covers)
        )
        if kept and kept not in found:
            found.append(kept)
    full = tuple(h for h in everything if supports[h] == columns)
    if full and full not in found and 2 ** len(partial) - 1 > _MOST_COMBINATIONS:
        found.append(full)
    return tuple(found)
