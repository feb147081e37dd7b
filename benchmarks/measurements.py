"""All measurements, in the order in which the page tells of them."""

from benchmarks import throughput
from benchmarks.measure import Measurement

ALL: tuple[Measurement, ...] = (throughput,)
