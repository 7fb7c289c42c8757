"""The tables of the sandbox's SQLite file."""

from __future__ import annotations

FORMAT = 3
"""The number of this layout, kept in the file."""
TABLES = """
CREATE TABLE IF NOT EXISTS libraries (
    library TEXT PRIMARY KEY,          -- as in URLs: groups/12 or users/3
    version INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY, username TEXT NOT NULL, facts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS groups (id INTEGER PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS api_keys (
    key TEXT PRIMARY KEY, id INTEGER UNIQUE, user_id INTEGER NOT NULL, facts TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS login_sessions (
    token TEXT PRIMARY KEY, facts TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS write_tokens (
    key TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (key, token)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
    id INTEGER PRIMARY KEY,
    library TEXT NOT NULL,
    kind TEXT NOT NULL,                -- item, collection, search, setting
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    parent TEXT,                       -- parentItem or parentCollection
    trashed INTEGER NOT NULL DEFAULT 0,
    item_type TEXT,
    created_by INTEGER,
    modified_by INTEGER,
    title TEXT, creator TEXT, date TEXT, date_added TEXT, date_modified TEXT,  -- sorted by
    data TEXT NOT NULL,                -- the `data` of answers, ready to send
    meta TEXT NOT NULL DEFAULT '{}',   -- the part of `meta` that data decides
    UNIQUE (library, kind, key)
);
CREATE INDEX IF NOT EXISTS objects_versions
    ON objects (library, kind, version, key, trashed, parent);
CREATE INDEX IF NOT EXISTS objects_parents ON objects (library, kind, parent, trashed, item_type);
CREATE INDEX IF NOT EXISTS objects_modified  -- the order of a list that asks for none, covered
    ON objects (library, kind, date_modified, version, id, trashed, parent, key);
CREATE TABLE IF NOT EXISTS members (   -- which items are in which collections
    library TEXT NOT NULL, collection TEXT NOT NULL, item TEXT NOT NULL,
    PRIMARY KEY (library, collection, item)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_items ON members (library, item);
CREATE TABLE IF NOT EXISTS tags (
    library TEXT NOT NULL, tag TEXT NOT NULL, type INTEGER NOT NULL, item TEXT NOT NULL,
    version INTEGER NOT NULL,          -- of the library when it got the tag
    PRIMARY KEY (library, tag, type, item)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tags_items ON tags (library, item);
CREATE TABLE IF NOT EXISTS relations ( -- as written; the reverse of a link is worked out
    library TEXT NOT NULL, item TEXT NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL,
    PRIMARY KEY (library, item, predicate, object)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS relations_objects ON relations (library, object);
CREATE TABLE IF NOT EXISTS tombstones (
    library TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    version INTEGER NOT NULL, created_by INTEGER,
    PRIMARY KEY (library, kind, key)
) WITHOUT ROWID;
"""
