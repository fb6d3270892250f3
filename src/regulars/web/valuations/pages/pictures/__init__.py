"""The pictures of value, one file a picture: its finding, its data for the chart, the same as a table."""
