"""What topics cost beside the rest of a text's way: ``python -m benchmarks.topics``.

Articles written for the training, joined to about 400 words, on one core. Each round times cleaning, language and
topics of every article in turn; prints medians over the rounds, each divided by the time of telling the language.
"""

import statistics
import time
from datetime import UTC, datetime

from training.topic_data import read_written
from worker.classify import load_classifier
from worker.cleaning import clean
from worker.enrich.language import detect_language
from worker.formats import read_document
from worker.models import Document

ROUNDS = 7
WORDS = 400
ARTICLES = 200


def documents() -> list[Document]:
    """Texts of about ``WORDS`` words, as somebody would drop them."""
    now = datetime.now(UTC)
    written = [text for text, _ in read_written()][: 2 * ARTICLES]
    pairs = zip(written[::2], written[1::2], strict=False)
    texts = [f"{one.headline}\n\n" + " ".join(f"{one.text} {two.text}".split(" ")[:WORDS]) for one, two in pairs]
    return [Document(f"{number}.txt", text.encode(), now) for number, text in enumerate(texts)]


def main() -> None:
    """Measure, print."""
    classify = load_classifier()
    found = documents()
    times: dict[str, list[float]] = {"cleaning": [], "language": [], "topics": []}
    for _ in range(ROUNDS + 1):  # the first warms up
        spent = dict.fromkeys(times, 0.0)
        for document in found:
            began = time.process_time()
            article = clean(read_document(document))
            cleaned = time.process_time()
            detect_language(article.text)
            told = time.process_time()
            classify(article, "en")
            spent["cleaning"] += cleaned - began
            spent["language"] += told - cleaned
            spent["topics"] += time.process_time() - told
        for stage, seconds in spent.items():
            times[stage].append(seconds)
    medians = {stage: statistics.median(rounds[1:]) for stage, rounds in times.items()}
    words = sum(len(document.data.split()) for document in found) / len(found)
    print(f"{len(found)} articles of {words:.0f} words, {ROUNDS} rounds")  # noqa: T201 - a script
    for stage, seconds in medians.items():
        spread = [rounds / medians["language"] for rounds in times[stage][1:]]
        line = f"{stage}: {seconds / medians['language']:.2f} ({min(spread):.2f} to {max(spread):.2f})"
        print(f"{line}, {seconds / len(found) * 1000:.2f} ms here")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
