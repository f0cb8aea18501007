"""Rows sorted into classes, and what merging each class would make of them.

The value of two statements, C2 and C3: which rows belong together is said by labels, so
that a merge that no hypothesis allows can be carried out as well.

Contents
--------
RowClasses              a problem and a label for each row
merged_as_said          one row for each class, whatever the rows are
has_equal_data          on the support of each row
has_proportional_weights    within each class
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RowClasses:
    """A problem, and the class of each row, numbered from 0 without gaps."""

    problem: Problem
    labels: tuple[int, ...]

    def classes(self) -> list[list[int]]:
        """Return the rows of each class."""
        numbers = range(max(self.labels) + 1)
        return [[i for i, g in enumerate(self.labels) if g == c] for c in numbers]

    def has_equal_data(self) -> bool:
        """Tell whether rows of a class agree where one of them has weight."""
        data, weights = self.problem.data, self.problem.squared_weights.numerators
        for rows in self.classes():
            met = np.flatnonzero((weights[rows] != 0).any(axis=0))
            part = data.numerators[rows][:, met]
            if (part != part[0]).any():
                return False
        return True

    def has_proportional_weights(self) -> bool:
        """Tell whether rows of a class have positively proportional weights."""
        return self.with_proportional_weights() == self.problem.squared_weights

    def with_proportional_weights(self) -> RationalMatrix:
        """Return the weights, each row a multiple of the first of its class."""
        rows = self.problem.squared_weights.fractions()
        for members in self.classes():
            first = rows[members[0]]
            for i in members:
                factor = sum(rows[i], Fraction(0)) / (sum(first, Fraction(0)) or 1)
                rows[i] = [factor * x for x in first]
        return RationalMatrix.from_fractions(rows)


def merged_as_said(value: RowClasses) -> Instance:
    """Return data of the first row of each class, with the summed weights.

    Examples
    --------
    >>> problem = Problem([[1, 2], [1, 2]], squared_weights=[[1, 3], [2, 6]], rank=1)
    >>> merged_as_said(RowClasses(problem=problem, labels=(0, 0))).squared_weights
    RationalMatrix([[3, 9]])
    """
    problem = value.problem
    weights = problem.squared_weights.fractions()
    sums = [
        [
            sum(column, Fraction(0))
            for column in zip(*(weights[i] for i in rows), strict=True)
        ]
        for rows in value.classes()
    ]
    return Instance(
        data=problem.data.take([rows[0] for rows in value.classes()]),
        squared_weights=RationalMatrix.from_fractions(sums),
        rank=problem.rank,
    )
