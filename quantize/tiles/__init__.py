"""Several small palettes, one for each tile, as consoles and home computers have them."""
