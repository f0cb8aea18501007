"""The comparison with SCIP, under `make bench`; see benchmarks/compare_with_scip.py."""

from typing import Any

import pytest

from benchmarks import records
from benchmarks.compare_with_scip import INSTANCES, OF_TOLERANCE, compare, tolerances


@pytest.mark.parametrize("name", INSTANCES)
def bench_compare(benchmark: Any, name: str) -> None:
    pytest.importorskip("pyscipopt")
    record = benchmark.pedantic(compare, args=(name,), rounds=1, iterations=1)
    benchmark.extra_info.update(record)
    records.keep("scip", name, record)


def bench_compare_tolerances(benchmark: Any) -> None:
    pytest.importorskip("pyscipopt")
    record = benchmark.pedantic(tolerances, args=(OF_TOLERANCE,), rounds=1)
    records.keep("scip_tolerance", OF_TOLERANCE, record)
