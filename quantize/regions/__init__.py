"""Connected parts of a picture in few colours: masks, borders shared by both sides, posters as SVG."""
