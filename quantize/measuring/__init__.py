"""Figures: a result against its original, two results against each other, and what they mean in words."""
