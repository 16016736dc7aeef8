"""What a picture is made of: visible pixels, distinct colours and counts; spaces, and what is nearest."""
