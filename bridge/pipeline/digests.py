"""What a digest is made of, read in the transaction that decides it."""

from bridge.domain.digest import Digest, Longest
from bridge.ports.store import Unit
from bridge.rules.digest import AskedDigest


def digest_of(unit: Unit, asked: AskedDigest) -> Digest:
    """Return what waits on these lines."""
    counts = {section: many for section, many in unit.queue_counts(asked.lines, ()) if section != "mine"}
    found = unit.queue_page(asked.lines, (), "waiting", offset=0, platform=asked.platform) if counts["waiting"] else ()
    longest = next(iter(found), None)
    return Digest(
        counts=dict(counts),
        longest=None
        if longest is None
        else Longest(
            number=longest.number,
            name=longest.name,
            address=longest.address,
            since=longest.since,
            root=longest.root,
        ),
        opted_out=unit.opted_out(asked.lines, asked.since),
    )
