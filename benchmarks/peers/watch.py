"""The watching process of a peer: ``python -m benchmarks.peers.watch PEER``."""

import importlib
import sys

from benchmarks.peers.drops import drops
from benchmarks.peers.work import place

if __name__ == "__main__":
    importlib.import_module(f"benchmarks.peers.{sys.argv[1]}").feed(drops(place().inbox))
