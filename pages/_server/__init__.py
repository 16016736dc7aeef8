"""The web server's part, before any page runs: headers, uploads, preview cards and what a link says."""
