"""docs/rules.md, made from the models of the settings and the examples that tests run."""

from collections.abc import Mapping
from textwrap import fill

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bridge.config import rule_conditions, rules
from bridge.domain.automation import TRIGGERS
from bridge.domain.languages import LANGUAGES
from tests.docs.rule_examples import ACTIONS, CONDITIONS, FILE, HAPPENINGS

HEAD = """\
# Rules

What is done by itself when something happens, under `rules:` in the configuration. Made from the code by
`python -m tests.docs.test_rules`; a test compares, and runs every example.

```yaml
{file}```

Rules are asked in the order of the file, each about the conversation as the rules before it left it. What a rule does
never asks rules again. A rule's acts are on record with the actor `rule:NAME`, and `!why` in the thread tells which
rules acted and what they did.
"""
TEXTS = """\
## Automatic texts

What a rule texts is shown in the thread with the rule's name, and does not count as an answer: the contact still waits.
It passes the send guard and the line's `max_segments` like a teammate's reply; what they object to is not sent, and
`!why` says so. One that is held, for [the contact's night](consent.md#quiet-hours) or until consent is
clear, is filled in anew when it leaves, and not sent when a teammate has answered meanwhile. A rule does not text

- a contact who opted out or is blocked, a short code or a letter sender;
- in answer to a text that sounds automatic, or that comes within 5 seconds of an automatic one;
- a contact it has texted less than `again_after` ago;
- a contact who was sent `automatic.per_hour` automatic texts within the hour, by whichever rules.
"""
WEBHOOKS = """\
## Webhooks

```yaml
webhooks:
  crm: {url: "https://crm.example.org/textbridge", secret: "${CRM_SECRET}"}
```

`webhook: crm` posts JSON, with ids and fields and no word of a text:

```json
{"id": "…", "rule": "pricing goes to sales", "event": "message_received", "at": "2026-11-23T10:00:00+00:00",
 "message": "…",
 "conversation": {"number": 1042, "line": "front-desk", "status": "open", "labels": ["lead"], "team": null,
                  "assignee": "ana", "waiting_since": "2026-11-23T10:00:00+00:00"},
 "contact": {"id": "…", "address": "+15550100200", "name": null}}
```

It is signed as [Standard Webhooks](https://www.standardwebhooks.com) says: `webhook-id` (the body's `id`, the same when
a call is repeated), `webhook-timestamp`, and `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over
`id.timestamp.body`. A secret that begins with `whsec_` is base64 behind it. Anything but 2xx is no answer: 408, 429,
5xx and no connection are tried again for a day, other answers are not; what was not delivered stands in
`textbridge outbox list`. Redirects are not followed, and private addresses are not called unless `private_hosts: true`.
"""
REGIONS = """\
`region` goes by the number alone: its country, and in the US and Canada the state or province that its area code
belongs to (`US-CA`, `CA-ON`; 782 and 902 are of two provinces, 867 of three). People keep their number when they move,
and toll-free numbers are of no state. In other countries, `area_code` tells areas apart.
"""
LANGUAGE = """\
## Languages

`language` needs the extra: `pip install "textbridge[language]"` (the Docker image has it). Nothing leaves the machine;
it takes 100 MB of memory once a rule has asked, and half a second with the first text. Only what is sure counts: names,
numbers, “ok”, and texts half in one language and half in another are `unknown`. Of 297 texts as contacts write them, of
one to twenty words in 25 languages, 263 are told rightly, 34 are `unknown`, none is told wrongly; of 50 that are in no
language, or in two, all are `unknown` ([how that was measured](decisions/0013-language-of-a-text.md)). So `none:
[{{language: en}}]` holds for “ok”, too; write `none: [{{language: [en, unknown]}}]` for texts that certainly are not
English. Where there is no text, as with `on: assigned`, no language holds.

{languages}.
"""


def page() -> str:
    """Return the whole page."""
    parts = [
        HEAD.format(file=FILE),
        "## A rule\n",
        _table("key", rules.Rule, {}),
        "## What happens: `on`\n",
        "\n".join(f"- `{one}`: {HAPPENINGS[one]}" for one in TRIGGERS) + "\n",
        "`on: {no_reply: …}` takes\n",
        _table("key", rules.NoReply, {}),
        "## What must hold: `if`\n",
        _table("condition", rule_conditions.Condition, {key: example.yaml for key, example in CONDITIONS.items()}),
        "`category:` takes a name, a list of names, or\n",
        _table("key", rule_conditions.CategoryIs, {}),
        "`contact:` takes\n",
        _table("key", rule_conditions.ContactIs, {}),
        REGIONS,
        "## What is done: `do`\n",
        _table("action", rules.Action, {key: example.yaml for key, example in ACTIONS.items()}),
    ]
    for action, model in (("assign", rules.TeamAssigned), ("reply", rules.ReplySent), ("notify", rules.Notified)):
        parts += [f"`{action}:` takes\n", _table("key", model, {})]
    languages = fill(", ".join(f"{code} {name}" for code, name in LANGUAGES.items()), 120)
    return "\n".join((*parts, LANGUAGE.format(languages=languages), TEXTS, WEBHOOKS))


def _table(first: str, model: type[BaseModel], examples: Mapping[str, str]) -> str:
    head = [f"| {first} | what |{' example |' if examples else ''}", f"| --- | --- |{' --- |' if examples else ''}"]
    lines = [_row(name, field.description or "", examples) for name, field in _fields(model)]
    return "\n".join((*head, *lines)) + "\n"


def _row(name: str, told: str, examples: Mapping[str, str]) -> str:
    example = f" `{examples[name].replace('|', chr(92) + '|')}` |" if examples else ""
    return f"| `{name}` | {told} |{example}"


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(field.alias or name, field) for name, field in model.model_fields.items()]
