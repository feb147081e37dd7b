"""The same server and processes as the integration tests have."""

from tests.integration.conftest import make_stack, redis_server, short_folder

__all__ = ["make_stack", "redis_server", "short_folder"]
