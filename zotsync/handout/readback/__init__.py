"""Word and back: a printed handout that somebody has corrected, read again as corrections of the items."""
