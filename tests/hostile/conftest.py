"""The real service, as the integration tests start it."""

from tests.integration.conftest import make_stack, redis_server, short_folder

__all__ = ["make_stack", "redis_server", "short_folder"]
