"""The checker of the rule `moments`: proofs made by hand are accepted, lies are not.

The unit matrix of order k + 1 has OPT = 1 at rank k. With q = |X|^2 - (trace X)^2/k,
not negative at rank k, cost - 1 - q = (trace X - k)^2/k: an exact proof, without slack.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.certificates import Moments, RankForm, Transpose
from exact_wlra.checker import lower_bound
from exact_wlra.errors import RejectedCertificateError
from reductions.instances import Instance
from reductions.rank_forms import packed, partial_transpose, unpacked
from semialgebraic.errors import InvalidInputError
from semialgebraic.rational_matrices import RationalMatrix

NO_MINORS = RationalMatrix.zeros(0, 0)
PARTS = ("antisymmetric", "symmetric", "complement")
TINY = Fraction(1, 1 << 200)

ranks = pytest.mark.parametrize("k", [1, 2, 3])
each_part = pytest.mark.parametrize("part", [0, 1, 2])


def unit_instance(k: int, *, scale: Fraction = Fraction(1)) -> Instance:
    order = k + 1
    return Instance(
        data=RationalMatrix(np.eye(order, dtype=np.int64)).scaled(scale),
        squared_weights=RationalMatrix(np.ones((order, order), dtype=np.int64)),
        rank=k,
    )


def trace_form(k: int, *, axis: int = 0) -> RankForm:
    """The form |X|^2 - (trace X)^2/k."""
    t = np.eye(k + 1, dtype=np.int64).ravel()
    square = RationalMatrix(np.outer(t, t))
    half = packed(square.scaled(Fraction(1, 2)))
    every = tuple(range(k + 1))
    return RankForm(
        rows=every,
        columns=every,
        axis=axis,
        antisymmetric=half,
        symmetric=half,
        complement=packed(square),
    )


def proof_of(k: int, *, axis: int = 0, lower: Fraction = Fraction(1)) -> Moments:
    return Moments(lower=lower, minors=NO_MINORS, forms=(trace_form(k, axis=axis),))


def changed_form(k: int, **changes: Any) -> Moments:
    return replace(proof_of(k), forms=(replace(trace_form(k), **changes),))


def shifted(form: RankForm, part: int, change: Any, denominator: int = 1) -> RankForm:
    """The form with a symmetric matrix added to one of the three."""
    matrix = getattr(form, PARTS[part])
    more = packed(RationalMatrix(change, denominator))
    return replace(form, **{PARTS[part]: matrix + more})


def antisymmetric_part(k: int, size: int) -> Any:
    """A symmetric K with K^G = -K, of which equations know nothing."""
    order = k + 1
    change = np.zeros((order**2, order**2), dtype=np.int64)
    change[0, order + 1] = change[order + 1, 0] = size  # (1,1), (2,2)
    return change - partial_transpose(change, (order, order))


def assert_refused(instance: Instance, proof: Moments, because: str) -> None:
    for arithmetic in ("automatic", "rational"):
        with pytest.raises(RejectedCertificateError, match=because):
            lower_bound(instance, proof, arithmetic=arithmetic)


@ranks
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("arithmetic", ["automatic", "rational"])
def test_the_proof_by_hand_is_accepted(k, axis, arithmetic) -> None:
    proof = proof_of(k, axis=axis)
    assert lower_bound(unit_instance(k), proof, arithmetic=arithmetic) == 1
    turned = Transpose(proof=proof)
    assert lower_bound(unit_instance(k), turned, arithmetic=arithmetic) == 1


@ranks
def test_without_forms_nothing_is_proved_but_zero(k) -> None:
    bare = Moments(lower=Fraction(0), minors=NO_MINORS, forms=())
    assert lower_bound(unit_instance(k), bare) == 0
    assert_refused(unit_instance(k), replace(bare, lower=TINY), "sum of squares")


@ranks
def test_a_bound_the_least_bit_too_high_is_refused(k) -> None:
    higher = proof_of(k, lower=1 + TINY)
    assert_refused(unit_instance(k), higher, "not proved to be a sum of squares")
    below = proof_of(k, lower=1 - TINY)
    assert lower_bound(unit_instance(k), below) == 1 - TINY


def test_rounding_refuses_what_it_cannot_tell() -> None:
    with pytest.raises(RejectedCertificateError, match="not proved"):
        lower_bound(unit_instance(2), proof_of(2), arithmetic="rounded")


@each_part
@ranks
def test_each_of_the_three_must_be_semidefinite(k, part) -> None:
    form = shifted(trace_form(k), part, antisymmetric_part(k, 5))
    lie = replace(proof_of(k), forms=(form,))
    name = ("first", "second", "third")[part]
    assert_refused(unit_instance(k), lie, f"the {name} matrix of form 1 is not proved")


@each_part
@pytest.mark.parametrize("place", [(0, 0), (0, 1), (2, 3)])
def test_the_equation_has_to_hold_to_the_last_bit(part, place) -> None:
    change = np.zeros((4, 4), dtype=np.int64)
    change[place] = change[place[::-1]] = 1
    form = shifted(trace_form(1), part, change, 1 << 200)
    lie = replace(proof_of(1), forms=(form,))
    assert_refused(unit_instance(1), lie, "form 1: .* do not fit together")


@ranks
def test_a_form_for_a_lower_rank_does_not_serve_a_higher_one(k) -> None:
    # The same matrices at rank k + 1 are another form, of which OPT = 0 is all.
    instance = replace(unit_instance(k), rank=k + 1)
    assert_refused(instance, proof_of(k, lower=TINY), "sum of squares")


@ranks
def test_a_form_enlarged_is_refused(k) -> None:
    form = trace_form(k)
    larger = {name: getattr(form, name).scaled(1 + TINY) for name in PARTS}
    lie = replace(proof_of(k), forms=(replace(form, **larger),))
    assert_refused(unit_instance(k), lie, "sum of squares")
    twice = replace(proof_of(k), forms=(form, form))
    assert_refused(unit_instance(k), twice, "sum of squares")


@ranks
def test_a_form_may_be_given_in_two_halves(k) -> None:
    half = {name: getattr(trace_form(k), name).scaled(Fraction(1, 2)) for name in PARTS}
    form = replace(trace_form(k), **half)
    proof = replace(proof_of(k), forms=(form, replace(form, axis=1)))
    assert lower_bound(unit_instance(k), proof) == 1


@ranks
def test_rows_and_columns_may_be_named_in_any_order(k) -> None:
    order = tuple(reversed(range(k + 1)))
    proof = changed_form(k, rows=order, columns=order)
    assert lower_bound(unit_instance(k), proof) == 1
    # The trace of another matching is not that of the data.
    lie = changed_form(k, rows=order)
    assert_refused(unit_instance(k), lie, "sum of squares")


@pytest.mark.parametrize("member", ["rows", "columns"])
@pytest.mark.parametrize("indices", [(0, 0), (0, 2), (0, 10**18), (1, -1), (-2, -1)])
def test_indices_twice_or_not_there_are_refused(member, indices) -> None:
    because = f"form 1 names a {member[:-1]} twice or one not there"
    assert_refused(unit_instance(1), changed_form(1, **{member: indices}), because)


@pytest.mark.parametrize("member", PARTS)
@pytest.mark.parametrize("shape", [(1, 0), (1, 9), (1, 11), (1, 16), (10, 1), (2, 10)])
def test_triangles_of_another_length_are_refused(member, shape) -> None:
    lie = changed_form(1, **{member: RationalMatrix.zeros(*shape)})
    assert_refused(unit_instance(1), lie, "form 1: a triangle of order 4")


@pytest.mark.parametrize(("axis", "member"), [(0, "columns"), (1, "rows")])
def test_blocks_with_fewer_columns_than_the_rank_are_refused(axis, member) -> None:
    zero = RationalMatrix.zeros(1, 21)
    lie = changed_form(3, axis=axis, **{member: (0, 1)}, **dict.fromkeys(PARTS, zero))
    lie = replace(
        lie,
        forms=(
            replace(
                lie.forms[0],
                **{"rows" if member == "columns" else "columns": (0, 1, 2)},
            ),
        ),
    )
    assert_refused(unit_instance(3), lie, "a form on 2 columns needs a rank")


@pytest.mark.parametrize("axis", [0, 1])
def test_the_other_axis_is_another_form(axis) -> None:
    generator = np.random.default_rng(3)
    data = RationalMatrix(generator.integers(-5, 6, (2, 3)))
    instance = Instance(
        data=data, squared_weights=RationalMatrix(np.ones((2, 3), np.int64)), rank=1
    )
    zero = RationalMatrix.zeros(1, 21)
    u = np.array([0, 1, 0, -1, 0, 0])
    first = np.outer(u, u)
    third = packed(RationalMatrix(first + partial_transpose(first, (2, 3))))
    form = RankForm(
        rows=(0, 1),
        columns=(0, 1, 2),
        axis=axis,
        antisymmetric=packed(RationalMatrix(2 * first)),
        symmetric=zero,
        complement=third,
    )
    proof = Moments(lower=Fraction(0), minors=NO_MINORS, forms=(form,))
    because = "third matrix" if axis == 0 else "do not fit together"
    assert_refused(instance, proof, because)


def test_minors_prove_rank_one_and_nothing_else() -> None:
    minors = RationalMatrix.from_rows([[-1]])
    proof = Moments(lower=Fraction(1), minors=minors, forms=())
    assert lower_bound(unit_instance(1), proof) == 1
    assert_refused(unit_instance(1), replace(proof, lower=1 + TINY), "sum of squares")
    opposite = replace(proof, minors=minors.scaled(-1))
    assert_refused(unit_instance(1), opposite, "sum of squares")
    higher = replace(unit_instance(1), rank=2)
    assert_refused(higher, proof, "2 x 2 minors vanish at rank one only")
    none = replace(proof, minors=RationalMatrix.zeros(1, 1), lower=Fraction(0))
    assert_refused(higher, none, "2 x 2 minors vanish at rank one only")


@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (4, 4), (1, 10**5)])
def test_minors_of_another_shape_are_refused(shape) -> None:
    lie = replace(proof_of(1), minors=RationalMatrix.zeros(*shape))
    assert_refused(unit_instance(1), lie, "not one multiplier for each 2 x 2 minor")


@pytest.mark.parametrize("value", [-(2**63), 2**63 - 1, 2**62, -(10**400)])
def test_enormous_multipliers_are_refused(value) -> None:
    dtype = np.int64 if abs(value) <= 2**63 else object
    lie = replace(proof_of(1), minors=RationalMatrix(np.array([[value]], dtype=dtype)))
    assert_refused(unit_instance(1), lie, "sum of squares")
    for part in PARTS:
        triangle = np.array([[value] + [0] * 9], dtype=dtype)
        form = changed_form(1, **{part: RationalMatrix(triangle)})
        assert_refused(unit_instance(1), form, "do not fit together")


def test_entries_without_weight_are_in_no_form() -> None:
    weights = RationalMatrix.from_rows([[1, 1], [1, 0]])
    instance = replace(unit_instance(1), squared_weights=weights)
    zero = Fraction(0)
    assert_refused(instance, proof_of(1, lower=zero), "sum of squares")
    minors = Moments(lower=zero, minors=RationalMatrix.from_rows([[TINY]]), forms=())
    assert_refused(instance, minors, "sum of squares")
    none = Moments(lower=zero, minors=RationalMatrix.zeros(1, 1), forms=())
    assert lower_bound(instance, none) == 0


def test_data_without_weight_do_not_matter() -> None:
    data = RationalMatrix.from_rows([[1, 0, 10**30], [0, 1, Fraction(1, 10**30)]])
    weights = RationalMatrix.from_rows([[1, 1, 0], [1, 1, 0]])
    instance = Instance(data=data, squared_weights=weights, rank=1)
    assert lower_bound(instance, proof_of(1)) == 1
    assert_refused(instance, proof_of(1, lower=1 + TINY), "sum of squares")


@pytest.mark.parametrize("exponent", [-1200, -600, -40, 40, 600, 1200])
def test_the_proof_holds_in_other_units(exponent) -> None:
    scale = Fraction(2) ** exponent
    instance = unit_instance(2, scale=scale)
    assert lower_bound(instance, proof_of(2, lower=scale**2)) == scale**2
    assert_refused(instance, proof_of(2, lower=scale**2 * (1 + TINY)), "sum of squares")


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (50, 50), (2, 10**4)])
def test_matrices_that_are_empty_or_huge_are_refused(shape) -> None:
    instance = Instance(
        data=RationalMatrix.zeros(*shape),
        squared_weights=RationalMatrix(np.ones(shape, dtype=np.int64)),
        rank=1,
    )
    bare = Moments(lower=Fraction(0), minors=NO_MINORS, forms=())
    with pytest.raises(RejectedCertificateError, match="fewer than 2500 entries"):
        lower_bound(instance, bare)


def test_rank_zero_is_refused() -> None:
    instance = replace(unit_instance(1), rank=0)
    for proof in (proof_of(1), Moments(lower=Fraction(0), minors=NO_MINORS, forms=())):
        assert_refused(instance, proof, "ranks from 1 on")


@pytest.mark.parametrize("count", [10**4 + 1, 10**6])
def test_forms_too_large_to_check_are_refused_at_once(count) -> None:
    lie = changed_form(1, rows=tuple(range(count)), columns=(0,))
    assert_refused(unit_instance(1), lie, "too large to check")


@pytest.mark.parametrize("member", ["rows", "columns"])
def test_forms_on_nothing_prove_nothing(member) -> None:
    empty = dict.fromkeys(PARTS, RationalMatrix.zeros(1, 0))
    lie = changed_form(1, **{member: ()}, **empty)
    assert_refused(unit_instance(1), lie, "moments: ")


@pytest.mark.parametrize("denominator", [0, -1])
def test_denominators_are_positive_from_the_start(denominator) -> None:
    with pytest.raises(InvalidInputError, match="denominator must be positive"):
        RationalMatrix(np.zeros((1, 10), dtype=np.int64), denominator)


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 2), tries=st.integers(1, 3))
def test_no_change_of_a_proof_proves_more_than_the_optimum(seed, k, tries) -> None:
    generator = np.random.default_rng(seed)
    form, size = trace_form(k), (k + 1) ** 2
    for _ in range(tries):
        part = int(generator.integers(3))
        root = generator.integers(-2, 3, (size, 1))
        change = root @ root.T * int(generator.choice([-1, 1, 1]))
        if generator.random() < 0.3:
            change = change - partial_transpose(change, (k + 1, k + 1))
        form = shifted(form, part, change, int(generator.integers(1, 50)))
        if generator.random() < 0.7:  # mended
            parts = [unpacked(getattr(form, name), size) for name in PARTS]
            total = parts[0] + parts[1] - parts[2]
            turned = partial_transpose(total.numerators, (k + 1, k + 1))
            lacking = total + RationalMatrix(turned, total.denominator)
            form = replace(
                form, complement=packed(parts[2] + lacking.scaled(Fraction(1, 2)))
            )
    excess = Fraction(1, int(generator.integers(1, 100)))
    minors = NO_MINORS
    if k == 1:
        minors = RationalMatrix(generator.integers(-4, 5, (1, 1)), 4)
    lie = Moments(lower=1 + excess, minors=minors, forms=(form,))
    assert_refused(unit_instance(k), lie, "moments: ")
