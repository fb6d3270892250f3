"""Pages of campaigns and proofs."""
