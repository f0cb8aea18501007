"""All formulations of an instance, and their sizes side by side.

Contents
--------
all_formulations    plain, charts of V and of U, the two sketched ones: if they apply
sizes_of_all        their sizes, without building them
sizes_table         the sizes as a table of text

Notes on the implementation
---------------------------
Only the sizes of the plain formulation and of one side of the charts grow with the
number of rows; those of the sketched formulations depend on patterns alone. Sizes that
are given without the data bound the rank of the sketched data from above.
"""

import contextlib
from collections.abc import Sequence
from fractions import Fraction

from reductions.chart_formulation import (
    NAME,
    TRANSPOSED_NAME,
    ChartFormulation,
    chart_sizes,
)
from reductions.cramer import cramer_formulation
from reductions.cramer_sizes import cramer_sizes
from reductions.errors import NotApplicableError
from reductions.formulation import (
    Formulation,
    FormulationSizes,
    PatternCounts,
    number_in_words,
    pattern_counts,
)
from reductions.instances import Instance
from reductions.plain import PlainFormulation, plain_sizes
from reductions.sketched_chart_sizes import sketched_chart_sizes
from reductions.sketched_charts import sketched_charts
from reductions.sketching import sketch_size, two_sided_sketch_size

# The accuracy and failure probability for which the sketched formulations are sized.
DEFAULT_EPSILON = Fraction(1, 2)
DEFAULT_DELTA = Fraction(1, 10)
_HEADINGS = (
    "formulation",
    "systems",
    "variables",
    "degree",
    "divisors",
    "summands",
    "terms",
    "bits",
)


def all_formulations(
    instance: Instance,
    *,
    seed: int = 0,
    sketch_columns: int | None = None,
    epsilon: Fraction = DEFAULT_EPSILON,
    delta: Fraction = DEFAULT_DELTA,
) -> tuple[Formulation, ...]:
    """Return the formulations that apply, the sketched ones last.

    Parameters
    ----------
    instance : Instance
    seed : int
        Of the sketches.
    sketch_columns : int, optional
        t; by default what (k, epsilon, delta) ask for.
    epsilon, delta : Fraction
        Accuracy and failure probability.

    Raises
    ------
    NotApplicableError
        If the rank is 0 or the instance has no weight.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 1], [0, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> [formulation.name for formulation in all_formulations(instance)]
    ['plain', 'charts of V', 'charts of U', 'sketched charts', 'sketched Cramer']
    """
    n, d = instance.shape
    k = instance.rank
    found: list[Formulation] = [PlainFormulation(instance=instance)]
    if k < d:
        found.append(ChartFormulation(instance=instance))
    if k < n:
        found.append(ChartFormulation(instance=instance, transposed=True))
    t = sketch_columns or sketch_size(k, epsilon, delta)
    # What the Cramer formulation does not refuse as well: OPT = 0, degenerate sketches.
    with contextlib.suppress(NotApplicableError):
        found.append(sketched_charts(instance, t, seed=seed))
    t = sketch_columns or two_sided_sketch_size(k, epsilon, delta)
    found.append(cramer_formulation(instance, t, seed=seed))
    return tuple(found)


def sizes_of_all(
    instance: Instance | PatternCounts,
    *,
    sketch_columns: int | None = None,
    epsilon: Fraction = DEFAULT_EPSILON,
    delta: Fraction = DEFAULT_DELTA,
) -> tuple[FormulationSizes, ...]:
    """Return the sizes of the formulations that apply, in the order of those.

    Notes
    -----
    **Cost.** Linear in the number of entries, or independent of it if `PatternCounts`
    are given.

    Examples
    --------
    >>> counts = PatternCounts(
    ...     n_rows=10**6,
    ...     n_columns=3,
    ...     rank=1,
    ...     n_weighted=3 * 10**6,
    ...     n_row_classes=2,
    ...     n_column_classes=2,
    ...     n_row_types=50,
    ...     n_column_types=3,
    ...     data_bits=8,
    ...     weight_bits=2,
    ...     scale_bits=1,
    ... )
    >>> print(sizes_table(sizes_of_all(counts)))
    formulation      systems  variables  degree  divisors  summands       terms  bits
    plain                  1    1000003       4         0   3000000     6000001    41
    charts of V            3          2       4         2         2          15    53
    charts of U      1000000     999999       4         2         2  ~10^698969    89
    sketched charts        6          5       4         2         2         126  1793
    sketched Cramer        1        172      16         4       150      ~10^21   337
    """
    counts = (
        instance if isinstance(instance, PatternCounts) else pattern_counts(instance)
    )
    k = counts.rank
    found = [plain_sizes(counts)]
    if 1 <= k < counts.n_columns:
        found.append(chart_sizes(counts, NAME))
    if 1 <= k < counts.n_rows:
        found.append(chart_sizes(counts.transpose, TRANSPOSED_NAME))
    t = sketch_columns or sketch_size(k, epsilon, delta)
    one_sided = sketched_chart_sizes(counts, t)
    if k >= 1 and one_sided.n_variables:
        found.append(one_sided)
    t = sketch_columns or two_sided_sketch_size(k, epsilon, delta)
    if k >= 1:
        found.append(cramer_sizes(counts, t))
    return tuple(found)


def sizes_table(sizes: Sequence[FormulationSizes]) -> str:
    """Return a table of text with one line for each formulation.

    See `sizes_of_all` for an example.
    """
    lines = sizes_rows(sizes)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def sizes_rows(sizes: Sequence[FormulationSizes]) -> list[tuple[str, ...]]:
    """Return the headings and one row of texts for each formulation."""
    lines: list[tuple[str, ...]] = [_HEADINGS]
    for item in sizes:
        numbers = (
            item.n_systems,
            item.n_variables,
            item.degree,
            item.n_denominators,
            item.n_summands,
            item.n_terms,
            item.bitsize,
        )
        # "about 10^21" is "~10^21" here: the table has to fit beside others.
        words = [number_in_words(x).replace("about ", "~") for x in numbers]
        lines.append((item.name, *words))
    return lines
