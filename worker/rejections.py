"""Rejections: why a document gave no record. Apart from the pipeline, for the watcher loads nothing of that."""

from schemas.rejection import Rejection
from worker import __version__
from worker.errors import Rejected
from worker.models import Document


def explain(error: Rejected, document: Document) -> Rejection:
    """The rejection that tells people why the document gave no record."""
    file_sha256, size = document.facts
    return Rejection(
        path=document.label,
        stage=error.stage,
        reason=error.reason,
        field=error.field,
        detail=error.detail.encode("utf-8", "backslashreplace").decode(),  # a library may quote half a character
        hint=error.hint,
        size=size,
        file_sha256=file_sha256,
        received_at=document.received_at,
        pipeline_version=__version__,
    )
