"""The embedded Zotero API server: for `zotsync demo`, for playing, and for tests."""
