"""Pictures out: PNG files and their sizes, previews, sheets, cards and maps of differences."""
