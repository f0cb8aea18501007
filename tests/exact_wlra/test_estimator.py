"""The estimator does what scikit-learn expects, and what `solve` says."""

import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

import exact_wlra as ew
from exact_wlra import WeightedLowRankApproximation
from exact_wlra.estimator import _orthonormal, _rounded

ROOT = Path(__file__).resolve().parents[2]
X = np.array([[1.0, -2.0, 4.0], [3.0, 5.0, -1.0], [2.0, 0.5, 1.0]])
W = np.array([[2.0, 1.0, 3.0], [1.0, 4.0, 2.0], [1.0, 1.0, 1.0]])


# One of the checks of scikit-learn skips itself where SCIPY_ARRAY_API is not set, and
# warns; none of them is expected to fail.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks(
    [
        WeightedLowRankApproximation(),
        WeightedLowRankApproximation(gap=0.01, time_limit=5.0),
    ]
)
def test_estimator_keeps_the_rules_of_scikit_learn(
    estimator: BaseEstimator, check: Callable[[BaseEstimator], None]
) -> None:
    check(estimator)


def cost(data: np.ndarray, omega: np.ndarray, fitted: np.ndarray) -> float:
    return float(np.nansum(omega * (data - fitted) ** 2))


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_bracket_is_that_of_solve(rank: int) -> None:
    model = WeightedLowRankApproximation(rank).fit(X, weights=W)
    solution = ew.solve(ew.Problem(X, weights=W, rank=rank))
    assert model.solution_.lower == solution.lower
    assert model.solution_.upper == solution.upper
    assert model.optimality_gap_ == solution.gap <= 1e-6
    assert Fraction(model.lower_bound_) <= solution.lower
    assert solution.upper <= Fraction(model.upper_bound_)
    assert ew.check(model.problem_, model.certificate_) >= solution.lower


@pytest.mark.parametrize("rank", [1, 2])
def test_scores_and_components_cost_the_upper_bound(rank: int) -> None:
    model = WeightedLowRankApproximation(rank)
    scores = model.fit_transform(X, weights=W)
    fitted = model.inverse_transform(scores)
    assert cost(X, W**2, fitted) == pytest.approx(model.upper_bound_, rel=1e-6)
    assert np.allclose(model.components_ @ model.components_.T, np.eye(rank))
    exact = (model.solution_.U @ model.solution_.V).to_float()
    assert np.allclose(fitted, exact, atol=1e-3)


def test_squared_weight_two_is_a_row_twice() -> None:
    twice = np.vstack([X, X[1:2]])
    omega = np.ones_like(X)
    omega[1] = 2
    by_rows = WeightedLowRankApproximation().fit(twice)
    by_weight = WeightedLowRankApproximation().fit(X, squared_weights=omega)
    by_root = WeightedLowRankApproximation().fit(X, weights=np.sqrt(omega))
    # The same number, enclosed twice, exactly; sqrt(2) is rounded.
    assert by_rows.solution_.lower <= by_weight.solution_.upper
    assert by_weight.solution_.lower <= by_rows.solution_.upper
    for other in (by_weight, by_root):
        assert other.upper_bound_ == pytest.approx(by_rows.upper_bound_, rel=1e-5)
        assert np.allclose(other.components_, by_rows.components_, atol=1e-4)


def test_nan_is_missing_whatever_its_weight() -> None:
    data = X.copy()
    data[0, 1] = np.nan
    omega = np.ones_like(X)
    plain = WeightedLowRankApproximation().fit(data)
    weighted = WeightedLowRankApproximation().fit(data, squared_weights=omega)
    omega[0, 1] = 0
    zero = WeightedLowRankApproximation().fit(X, squared_weights=omega)
    assert plain.problem_.squared_weights == zero.problem_.squared_weights
    assert plain.solution_.upper == weighted.solution_.upper == zero.solution_.upper
    scores = plain.transform(data)
    assert np.isfinite(scores).all()
    assert np.isfinite(plain.inverse_transform(scores)).all()


def test_new_rows_are_fitted_by_weighted_least_squares() -> None:
    model = WeightedLowRankApproximation(2).fit(X, weights=W)
    row = np.array([[5.0, np.nan, 2.0], [1.0, 1.0, 1.0]])
    weights = np.array([[1.0, 7.0, 3.0], [2.0, 0.5, 1.0]])
    scores = model.transform(row, weights=weights)
    for i in range(2):
        seen = ~np.isnan(row[i])
        w = weights[i, seen]
        expected, *_ = np.linalg.lstsq(
            (model.components_[:, seen] * w).T, w * row[i, seen], rcond=None
        )
        assert np.allclose(scores[i], expected)
    squared = model.transform(row, squared_weights=weights**2)
    assert np.allclose(scores, squared)
    assert np.allclose(model.transform(row[1:]), row[1:] @ model.components_.T)
    assert (model.transform(row, weights=0 * weights) == 0).all()


def test_a_fit_that_is_not_proved_says_so() -> None:
    generator = np.random.default_rng(0)
    data, weights = generator.normal(size=(2, 12, 9))
    model = WeightedLowRankApproximation(3, time_limit=0.05)
    with pytest.warns(ConvergenceWarning, match="the proved optimality gap is"):
        model.fit(data, weights=np.abs(weights))
    assert model.optimality_gap_ > 1e-6
    assert 0 <= model.lower_bound_ < model.upper_bound_
    assert model.transform(data).shape == (12, 3)


@pytest.mark.parametrize(
    ("parameters", "arguments", "message"),
    [
        ({"n_components": 0}, {}, "n_components is 0"),
        ({"n_components": 4}, {}, "number of features, 3"),
        ({"n_components": 1.5}, {}, "n_components is 1.5"),
        ({"gap": -1}, {}, "gap"),
        ({"time_limit": 0}, {}, "time_limit"),
        ({"method": "magic"}, {}, "magic"),
        ({}, {"weights": W[:2]}, r"shape \(2, 3\)"),
        ({}, {"weights": -W}, "weights, row 1, column 1: -2.0"),
        ({}, {"squared_weights": np.where(W > 3, np.nan, W)}, "row 2, column 2: nan"),
        ({}, {"weights": W, "squared_weights": W}, "weights"),
    ],
)
def test_wrong_calls_are_value_errors(
    parameters: dict[str, object], arguments: dict[str, object], message: str
) -> None:
    model = WeightedLowRankApproximation(**parameters)
    with pytest.raises(ValueError, match=message):
        model.fit(X, **arguments)


def test_transform_takes_one_kind_of_weights_and_its_own_shape() -> None:
    model = WeightedLowRankApproximation().fit(X)
    with pytest.raises(ValueError, match="not both"):
        model.transform(X, weights=W, squared_weights=W)
    with pytest.raises(ValueError, match="2 columns; there are 1"):
        model.inverse_transform(np.ones((3, 2)))
    with pytest.raises(NotFittedError):
        WeightedLowRankApproximation().inverse_transform(np.ones((3, 1)))


def test_it_works_in_pipelines_and_copies() -> None:
    pipeline = make_pipeline(
        FunctionTransformer(feature_names_out="one-to-one"),
        WeightedLowRankApproximation(2, gap=1e-3),
    )
    name = "weightedlowrankapproximation"
    pipeline.fit(X, **{f"{name}__weights": W})
    model = pipeline[-1]
    assert list(pipeline.get_feature_names_out()) == [f"{name}0", f"{name}1"]
    assert model.solution_.upper == clone(model).fit(X, weights=W).solution_.upper
    again = pickle.loads(pickle.dumps(model))  # noqa: S301  (our own bytes)
    assert again.solution_.upper == model.solution_.upper
    assert (again.transform(X) == model.transform(X)).all()


finite = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))


@settings(max_examples=60, deadline=None)
@given(
    left=arrays(float, (4, 2), elements=finite),
    right=arrays(float, (2, 3), elements=finite),
)
def test_components_span_the_row_space(left: np.ndarray, right: np.ndarray) -> None:
    vectors = _orthonormal(left, right)
    assert np.allclose(vectors @ vectors.T, np.eye(2), atol=1e-9)
    outside = right - right @ vectors.T @ vectors
    assert np.abs(outside).max() <= 1e-7 * max(np.abs(right).max(), 1)


@given(value=st.fractions())
def test_bounds_are_rounded_outward(value: Fraction) -> None:
    low, high = _rounded(value, -math.inf), _rounded(value, math.inf)
    assert Fraction(low) <= value <= Fraction(high)
    assert high <= math.nextafter(low, math.inf)


def test_package_imports_without_scikit_learn() -> None:
    script = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import exact_wlra\n"
        "from exact_wlra import *\n"
        "print(exact_wlra.Problem([[1]], rank=1))\n"
        "try:\n    exact_wlra.WeightedLowRankApproximation\n"
        "except exact_wlra.errors.MissingExtraError as error:\n    print(error)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True
    )
    assert b"pip install 'exact-wlra[lab]'" in answer.stdout
