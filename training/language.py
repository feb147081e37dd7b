"""Convert the language model that comes with py3langid: ``python -m training.language``.

Nothing is learned: what is written tells the same, and is loaded in a fraction of the time. The same version of
py3langid gives the same bytes.
"""

import argparse
import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE
from py3langid.modelio import load_model

from worker.enrich import language_model
from worker.enrich.language_model import BYTES, PACKAGED

PACKAGE = Path(language_model.__file__).parent


def convert() -> bytes:
    """The file of the model."""
    weights, prior, codes, table, rows, found = load_model(MODEL_DIR / MODEL_FILE)
    table, found = np.asarray(table).reshape(-1, BYTES)[np.asarray(rows)], np.asarray(found)
    states, parents, letters = tree(table)
    found = found[states]
    # In the order of the states, so that no numbers need be kept; where a state is none itself, it tells of a shorter.
    sequences, firsts = np.unique(found, return_index=True)
    firsts = np.sort(firsts[sequences >= 0])
    numbers = np.asarray(weights, np.float16)[found[firsts]].view(np.uint16)
    usual = np.array([np.bincount(column).argmax() for column in numbers.T], np.uint16)
    differs = numbers != usual
    values = numbers[differs]
    arrays = {
        "codes": np.array(codes),
        "prior": np.asarray(prior, np.float32),
        "children": np.bincount(parents[1:], minlength=len(states)).astype(np.uint8),
        "letters": letters.astype(np.uint8),
        "counts": np.isin(np.arange(len(states)), firsts),
        "usual": usual.view(np.float16),
        "unusual": differs.sum(axis=1).astype(np.uint8),
        "columns": np.nonzero(differs)[1].astype(np.uint8),
        "high": (values >> 8).astype(np.uint8),  # apart from the lower bytes, they are packed much smaller
        "low": values.astype(np.uint8),
    }
    return _archive(arrays)


def _archive(arrays: dict[str, NDArray[Any]]) -> bytes:
    """As ``numpy.savez_compressed`` writes it, but for what gets no smaller: unpacking that only takes time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            file = io.BytesIO()
            np.lib.format.write_array(file, array, allow_pickle=False)
            data = file.getvalue()
            packed = zipfile.ZIP_DEFLATED if len(zlib.compress(data)) < 0.9 * len(data) else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data, packed)
    return buffer.getvalue()


def tree(table: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """The states of an automaton as ``Automaton.of`` wants them: each with the new number of its parent, and its byte.

    Args:
        table: Of each state and byte, the state that follows.
    """
    known = np.zeros(len(table), bool)
    known[0] = True
    levels = [(np.zeros(1, np.intp),) * 3]
    begin = 0
    while len(states := levels[-1][0]):
        following, places = np.unique(table[states], return_index=True)
        order = np.argsort(places[~known[following]])
        longer, places = following[~known[following]][order], places[~known[following]][order]
        known[longer] = True
        levels.append((longer.astype(np.intp), begin + places // BYTES, places % BYTES))
        begin += len(states)
    states, parents, letters = (np.concatenate(parts) for parts in zip(*levels, strict=True))
    return states, parents, letters


def main() -> None:
    """Convert and write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--to", type=Path, default=PACKAGE, help="folder for the model; default: the package")
    (options.parse_args().to / PACKAGED).write_bytes(convert())


if __name__ == "__main__":
    main()
