"""One finding of a check, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. `mend`: what to do when it is not ok."""

    name: str
    ok: bool
    text: str
    mend: str = ""


def table(findings: Sequence[Finding]) -> str:
    """The findings as text, readable without colours."""
    width = max(len(finding.name) for finding in findings)
    lines: list[str] = []
    for finding in findings:
        lines.append(
            f"{'ok   ' if finding.ok else 'WRONG'}  {finding.name:{width}}  {finding.text}"
        )
        if finding.mend and not finding.ok:
            lines.append(f"{'':5}  {'':{width}}  -> {finding.mend}")
    return "\n".join(lines)


def plain_line(text: object) -> str:
    """A server's message on one line."""
    return "".join(c if c.isprintable() else " " for c in str(text))[:200]
