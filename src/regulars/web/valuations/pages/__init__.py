"""Pages that show what a valuation found: on a customer's page, under /value/, on the first screen."""
