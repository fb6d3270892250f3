"""Contracts: who renews, who may leave next, what those who run are still worth."""
