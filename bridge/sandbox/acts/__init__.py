"""What can be done on the page, each act a checked value that knows how to carry itself out."""

from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter

from bridge.sandbox.acts import matrix, phones, team, views, world

Act: TypeAlias = Annotated[
    phones.AddPhone
    | phones.SendText
    | phones.Behave
    | team.Post
    | team.Edit
    | team.Delete
    | team.React
    | team.Click
    | team.Select
    | team.Slash
    | team.Shortcut
    | team.Dismiss
    | team.Status
    | views.Submit
    | views.Close
    | views.Press
    | views.Suggest
    | views.OpenHome
    | matrix.Run
    | matrix.Did
    | world.Skip
    | world.Lose
    | world.Fail
    | world.Delay
    | world.Refuse
    | world.Twice
    | world.CallOff
    | world.Run,
    Field(discriminator="act"),
]
ACT: TypeAdapter[Act] = TypeAdapter(Act)
"""Reads an act from JSON; raises pydantic's ValidationError."""
