"""References on their way in: which are here already, and what each would change. Pure."""
