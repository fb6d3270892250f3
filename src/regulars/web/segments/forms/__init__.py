"""Forms of the list, of views and segments."""
