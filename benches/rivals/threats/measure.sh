#!/bin/sh
# Measures our detectors of attacks and their peers in one run and writes the figures into docs/threats.md. Further arguments go to
# the report, such as --no-speed. Needs the corpora (AOP_CORPORA, or ../shared/corpora beside the checkout), PyPI once, and for the
# Core Rule Set Debian's archive once. A peer that cannot be had is skipped, with a word. Nothing of a peer is kept in the
# repository: all of it lies in target/.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$here/target}
cargo build --release --locked --manifest-path "$here/Cargo.toml" --target-dir "$target"
rust=$target/release/aop-threat-rivals

venv=${AOP_THREATS_VENV:-$here/target/peers}
if [ ! -e "$venv/installed" ]; then
    "${PYTHON:-python3}" -m venv "$venv"
    pip() { "$venv/bin/pip" install --quiet "$@" >&2; }
    pip safepaste==0.3.0 injectionguard==0.4.0 nukon-pi-detect==0.1.0 last-layer==0.1.33 'setuptools<81'
    pip 'stackone-defender[onnx]==0.9.4' libinjection-python==1.1.6 yara-python==4.5.4 libmodsecurity==3.0.15.post2
    # Of these only the files that match texts are used; what else they ask for is models and services.
    pip --no-deps llamafirewall==1.0.3 nemoguardrails==0.24.1
    touch "$venv/installed"
fi
python="$venv/bin/python $here/peers.py"

AOP_CRS=${AOP_CRS:-$here/target/crs}
export AOP_CRS
if [ ! -d "$AOP_CRS" ] && command -v apt-get > /dev/null; then
    mkdir -p "$here/target"
    (cd "$here/target" && apt-get download --quiet modsecurity-crs && dpkg -x modsecurity-crs_*.deb "$AOP_CRS") >&2 || true
fi
crs=$(ls "$here"/target/modsecurity-crs_*.deb 2> /dev/null | sed 's/.*crs_\([0-9.]*\)-.*/\1/')

cd "$root"
if cargo build --release -p aop-train; then
    set -- --left-out "${CARGO_TARGET_DIR:-target}/release/aop-train" "$@"
fi
exec cargo run --release -p aop-benches -- threats report --write docs/threats.md \
    --peer "safepaste 0.3.0=$python safepaste" \
    --peer "injectionguard 0.4.0=$python injectionguard" \
    --peer "nukon-pi-detect 0.1.0=$python nukon" \
    --peer "last-layer 0.1.33, exploits=$python last-layer" \
    --peer "LlamaFirewall 1.0.3, regexes and hidden ASCII=$python llamafirewall" \
    --peer "stackone-defender 0.9.4, patterns=$python stackone-patterns" \
    --peer "stackone-defender 0.9.4, its 23 MB model too@${AOP_MODEL_TEXTS:-60}=$python stackone" \
    --peer "llm-security 0.1.0=$rust llm-security" \
    --value-peer "libinjection 1.1.6 (C, from Python)=$python libinjection" \
    --value-peer "libinjectionrs 0.1.1=$rust libinjectionrs" \
    --value-peer "security-rust 4.0.0=$rust security-rust" \
    --value-peer "NeMo Guardrails 0.24.1, YARA=$python nemo" \
    --value-peer "CRS ${crs:-3.3.4}, ModSecurity 3.0.15=$python crs" \
    "$@"
