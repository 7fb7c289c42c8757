"""Writes what zotsync keeps as UNIMARC (ISO 2709, UTF-8): `zotsync export --format unimarc`."""

from __future__ import annotations

from functools import partial

from zotsync.plugins import Export, Exporter

__all__ = ["FOR_PMB", "UNIMARC", "WITH_NON_SORTING", "write"]


def write(export: Export, *, non_sorting: bool = False, pmb: bool = False) -> bytes:
    """Return one record for each reference, in the order of the export.

    Args:
        export: the bibliography.
        non_sorting: put the marks of UNIMARC around an article that a title begins with.
        pmb: say in $9 what PMB needs to link an article to its periodical and its issue.

    """
    from zotsync_unimarc.record import Record  # noqa: PLC0415 - loads pymarc

    return b"".join(
        Record(export, key, non_sorting=non_sorting, pmb=pmb).written() for key in export.entries
    )


UNIMARC = Exporter("UNIMARC (ISO 2709), for library systems", "mrc", write)
WITH_NON_SORTING = Exporter(
    "UNIMARC, articles at the beginning of titles marked", "mrc", partial(write, non_sorting=True)
)
FOR_PMB = Exporter(
    "UNIMARC for PMB, articles linked to their periodical", "mrc", partial(write, pmb=True)
)
