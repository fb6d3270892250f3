"""Importing: files of customers and orders become customers, identities and order lines, all of a file or none."""
