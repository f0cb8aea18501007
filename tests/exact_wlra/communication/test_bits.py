"""Bits: what is written is read back, and nothing else is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.communication.bits import BitReader, BitWriter
from exact_wlra.errors import MalformedMessageError

INTEGERS = st.integers(min_value=-(10**30), max_value=10**30)
ITEMS = st.one_of(
    st.integers(min_value=0, max_value=80).flatmap(
        lambda w: st.tuples(st.just("fixed"), st.integers(0, 2**w - 1), st.just(w))
    ),
    st.tuples(st.just("natural"), st.integers(0, 10**30), st.just(0)),
    st.tuples(st.just("integer"), INTEGERS, st.just(0)),
    st.tuples(st.just("block"), st.lists(INTEGERS, max_size=5), st.just(0)),
)


@given(st.lists(ITEMS, max_size=20))
def test_integers_round_trip_and_every_bit_is_counted(items: list) -> None:
    writer = BitWriter()
    for kind, value, width in items:
        if kind == "fixed":
            writer.fixed(value, width, part=kind)
        else:
            getattr(writer, kind)(value, part=kind)
    payload = writer.payload()
    assert len(payload) == -(-sum(writer.parts.values()) // 8)
    reader = BitReader(payload)
    for kind, value, width in items:
        match kind:
            case "fixed":
                assert reader.fixed(width) == value
            case "block":
                assert reader.block(len(value)) == value
            case _:
                assert getattr(reader, kind)() == value
    reader.finish()


def test_small_integers_take_few_bits() -> None:
    lengths = {}
    for value in (0, -1, 1, 3, 100):
        writer = BitWriter()
        writer.integer(value, part="x")
        lengths[value] = writer.parts["x"]
    assert lengths == {0: 1, -1: 3, 1: 3, 3: 5, 100: 15}


def test_a_writer_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="8 does not fit 3 bits"):
        BitWriter().fixed(8, 3, part="x")


@pytest.mark.parametrize(
    ("payload", "read", "words"),
    [
        (b"", lambda reader: reader.fixed(1), "ends after bit 0, where 1 more"),
        (b"\x00", lambda reader: reader.natural(), "bit 1 of the message has no end"),
        (b"\x00\x01", lambda reader: reader.finish(), "16 bits after its end"),
        (b"\x50", lambda reader: reader.ascending(2, 2, 4), "do not ascend below 4"),
    ],
)
def test_damage_is_one_sentence(payload: bytes, read: object, words: str) -> None:
    with pytest.raises(MalformedMessageError, match=words) as caught:
        read(BitReader(payload))
    assert str(caught.value).count(".") == 1
