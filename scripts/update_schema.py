"""Make zotsync/zotero/schema_facts.json from a Zotero server's schema.

Usage: python scripts/update_schema.py [FILE or URL]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from zotsync.zotero.schema import compact, from_server_json

SERVER = "https://api.zotero.org/schema"
TARGET = Path(__file__).parents[1] / "zotsync" / "zotero" / "schema_facts.json"


def read(source: str) -> Any:
    """Return the JSON at `source`, a file or a URL."""
    if not source.startswith(("http://", "https://")):
        return json.loads(Path(source).read_text(encoding="utf-8"))
    import httpx2  # noqa: PLC0415 - a file needs no network

    return httpx2.get(source, follow_redirects=True).raise_for_status().json()


def main() -> None:
    """Write the bundled facts, one item type or label a line, so that changes can be reviewed."""
    parser = argparse.ArgumentParser(description="Make schema_facts.json from a server's schema.")
    parser.add_argument("source", metavar="FILE or URL", nargs="?", default=SERVER)
    schema = from_server_json(read(parser.parse_args().source))
    text = json.dumps(compact(schema), ensure_ascii=False, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET}: version {schema.version}, {len(schema.item_types)} item types\n")


if __name__ == "__main__":
    main()
