"""Did it work? What forecasts were worth on data they had not seen."""
