"""The local side: item files, the collection file, the folder they stand in."""
