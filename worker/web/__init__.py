"""The HTTP API, ``copydesk serve``: for those who have no Redis client."""
