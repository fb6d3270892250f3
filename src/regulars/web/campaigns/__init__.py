"""Campaigns: who is addressed, with what, at what cost; who is left alone; and what it brought."""
