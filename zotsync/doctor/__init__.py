"""What is well and what is not, on this computer and in a workspace, and what to do about it."""
