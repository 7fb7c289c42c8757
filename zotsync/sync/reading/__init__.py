"""The three trees, as they stand, and the whole plan made of them."""
