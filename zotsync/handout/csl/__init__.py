"""References in any citation style: the style is found and read, pandoc applies it, lines come of it."""
