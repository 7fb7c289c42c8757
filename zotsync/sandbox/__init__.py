"""The embedded Zotero API server: for `zotsync demo`, for playing, and for tests.

`server` puts it together: its people and libraries, and serving them. A request comes in by a socket
(`serving`) and meets the faults that were asked for (`front`: `faults`, `script`, `ratelimit`,
`requestlog`), then goes down: `api`, addresses and answers; `data`, what is kept and what a write does to
it; `rules`, what Zotero lets be written and makes of it. ● marks a fact that clients stumble over.
`demo` and `colleague` tell the demo's story.
"""
