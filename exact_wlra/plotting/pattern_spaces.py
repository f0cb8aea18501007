"""The subdivision of pattern space that a certificate consists of.

*What is drawn.* For a row space of dimension one, spanned by v, let t_l be the share
of v's squared norm in the l-th weight pattern (`reductions.pattern_space`). These
shares fill a simplex: pattern space. A proof by the rule `simplicial` cuts it into
small simplices and bounds in each of them what v captures, so that every v whose shares
lie there costs at least the bound drawn.

Contents
--------
pattern_space       a segment for two patterns, a triangle for three
SimplexBound        one simplex of a proof and its bound
simplex_bounds      all of them
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.certificates import Bisection, Certificate, Leaf, Simplicial
from exact_wlra.figures import BLUE, GREY, VERMILLION, finished, new_figure, plain_frame
from exact_wlra.solution import Solution, decimal_text
from reductions.errors import NotApplicableError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_HEIGHT = 3**0.5 / 2
# Simplices are outlined more thinly if there are many.
_MANY = 400


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimplexBound:
    """One simplex of a subdivision.

    Parameters
    ----------
    vertices : tuple of points
        Exact; each point has one share for each weight pattern, in all one.
    depth : int
        How often the whole was halved.
    lower : float
        What is proved about the cost where the shares lie in the simplex; an estimate
        of an exact number.
    """

    vertices: tuple[tuple[Fraction, ...], ...]
    depth: int
    lower: float


def pattern_space(
    certificate: Certificate | Solution,
    *,
    path: Path | str | None = None,
    title: str | None = None,
) -> "Figure":
    """Return a picture of the simplices of a proof, colored by their bounds.

    Parameters
    ----------
    certificate : Certificate or Solution
        Whose proof uses the rule `simplicial`, with two or three weight patterns. Of
        several such proofs, one for each independent block, the largest is drawn.
    path : path or None
        File to write: .png, .svg or .pdf.
    title : str or None
        None states the number of simplices and the bracket.

    Raises
    ------
    NotApplicableError
        If there is no such proof, or none that fits on paper.

    Examples
    --------
    >>> from exact_wlra import Problem, solve
    >>> A = [[3, -1, 2, 4], [1, 5, -2, 0], [2, 2, 7, 1], [-1, 3, 1, 6]]
    >>> W = [[3, 1, 1, 3], [1, 2, 2, 1], [1, 2, 2, 1], [3, 1, 1, 3]]
    >>> figure = pattern_space(solve(Problem(A, weights=W, rank=1), gap=1e-3))
    >>> figure.axes[0].get_xlabel()
    'share $t_2$ of the second weight pattern; $t_1 = 1 - t_2$'
    """
    if isinstance(certificate, Solution):
        certificate = certificate.certificate
    found = list(_simplicial(certificate.proof))
    drawable = [each for each in found if len(each.generators) in (2, 3)]
    if not drawable:
        raise NotApplicableError(_why_not(certificate, found))
    proof = max(drawable, key=lambda each: len(each.tree))
    bounds = simplex_bounds(proof, certificate.lower)
    lower, upper = float(certificate.lower), float(certificate.upper)
    if len(proof.generators) == 2:
        figure = new_figure(8.0, 4.2)
        _draw_segment(figure.add_subplot(), bounds, lower, upper)
    else:
        figure = new_figure(7.4, 5.8)
        _draw_triangle(figure, bounds)
    if title is None:
        low, high = (
            decimal_text(end, 9) for end in (certificate.lower, certificate.upper)
        )
        others = f", one proof of {len(found)}" if len(found) > 1 else ""
        n = len(bounds)
        title = (
            f"pattern space in {n} {'simplex' if n == 1 else 'simplices'}{others}: "
            f"{low} <= OPT <= {high}"
        )
    return finished(figure, title, path)


def simplex_bounds(proof: Simplicial, lower: Fraction) -> list[SimplexBound]:
    """Return the simplices of a proof with their bounds on the cost.

    Parameters
    ----------
    lower : Fraction
        What the certificate proves in all: its bound where the captured energy is at
        most `proof.capture`; a simplex that captures less has a higher bound.
    """
    from exact_wlra.bounds.simplex_quadratics import maximum_on_simplex

    found = []
    for leaf, vertices, depth in _leaves(proof):
        chosen = [proof.multipliers[index].values for index in leaf.multipliers]
        products = np.array(
            [
                [
                    float(sum(x * t for x, t in zip(values, v, strict=True)))
                    for v in vertices
                ]
                for values in chosen
            ]
        )
        capture, _ = maximum_on_simplex((products + products.T)[None] / 2)
        excluded = sum(
            float(proof.exclusions[index].bound) for index in leaf.exclusions
        )
        slack = float(proof.capture) - float(capture[0]) - excluded
        found.append(
            SimplexBound(vertices=vertices, depth=depth, lower=float(lower) + slack)
        )
    return found


def _simplicial(proof: object) -> Iterator[Simplicial]:
    """Yield the proofs by subdivision inside a proof, not those inside of them."""
    if isinstance(proof, Simplicial):
        yield proof
    elif isinstance(proof, tuple):
        for part in proof:
            yield from _simplicial(part)
    elif is_dataclass(proof):
        for field in fields(proof):
            yield from _simplicial(getattr(proof, field.name))


def _why_not(certificate: Certificate, found: list[Simplicial]) -> str:
    """Return why there is nothing to draw."""
    if not found:
        rules: list[str] = []
        proof: object = certificate.proof
        while proof is not None:
            rules.append(getattr(proof, "rule", "?"))
            proof = getattr(proof, "proof", None)
        return (
            f"this certificate rests on the rules {', '.join(rules)}, without a "
            "subdivision of pattern space; solve with another gap, or draw an instance "
            "of rank one with two or three weight patterns that `plan` shows as "
            "simplicial."
        )
    sizes = sorted({len(each.generators) for each in found})
    return (
        f"pattern space has {' or '.join(map(str, sizes))} weight patterns here; "
        "two or three can be drawn."
    )


def _leaves(
    proof: Simplicial,
) -> Iterator[tuple[Leaf, tuple[tuple[Fraction, ...], ...], int]]:
    """Yield the leaves of the tree with their vertices and depths."""
    size = len(proof.generators)
    corners = tuple(
        tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size)
    )
    waiting = [(corners, 0)]
    for item in proof.tree:
        vertices, depth = waiting.pop()
        match item:
            case Bisection(split=split):
                i, j = split
                pairs = zip(vertices[i], vertices[j], strict=True)
                middle = tuple((a + b) / 2 for a, b in pairs)
                for kept in (i, j):  # the second one is taken from the stack first
                    half = tuple(
                        middle if place == kept else vertex
                        for place, vertex in enumerate(vertices)
                    )
                    waiting.append((half, depth + 1))
                waiting[-2:] = waiting[-1:] + waiting[-2:-1]
            case Leaf():
                yield item, vertices, depth


def _draw_segment(
    axes: "Axes", bounds: list[SimplexBound], lower: float, upper: float
) -> None:
    """Draw the bound of each interval above the segment."""
    for each in bounds:
        low, high = sorted(float(vertex[1]) for vertex in each.vertices)
        axes.fill_between([low, high], lower, each.lower, color=BLUE, alpha=0.14, lw=0)
        axes.plot([low, high], [each.lower] * 2, color=BLUE, linewidth=2)
        axes.axvline(high, color=GREY, linewidth=0.4, zorder=0)
    axes.plot(
        [], [], color=BLUE, linewidth=2, label="proved lower bound in the interval"
    )
    axes.axhline(lower, color="black", linewidth=1.2, label="proved lower bound of all")
    axes.axhline(
        upper,
        color=VERMILLION,
        linewidth=1.2,
        linestyle="--",
        label="cost of the factors",
    )
    axes.set_xlim(0, 1)
    axes.set_xlabel("share $t_2$ of the second weight pattern; $t_1 = 1 - t_2$")
    axes.set_ylabel("cost")
    axes.legend(fontsize=8, frameon=False, loc="best")
    plain_frame(axes)


def _draw_triangle(figure: "Figure", bounds: list[SimplexBound]) -> None:
    """Draw the triangles in the colors of their bounds; the weakest is outlined."""
    from matplotlib.collections import PolyCollection

    axes = figure.add_subplot()
    shapes = [_flat(np.array(each.vertices, dtype=np.float64)) for each in bounds]
    width = 0.8 if len(bounds) <= _MANY else 0.25
    triangles = PolyCollection(
        shapes, array=np.array([each.lower for each in bounds]), cmap="viridis",
        edgecolors="white", linewidths=width,
    )  # fmt: skip
    axes.add_collection(triangles)
    weakest = min(range(len(bounds)), key=lambda i: bounds[i].lower)
    axes.add_collection(
        PolyCollection(
            [shapes[weakest]],
            facecolors="none",
            edgecolors=VERMILLION,
            linewidths=2.0,
            label="least bound: the proved lower bound",
        )
    )
    bar = figure.colorbar(triangles, ax=axes, shrink=0.8, pad=0.02)
    bar.set_label("proved lower bound on the cost in the simplex")
    for number, (place, shift) in enumerate(
        zip(np.eye(3), ((0, -0.05), (0, -0.05), (0, 0.05)), strict=True), start=1
    ):
        (x, y), (dx, dy) = _flat(place[None, :])[0], shift
        axes.text(x + dx, y + dy, f"$t_{number} = 1$", ha="center", va="center")
    axes.legend(loc="upper left", fontsize=8, frameon=False)
    axes.set_xlim(-0.1, 1.1)
    axes.set_ylim(-0.1, _HEIGHT + 0.12)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _flat(shares: Floats) -> Floats:
    """Return places in the plane of points of the simplex (..., 3)."""
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, _HEIGHT]])
    return np.asarray(shares @ corners)
