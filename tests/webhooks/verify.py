#!/usr/bin/env python3
"""Verifies one webhook from the text of the specification alone, where there is no npm.

Reads {secret, headers, body} from the file that is named; exit 0 when the signature is good, 1 when
it is not.
"""

import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path


def main(path: str) -> int:
    webhook = json.loads(Path(path).read_text("utf-8"))
    headers = webhook["headers"]
    signed = ".".join((headers["webhook-id"], headers["webhook-timestamp"], webhook["body"]))
    key = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
    digest = hmac.new(key, signed.encode("utf-8"), hashlib.sha256).digest()
    wanted = "v1," + base64.b64encode(digest).decode("ascii")
    return 0 if wanted in headers["webhook-signature"].split(" ") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
