"""Settings, addresses and the workspace folder."""
