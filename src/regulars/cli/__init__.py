"""The command line: `regulars value`, `regulars backtest`, `regulars demo`."""
