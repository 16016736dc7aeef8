"""What teaches k-means: a run step by step, and code to take along."""
