"""What copydesk is compared with: the same work done by task queues, each as its documentation has it.

All of them call the same pipeline with the same models, on the same Redis. They do less than copydesk: a file stays
where it is, so nothing in the folder tells what is done with it; nothing is deduplicated; a file that gives no record
is a line in a log. Their frameworks are imported by their own processes only, so this package needs none of them.
"""

from benchmarks.peers.lacks import LACKS
from benchmarks.peers.start import starter
from benchmarks.subject import Start, Subject


def _one(_processes: int) -> int:
    return 1


_CELERY = "celery -A benchmarks.peers.{module} worker --concurrency {{processes}} --loglevel WARNING"

_STARTS: dict[str, Start] = {
    "bare": starter("bare"),
    "celery_chain": starter("celery_chain", _CELERY.format(module="celery_chain"), _one),
    "celery_per_file": starter("celery_per_file", _CELERY.format(module="celery_per_file"), _one),
    "rq": starter(
        "rq",
        "rq.cli worker-pool files --num-workers {processes} --url {redis_url} "
        "--worker-class benchmarks.peers.rq.LoadedWorker --quiet",
    ),
    "dramatiq": starter("dramatiq", "dramatiq benchmarks.peers.dramatiq --processes {processes} --threads 1"),
    "huey": starter("huey", "huey.bin.huey_consumer benchmarks.peers.huey.huey -k process -w {processes} --quiet"),
    "streaq": starter("streaq", "streaq run benchmarks.peers.streaq:worker --workers {processes}"),
    "taskiq": starter(
        "taskiq",
        "taskiq worker benchmarks.peers.taskiq:broker --workers {processes} --max-async-tasks 1 --log-level WARNING",
    ),
}

SUBJECTS: tuple[Subject, ...] = tuple(Subject(name, start, LACKS[name]) for name, start in _STARTS.items())
