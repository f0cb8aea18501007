"""The tree of a simplicial search as arrays, for checkpoints.

Contents
--------
pack_tree       from the root to arrays
unpack_tree     from arrays to the root and the leaves
pack_exclusions, unpack_exclusions      the bounds on groups that were left out

Notes on the implementation
---------------------------
Nodes are listed in preorder. Inner nodes have an edge, leaves have all the rest; the
corners of simplices follow from the edges.
"""

import json
from collections.abc import Iterable

import numpy as np

from exact_wlra.bounds.pattern_floats import Floats
from exact_wlra.bounds.simplicial_proof import Node
from exact_wlra.certificate_json import proof_from_json, proof_to_json
from exact_wlra.certificates import Exclusion, Simplicial
from exact_wlra.checkpoint import Arrays


def pack_tree(root: Node) -> Arrays:
    """Return the tree as arrays."""
    edges, leaves = [], []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.children is None:
            edges.append((-1, -1))
            leaves.append(node)
        else:
            edges.append(node.split)
            waiting += [node.children[1], node.children[0]]
    return {
        "edges": np.array(edges, dtype=np.int16),
        "values": np.array([leaf.values for leaf in leaves]),
        "points": np.array([leaf.points for leaf in leaves]),
        "excluded": np.array([leaf.excluded for leaf in leaves]),
        "bounds": np.array([leaf.bound for leaf in leaves]),
        "numbers": np.array([leaf.number for leaf in leaves], dtype=np.int64),
    }


def unpack_tree(
    arrays: Arrays, *, size: int, order: int, n_groups: int
) -> tuple[Node, list[Node]]:
    """Return the root and the leaves.

    Raises
    ------
    ValueError, KeyError
        If the arrays are not those of a tree for this pattern space.
    """
    edges = arrays["edges"]
    n_leaves = (len(edges) + 1) // 2
    expected = {
        "edges": (np.int16, (2 * n_leaves - 1, 2)),
        "values": (np.float64, (n_leaves, size, size)),
        "points": (np.float32, (n_leaves, size, order)),
        "excluded": (np.bool_, (n_leaves, size, n_groups)),
        "bounds": (np.float64, (n_leaves,)),
        "numbers": (np.int64, (n_leaves,)),
    }
    for name, (dtype, shape) in expected.items():
        array = arrays[name]
        if array.dtype != dtype or array.shape != shape or not np.isfinite(array).all():
            raise ValueError(f"{name} has no such type, shape or values.")
    root, leaves = _grow(edges.tolist(), size)
    if len(leaves) != n_leaves:
        raise ValueError("the tree is not whole.")
    for number, leaf in enumerate(leaves):
        leaf.values, leaf.points = arrays["values"][number], arrays["points"][number]
        leaf.excluded = arrays["excluded"][number]
        leaf.bound = float(arrays["bounds"][number])
        leaf.number = int(arrays["numbers"][number])
    return root, leaves


def pack_exclusions(exclusions: Iterable[Exclusion]) -> Arrays:
    """Return them as an array of one text."""
    texts = [[list(e.groups), proof_to_json(e.proof)] for e in exclusions]
    return {"exclusions": np.array(json.dumps(texts))}


def unpack_exclusions(arrays: Arrays) -> dict[frozenset[int], Exclusion]:
    """Return them by their groups.

    Raises
    ------
    ValueError, KeyError, TypeError
        If there is no such text.
    """
    exclusions = {}
    for groups, text in json.loads(str(arrays["exclusions"])):
        proof = proof_from_json(text)
        if not isinstance(proof, Simplicial):
            raise TypeError("an exclusion has another kind of proof.")
        exclusions[frozenset(map(int, groups))] = Exclusion(
            groups=tuple(map(int, groups)), bound=proof.capture, proof=proof
        )
    return exclusions


def _grow(edges: list[list[int]], size: int) -> tuple[Node, list[Node]]:
    """Return root and leaves of the tree with given bisections, corners filled in."""
    root = _bare(np.eye(size))
    waiting, leaves = [root], []
    for i, j in edges:
        if not waiting:
            raise ValueError("the tree has too many nodes.")
        node = waiting.pop()
        if (i, j) == (-1, -1):
            leaves.append(node)
            continue
        if not 0 <= i < j < size:
            raise ValueError("an edge has no such ends.")
        middle = (node.vertices[i] + node.vertices[j]) / 2
        if (np.ldexp(middle, 52) % 1 != 0).any():
            raise ValueError("a midpoint is not exact.")
        halves = []
        for replaced in (i, j):
            vertices = node.vertices.copy()
            vertices[replaced] = middle
            halves.append(_bare(vertices))
        node.split, node.children = (i, j), (halves[0], halves[1])
        node.vertices = node.vertices[:0]
        waiting += [halves[1], halves[0]]
    if waiting:
        raise ValueError("the tree has too few nodes.")
    return root, leaves


def _bare(vertices: Floats) -> Node:
    """Return a node of which only the corners are known."""
    nothing = vertices[:0]
    return Node(
        vertices=vertices,
        values=nothing,
        points=nothing.astype(np.float32),
        excluded=nothing.astype(np.bool_),
    )
