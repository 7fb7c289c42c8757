"""Sync: three trees, one pure plan, and the few modules that act on it."""
