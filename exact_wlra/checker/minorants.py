"""Checking rule `minorant`: lowered weights, data moved towards a remainder.

*Why it is sound.* Let 0 <= pi <= omega entrywise and Y any matrix that vanishes where
pi does. For every real x

    omega (a - x)^2 >= pi (a + (omega - pi) y - x)^2 - omega (omega - pi) pi y^2,

because the difference of the two sides is (omega - pi) (a - x - pi y)^2. Summed up, OPT
is at least the optimum for the weights pi and the data B = A + (omega - pi) o Y, minus
sum omega (omega - pi) pi Y^2. Any proof about that instance does for the first term.

Contents
--------
minorant_bound      the bound of the proof inside, less the price
lowered_instance    the instance with weights pi and data B, and the price
centered_data       B = A + (omega - pi) o Y and the price of the centering
verify_grid         the exponent of the grid of Y is not absurd
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from exact_wlra.certificates import Minorant, Proof
from exact_wlra.entries.exact_numbers import shown
from exact_wlra.errors import RejectedCertificateError
from reductions.instances import Instance
from semialgebraic import integer_arrays
from semialgebraic.rational_matrices import RationalMatrix

_LARGEST_GRID = 1 << 16


def minorant_bound(
    instance: Instance, proof: Minorant, bound_of: Callable[[Instance, Proof], Fraction]
) -> Fraction:
    """Return the lower bound of the rule; `bound_of` judges the proof inside.

    Raises
    ------
    RejectedCertificateError
        If the shapes do not fit, the weights are not between 0 and omega, or the proof
        about them is rejected.
    """
    lowered, price = lowered_instance(instance, proof)
    return bound_of(lowered, proof.proof) - price


def lowered_instance(instance: Instance, proof: Minorant) -> tuple[Instance, Fraction]:
    """Return the instance that the proof inside is about, and the price.

    Raises
    ------
    RejectedCertificateError
        If the shapes do not fit, or the weights are not between 0 and omega.
    """
    for name, left, right in (
        ("weights", proof.weight_left, proof.weight_right),
        ("center", proof.center_left, proof.center_right),
    ):
        inner = left.shape[1], right.shape[0]
        if inner[0] != inner[1] or (left.shape[0], right.shape[1]) != instance.shape:
            raise RejectedCertificateError(
                f"minorant: the {name} of shapes {left.shape} and {right.shape} do not "
                f"multiply to {instance.shape}."
            )
    verify_grid(proof.grid, "minorant")
    weights = (proof.weight_left @ proof.weight_right).reduced()
    center = proof.center_left @ proof.center_right
    data, price = centered_data(instance, weights, center, proof.grid, "minorant")
    lowered = Instance(data=data.reduced(), squared_weights=weights, rank=instance.rank)
    return lowered, price


def verify_grid(grid: int, where: str) -> None:
    """Reject a grid whose powers of two would be too long."""
    if abs(grid) > _LARGEST_GRID:
        raise RejectedCertificateError(f"{where}: the grid exceeds {_LARGEST_GRID}.")


def centered_data(
    instance: Instance,
    weights: RationalMatrix,
    center: RationalMatrix,
    grid: int,
    where: str,
) -> tuple[RationalMatrix, Fraction]:
    """Return B = A + (omega - pi) o Y and the price sum omega (omega - pi) pi Y^2.

    Y is (A - center)/pi, rounded down to multiples of 2^-grid, and 0 where pi is.

    Parameters
    ----------
    weights : RationalMatrix
        pi.
    where : str
        Name of the rule, for messages.

    Raises
    ------
    RejectedCertificateError
        If an entry of pi is negative or exceeds that of omega.
    """
    omega = instance.squared_weights
    excess = omega - weights
    for wrong, words in (
        (excess.numerators < 0, "exceeds the squared weight"),
        (weights.numerators < 0, "is negative; the squared weight is"),
    ):
        if wrong.any():
            i, j = np.argwhere(wrong)[0].tolist()
            raise RejectedCertificateError(
                f"{where}: the weight {shown(weights[i, j])} {words} "
                f"{shown(omega[i, j])} (row {i + 1}, column {j + 1} of the part)."
            )
    if not (excess.numerators != 0).any():
        return instance.data, Fraction(0)
    residual = instance.data - center
    power = Fraction(2) ** grid
    ratio = power * Fraction(weights.denominator, residual.denominator)
    kept = weights.numerators != 0
    above = integer_arrays.multiply(residual.numerators, ratio.numerator)
    below = integer_arrays.multiply(weights.numerators, ratio.denominator)
    floor = np.where(kept, above // np.where(kept, below, 1), 0)
    grid_points = RationalMatrix(integer_arrays.narrow(floor), 1)
    shift = excess.hadamard(grid_points)  # (omega - pi) o Y, times 2^grid
    price = shift.hadamard(grid_points).hadamard(omega.hadamard(weights)).total()
    return instance.data + shift.scaled(1 / power), price / power**2
