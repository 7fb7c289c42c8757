"""state.db: mirror, base, files, journal; and who holds the lock."""
