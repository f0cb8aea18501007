"""Certificates as JSON: every value comes back, exactly, and at once if malformed."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.certificate_json import certificate_from_json, certificate_to_json
from exact_wlra.certificates import (
    Bisection,
    Block,
    Blocks,
    Certificate,
    Energy,
    Exclusion,
    Gram,
    HadamardRank,
    Leaf,
    Multiplier,
    Piece,
    Proof,
    Scaling,
    Simplicial,
    Spectral,
    Split,
    Transpose,
    TwoRows,
    Types,
    Zero,
)
from exact_wlra.errors import MalformedCertificateError
from semialgebraic.integer_arrays import integers
from semialgebraic.rational_matrices import RationalMatrix

numbers = st.one_of(st.integers(-9, 9), st.integers(), st.integers(-(10**60), 10**60))
fractions = st.fractions() | numbers.map(Fraction)
indices = st.integers(0, 99)
signed = st.integers(-99, 99)


def tuples(entries, most: int = 3):
    return st.lists(entries, max_size=most).map(tuple)


@st.composite
def matrices(draw: st.DrawFn) -> RationalMatrix:
    n, d = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    entries = draw(st.lists(numbers, min_size=n * d, max_size=n * d))
    array = np.array(entries, dtype=object).reshape(n, d)
    return RationalMatrix(integers(array), draw(st.integers(1, 10**30)))


def built(cls, **members) -> st.SearchStrategy:
    return st.builds(cls, **members)


PIECE = {
    "rows": matrices(),
    "columns": matrices(),
    "theta": fractions,
    "factor": matrices(),
}
flat_proofs = st.one_of(
    st.just(Zero()),
    st.just(Energy()),
    built(TwoRows, lower=fractions),
    built(Split, pieces=tuples(built(Piece, **PIECE))),
    built(HadamardRank, root_weights=matrices(), **PIECE),
    built(
        Spectral, center_left=matrices(), center_right=matrices(), grid=signed, **PIECE
    ),
)
tree_items = built(Bisection, split=tuples(indices)) | built(
    Leaf, multipliers=tuples(indices), exclusions=tuples(indices)
)
multipliers = built(
    Multiplier, at=tuples(fractions), values=tuples(fractions), excluded=tuples(indices)
)


def wrapped(inner: st.SearchStrategy) -> st.SearchStrategy:
    block = built(Block, rows=tuples(indices), columns=tuples(indices), proof=inner)
    exclusion = built(Exclusion, groups=tuples(indices), bound=fractions, proof=inner)
    return st.one_of(
        built(Transpose, proof=inner),
        built(Types, axis=st.integers(0, 1), proof=inner),
        built(Gram, axis=st.integers(0, 1), proof=inner),
        built(
            Scaling,
            row_exponents=tuples(signed),
            column_exponents=tuples(signed),
            proof=inner,
        ),
        built(Blocks, parts=tuples(block)),
        built(
            Simplicial,
            generators=tuples(indices),
            shares=matrices(),
            capture=fractions,
            reciprocal_bits=indices,
            multipliers=tuples(multipliers),
            exclusions=tuples(exclusion, most=1),
            tree=tuples(tree_items),
        ),
    )


certificates = built(
    Certificate,
    shape=st.tuples(indices, indices),
    rank=indices,
    lower=fractions,
    upper=fractions,
    left=matrices(),
    right=matrices(),
    proof=st.recursive(flat_proofs, wrapped, max_leaves=4),
)

MINIMAL = Certificate(
    shape=(1, 1),
    rank=1,
    lower=Fraction(0),
    upper=Fraction(0),
    left=RationalMatrix.from_rows([[1]]),
    right=RationalMatrix.from_rows([[1]]),
    proof=Zero(),
)


def with_proof(proof: Proof) -> Certificate:
    return Certificate(
        shape=MINIMAL.shape,
        rank=1,
        lower=Fraction(0),
        upper=Fraction(0),
        left=MINIMAL.left,
        right=MINIMAL.right,
        proof=proof,
    )


@given(certificate=certificates)
def test_any_certificate_comes_back_from_json(certificate: Certificate) -> None:
    text = certificate_to_json(certificate)
    again = certificate_from_json(text)
    assert again == certificate
    assert certificate_to_json(again) == text
    assert certificate_from_json(text.encode()) == certificate


@given(certificate=certificates)
def test_matrices_keep_their_shape_and_denominator(certificate: Certificate) -> None:
    again = certificate_from_json(certificate_to_json(certificate))
    assert again.left.shape == certificate.left.shape
    assert again.left.denominator == certificate.left.denominator


@given(certificate=certificates)
def test_the_document_holds_no_number_with_a_point(certificate: Certificate) -> None:
    def parse_float(text: str) -> float:
        raise AssertionError(text)

    json.loads(certificate_to_json(certificate), parse_float=parse_float)


@given(certificate=certificates, data=st.data())
def test_a_document_cut_short_is_malformed(certificate: Certificate, data) -> None:
    text = certificate_to_json(certificate)
    end = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(MalformedCertificateError, match="not a JSON document"):
        certificate_from_json(text[:end])


@given(certificate=certificates, data=st.data())
def test_a_document_without_some_member_is_malformed(certificate, data) -> None:
    document = json.loads(certificate_to_json(certificate))
    del document[data.draw(st.sampled_from(sorted(document)))]
    with pytest.raises(MalformedCertificateError):
        certificate_from_json(json.dumps(document))


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["rule", "proof", "parts", "shape", "at"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    ),
    data=st.data(),
)
def test_nothing_but_malformed_is_said_of_other_documents(value, data) -> None:
    document = json.loads(certificate_to_json(MINIMAL))
    member = data.draw(st.sampled_from(["shape", "rank", "left", "proof", "lower"]))
    document[member] = value
    text = json.dumps(document)
    try:
        certificate = certificate_from_json(text)
    except MalformedCertificateError:
        return
    assert certificate_from_json(certificate_to_json(certificate)) == certificate


@pytest.mark.parametrize("n_digits", [3999, 4000, 4001, 4400, 30_000])
def test_integers_of_any_length_come_back(n_digits: int) -> None:
    # Python's own limit of 4300 digits must not show.
    long = Fraction(10**n_digits - 1, 10 ** (n_digits - 1) + 3)
    again = certificate_from_json(certificate_to_json(with_proof(TwoRows(lower=long))))
    assert again.proof == TwoRows(lower=long)
    negative = RationalMatrix(integers([[-(10**n_digits)]]), 7)
    proof = HadamardRank(
        rows=negative,
        columns=negative,
        root_weights=negative,
        theta=-long,
        factor=negative,
    )
    assert certificate_from_json(certificate_to_json(with_proof(proof))).proof == proof


def test_an_integer_beyond_a_million_digits_is_malformed() -> None:
    document = json.loads(certificate_to_json(MINIMAL))
    document["lower"] = "1" * 1_000_001
    with pytest.raises(MalformedCertificateError, match="at lower"):
        certificate_from_json(json.dumps(document))


@pytest.mark.parametrize("depth", [10, 100])
def test_proofs_may_be_nested(depth: int) -> None:
    proof: Proof = Zero()
    for _ in range(depth):
        proof = Transpose(proof=proof)
    assert certificate_from_json(certificate_to_json(with_proof(proof))).proof == proof


def test_proofs_nested_too_deeply_are_malformed() -> None:
    # Deep enough for the recursion of the reader, not for that of the JSON parser.
    deep = '{"rule":"transpose","proof":' * 600 + '{"rule":"zero"}' + "}" * 600
    text = certificate_to_json(MINIMAL).replace('{"rule":"zero"}', deep)
    with pytest.raises(MalformedCertificateError, match="nested too deeply"):
        certificate_from_json(text)


def test_members_that_nobody_asked_for_are_ignored() -> None:
    document = json.loads(certificate_to_json(MINIMAL)) | {"made_by": "hand"}
    assert certificate_from_json(json.dumps(document)) == MINIMAL
