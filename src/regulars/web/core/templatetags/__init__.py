"""Template tags: parts of pages and figures."""
