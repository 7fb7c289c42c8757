"""What is remembered of printed documents, and how a new one takes its place."""
