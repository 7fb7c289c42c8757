"""French texts as they are printed: names, dates, titles, typography, order, notes. Pure."""
