"""Tables of words and phrases, written as text."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in its order."""
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text, which commas part."""
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))
