"""A card."""

from bridge.domain.cards import Button, Card

CARD = Card(
    number=1042,
    name="Maria <b>Silva</b>",
    address="+1 555-010-0200",
    line="front-desk",
    line_address="+1 555-000-1000",
    status="open",
    hint="Reply in this thread to text them. Start with // to keep it internal.",
    labels=("lead",),
    buttons=(Button("claim", "Claim", ""),),
)
