"""The critical equations in the entries of both factors, for a solver of systems.

*Statement.* In the chart where V begins with the identity, V = [I X], the derivatives
of the cost by U and X vanish at the critical points: n k + k (d - k) equations, linear
in U for fixed X and in X for fixed U. For generic data their number is that of
`critical_counts`, once X of rank below k are left out.

Contents
--------
bilinear_equations      the derivatives of the cost

Notes on the implementation
---------------------------
These suit a program such as msolve (`semialgebraic.msolve`), which gives all complex
solutions on its word: what is missing it does not prove. Where the row spaces form a
line or a plane, `plane` has a complete list of our own.

References
----------
[OttavianiSpaenlehauerSturmfels2014]_
"""

from flint import fmpz_mpoly

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from semialgebraic.polynomials import polynomial_ring, primitive


def bilinear_equations(instance: Instance) -> tuple[fmpz_mpoly, ...]:
    """Return the derivatives of cost(U, [I X]) by the entries of U and X.

    The variables are u1_1, u1_2, ... (row by row) and x1_3, ... (row 1, column 3 of V),
    in this order; so are the equations. Each is divided by its content.

    Raises
    ------
    NotApplicableError
        Unless 1 <= k < d.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> for equation in bilinear_equations(instance):
    ...     print(equation)
    u1_1*x1_2^2 + u1_1 - x1_2 - 2
    u1_1^2*x1_2 - u1_1
    """
    (n, d), k = instance.shape, instance.rank
    if not 1 <= k < d:
        raise NotApplicableError(f"critical equations want 1 <= rank < columns, {d}.")
    names = [f"u{i + 1}_{a + 1}" for i in range(n) for a in range(k)]
    names += [f"x{a + 1}_{j + 1}" for a in range(k) for j in range(k, d)]
    ring = polynomial_ring(names)
    gens, one, zero = ring.gens(), ring.constant(1), ring.constant(0)
    left = [gens[i * k : (i + 1) * k] for i in range(n)]
    free = gens[n * k :]
    right = [
        [*(one if a == b else zero for b in range(k)), *free[a * (d - k) :][: d - k]]
        for a in range(k)
    ]
    data, weights = instance.data, instance.squared_weights
    cost = zero
    for i in range(n):
        for j in range(d):
            entry = sum((left[i][a] * right[a][j] for a in range(k)), zero)
            residual = int(data.numerators[i, j]) - data.denominator * entry
            cost += int(weights.numerators[i, j]) * residual * residual
    return tuple(primitive(cost.derivative(i)) for i in range(ring.nvars()))
