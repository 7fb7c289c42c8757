"""What others have written, taken over once somebody has looked at it."""
