"""What happens to each object, by what base, files and Zotero say of it. Pure."""
