"""Facts: what the lake knows, for whoever may see it. The only part of the web that opens the lake."""
