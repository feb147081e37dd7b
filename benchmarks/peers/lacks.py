"""Which of the promises P1 to P6 each peer does not keep, and why.

Seen with real processes: what becomes of files when all workers are killed in the midst of work, of one that kills its
process, of ones that hang in C code for 150 s, of a backlog at FLUSHALL, and of more events than the kernel keeps.
Read in the code, and not seen: the moment in which Celery can lose a message; that Dramatiq and Taskiq count no tries
of a file that kills its process; a second entry with any peer but celery_per_file; that a FIFO is waited for.
"""

FOLDER = (
    "what the kernel drops when there are too many events is missed until the next start, "
    "as are files in a sub-folder that is made or moved in"
)
FLUSHED = "FLUSHALL loses the backlog"
AGAIN = "each start of the watcher publishes all files that lie there again"
REDELIVERED = "a file that is published and not yet acknowledged when its worker is killed is published twice"
RETRIED = "a file whose XADD succeeded without an answer is published twice"
HANGING = "as many hanging files as there are processes block all others"
ENDLESS = "a file that hangs in C code is never ended"
BACKLOG = "the backlog waits in Redis without a limit"
WHOLE = "files of any size are read whole, and no process has a memory limit"
LINKS = "a link that is moved in is followed out of the folder, and a FIFO is waited for"
LOGGED = "a file that gives no record is a line in a log, and nothing tells which files are done"


def _lacks(
    lost: str = "",
    doubled: str = "",
    blocked: str = "",
    endless: str = "",
    flushed: str = FLUSHED,
    queue: str = BACKLOG,
) -> dict[str, str]:
    """The promises that a peer lacks: what is its own beside what all have in common.

    Args:
        lost: How a file is lost, for P1.
        doubled: How one is published twice, for P2.
        blocked: How a bad one blocks or ends others or is lost, for P3.
        endless: Why the time for one has no bound, for P4.
        flushed: What FLUSHALL does, for P1.
        queue: Where a backlog waits, for P4.
    """
    reasons = {
        "P1": (lost, flushed, FOLDER),
        "P2": (AGAIN, doubled),
        "P3": (blocked,),
        "P4": (endless, queue, WHOLE),
        "P5": (LINKS,),
        "P6": (LOGGED,),
    }
    return {promise: "; ".join(filter(None, whys)) for promise, whys in reasons.items() if any(whys)}


LACKS: dict[str, dict[str, str]] = {
    "bare": _lacks(
        lost="the backlog is in the memory of the script and goes with it",
        blocked=f"a file that kills its process is lost, and nothing says which it was; {HANGING}",
        endless=ENDLESS,
        flushed="FLUSHALL loses what was published, and nothing notices",
        queue="the backlog waits in memory without a limit",
    ),
    "celery_chain": _lacks(
        lost="a task is acknowledged before it runs, so a killed worker loses what it had begun",
        blocked=f"a file that kills its process is lost, with a line in a log; {HANGING}",
        endless=ENDLESS,
    ),
    "celery_per_file": _lacks(
        lost="a message is popped before it is noted as unacknowledged: one is lost if the worker is killed in between",
        doubled=REDELIVERED,
    ),
    "rq": _lacks(doubled=REDELIVERED),
    "dramatiq": _lacks(
        doubled=REDELIVERED,
        blocked="a file that kills its process ends all workers, and is tried again without a count; "
        "one that hangs blocks its process and what that had fetched",
        endless=ENDLESS,
    ),
    "huey": _lacks(
        lost="a task is popped before it runs, so a killed worker loses what it had begun",
        doubled=RETRIED,
        blocked=f"a file that kills its process is lost, and nothing says which it was; {HANGING}",
        endless=ENDLESS,
    ),
    "streaq": _lacks(
        doubled=REDELIVERED,
        blocked=f"a file that kills its process takes one process with each try, and none is started again; {HANGING}",
        endless=ENDLESS,
        flushed="FLUSHALL loses the backlog and ends all workers",
    ),
    "taskiq": _lacks(
        lost="what a killed worker had begun is taken over only when more files come",
        doubled=REDELIVERED,
        blocked=f"a file that kills its process is tried again without a count; {HANGING}",
        endless=ENDLESS,
    ),
}
