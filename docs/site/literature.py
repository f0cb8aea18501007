r"""references.bib as a page of citations.

Contents
--------
entries         the entries of a bibliography, field by field
page            the page, in reStructuredText: what `[Key]_` in a docstring leads to
definitions     links for the `[Key]` of a page in Markdown
"""

import re

_ACCENTS = {
    r"\"a": "ä", r"\"o": "ö", r"\"u": "ü", r"\"i": "ï", r"\"e": "ë", r"\'e": "é",
    r"\'a": "á", r"\'i": "í", r"\'o": "ó", r"\'u": "ú", r"\`e": "è", r"\`a": "à",
    r"\^o": "ô", r"\^e": "ê", r"\~n": "ñ", r"\~a": "ã", r"\'c": "ć", r"\'n": "ń",
    r"\'s": "ś", r"\vc": "č", r"\vs": "š", r"\vz": "ž", r"\vr": "ř", r"\cc": "ç",
    r"\cs": "ş", r"\ss": "ß", r"\l": "ł", r"\L": "Ł", r"\o": "ø", r"\aa": "å",
}  # fmt: skip
_CITED = re.compile(r"\[([A-Z][A-Za-z]+(?:19|20)\d\d[a-z]?)\](?![(_:])")


def _plain(text: str) -> str:
    r"""Return a BibTeX value as plain text.

    Examples
    --------
    >>> _plain(r"Basu, Marie-Fran{\c{c}}oise and\n   G{\"o}del")
    'Basu, Marie-Françoise and Gödel'
    """
    text = re.sub(r"\s+", " ", text.replace(r"\n", " "))
    text = re.sub(r"\\([\"'`^~vc])\s*\{(\\?\w)\}", r"\\\1\2", text)
    text = re.sub(r"\\([vc]) (\w)", r"\\\1\2", text)
    for command in sorted(_ACCENTS, key=len, reverse=True):
        text = re.sub(
            re.escape(command) + (r"(?![A-Za-z])" if command[1:].isalpha() else ""),
            _ACCENTS[command],
            text,
        )
    text = text.replace(r"\i", "i").replace("--", "–").replace(r"\&", "&")
    return re.sub(r"[{}$]", "", text).replace("~", " ").strip()


def entries(bibliography: str) -> dict[str, dict[str, str]]:
    r"""Return the fields of every entry.

    Examples
    --------
    >>> entries("@book{A2006,\n  author = {B, C},\n  year = {2006}\n}\n")
    {'A2006': {'author': 'B, C', 'year': '2006'}}
    """
    found = {}
    for key, body in re.findall(r"(?ms)^@\w+\{(\w+),(.*?)^\}", bibliography):
        fields = re.split(r"(?m)^\s*(\w+)\s*=\s*", body)[1:]
        found[key] = {
            name.lower(): _plain(value.strip().rstrip(","))
            for name, value in zip(fields[::2], fields[1::2], strict=True)
        }
    return found


def _reference(fields: dict[str, str]) -> str:
    people = [
        " ".join(reversed(name.split(", ", 1)))
        for name in fields["author"].split(" and ")
    ]
    parts = [", ".join(people), f"*{fields['title']}*"]
    where = fields.get("journal") or fields.get("booktitle") or fields.get("series")
    if where:
        volume = fields.get("volume", "")
        number = f"({fields['number']})" if volume and "number" in fields else ""
        parts.append(f"{where} {volume}{number}".strip())
    parts += [fields[name] for name in ("publisher", "edition") if name in fields]
    if "pages" in fields:
        parts.append(f"pages {fields['pages']}")
    parts.append(fields["year"])
    if "note" in fields:
        parts.append(fields["note"])
    return ". ".join(part.rstrip(".") for part in parts) + "."


def page(bibliography: str) -> str:
    """Return the page of all entries, each with its citation target."""
    lines = ["Literature", "==========", ""]
    for key, fields in sorted(entries(bibliography).items()):
        lines += [f".. _{target(key)}:", "", f".. [{key}] {_reference(fields)}", ""]
    return "\n".join(lines)


def target(key: str) -> str:
    """Return the label of an entry.

    Examples
    --------
    >>> target("Mahler1964")
    'literature-mahler1964'
    """
    return f"literature-{key.lower()}"


def definitions(text: str) -> str:
    r"""Return what makes links of the keys that a page in Markdown cites.

    Examples
    --------
    >>> definitions("Roots are apart [Mahler1964].")
    '\n[Mahler1964]: #literature-mahler1964\n'
    """
    keys = sorted(set(_CITED.findall(text)))
    lines = "".join(f"[{key}]: #{target(key)}\n" for key in keys)
    return f"\n{lines}" if keys else ""
