"""Families of instances, under `make bench`; see benchmarks/families.py."""

from typing import Any

import pytest

from benchmarks import records
from benchmarks.families import MEMBERS, Member, measure


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.title)
def bench_members(benchmark: Any, member: Member) -> None:
    record = benchmark.pedantic(measure, args=(member,), rounds=1, iterations=1)
    benchmark.extra_info.update(record)
    records.keep("families", member.title, record)
