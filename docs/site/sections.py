"""Which page stands in which section of the site, in the order of reading.

Contents
--------
SECTIONS        title and pages of each section; its own page comes first
toctree         the part of a page that tells Sphinx what stands below it
"""

# A star stands for every page whose name fits and that is not named elsewhere.
SECTIONS = {
    "index": ("tutorial", "how-to", "notebooks", "reference", "explanation"),
    "how-to": (
        "how-to/solve-a-file",
        "how-to/weights",
        "how-to/missing-data",
        "how-to/patterned-input",
        "how-to/many-digits",
        "how-to/read-a-certificate",
        "how-to/*",
    ),
    "notebooks": ("notebooks/*",),
    "reference": (
        "command-line",
        "interface",
        "api",
        "statuses",
        "certificate-format",
        "datasets",
        "glossary",
        "references",
        "changelog",
    ),
    "explanation": (
        "theory",
        "proofs",
        "oracles",
        "writing-an-oracle",
        "writing-a-reduction",
        "sizes-and-limits",
        "benchmarks",
        "peers",
        "comparison",
        "experiments",
        "communication",
        "architecture",
        "decisions",
        "contributing",
        "*",
    ),
    "contributing": ("tests",),
    "api": ("api/exact_wlra", "api/reductions", "api/semialgebraic"),
}
_NAMED = frozenset(page for pages in SECTIONS.values() for page in pages)


def toctree(section: str, staged: frozenset[str]) -> str:
    """Return the hidden toctree of a section, of the pages that are staged.

    Examples
    --------
    >>> print(toctree("how-to", frozenset({"how-to/b", "how-to/a", "tutorial"})))
    <BLANKLINE>
    ```{toctree}
    :hidden:
    <BLANKLINE>
    /how-to/a
    /how-to/b
    ```
    <BLANKLINE>
    """
    pages: list[str] = []
    for page in SECTIONS[section]:
        if page.endswith("*"):
            folder = page[:-1]
            pages += sorted(
                name
                for name in staged - _NAMED - {"index"}
                if name.startswith(folder) and "/" not in name[len(folder) :]
            )
        elif page in staged:
            pages.append(page)
    lines = "\n".join(f"/{page}" for page in pages)
    return f"\n```{{toctree}}\n:hidden:\n\n{lines}\n```\n"
