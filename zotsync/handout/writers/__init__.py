"""Writers: a whole document in, the bytes of one file format out. None of them decides content."""
