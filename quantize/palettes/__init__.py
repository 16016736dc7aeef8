"""A palette, and what can be said of it: order, names, contrast, what is alike, how others see it."""
