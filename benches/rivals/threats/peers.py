"""The Python peers of the family of threats: each answers lines as `aop scan` does, and goes over a file when it is timed.

`peers.py PEER scan` answers each line {"id","text","provenance"} of standard input with {"id","spans":[{"severity","rule"}]}: one
span where the peer would stop the text, none where it would let it pass. `peers.py PEER time FILE` reads the file of such lines,
and for each line on standard input goes over its texts once and answers {"seconds","findings"}. benches/src/detectors/peer.rs is
the other side; measure.sh makes the environment.

Each is called as its own pages say and decides by its own default threshold. None may use the network.
"""

import asyncio
import importlib.util
import json
import os
import pathlib
import sys
import time
from urllib.parse import quote

# one thread, as ours; and what the peers print goes nowhere
os.environ.update(OMP_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1")
ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def safepaste():
    from safepaste import scan_prompt

    return lambda text: scan_prompt(text).flagged


def injectionguard():
    from injectionguard import is_safe

    return lambda text: not is_safe(text)


def nukon():
    from nukon_pi_detect import scan

    return lambda text: scan(text).decision == "MALICIOUS"


def last_layer():
    """Only what it says of exploits: it also reports links, code, other languages and personal data."""
    from last_layer import scan_prompt
    from last_layer.core import Threat

    return lambda text: scan_prompt(text.replace("\0", " ")).has(Threat.ExploitClassifier)


def llamafirewall():
    """The regexes about prompts and the scanner of hidden ASCII; the other regexes are of personal data, PromptGuard is a model."""
    from llamafirewall import ToolMessage
    from llamafirewall.scanners.hidden_ascii_scanner import HiddenASCIIScanner
    from llamafirewall.scanners.regex_scanner import RegexScanner

    regexes, hidden = RegexScanner(), HiddenASCIIScanner()
    regexes.patterns = {name: pattern for name, pattern in regexes.patterns.items() if name == "Prompt injection"}
    loop = asyncio.new_event_loop()

    def flags(text):
        message = ToolMessage(content=text)
        return any(loop.run_until_complete(it.scan(message)).score >= 1.0 for it in (regexes, hidden))

    return flags


def stackone(with_model):
    from stackone_defender import create_prompt_defense

    defense = create_prompt_defense(block_high_risk=True, enable_tier2=with_model)
    if with_model:
        defense.warmup_tier2()
        if not defense.is_tier2_ready():
            sys.exit("its model does not run")
    return lambda text: not defense.defend_tool_result(text, "fetch_page").allowed


def libinjection():
    import libinjection as library

    def flags(text):
        if library.is_sql_injection(text)["is_sqli"]:
            return "sqli"
        return "xss" if library.is_xss(text)["is_xss"] else None

    return flags


def nemo():
    """The rules of NeMo Guardrails' rail against injected code, all four files; read as files, as the package asks for much more."""
    import yara

    folder = pathlib.Path(importlib.util.find_spec("nemoguardrails").submodule_search_locations[0])
    files = sorted((folder / "library/injection_detection/yara_rules").glob("*.yara"))
    rules = yara.compile(filepaths={file.stem: str(file) for file in files})
    return lambda text: bool(rules.match(data=text))


def crs():
    """The Core Rule Set at its default paranoia level, the text as a parameter of a GET."""
    from libmodsecurity import ModSecurity, RulesSet

    rules = RulesSet()
    rules.load("SecRuleEngine On\nSecRequestBodyAccess On\n")
    root = pathlib.Path(os.environ["AOP_CRS"])
    # 910 asks for a database of addresses' countries
    files = [it for it in sorted((root / "usr/share/modsecurity-crs/rules").glob("*.conf")) if "IP-REPUTATION" not in it.name]
    for file in [root / "etc/modsecurity/crs/crs-setup.conf", *files]:
        if rules.load_from_uri(str(file)) < 0:
            sys.exit(f"{file.name}: {rules.get_parser_error()}")
    engine = ModSecurity()
    # it writes every rule that matches to standard error
    os.dup2(1, 2)
    headers = {"Host": "example.org", "User-Agent": "Mozilla/5.0", "Accept": "*/*"}

    def flags(text):
        with engine.transaction(rules) as request:
            request.process_connection("127.0.0.1", 12345, "127.0.0.1", 80)
            request.process_uri("/?value=" + quote(text, safe=""), "GET", "1.1")
            for name, value in headers.items():
                request.add_request_header(name, value)
            request.process_request_headers()
            request.process_request_body()
            return bool(request.intervention())

    return flags


PEERS = {
    "safepaste": safepaste,
    "injectionguard": injectionguard,
    "nukon": nukon,
    "last-layer": last_layer,
    "llamafirewall": llamafirewall,
    "stackone-patterns": lambda: stackone(False),
    "stackone": lambda: stackone(True),
    "libinjection": libinjection,
    "nemo": nemo,
    "crs": crs,
}


def answer(value):
    print(json.dumps(value), file=ANSWERS, flush=True)


def main(arguments):
    match arguments:
        case [name, "scan"] if name in PEERS:
            flags = PEERS[name]()
            for line in sys.stdin:
                question = json.loads(line)
                flag = flags(question["text"])
                rule = flag if isinstance(flag, str) else name
                answer({"id": question["id"], "spans": [{"severity": "warning", "rule": rule}] if flag else []})
        case [name, "time", file] if name in PEERS:
            flags = PEERS[name]()
            texts = [json.loads(line)["text"] for line in open(file, encoding="utf-8")]
            for _ in sys.stdin:
                start = time.perf_counter()
                findings = sum(bool(flags(text)) for text in texts)
                answer({"seconds": time.perf_counter() - start, "findings": findings})
        case _:
            sys.exit(f"usage: peers.py {'|'.join(PEERS)} scan | time FILE")


if __name__ == "__main__":
    main(sys.argv[1:])
