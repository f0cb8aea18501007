"""Pattern space in floating point, where exact weights leave the range of floats."""

import numpy as np

from exact_wlra.applicability import sides_of
from exact_wlra.bounds.pattern_floats import PatternFloats
from reductions.instances import Instance
from reductions.pattern_space import pattern_space
from reductions.pipeline import reduce
from semialgebraic.rational_matrices import RationalMatrix


def test_merged_columns_may_weigh_more_than_floats_hold() -> None:
    # Columns merged through their Gram matrices have minors of order 20 as weights.
    generator = np.random.default_rng(5)
    data = generator.integers(-5, 6, (20, 64))
    patterns = generator.integers(1, 4, (20, 2))
    weights = patterns[:, generator.integers(0, 2, 64)] ** 2
    whole = Instance(
        data=RationalMatrix(data, 1), squared_weights=RationalMatrix(weights, 1), rank=1
    )
    (leaf,) = reduce(whole).leaves()
    assert max(leaf.squared_weights.numerators.ravel().tolist()) > 10**400
    for side in sides_of(leaf):
        floats = PatternFloats.of(pattern_space(side.instance, side.factorization))
        points = generator.standard_normal((5, side.order))
        captured = floats.captures(points)
        assert (captured > 0).all()
        assert (captured < float(whole.energy()) * (1 + 1e-9)).all()
