"""Valuations: dated runs over the lake, and the narrow copy of the current one that lists are made from."""
