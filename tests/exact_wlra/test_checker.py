"""The checker: sound on any proof whatever, and exact about what it proves."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import assume, given
from hypothesis import strategies as st

from exact_wlra.bounds.simplicial import SimplicialSearch
from exact_wlra.budget import Budget
from exact_wlra.certificate_json import certificate_from_json
from exact_wlra.certificates import (
    Bisection,
    Block,
    Blocks,
    Certificate,
    Energy,
    Gram,
    Leaf,
    Multiplier,
    Proof,
    Scaling,
    Simplicial,
    Transpose,
    Types,
    Zero,
)
from exact_wlra.checker import check_certificate, lower_bound, rules
from exact_wlra.checker.simplicial import (
    _dominance_matrix,
    _is_leaf_bounded,
    _leaves,
    is_multiplier_valid,
    reciprocal_above,
)
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.problem import Problem
from reductions.instances import Instance
from reductions.pattern_space import pattern_space
from reductions.patterns import merge_types
from reductions.proportional_rows import merge_proportional
from reductions.scalings import scale
from reductions.weight_factorization import factor_weights
from semialgebraic.integer_arrays import integers
from semialgebraic.rational_matrices import RationalMatrix

CORPUS = Path(__file__).resolve().parent.parent / "certificates"
INDEX = json.loads((CORPUS / "problems.json").read_text(encoding="utf-8"))
INSTANCES = {
    name: Problem(p["data"], squared_weights=p["omega"], rank=p["rank"]).instance
    for name, p in INDEX["problems"].items()
}
CERTIFICATES = {
    name: certificate_from_json((CORPUS / "accepted" / f"{name}.json").read_bytes())
    for name in INDEX["accepted"]
}
ABOUT = {name: entry["problem"] for name, entry in INDEX["accepted"].items()}
# The least cost that any certificate of the corpus exhibits.
BEST_KNOWN = {
    about: min(CERTIFICATES[name].upper for name in ABOUT if ABOUT[name] == about)
    for about in set(ABOUT.values())
}

every_proof = pytest.mark.parametrize("name", sorted(CERTIFICATES))
seeds = st.integers(0, 2**32 - 1)
positive = st.fractions(min_value=Fraction(1, 10**9), max_value=10**9)


def make(data, omega, rank: int = 1) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(omega),
        rank=rank,
    )


def proved_or_zero(instance: Instance, proof: Proof) -> Fraction:
    """The proved bound, or 0 where the proof is rejected; nothing else may happen."""
    try:
        return lower_bound(instance, proof)
    except RejectedCertificateError:
        return Fraction(0)


@every_proof
@pytest.mark.parametrize("about", sorted(BEST_KNOWN))
def test_no_proof_exceeds_a_known_cost_of_any_problem(name: str, about: str) -> None:
    assert (
        proved_or_zero(INSTANCES[about], CERTIFICATES[name].proof) <= BEST_KNOWN[about]
    )


@every_proof
@pytest.mark.parametrize("rank", [0, 1, 2, 5])
def test_no_proof_exceeds_the_cost_of_zero_at_any_rank(name: str, rank: int) -> None:
    instance = replace(INSTANCES[ABOUT[name]], rank=rank)
    assert proved_or_zero(instance, CERTIFICATES[name].proof) <= instance.energy()


@every_proof
@pytest.mark.parametrize("rows", ["all", "none"])
@pytest.mark.parametrize("columns", ["all", "none"])
def test_nothing_is_proved_about_an_empty_block(name: str, rows, columns) -> None:
    # There is nothing to pay: a positive bound here would be added to a true one.
    assume_empty = "none" in (rows, columns)
    instance = INSTANCES[ABOUT[name]]
    n, d = instance.shape
    block = Block(
        rows=tuple(range(n)) if rows == "all" else (),
        columns=tuple(range(d)) if columns == "all" else (),
        proof=CERTIFICATES[name].proof,
    )
    limit = Fraction(0) if assume_empty else BEST_KNOWN[ABOUT[name]]
    assert proved_or_zero(instance, Blocks(parts=(block,))) <= limit


@every_proof
def test_nothing_is_proved_without_weights(name: str) -> None:
    instance = INSTANCES[ABOUT[name]]
    weightless = replace(
        instance, squared_weights=RationalMatrix.zeros(*instance.shape)
    )
    assert proved_or_zero(weightless, CERTIFICATES[name].proof) <= 0


@every_proof
def test_nothing_is_proved_about_data_that_are_zero(name: str) -> None:
    instance = INSTANCES[ABOUT[name]]
    empty = replace(instance, data=RationalMatrix.zeros(*instance.shape))
    assert proved_or_zero(empty, CERTIFICATES[name].proof) <= 0


@every_proof
def test_turning_problem_and_proof_twice_changes_nothing(name: str) -> None:
    instance, proof = INSTANCES[ABOUT[name]], CERTIFICATES[name].proof
    expected = lower_bound(instance, proof)
    assert lower_bound(instance.transpose, Transpose(proof=proof)) == expected
    twice = Transpose(proof=Transpose(proof=proof))
    assert lower_bound(instance, twice) == expected


@every_proof
def test_a_single_block_proves_what_its_proof_does(name: str) -> None:
    instance, proof = INSTANCES[ABOUT[name]], CERTIFICATES[name].proof
    n, d = instance.shape
    whole = Block(rows=tuple(range(n)), columns=tuple(range(d)), proof=proof)
    assert lower_bound(instance, Blocks(parts=(whole,))) == lower_bound(instance, proof)


@every_proof
@pytest.mark.parametrize("arithmetic", ["rational", "automatic"])
def test_both_arithmetics_prove_the_same_bound(name: str, arithmetic) -> None:
    instance, proof = INSTANCES[ABOUT[name]], CERTIFICATES[name].proof
    assert lower_bound(instance, proof, arithmetic=arithmetic) == lower_bound(
        instance, proof
    )


@every_proof
def test_rounded_arithmetic_proves_the_same_bound_or_nothing(name: str) -> None:
    instance, proof = INSTANCES[ABOUT[name]], CERTIFICATES[name].proof
    try:
        proved = lower_bound(instance, proof, arithmetic="rounded")
    except RejectedCertificateError as error:
        assert "not proved" in str(error)
    else:
        assert proved == lower_bound(instance, proof)


def test_deeply_nested_proofs_are_judged() -> None:
    proof: Proof = Energy()
    for _ in range(150):
        proof = Transpose(proof=proof)
    instance = make([[1, 2]], [[3, 1]], rank=0)
    assert lower_bound(instance, proof) == 7


# -- the whole certificate --------------------------------------------------------


def example() -> tuple[Instance, Certificate]:
    return INSTANCES["small"], CERTIFICATES["two-rows"]


def test_a_lower_bound_may_be_claimed_below_what_is_proved() -> None:
    instance, certificate = example()
    modest = replace(certificate, lower=Fraction(-5))
    assert check_certificate(instance, modest) == certificate.proof.lower


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": (3, 2)},
        {"rank": 0},
        {"upper": Fraction(10**400)},
        {"lower": Fraction(10**400)},
        {"left": RationalMatrix.zeros(2, 0)},
        {"right": RationalMatrix.zeros(0, 3)},
        {"left": RationalMatrix.from_rows([[10**400], [0]])},
        {"left": RationalMatrix.from_rows([[Fraction(1, 10**400)], [0]])},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_changed_certificate_is_rejected(changes) -> None:
    instance, certificate = example()
    with pytest.raises(RejectedCertificateError):
        check_certificate(instance, replace(certificate, **changes))


# -- rules that rewrite the instance ----------------------------------------------


@given(seed=seeds, axis=st.integers(0, 1))
def test_rewriting_rules_are_about_the_rewritten_instance(seed: int, axis: int) -> None:
    generator = np.random.default_rng(seed)
    shape = (8, 2) if axis == 0 else (2, 8)
    rays = generator.integers(1, 4, size=(2, 2))
    omega = rays[generator.integers(0, 2, size=8)] * generator.integers(1, 3, (8, 1))
    data = generator.integers(-2, 3, size=shape)
    instance = Instance(
        data=RationalMatrix(data),
        squared_weights=RationalMatrix(omega if axis == 0 else omega.T),
        rank=0,
    )
    merged = merge_types(instance, axis=axis).instance
    assert lower_bound(instance, Types(axis=axis, proof=Energy())) == merged.energy()
    grouped = merge_proportional(instance, axis=axis)
    assume(grouped is not None)
    found = lower_bound(instance, Gram(axis=axis, proof=Energy()))
    assert found == grouped.instance.energy() == instance.energy()


@given(exponents=st.lists(st.integers(-4096, 4096), min_size=5, max_size=5), seed=seeds)
def test_scaling_is_about_the_scaled_instance(exponents: list[int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    instance = Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=(2, 3))),
        squared_weights=RationalMatrix(generator.integers(0, 9, size=(2, 3))),
        rank=0,
    )
    proof = Scaling(
        row_exponents=tuple(exponents[:2]),
        column_exponents=tuple(exponents[2:]),
        proof=Energy(),
    )
    scaled = scale(instance, np.array(exponents[:2]), np.array(exponents[2:])).instance
    assert lower_bound(instance, proof) == scaled.energy() == instance.energy()


@given(seed=seeds)
def test_blocks_add_up_what_their_proofs_prove(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n, d = 4, 5
    instance = Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=(n, d))),
        squared_weights=RationalMatrix(generator.integers(0, 4, size=(n, d))),
        rank=0,
    )
    cut = int(generator.integers(0, n + 1))
    order, columns = generator.permutation(n).tolist(), tuple(range(d))
    parts = tuple(
        Block(rows=tuple(rows), columns=columns, proof=Energy())
        for rows in (order[:cut], order[cut:])
    )
    assert lower_bound(instance, Blocks(parts=parts)) == instance.energy()
    assert lower_bound(instance, Blocks(parts=())) == 0


@pytest.mark.parametrize("axis", [0, 1])
def test_rows_without_weight_do_not_hinder_a_gram_step(axis: int) -> None:
    # Two rows without weight are proportional; they were divided by their content, 0.
    omega = [[0, 0], [0, 0], [1, 2], [2, 4], [1, 2], [3, 6], [1, 2]]
    instance = make([[i, 1] for i in range(7)], omega, rank=0)
    oriented = instance if axis == 0 else instance.transpose
    assert lower_bound(oriented, Gram(axis=axis, proof=Energy())) == instance.energy()


REPEATED = make(
    [[1, 2], [3, 4], [1, 2], [5, 7]], [[1, 2], [1, 1], [2, 4], [0, 0]], rank=0
)


def merged_wrongly(monkeypatch: pytest.MonkeyPatch, **wrong: object) -> None:
    """Let the reduction that the checker runs return something else."""

    def hostile(instance: Instance, *, axis: int) -> object:
        record = merge_types(instance, axis=axis)
        labels = wrong.get("labels", record.labels)
        changed = {key: value for key, value in wrong.items() if key != "labels"}
        return replace(
            record,
            labels=np.array(labels),
            instance=replace(record.instance, **changed),
        )

    monkeypatch.setattr(rules, "merge_types", hostile)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"labels": [0, -1, 0, -1]}, "a row with weight was dropped"),
        ({"labels": [0, 0, 0, -1]}, "differ in their data"),
        ({"data": RationalMatrix.from_rows([[1, 3], [3, 4]])}, "differ in their data"),
        (
            {"data": RationalMatrix(np.array([[1, 2], [3, 4]]), 2)},
            "differ in their data",
        ),
        (
            {"squared_weights": RationalMatrix.from_rows([[3, 3], [1, 1]])},
            "other weight rays",
        ),
        (
            {"squared_weights": RationalMatrix.from_rows([[4, 8], [1, 1]])},
            "do not add up",
        ),
    ],
)
def test_a_merge_that_lost_something_is_noticed(monkeypatch, wrong, message) -> None:
    assert lower_bound(REPEATED, Types(axis=0, proof=Energy())) == 3 * 9 + 25
    merged_wrongly(monkeypatch, **wrong)
    with pytest.raises(RejectedCertificateError, match=message):
        lower_bound(REPEATED, Types(axis=0, proof=Energy()))


def test_a_gram_step_that_changed_something_is_noticed(monkeypatch) -> None:
    instance = make([[i, i * i] for i in range(6)], [[1, 2]] * 6, rank=0)

    def hostile(given: Instance, *, axis: int) -> object:
        record = merge_proportional(given, axis=axis)
        doubled = record.instance.squared_weights.scaled(2)
        return replace(
            record, instance=replace(record.instance, squared_weights=doubled)
        )

    monkeypatch.setattr(rules, "merge_proportional", hostile)
    with pytest.raises(RejectedCertificateError, match="Gram matrices differ"):
        lower_bound(instance, Gram(axis=0, proof=Energy()))


# -- the search of pattern space --------------------------------------------------


@given(value=positive, bits=st.integers(8, 200))
def test_reciprocals_are_rounded_up_to_few_bits(value: Fraction, bits: int) -> None:
    rounded = reciprocal_above(value, bits)
    assert 1 / value <= rounded <= (1 + Fraction(4, 2**bits)) / value
    assert rounded.denominator & (rounded.denominator - 1) == 0
    odd = rounded.numerator // (rounded.numerator & -rounded.numerator)
    assert odd.bit_length() <= bits + 2


def volume(vertices) -> Fraction:
    size = len(vertices)
    entries = [fmpq(x.numerator, x.denominator) for v in vertices for x in v]
    determinant = fmpq_mat(size, size, entries).det()
    return abs(Fraction(int(determinant.p), int(determinant.q)))


@st.composite
def trees(draw: st.DrawFn, size: int) -> tuple:
    """Any complete tree of bisections, in preorder."""
    items, waiting = [], 1
    while waiting:
        if len(items) < 12 and draw(st.booleans()):
            i, j = draw(st.permutations(range(size)))[:2]
            items.append(Bisection(split=(i, j)))
            waiting += 1
        else:
            items.append(Leaf(multipliers=(), exclusions=()))
            waiting -= 1
    return tuple(items)


def with_tree(size: int, tree: tuple) -> Simplicial:
    return Simplicial(
        generators=tuple(range(size)),
        shares=RationalMatrix.zeros(size, size),
        capture=Fraction(0),
        reciprocal_bits=20,
        multipliers=(),
        exclusions=(),
        tree=tree,
    )


@given(size=st.integers(2, 4), data=st.data())
def test_leaves_of_a_tree_fill_the_simplex(size: int, data) -> None:
    tree = data.draw(trees(size))
    leaves = _leaves(with_tree(size, tree), size)
    assert sum(volume(vertices) for _, vertices in leaves) == 1
    assert all(sum(v) == 1 and min(v) >= 0 for _, vertices in leaves for v in vertices)


@given(size=st.integers(2, 4), data=st.data())
def test_a_tree_that_lacks_an_item_or_has_one_more_is_rejected(size: int, data) -> None:
    tree = data.draw(trees(size))
    leaf = Leaf(multipliers=(), exclusions=())
    for wrong in (tree[:-1], (*tree, leaf), ()):
        with pytest.raises(RejectedCertificateError):
            _leaves(with_tree(size, wrong), size)


@given(seed=seeds, size=st.integers(1, 3), slack=st.fractions(-9, 99))
def test_a_bounded_leaf_is_bounded_on_a_grid(seed, size, slack: Fraction) -> None:
    generator = np.random.default_rng(seed)
    vertices = [
        tuple(Fraction(int(x), int(sum(point))) for x in point)
        for point in generator.integers(1, 9, size=(size, size)).tolist()
    ]
    chosen = [
        Multiplier(
            at=v,
            values=tuple(
                Fraction(int(x), 7) for x in generator.integers(-20, 99, size)
            ),
            excluded=(),
        )
        for v in vertices
    ]
    if _is_leaf_bounded(chosen, vertices, slack):
        for theta in generator.dirichlet(np.ones(size), size=20):
            weights = [Fraction(x) for x in theta]
            total = sum(weights)
            t = [
                sum(w * v[l] for w, v in zip(weights, vertices, strict=True)) / total
                for l in range(size)
            ]
            value = sum(
                w / total * sum(x * y for x, y in zip(m.values, t, strict=True))
                for w, m in zip(weights, chosen, strict=True)
            )
            assert value <= slack


@given(
    seed=seeds,
    order=st.integers(1, 16),
    bits=st.sampled_from([3, 60, 200]),
    n_terms=st.integers(0, 3),
)
def test_matrices_of_all_orders_are_formed_alike(
    seed: int, order: int, bits: int, n_terms: int
) -> None:
    generator = np.random.default_rng(seed)

    def numbers(*shape: int) -> np.ndarray:
        return generator.integers(0, 8, size=shape).astype(object) << bits

    shares = integers(numbers(2, order))
    terms = [
        (integers(numbers(order, order)), int(numbers(1)[0])) for _ in range(n_terms)
    ]
    factors = [int(x) for x in numbers(2) - numbers(2)]
    expected = np.diag(factors[0] * shares[0].astype(object))
    expected = expected + np.diag(factors[1] * shares[1].astype(object))
    for gram, coefficient in terms:
        expected = expected - coefficient * gram.astype(object)
    assert (_dominance_matrix(factors, shares, terms) == expected).all()


@st.composite
def searchable(draw: st.DrawFn, least_weight: int = 0) -> Instance:
    """Rank one, every row and column with weight."""
    generator = np.random.default_rng(draw(seeds))
    n, d = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    highest = draw(st.sampled_from([2, 9]))
    omega = generator.integers(least_weight, highest, size=(n, d))
    omega[np.arange(n), np.arange(n) % d] += 1
    omega[np.arange(d) % n, np.arange(d)] += 1
    return Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=(n, d))),
        squared_weights=RationalMatrix(omega),
        rank=1,
    )


def searched(instance: Instance, gap: float) -> Simplicial:
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    search = SimplicialSearch(instance, space, Budget(time_limit=0.3))
    search.run(gap)
    return search.proof(gap)


def random_costs(instance: Instance, seed: int, count: int = 40) -> list[Fraction]:
    """Exact costs of rounded results of a few sweeps of alternating minimization."""
    data = instance.data.to_float()
    weights = instance.squared_weights.to_float()
    generator = np.random.default_rng(seed)
    costs = []
    for _ in range(count):
        v = generator.standard_normal(instance.shape[1])
        for _ in range(30):
            u = (weights * data) @ v / np.maximum(weights @ (v * v), 1e-300)
            v = u @ (weights * data) / np.maximum((u * u) @ weights, 1e-300)
            v /= max(np.abs(v).max(), 1e-300)
        u = (weights * data) @ v / np.maximum(weights @ (v * v), 1e-300)
        left = RationalMatrix.rounded(u[:, None], 30)
        costs.append(instance.cost(left, RationalMatrix.rounded(v[None], 30)))
    return costs


@given(instance=searchable(), seed=seeds, gap=st.sampled_from([0.1, 0.5, 2.0]))
def test_no_point_lies_below_the_bound_of_a_search(instance, seed, gap) -> None:
    proof = searched(instance, gap)
    assert lower_bound(instance, proof) <= min(random_costs(instance, seed))


@given(instance=searchable(least_weight=1), data=st.data())
def test_multipliers_are_judged_alike_by_minors_of_floats(instance, data) -> None:
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    s = len(space.factorization.generators)
    weights = data.draw(st.lists(st.integers(1, 8), min_size=s, max_size=s))
    at = tuple(Fraction(w, sum(weights)) for w in weights)
    values = tuple(data.draw(st.fractions(0, 300, max_denominator=9)) for _ in range(s))
    multiplier = Multiplier(at=at, values=values, excluded=())
    shares = space.factorization.shares.to_float()
    matrix = np.diag(np.array(values, dtype=float) @ shares)
    for gram, row in zip(space.grams, space.group_weights, strict=True):
        sigma = float(sum(int(w) * t for w, t in zip(row, at, strict=True)))
        matrix -= gram.astype(float) / space.scale / sigma
    least = np.linalg.eigvalsh(matrix)[0]
    assume(abs(least) > 1e-6 * (1 + np.abs(matrix).max()))
    for arithmetic in ("automatic", "rational"):
        valid = is_multiplier_valid(space, multiplier, 60, arithmetic)
        assert valid == (least > 0)


def test_a_multiplier_where_a_group_has_no_weight_is_invalid() -> None:
    instance = make([[1, 2], [3, 4]], [[1, 0], [1, 1]])
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    corner = tuple(Fraction(int(l == 1)) for l in range(2))
    if sum(int(w) * t for w, t in zip(space.group_weights[0], corner, strict=True)):
        corner = corner[::-1]
    large = (Fraction(10**9),) * 2
    open_ = Multiplier(at=corner, values=large, excluded=())
    excluded = Multiplier(at=corner, values=large, excluded=(0,))
    assert not is_multiplier_valid(space, open_, 30, "rational")
    assert is_multiplier_valid(space, excluded, 30, "rational")


def test_zero_is_proved_of_anything() -> None:
    assert lower_bound(make([[1]], [[1]]), Zero()) == 0
