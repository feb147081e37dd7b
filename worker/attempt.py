"""One bounded run of the pipeline over one file: the wall between a hostile file and everything else."""

from schemas.article import Article
from schemas.rejection import Reason
from worker.classify import Classify
from worker.errors import CopydeskError, Rejected
from worker.limits import TimeLimitReached, time_limit
from worker.logs import get_logger
from worker.models import Document
from worker.pipeline import Watch, process, unwatched
from worker.settings import Settings

log = get_logger(__name__)


class Failed(CopydeskError):
    """A run ended without a result that can be believed: it was cut short, or met a bug of ours."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail


def attempt(document: Document, classify: Classify, settings: Settings, watch: Watch = unwatched) -> Article:
    """Process a file within its limits.

    Raises:
        Rejected: The file is at fault.
        Failed: The run says nothing certain of the file; it may be tried again, a bounded number of times.
    """
    try:
        with time_limit(settings.time_limit):
            return process(document, classify, watch)
    except Rejected:
        raise
    except TimeLimitReached as error:
        raise Failed("timed_out", f"still busy after {settings.time_limit:g} s") from error
    except MemoryError as error:
        raise Failed("out_of_memory", f"needs more than {settings.memory_limit_mb} MiB") from error
    except (Exception, SystemExit) as error:  # hostile input meets a bug: its companions go on, and it stays loud
        log.exception("bug", path=document.path)
        raise Failed("crashed", f"{type(error).__name__}: {error}"[:500]) from error
