"""Print each article about defense or diplomacy: ``pip install copydesk``, then ``python subscribe.py [REDIS_URL]``."""

import logging
import sys

from schemas.subscriber import Subscription

logging.basicConfig(level=logging.INFO)  # what the subscription waits for, missed or gave up is logged
url = sys.argv[1] if len(sys.argv) > 1 else "redis://localhost:6379/0"

with Subscription(url, group="example-python", topics={"defense", "diplomacy"}) as events:
    for event in events:
        print(event.type, event.data.primary_topic, event.data.headline, flush=True)
