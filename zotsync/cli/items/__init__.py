"""Items found, shown, opened, added and edited."""
