"""Pages of the shared shell."""
