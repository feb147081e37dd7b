"""The page that tells what was measured, made of the results alone: text, tables, and plots as SVG."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.machine import ROOT
from benchmarks.measure import Goal, Measurement, table
from benchmarks.results import Result, Results
from worker.errors import Misconfigured
from worker.toml_file import parse

NOTES = ROOT / "docs" / "performance-notes.toml"
SIZE = (9.0, 4.5)  # inches of a plot
HEAD = """# Performance

What copydesk costs, beside what the work itself costs and beside other ways to do it. `make bench` measures everything
on this page again, on a machine that should have nothing else to do, and writes the page anew; `make bench-quick` only
shows that the measurements work. Do not edit it by hand: why a goal is not met is written in `performance-notes.toml`.

Machines differ and are never quite at rest, so figures are ratios of things that were measured in turn, each several
times: the median, and the least and greatest in brackets. Everything runs on one machine, on the Redis server and with
the settings of `copydesk up`: each write is on the disk before it is answered. All that was observed is in
[{data}]({data})."""


def read_notes(path: Path = NOTES) -> dict[str, str]:
    """What people wrote on goals that are not met, by the goal's measure.

    Raises:
        Misconfigured: It cannot be read, or is no TOML file with nothing but texts; where, and what to do.
    """
    try:
        _, notes = parse(path.read_bytes(), str(path))
    except OSError as error:
        raise Misconfigured(f"{path}: {error.strerror}; it holds a text for each goal that is not met") from error
    if wrong := [name for name, text in notes.items() if not isinstance(text, str)]:
        raise Misconfigured(f'{path}: {wrong[0]!r} is no text; write "MEASURE" = "TEXT", quotes included')
    return notes


def write(results: Results, measurements: Sequence[Measurement], data: Path, notes: Mapping[str, str]) -> Path:
    """Write the page and its plots beside the file with the results; returns the page."""
    page, folder = data.with_suffix(".md"), data.with_suffix("")
    known = [measurement for measurement in measurements if measurement.NAME in results]
    drawn = {measurement.NAME for measurement in known if draw(measurement, results[measurement.NAME], folder)}
    page.write_text(render(results, known, data.name, drawn, notes), encoding="utf-8")
    return page


def render(
    results: Results, measurements: Sequence[Measurement], data: str, drawn: set[str], notes: Mapping[str, str]
) -> str:
    """The page in Markdown.

    Args:
        results: At least one.
        measurements: Those that are told of, in this order; each has a result.
        data: The name of the file with the results; plots are in the folder with that name but for its ending.
        drawn: The names of the measurements that have a plot.
        notes: What is known of goals that are not met, by their measure.
    """
    parts = [HEAD.format(data=data), _goals(results, measurements, notes)]
    for measurement in measurements:
        name, result = measurement.NAME, results[measurement.NAME]
        parts += [f"## {measurement.TITLE}", measurement.describe(result.rows)]
        if name in drawn:
            parts.append(f"![{measurement.TITLE}]({Path(data).stem}/{name}.svg)")
    parts.append(_machines(results, measurements))
    return "\n\n".join(part for part in parts if part) + "\n"


def draw(measurement: Measurement, result: Result, folder: Path) -> bool:
    """Draw the plot of a measurement, the same for the same rows; returns whether there is any."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": measurement.NAME}):
        figure = Figure(figsize=SIZE, layout="constrained")
        measurement.plot(result.rows, figure)
        if not figure.axes:
            return False
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{measurement.NAME}.svg"
        figure.savefig(path, metadata={"Date": None})
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
    return True


def _goals(results: Results, measurements: Sequence[Measurement], notes: Mapping[str, str]) -> str:
    found = [goal for one in measurements for goal in one.goals(results[one.NAME].rows)]
    if not found:
        return ""
    lines = [(goal.measure, goal.goal, goal.measured, "yes" if goal.met else "**no**") for goal in found]
    missed = [goal for goal in found if not goal.met]
    return "\n\n".join(
        ["## Goals", table(("", "goal", "measured", "met"), lines), *(_explained(goal, notes) for goal in missed)]
    )


def _explained(goal: Goal, notes: Mapping[str, str]) -> str:
    why = notes.get(goal.measure, f"Nothing is written on it yet in `docs/{NOTES.name}`.")
    return f"**Not met: {goal.measure}.**\n{why.strip()}"


def _machines(results: Results, measurements: Sequence[Measurement]) -> str:
    """What was measured on what: machines in full, one after the other."""
    parts = ["## The machine"]
    machines: list[dict[str, str]] = []
    for one in measurements:
        if (machine := results[one.NAME].machine) not in machines:
            machines.append(machine)
    for machine in machines:
        told = [(one.NAME, results[one.NAME]) for one in measurements if results[one.NAME].machine == machine]
        when = [
            f"{name} on {result.date}, commit {result.commit or 'unknown'}{' (quick, so no figures)' * result.quick}"
            for name, result in told
        ]
        parts.append(table(("", ""), machine.items()).replace("---:", "---"))
        parts.append(f"Measured with it: {'; '.join(when)}.")
    return "\n\n".join(parts)
