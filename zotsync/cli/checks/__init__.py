"""What is wrong with items and files, told and mended."""
