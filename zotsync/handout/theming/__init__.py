"""Themes: found and read, made anew, looked through."""
