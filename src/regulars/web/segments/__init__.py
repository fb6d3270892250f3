"""All customers as a list, views of it that are kept, segments, and lists that leave as files."""
