"""The formats that a bibliography can be written in: one module each, a pure function to bytes."""
