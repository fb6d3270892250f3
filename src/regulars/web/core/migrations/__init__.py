"""Changes of the database's shape."""
