"""Speed and memory, measured side by side in one run: ours, hand-written SQL, Polars, and peers where installed."""
