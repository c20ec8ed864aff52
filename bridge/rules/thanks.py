"""A text that says nothing but thanks: it needs no answer, so it need not open what was closed."""

import re
import unicodedata

_THANKS = frozenset(
    {
        *("thanks", "thank", "thx", "tx", "ty", "tysm", "thankyou", "cheers", "appreciated", "ok", "okay", "okey"),
        *("k", "kk", "great", "perfect", "cool", "awesome", "excellent", "wonderful", "gotcha", "alright", "bye"),
        *("gracias", "merci", "danke", "obrigado", "obrigada", "grazie", "dank", "vale", "super"),
    }
)
_BESIDE = frozenset(
    {
        *("you", "u", "so", "very", "much", "a", "lot", "lots", "many", "again", "all", "then", "and", "for", "your"),
        *("help", "everything", "sir", "madam", "maam", "guys", "everyone", "have", "nice", "good", "day", "one"),
        *("muchas", "beaucoup", "vielen", "schon", "mille", "muito", "je", "wel"),
    }
)
_SIGNS = frozenset("👍🙏❤♥💕💖💙💚💜🧡💛🖤🤍😊🙂😀😃😄😁☺🥰😍😘🤗👌👏🙌✅✔💯🎉🥳✌🤝🫶🤩")
# What phones send in the place of a reaction.
_REACTED = re.compile(r"(?:liked|loved|emphasized|reacted\s+(\S+)\s+to)\s+[\"“„«].*[\"”“»]", re.DOTALL)
_MOST_WORDS = 10
_MOST_LETTERS = 200


def is_thanks(body: str) -> bool:
    """Tell whether a text is a bare "thanks", "ok" or 👍; anything that asks or adds something is not."""
    text = unicodedata.normalize("NFKC", body).casefold().replace("'", "").replace("’", "").strip()
    reacted = _REACTED.fullmatch(text)
    if reacted is not None:
        return reacted[1] is None or _only_signs(reacted[1])
    if not text or "?" in text or len(text) > _MOST_LETTERS:
        return False
    words = re.findall(r"[^\W_]+", _without_accents(text))
    if len(words) > _MOST_WORDS or not all(word in _THANKS or word in _BESIDE for word in words):
        return False
    signs = [sign for sign in text if unicodedata.category(sign) in ("So", "Sk", "Sm", "Sc", "Cs", "Co", "Cn")]
    said = any(word in _THANKS for word in words) or (not words and any(sign in _SIGNS for sign in signs))
    return said and all(sign in _SIGNS or unicodedata.category(sign) == "Sk" for sign in signs)


def _only_signs(text: str) -> bool:
    shown = [sign for sign in text if unicodedata.category(sign) not in ("Sk", "Mn", "Cf")]
    return bool(shown) and all(sign in _SIGNS for sign in shown)


def _without_accents(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
