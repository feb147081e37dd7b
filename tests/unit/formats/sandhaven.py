"""The article that other programs made documents of, and how the tests read them."""

from datetime import UTC, datetime
from pathlib import Path

from worker.cleaning import clean
from worker.errors import Rejected
from worker.formats import read_document, unpack_document
from worker.models import CleanArticle, Document, RawArticle

SAMPLES = Path(__file__).parents[2] / "samples" / "formats"
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)

HEADLINE = "Tidal barrier at Sandhaven passes its first winter test"
STANDFIRST = (
    "Engineers say the gates held back a surge of two metres while the old quay stayed dry for the first "
    "time in a decade"
)
CAPTION = "The northern gate of the barrier seen from the old quay on Friday morning. Photo: Oskar Brandt"
QUOTE = (
    "“We were told that it would never close in time,” said Ines Varga, who runs the harbour office. “It "
    "closed in twenty-six minutes.”"
)
POINTS = [
    "keep the lower town dry in a surge of up to three metres;",
    "let the fishing fleet pass until an hour before closing;",
    "send warnings to every household within ten minutes.",
]
TABLE = ["Gate | Closed in | Leak", "North gate | 26 minutes | none found", "South gate | 31 minutes | small"]
HEADINGS = ["A decade of arguments", "What comes next"]
BODY = [
    (
        "The tidal barrier at Sandhaven held back its first storm surge on Thursday night, the harbour "
        "office said, sparing some four hundred homes along the old quay from the kind of flooding that "
        "had closed the lower town in three of the past five winters."
    ),
    (
        "The water outside the gates rose to 2.1 metres above the usual mark shortly after two in the "
        "morning. Inside, gauges at the fish market showed a rise of eleven centimetres. The harbour "
        "office had ordered the gates shut nine hours earlier."
    ),
    HEADINGS[0],
    (
        "Work on the barrier began after the flood of 2014, when the sea broke through the market hall. "
        "The cost was put at 86 million crowns and ended at 131 million, and two contractors left the "
        "project before it was done."
    ),
    QUOTE,
    "The council listed what the new gates are meant to do before the end of the year:",
    *POINTS,
    HEADINGS[1],
    (
        "Divers will inspect the sills of both gates on Monday, weather permitting. A second test is "
        "planned for the spring tides in March, when the barrier will be closed against a calm but very "
        "high sea."
    ),
    *TABLE,
    (
        "Fishermen asked for a longer warning. “Nine hours is enough for those who are in the bay,” said "
        "Tomas Reijn, who speaks for the fleet, “but not for those who are beyond the banks.”"
    ),
]
MORE = [  # in what is set in columns, which has no table
    (
        "The insurers have taken notice. Two companies that had refused to cover cellars below the market"
        " hall since the flood said on Friday that they would look at their conditions again once the "
        "measurements of the night had been published in full."
    ),
    (
        "Not everyone is convinced. The biologist Lena Okafor, who has counted the eelgrass in the inner "
        "harbour for twelve years, warned that still water behind closed gates warms quickly. “One night "
        "does no harm,” she said. “A week in August would be a different matter altogether.”"
    ),
    (
        "The harbour office answered that the gates were not to be closed for longer than two tides in a "
        "row, and that pumps would keep the water moving. An independent committee of hydrologists, "
        "fishermen and residents is to report on the first year of operation by Christmas."
    ),
    (
        "The barrier is the northernmost of its kind on the coast. Engineering students from four "
        "universities have asked to use its measurements, which are transmitted every thirty seconds from"
        " nineteen instruments on the sea bed, in the gate towers and underneath the old lighthouse."
    ),
    (
        "Whether the fairway needs to be deepened is an unresolved question. Pilots complained in January"
        " that the sills leave barely a metre beneath the larger trawlers at low water, and the shipping "
        "administration has commissioned a survey of the approaches from a specialised company."
    ),
    (
        "For now the lower town is relieved. Shopkeepers on the quay took down their flood boards on "
        "Friday afternoon, and the school, which had been prepared as an emergency shelter, opened for "
        "lessons as usual."
    ),
]
COLUMNS = [*[text for text in BODY if text not in TABLE], *MORE]


def sample(name: str) -> Document:
    return Document(name, (SAMPLES / name).read_bytes(), NOW)


def raw(document: Document) -> RawArticle:
    return read_document(document)


def article(name: str) -> CleanArticle:
    return clean(read_document(sample(name)))


def rejection(data: bytes, name: str = "a") -> Rejected:
    try:
        for document in unpack_document(Document(name, data, NOW)):
            clean(read_document(document))
    except Rejected as error:
        return error
    raise AssertionError("it was read")
