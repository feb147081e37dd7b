"""All measurements, in the order in which the page tells of them."""

from benchmarks import growth, latency, namespaces, recovery, stages, startup, throughput, workers
from benchmarks.measure import Measurement

ALL: tuple[Measurement, ...] = (throughput, latency, recovery, growth, workers, namespaces, stages, startup)
