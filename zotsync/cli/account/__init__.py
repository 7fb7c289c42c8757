"""Beginning: a workspace, a group, a key; and whether all is well."""
