"""Charts to make a picture by hand: of beads, bricks or stitches, a colour a cell, on pages that print."""
