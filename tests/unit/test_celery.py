"""The times of Celery's settings: each outlasts the one that it must not overtake."""

import pytest

from worker.celery import BATCH_SECONDS, configuration, hard_limit, stuck_after
from worker.limits import GRACE
from worker.settings import Settings


@pytest.mark.parametrize("seconds", [0.1, 1, 10, 600])
def test_no_batch_is_delivered_again_or_thought_stuck_while_it_may_still_be_worked_on(seconds: float) -> None:
    settings = Settings(time_limit=seconds)
    longest = BATCH_SECONDS + seconds + GRACE  # the file that is in hand when the batch's time is up, and its watchdog
    configured = configuration(settings)
    assert longest < configured["task_time_limit"] == hard_limit(settings)
    visible = configured["broker_transport_options"]["visibility_timeout"]
    assert hard_limit(settings) < visible < stuck_after(settings)
    # A batch that a process has taken is begun at once, so nothing else counts towards the visibility timeout.
    assert configured["worker_prefetch_multiplier"] == 1
    assert configured["task_acks_late"]
