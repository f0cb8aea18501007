"""Results as JSON files, with the machine and the versions they come from.

Contents
--------
keep        put one record into benchmarks/results/<topic>.json
load        all records of a topic, with the machine they come from
"""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
_PACKAGES = ("exact-wlra", "numpy", "scipy", "python-flint", "pyscipopt")


def keep(topic: str, name: str, record: dict[str, Any]) -> None:
    """Put one record into the file of its topic, in place of one of the same name."""
    document = load(topic) if (RESULTS / f"{topic}.json").exists() else {"records": {}}
    document["machine"] = _machine()
    document["versions"] = _versions()
    document["records"][name] = {
        **record,
        "date": datetime.now(UTC).date().isoformat(),
        "load_average": round(os.getloadavg()[0], 1),
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (RESULTS / f"{topic}.json").write_text(text + "\n", encoding="utf-8")


def load(topic: str) -> dict[str, Any]:
    """Return the document of a topic: machine, versions, records by name."""
    text = (RESULTS / f"{topic}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def _machine() -> dict[str, Any]:
    """Return what the machine is, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", "not set"),
    }


def _processor() -> str:
    """Return the model of the processor."""
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _versions() -> dict[str, str]:
    """Return the versions on which times depend."""
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "from source" if package == "exact-wlra" else "none"
    return versions
