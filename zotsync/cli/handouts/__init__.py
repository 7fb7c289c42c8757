"""Handouts and themes: made, shown, printed."""
