"""What is installed beside zotsync, other formats, and the sample to play with."""
