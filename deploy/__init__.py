"""What hosts need beside the Dockerfile, and scripts that try it without them."""
