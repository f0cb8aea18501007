"""A statement of a paper, or of ours, that can be run.

Contents
--------
Hypothesis      one hypothesis, named
Case            an instance of a statement, with a name and how it was made
Erratum         what is printed, why it is wrong, what is true instead
Statement       text, hypotheses, cases, check, errata, and where all of that is used

Notes on the implementation
---------------------------
One statement, one module, which ends in `STATEMENT = Statement(...)`. The values that a
statement speaks about are a frozen dataclass of the module (or a `Problem`, where the
statement is about one), so that cases can be read from JSON by field.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, final

from exact_wlra.theorems.findings import Finding, Relation
from exact_wlra.theorems.quantities import Quantity

Value = TypeVar("Value")
Kind = Literal["random", "structured", "adversarial", "violation"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A hypothesis: `name` in one word or two, `text` in full."""

    name: str
    text: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Generic[Value]):
    """A value that a statement speaks about.

    Parameters
    ----------
    name : str
        Unique among the cases of its statement.
    kind : {"random", "structured", "adversarial", "violation"}
        How it was made; a violation does not satisfy some hypothesis.
    value
        The instance.
    seed : int or None
        Of a random case.
    """

    name: str
    kind: Kind
    value: Value
    seed: int | None = None

    def finding(
        self,
        key: str,
        claim: str,
        measured: Quantity,
        relation: Relation,
        bound: Quantity,
        *,
        unmet: tuple[str, ...] = (),
        note: str = "",
    ) -> Finding:
        """Return a finding about this case, of the statement with this key.

        Examples
        --------
        >>> from exact_wlra.theorems.quantities import exact
        >>> case = Case(name="integers", kind="structured", value=(2, 3))
        >>> case.finding("ours/example", "2 <= 3", exact(2), "<=", exact(3)).verdict
        'holds'
        """
        return Finding(
            statement=key,
            claim=claim,
            case=self.name,
            measured=measured,
            relation=relation,
            bound=bound,
            unmet=unmet,
            note=note,
            seed=self.seed,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """Where a paper, as printed, is wrong or has a gap.

    Parameters
    ----------
    printed : str
        What is printed, or what is missing.
    wrong_because : str
        The reason, in one or two sentences.
    repaired : str
        What is true instead.
    counterexample : callable or None
        Returns findings of the printed statement, at least one of which fails; None for
        a gap in a proof that no numbers can show.
    """

    printed: str
    wrong_because: str
    repaired: str
    counterexample: Callable[[], tuple[Finding, ...]] | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Generic[Value]):
    """One numbered statement.

    Parameters
    ----------
    key : str
        ``reweighted/...``, ``few-patterns/...`` or ``ours/...``.
    title : str
        As the paper names it, with a word on what it says.
    source : str
        Key of the bibliography, and where it stands there.
    text : str
        The statement in full, as we can prove it.
    hypotheses : tuple of Hypothesis
        All of them.
    cases : callable
        ``cases(seeds)`` yields the cases that are run by default, with `seeds` random
        ones of each kind.
    check : callable
        ``check(case)`` returns one finding for each claim of the statement.
    value_type : type
        Type of the values, for reading cases from JSON.
    errata : tuple of Erratum
        Of the statement as printed.
    is_statistical : bool
        Whether it speaks about random choices; such checks are left out on request.
    used_by : tuple of str
        Modules that rest on it, ``package.module:name``.
    tests : tuple of str
        Test files that try to break it, besides the check itself.
    """

    key: str
    title: str
    source: str
    text: str
    hypotheses: tuple[Hypothesis, ...]
    cases: Callable[[int], Iterator[Case[Value]]]
    check: Callable[[Case[Value]], tuple[Finding, ...]]
    value_type: type[Any]
    errata: tuple[Erratum, ...] = ()
    is_statistical: bool = False
    used_by: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
