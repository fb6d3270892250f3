"""Migrations of the interface."""
