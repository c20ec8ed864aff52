"""Which of somebody's devices are signed by their owner, from what a server tells of keys. Pure."""

from nio.api import Api
from vodozemac import Ed25519PublicKey, Ed25519Signature

from bridge.adapters.platforms.matrix.errors import Json, mapping, text


def signed_devices(answer: Json, user: str) -> set[str]:
    """Ids of the devices that the person's self-signing key signed, which in turn the person's master key signed."""
    master = mapping(mapping(answer.get("master_keys")).get(user))
    signing = mapping(mapping(answer.get("self_signing_keys")).get(user))
    key = _public(signing, user, "self_signing")
    if not key or not _is_signed(signing, user, _public(master, user, "master")):
        return set()
    devices = mapping(mapping(answer.get("device_keys")).get(user))
    return {device for device, found in devices.items() if _is_signed(mapping(found), user, key)}


def _public(content: Json, user: str, usage: str) -> str:
    """The one key of a description; empty when it is not what it should be."""
    keys = mapping(content.get("keys"))
    fits = content.get("user_id") == user and content.get("usage") == [usage] and len(keys) == 1
    return next((key for name, key in keys.items() if name == f"ed25519:{key}"), "") if fits else ""


def _is_signed(content: Json, user: str, key: str) -> bool:
    signature = text(mapping(mapping(content.get("signatures")).get(user)), f"ed25519:{key}")
    bare = {name: value for name, value in content.items() if name not in ("signatures", "unsigned")}
    try:
        Ed25519PublicKey.from_base64(key).verify_signature(
            Api.to_canonical_json(bare).encode(), Ed25519Signature.from_base64(signature)
        )
    except ValueError:  # what vodozemac raises
        return False
    return True
