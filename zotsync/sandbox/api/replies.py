"""The few forms that answers have."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.wrappers import Response

from zotsync.sandbox.api.answers import WWW
from zotsync.sandbox.api.call import Call
from zotsync.sandbox.api.params import link_header, page_links
from zotsync.sandbox.data.searching import Query


def any_number(name: str = "number") -> str:
    """Return the part of an address that is the number of a user or group, as a rule has it."""
    return f"<int(max=2147483647):{name}>"


def json_answer(text: str, version: int | None = None, status: int = 200) -> Response:
    """Return an answer of ready JSON."""
    response = Response(text, status, content_type="application/json")
    if version is not None:
        response.headers["Last-Modified-Version"] = str(version)
    return response


def done(version: int) -> Response:
    """Return the answer to a write that has nothing to say."""
    return Response(status=204, headers={"Last-Modified-Version": str(version)})


def links_of(call: Call, query: Query, total: int) -> dict[str, str]:
    """Return where the pages of the list are that a request asks for."""
    path = quote(call.request.path)
    return page_links(query, f"{call.base_url}{path}", total, f"{WWW}{path}")


def paged(call: Call, response: Response, query: Query, total: int) -> Response:
    """Return one page of a list with how many there are, and where the others are."""
    response.headers["Total-Results"] = str(total)
    response.headers["Link"] = link_header(links_of(call, query, total))
    return response
