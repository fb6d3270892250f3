"""The report's sections, one file a theme; each takes the figures and returns markup."""
