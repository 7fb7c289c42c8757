"""The formats that references can be read from, each an `Importer` plugin. Pure."""
