"""What helps curators: checks of items beyond what a sync needs, what they would mend, and links asked."""
