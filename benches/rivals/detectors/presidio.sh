#!/bin/sh
# Runs presidio.py in an environment of its own, which is made the first time: PYTHON, and presidio-analyzer from PyPI.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${AOP_PRESIDIO_VENV:-$here/target/presidio}
if [ ! -x "$venv/bin/python" ]; then
    "${PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/pip" install --quiet 'presidio-analyzer==2.2.366' >&2
fi
exec "$venv/bin/python" "$here/presidio.py" "$@"
