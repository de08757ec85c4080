#!/bin/sh
# Print the Python to build with: 3.11 where it is there, else a newer one; else one clear sentence and exit 1.
# A command may be in the PATH and still not run (version managers put placeholders there), so each is tried.
for name in ${PYTHON:-python3.11 python3 python3.12 python3.13 python3.14}; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done
echo "Python 3.11 以降が必要です（Debian では apt-get install python3）。 Python 3.11 or newer is needed." >&2
exit 1
