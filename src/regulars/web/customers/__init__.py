"""Customers: people and organisations, how to reach them, who looks after them, what they agreed to."""
