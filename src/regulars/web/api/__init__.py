"""The interface for programs: the same rights, the same masks and the same trail as the pages."""
