"""One file a library, run by that library's own Python: `benchmarks.peers` starts them."""
