"""All measurements, in the order in which the page tells of them."""

from benchmarks import latency, stages, startup, throughput
from benchmarks.measure import Measurement

ALL: tuple[Measurement, ...] = (throughput, latency, stages, startup)
