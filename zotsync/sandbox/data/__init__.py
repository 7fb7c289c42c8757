"""What the server keeps, in SQLite: libraries, people and keys, and what a write does to them."""
