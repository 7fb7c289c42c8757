"""Finding items by what people know of them, and what becomes of their tags and collections. Pure."""
