"""Articles for tests, written for the purpose."""

COUNTRIES = ["Norway", "Portugal", "Finland", "Greece", "Ireland", "Austria", "Estonia", "Denmark", "Slovenia", "Malta"]


def article(number: int, last: str = "The ministers meet again in spring.") -> str:
    """A short article; each number gives its own headline, ``last`` is its last paragraph."""
    country = COUNTRIES[number % len(COUNTRIES)]
    first = (
        f"Foreign ministers from {country} and three neighbouring states met on Tuesday to negotiate the terms "
        f"of a treaty on their common border, the {number}th meeting of its kind."
    )
    second = (
        "Diplomats said that the negotiations had been held in a friendly atmosphere, and that an agreement "
        "on fishing rights was within reach."
    )
    quote = f"“We have never been closer,” the ambassador of {country} told reporters after the talks."
    headline = f"{country} and its neighbours open round {number} of border talks"
    return "\n\n".join([headline, first, second, quote, last])
