"""Taking a run back: the plan of it (pure), and the edits of files that it becomes."""
