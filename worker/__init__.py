"""copydesk: the service that turns dropped files into records on a stream."""

__version__ = "0.1.0"
