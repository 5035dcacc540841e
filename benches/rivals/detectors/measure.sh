#!/bin/sh
# Measures our detectors and their peers in one run and writes the figures into docs/detectors.md. Further arguments go to
# the report, such as --no-speed. Needs the corpora (AOP_CORPORA, or ../shared/corpora beside the checkout) and PyPI once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$here/target}
cargo build --release --locked --manifest-path "$here/Cargo.toml" --target-dir "$target"
peers=$target/release/aop-detector-rivals
cd "$root"
exec cargo run --release -p aop-benches -- report --write docs/detectors.md \
    --peer "datafog-core 1.0.0=$peers datafog" \
    --peer "redact-core 0.12.7=$peers redact" \
    --peer "Presidio 2.2.366 from 0.4=$here/presidio.sh" \
    "$@"
