"""What the harness says at the end."""

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from rich.console import Console
from rich.table import Table

from tests.chaos.consumer import Recovery
from tests.chaos.rounds import Result
from tests.chaos.verdict import Trouble

SHOWN = 20  # findings of a round


def report(console: Console, results: Sequence[Result]) -> None:
    """Print what was done, what was found, and how long recoveries took."""
    faults = Table("fault", "times", title="Faults")
    for kind, count in sorted(sum((result.counts for result in results), Counter()).items()):
        faults.add_row(kind, f"{count:,}")
    console.print(faults)
    recoveries = Table("after", "alone", "with others", title="Longest time until the next record, s")
    found = [recovery for result in results for recovery in result.recoveries]
    for kind in sorted({recovery.fault for recovery in found}):
        of_kind = [recovery for recovery in found if recovery.fault == kind]
        recoveries.add_row(kind, _longest(of_kind, alone=True), _longest(of_kind, alone=False))
    console.print(recoveries)
    console.print(_totals(results, found))


def _longest(recoveries: Sequence[Recovery], *, alone: bool) -> str:
    seconds = [recovery.seconds for recovery in recoveries if recovery.alone == alone]
    return f"{max(seconds):.1f}" if seconds else ""


def _totals(results: Sequence[Result], found: Sequence[Recovery]) -> Table:
    troubles = Counter(finding.trouble for result in results for finding in result.findings)
    kills = sum(count for result in results for kind, count in result.counts.items() if kind.startswith("SIGKILL"))
    finished = [result.finished_after for result in results if result.finished_after is not None]
    table = Table("", "", title="Verdict", show_header=False)
    rows = {
        "rounds": len(results),
        "files": sum(result.files for result in results),
        "SIGKILLs": kills,
        **{trouble: troubles[trouble] for trouble in get_args(Trouble)},
        "faults without a victim": sum(len(result.missed) for result in results),
        "submitted again": sum(result.submitted_again for result in results),
        "longest recovery from one fault, s": _longest(found, alone=True),
        "longest recovery with others meanwhile, s": _longest(found, alone=False),
        "longest from the last fault to the end, s": round(max(finished, default=0), 1),
        "minutes": round(sum(result.seconds for result in results) / 60, 1),
    }
    for name, value in rows.items():
        table.add_row(name, value if isinstance(value, str) else f"{value:,}")
    return table


def complain(console: Console, result: Result) -> None:
    """Say at once what is wrong with a round and where to read on."""
    console.print(f"[bold red]seed {result.seed}: {len(result.findings)} findings[/], see {result.folder}")
    for finding in sorted(result.findings, key=lambda finding: finding.trouble == "unfinished")[:SHOWN]:
        console.print(f"  {finding.trouble}: {finding.what}", markup=False)
