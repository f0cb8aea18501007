"""Costs of factors that two sketches give for a planted V, many sketches at once.

Contents
--------
planted_costs       of (U sketched, V*) and of (U, V sketched)
sketched_fit        the rows of U, one least squares problem each

Notes on the implementation
---------------------------
Floats, with the draws as a leading axis: a second implementation of what
`reductions.sketched_rows` does exactly.
"""

from typing import Any

import numpy as np

from reductions.instances import Instance


def planted_costs(
    instance: Instance, right: Any, sketches: tuple[Any, Any]
) -> tuple[Any, Any, float]:
    """Return costs of (U sketched, V*) and of (U, V sketched), and the least for V*.

    Parameters
    ----------
    right : array, shape (k, d)
        V*.
    sketches : arrays, shapes (draws, d, t) and (draws, n, t)
        S and the transposes of T.

    Returns
    -------
    arrays, shapes (draws,), and a float
    """
    data = instance.data.to_float()
    roots = np.sqrt(instance.squared_weights.to_float())
    d = data.shape[1]
    everywhere = np.broadcast_to(right, (len(sketches[0]), *right.shape))
    left = sketched_fit(data, roots, everywhere, sketches[0])
    turned = sketched_fit(data.T, roots.T, left.transpose(0, 2, 1), sketches[1])
    identity = np.broadcast_to(np.eye(d), (1, d, d))
    best = sketched_fit(data, roots, everywhere[:1], identity)
    costs = [
        ((roots * (data - u @ v)) ** 2).sum(axis=(1, 2))
        for u, v in (
            (left, everywhere),
            (left, turned.transpose(0, 2, 1)),
            (best, everywhere[:1]),
        )
    ]
    return costs[0], costs[1], float(costs[2][0])


def sketched_fit(data: Any, roots: Any, right: Any, sketches: Any) -> Any:
    """Return U (draws, n, k) whose rows minimize |(u V - a_i) diag(root_i) S|.

    Parameters
    ----------
    data, roots : arrays, shape (n, d)
    right, sketches : arrays, shapes (draws, k, d) and (draws, d, t)
    """
    rows = []
    for values, root in zip(data, roots, strict=True):
        guess = (right * root) @ sketches
        known = (values * root) @ sketches
        gram = guess @ guess.transpose(0, 2, 1)
        moments = (guess @ known[:, :, None])[:, :, 0]
        inverse = np.linalg.inv if root.all() else np.linalg.pinv
        rows.append((inverse(gram) @ moments[:, :, None])[:, :, 0])
    return np.stack(rows, axis=1)
