"""Whether continuous integration runs the tests: it has an hour, and lives a part of the random lives."""

import os

IN_CI = os.environ.get("CI") == "true"
