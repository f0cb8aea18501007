"""Complex critical points, counted: of two columns or three, with exact arithmetic.

Contents
--------
counted_critical_points     how many X of rank k are critical
"""

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.plane import plane_critical_points
from reductions.two_rows import project_cost


def counted_critical_points(instance: Instance) -> int:
    """Return the number of complex critical X != 0, without multiplicity.

    Two columns, or rows, at rank one: distinct roots of the critical polynomial, the
    infinite slope included. Three columns, or rows: the points of the plane.

    Raises
    ------
    NotApplicableError
        If the shape is another, a weight is zero, or the number is not finite.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> omega = RationalMatrix.from_rows([[1, 2], [5, 3]])
    >>> counted_critical_points(Instance(data=A, squared_weights=omega, rank=1))
    6
    """
    if 2 in instance.shape and instance.rank == 1 and instance.support().all():
        turned = instance if instance.shape[0] == 2 else instance.transpose
        return _on_a_line(turned)
    for turned in (instance, instance.transpose):
        if turned.shape[1] == 3:
            components = plane_critical_points(turned)
            return sum(c.degree for c in components if not c.is_zero)
    raise NotApplicableError(
        "critical points are counted for positive weights and two columns at rank one, "
        "or three columns; give one of those."
    )


def _on_a_line(instance: Instance) -> int:
    """Return the number of critical slopes, but for zeros of denominators."""
    cost = project_cost(instance)
    form, formal_degree = cost.critical_form()
    if not form:
        raise NotApplicableError("the cost is constant; there are infinitely many.")
    distinct = 0
    _, denominator = cost.fraction()
    for factor, _ in form.factor()[1]:
        if factor.degree() > 0 and (denominator % factor).degree() >= 0:
            distinct += int(factor.degree())
    return distinct + int(form.degree() < formal_degree)
