"""Two edits of one thing become one: fields, sets, texts, notes. Pure."""
