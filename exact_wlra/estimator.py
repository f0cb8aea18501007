"""The face for people of scikit-learn: fit, transform, and how far from optimal.

Import `WeightedLowRankApproximation` from `exact_wlra`; it needs scikit-learn, the
extra `lab`.

Contents
--------
WeightedLowRankApproximation    an estimator whose optimum is proved

Notes on the implementation
---------------------------
scikit-learn is imported with this module, for the class derives from its classes; the
package imports this module on first use of the name.
"""

import math
import warnings
from fractions import Fraction
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from exact_wlra.driver import solve
from exact_wlra.errors import InvalidProblemError, MissingExtraError
from exact_wlra.problem import Problem, checked_rank
from reductions.least_squares import solve_rows

try:
    from sklearn.base import (
        BaseEstimator,
        ClassNamePrefixFeaturesOutMixin,
        TransformerMixin,
    )
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils.validation import check_array, check_is_fitted, validate_data
except ImportError as error:  # pragma: no cover
    raise MissingExtraError(
        "WeightedLowRankApproximation needs scikit-learn 1.6 or newer; "
        "pip install 'exact-wlra[lab]'."
    ) from error

Floats = NDArray[np.float64]


class WeightedLowRankApproximation(
    ClassNamePrefixFeaturesOutMixin,  # type: ignore[misc]
    TransformerMixin,  # type: ignore[misc]
    BaseEstimator,  # type: ignore[misc]
):
    """Weighted low rank approximation with a proved optimality gap.

    Minimizes sum_ij omega_ij (X_ij - (Z C)_ij)^2 over scores Z (n_samples x
    n_components) and components C (n_components x n_features), omega the squared
    weights. What distinguishes it from other decompositions is `optimality_gap_`: no
    matrix of that rank costs less than (1 - gap) times what this one does, and
    `certificate_` lets anyone check it.

    Data are not centered. With weights, or missing entries, subtracting column means
    is no part of an optimal affine fit; subtract what you like beforehand.

    Parameters
    ----------
    n_components : int, default 1
        The rank k, from 1 to the number of features.
    gap : float, default 1e-6
        The fit ends when upper - lower <= gap * upper.
    time_limit : float, default 60
        Seconds after which the fit ends with the bracket proved so far, and a
        ConvergenceWarning.
    method : str, default "auto"
        See `exact_wlra.solve`.
    random_state : int, default 0
        Seed of the heuristics' random starts.
    n_jobs : int, default 1
        Processes for the search of pattern space.

    Attributes
    ----------
    components_ : float array, shape (n_components, n_features)
        Orthonormal rows, those of larger singular values of the fitted matrix first,
        the largest entry of each positive.
    optimality_gap_ : float
        (upper - lower)/upper of the proved bracket; 0 if both are 0.
    lower_bound_, upper_bound_ : float
        Proved bounds on the least cost, rounded outward. The exact ones are
        `solution_.lower` and `solution_.upper`.
    certificate_ : Certificate
        Evidence for `problem_`, which `exact_wlra.check` judges.
    solution_, problem_ : Solution, Problem
        What was solved, in exact numbers: the binary rationals that floats are.
    n_features_in_ : int
    feature_names_in_ : array of str
        If X has column names.

    Notes
    -----
    `transform` solves a weighted least squares problem for each row; of several
    solutions it takes the shortest. It is arithmetic in floating point: the bounds are
    about `solution_.U` and `solution_.V`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[1.0, -2.0, 4.0], [3.0, 5.0, -1.0]])
    >>> W = np.array([[2.0, 1.0, 3.0], [1.0, 4.0, 2.0]])
    >>> model = WeightedLowRankApproximation().fit(X, weights=W)
    >>> model.optimality_gap_ < 1e-6
    True
    >>> round(model.upper_bound_, 4)
    43.841
    >>> Z = model.transform(X, weights=W)
    >>> residual = W * (X - model.inverse_transform(Z))
    >>> round(float(np.sum(residual**2)), 4)
    43.841
    """

    def __init__(
        self,
        n_components: int = 1,
        *,
        gap: float = 1e-6,
        time_limit: float = 60.0,
        method: str = "auto",
        random_state: int = 0,
        n_jobs: int = 1,
    ) -> None:
        self.n_components = n_components
        self.gap = gap
        self.time_limit = time_limit
        self.method = method
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Any,
        y: object = None,  # noqa: ARG002  (the signature of all estimators)
        *,
        weights: Any = None,
        squared_weights: Any = None,
    ) -> Self:
        """Find components of least cost, and prove how far they are from optimal.

        Parameters
        ----------
        X : array, shape (n_samples, n_features)
            NaN is missing: it has weight zero, whatever the weights say.
        y : None
            Ignored.
        weights, squared_weights : arrays of the shape of X, or None
            W, or omega = W o W, at least 0; at most one of them. With neither,
            all observed entries weigh 1. A row of squared weight 2 counts as two rows.

        Raises
        ------
        InvalidProblemError
            A ValueError: X, weights and parameters do not form a problem.
        """
        rank = checked_rank(self.n_components, name="n_components")
        data: Floats = validate_data(
            self, X, dtype=np.float64, ensure_all_finite="allow-nan"
        )
        if not 1 <= rank <= data.shape[1]:
            raise InvalidProblemError(
                f"n_components is {rank}; give an integer from 1 to the number of "
                f"features, {data.shape[1]}."
            )
        missing = np.isnan(data)
        if weights is None and squared_weights is None:
            weights = np.ones(data.shape)
        given: dict[str, Any] = {
            "weights": _checked(weights, "weights", missing),
            "squared_weights": _checked(squared_weights, "squared_weights", missing),
        }
        self.problem_ = Problem(np.where(missing, 0.0, data), rank=rank, **given)
        self.solution_ = solve(
            self.problem_,
            gap=self.gap,
            time_limit=self.time_limit,
            method=self.method,
            seed=self.random_state,
            jobs=self.n_jobs,
        )
        if not self.solution_.is_proved:
            warnings.warn(
                f"the proved optimality gap is {self.solution_.gap:.2g}, wider than "
                f"{float(self.gap):.2g} ({self.solution_.termination}). "
                f"{self.solution_.advice}",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.certificate_ = self.solution_.certificate
        self.optimality_gap_ = self.solution_.gap
        self.lower_bound_ = _rounded(self.solution_.lower, -math.inf)
        self.upper_bound_ = _rounded(self.solution_.upper, math.inf)
        self.components_ = _orthonormal(
            self.solution_.U.to_float(), self.solution_.V.to_float()
        )
        return self

    def transform(
        self, X: Any, *, weights: Any = None, squared_weights: Any = None
    ) -> Floats:
        """Return the best scores of rows for the components that were found.

        Parameters
        ----------
        X : array, shape (n, n_features)
            NaN is missing.
        weights, squared_weights : arrays of the shape of X, or None
            As in `fit`; with neither, all observed entries weigh 1.

        Returns
        -------
        float array, shape (n, n_components)
            A row without weight has scores 0.
        """
        check_is_fitted(self)
        data: Floats = validate_data(
            self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False
        )
        missing = np.isnan(data)
        root = _checked(weights, "weights", missing)
        omega = _checked(squared_weights, "squared_weights", missing)
        if root is not None and omega is not None:
            raise InvalidProblemError("give weights or squared_weights, not both.")
        if root is not None:
            omega = root**2
        elif omega is None:
            omega = (~missing).astype(np.float64)
        scores = solve_rows(np.where(missing, 0.0, data), omega, self.components_)
        return np.asarray(scores)

    def fit_transform(
        self,
        X: Any,
        y: object = None,
        *,
        weights: Any = None,
        squared_weights: Any = None,
    ) -> Floats:
        """Fit, and return the scores of the same rows with the same weights."""
        given = {"weights": weights, "squared_weights": squared_weights}
        return self.fit(X, y, **given).transform(X, **given)

    def inverse_transform(self, X: Any) -> Floats:
        """Return the matrix X C of rank at most k, C the components.

        Parameters
        ----------
        X : array, shape (n, n_components)
            Scores.
        """
        check_is_fitted(self)
        scores: Floats = check_array(X, dtype=np.float64)
        k = len(self.components_)
        if scores.shape[1] != k:
            raise InvalidProblemError(
                f"the scores have {scores.shape[1]} columns; there are {k} components."
            )
        return np.asarray(scores @ self.components_)

    @property
    def _n_features_out(self) -> int:
        """Number of columns of the scores, for `get_feature_names_out`."""
        return len(self.components_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _checked(given: Any, name: str, missing: NDArray[np.bool_]) -> Floats | None:
    """Return weights as floats, zero where data are missing; None stays None."""
    if given is None:
        return None
    checked: Floats = check_array(
        given, dtype=np.float64, ensure_all_finite="allow-nan", input_name=name
    )
    if checked.shape != missing.shape:
        raise InvalidProblemError(
            f"{name} have shape {checked.shape}; give one for each entry of X, which "
            f"has shape {missing.shape}."
        )
    bad = (np.isnan(checked) | (checked < 0)) & ~missing
    if bad.any():
        row, column = np.argwhere(bad)[0] + 1
        raise InvalidProblemError(
            f"{name}, row {row}, column {column}: {checked[row - 1, column - 1]} is no "
            "weight; give a number that is at least 0."
        )
    return np.where(missing, 0.0, checked)


def _rounded(value: Fraction, toward: float) -> float:
    """Return the nearest float on that side of an exact number."""
    near = float(value)
    is_beyond = Fraction(near) > value if toward < 0 else Fraction(near) < value
    return math.nextafter(near, toward) if is_beyond else near


def _orthonormal(left: Floats, right: Floats) -> Floats:
    """Return right singular vectors of left @ right; signs are fixed."""
    outer, upper = np.linalg.qr(right.T)
    scale = np.linalg.norm(left, axis=0)
    _, triangle = np.linalg.qr(left / np.where(scale > 0, scale, 1.0))
    _, _, turn = np.linalg.svd((triangle * scale) @ upper.T)
    vectors = turn @ outer.T
    largest = np.abs(vectors).argmax(axis=1)
    signs = np.sign(vectors[np.arange(len(vectors)), largest])
    return np.asarray(vectors * signs[:, None])
