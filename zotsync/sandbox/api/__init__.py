"""The API: which address does what, how a request is read and an answer looks."""
