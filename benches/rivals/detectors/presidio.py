"""Presidio's side of the measure of detectors: answers lines as `aop scan` does, and goes over a file when it is timed.

`presidio.py scan` answers each line {"id","text"} or {"id","json"} of standard input with {"id","spans":[…]}, offsets in bytes;
`presidio.py time FILE` reads the file, and for each line on standard input goes over the file's lines once and answers
{"seconds","findings"}. benches/src/detectors/peer.rs is the other side; presidio.sh makes the environment.

The analyzer runs with its default recognizers for English. Instead of a language model it has spaCy's blank tokenizer: the
measures are of what has a form, and context words work with tokens alone. A string of a document is analysed with the words of
its key as context. What scores below 0.4 is left out (AOP_PRESIDIO_THRESHOLD says otherwise): as installed Presidio reports from 0, which
is every number of nine digits as five kinds of document; 0.4 is what a weak form reaches with a context word.
"""

import json
import logging
import os
import re
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

# not counted, in its favour: they are nobody's data, or a model's work
LEFT_OUT = {"URL", "UUID", "DATE_TIME", "PERSON", "LOCATION", "NRP", "ORGANIZATION"}
THRESHOLD = float(os.environ.get("AOP_PRESIDIO_THRESHOLD", "0.4"))


class Tokens(NlpEngine):
    """A tokenizer and nothing else."""

    def __init__(self):
        self.language = spacy.blank("en")
        self.language.max_length = 1 << 30

    def load(self):
        pass

    def is_loaded(self):
        return True

    def process_text(self, text, language):
        tokens = self.language(text)
        return NlpArtifacts(
            entities=[],
            tokens=tokens,
            tokens_indices=[token.idx for token in tokens],
            lemmas=[token.lower_ for token in tokens],
            nlp_engine=self,
            language=language,
        )

    def process_batch(self, texts, language, batch_size=1, n_process=1, **_):
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word, language):
        return self.language.vocab[word].is_stop

    def is_punct(self, word, language):
        return self.language.vocab[word].is_punct

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["en"]


def analyzer():
    logging.disable(logging.WARNING)
    engine = Tokens()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    for recognizer in list(registry.recognizers):
        if recognizer.name == "SpacyRecognizer":
            registry.remove_recognizer(recognizer.name)
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])


def spans_of(engine, text, path=None, context=None):
    spans = []
    for found in engine.analyze(text, language="en", context=context, score_threshold=THRESHOLD):
        if found.entity_type in LEFT_OUT:
            continue
        span = {
            "entity": found.entity_type,
            "start": len(text[: found.start].encode()),
            "end": len(text[: found.end].encode()),
            "score": found.score,
        }
        spans.append(span if path is None else span | {"path": path})
    return spans


def words_of(key):
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", key)
    return [word.lower() for word in re.split(r"[^0-9A-Za-z]+", parted) if word]


def spans_in(engine, value, path="", key=""):
    match value:
        case dict():
            spans = []
            for name, member in value.items():
                below = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
                spans += spans_of(engine, name, below) + spans_in(engine, member, below, name)
            return spans
        case list():
            return [span for at, item in enumerate(value) for span in spans_in(engine, item, f"{path}/{at}", key)]
        case str():
            return spans_of(engine, value, path, words_of(key))
        case bool() | None:
            return []
        case _:
            return spans_of(engine, str(value), path, words_of(key))


def main(arguments):
    engine = analyzer()
    match arguments:
        case ["scan"]:
            for line in sys.stdin:
                question = json.loads(line)
                if "text" in question:
                    spans = spans_of(engine, question["text"])
                else:
                    spans = spans_in(engine, question["json"])
                print(json.dumps({"id": question["id"], "spans": spans}))
        case ["time", file]:
            with open(file, encoding="utf-8") as opened:
                lines = opened.read().splitlines()
            for _ in sys.stdin:
                start = time.perf_counter()
                findings = sum(len(spans_in(engine, json.loads(line))) for line in lines)
                seconds = time.perf_counter() - start
                print(json.dumps({"seconds": seconds, "findings": findings}), flush=True)
        case _:
            sys.exit("usage: presidio.py scan | time FILE")


if __name__ == "__main__":
    main(sys.argv[1:])
