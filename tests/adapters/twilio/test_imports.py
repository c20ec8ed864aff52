import subprocess
import sys

PROGRAM = """
import sys
from bridge.adapters.providers import discover
spec = discover()["twilio"]
spec.settings.model_validate({"account_sid": "AC" + "0" * 32, "auth_token": "x"})
print(sorted({name.partition(".")[0] for name in sys.modules} & {"twilio", "aiohttp", "requests", "jwt"}))
"""


def test_facts_and_settings_do_not_load_the_vendors_library() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
