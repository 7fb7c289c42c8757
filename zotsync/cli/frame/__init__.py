"""What every command stands on: options, questions, output, failures, the workspace that is opened."""
