"""The web at a million customers, on SQLite and on PostgreSQL."""
