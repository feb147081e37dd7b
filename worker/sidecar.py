"""The sidecar of a rejected file: ``NAME.error.json`` beside it says why."""

from schemas.rejection import Rejection
from worker.folder import read_small, write_new
from worker.names import shortened

ENDING = ".error.json"


def sidecar_name(name: str) -> str:
    """The name of a file's sidecar."""
    return shortened(name, ENDING)


def sidecar_of(folder: int, name: str) -> Rejection | None:
    """What the sidecar of a rejected file says; None where there is none that we wrote."""
    try:
        return Rejection.model_validate_json(read_small(folder, sidecar_name(name)))
    except (OSError, ValueError):
        return None


def explain_beside(folder: int, name: str, rejection: Rejection) -> bool:
    """Write the sidecar of a name; False where another file's sidecar has its place."""
    sidecar = sidecar_name(name)
    if write_new(folder, sidecar, rejection.model_dump_json(indent=1) + "\n"):
        return True
    earlier = sidecar_of(folder, name)
    return earlier is not None and earlier.claim == rejection.claim
