"""The customer log: what was said, done, promised and complained about, on one timeline."""
