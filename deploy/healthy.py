"""Ends with 0 if the app of this container answers: what HEALTHCHECK runs. The image has no curl."""

import os
import sys
from http.client import HTTPConnection, HTTPException

connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8501")), timeout=4)
try:
    connection.request("GET", "/_stcore/health")
    sys.exit(connection.getresponse().status != 200)
except (OSError, HTTPException) as error:
    sys.exit(f"no answer: {error}")
