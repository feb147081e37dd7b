"""The chaos harness: seeded faults against the real processes while files arrive; ``python -m tests.chaos --help``."""
