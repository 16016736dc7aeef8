"""Shared pictures: ``store`` keeps them, the rest is their files and the places where these lie."""
