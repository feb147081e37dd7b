"""The taxonomy: which topics an article can be given, and what IPTC calls them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NONE = "none"
"""What stands for no topic where articles are counted by topic; no topic may be called so."""

TAXONOMY_VERSION = "1.0"


_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


def is_topic_id(text: str) -> bool:
    """Whether a topic may be called so: small letters, digits and underscores, a letter first, and not ``none``."""
    return bool(_ID.fullmatch(text)) and text != NONE


@dataclass(frozen=True, slots=True)
class TopicDefinition:
    """One topic.

    Attributes:
        id: What rules, records and stream fields call it; never changes its meaning within a taxonomy version.
        name: For people, in English.
        qcode: The IPTC Media Topic that it stands for, for example ``medtop:20000639``; None for a user's own topic.
    """

    id: str
    name: str
    qcode: str | None

    @classmethod
    def own(cls, topic: str) -> "TopicDefinition":
        """The definition of a user's own topic, of which nothing but the id is known."""
        return cls(topic, topic.replace("_", " ").capitalize(), None)


_DEFINITIONS = (
    TopicDefinition("defense", "Defense", "medtop:20000598"),  # defence
    TopicDefinition("diplomacy", "Diplomacy", "medtop:20000639"),  # diplomacy
    TopicDefinition("conflict", "Armed conflict", "medtop:20000056"),  # armed conflict
    TopicDefinition("terrorism", "Terrorism", "medtop:20000103"),  # terrorism
    TopicDefinition("sanctions", "Sanctions", "medtop:20000642"),  # economic sanction
    TopicDefinition("politics", "Politics", "medtop:11000000"),  # politics
    TopicDefinition("elections", "Elections", "medtop:20000574"),  # election
    TopicDefinition("human_rights", "Human rights", "medtop:20000592"),  # human rights
    # IPTC's "migration policy" leaves out the journeys themselves; its "immigration" is the movement of people.
    TopicDefinition("migration", "Migration", "medtop:20000771"),  # immigration
    TopicDefinition("crime_justice", "Crime and justice", "medtop:02000000"),  # crime, law and justice
    TopicDefinition("disaster", "Disasters and accidents", "medtop:03000000"),  # disaster, accident and emergency
    TopicDefinition("economy", "Economy and business", "medtop:04000000"),  # economy, business and finance
    TopicDefinition("trade", "International trade", "medtop:20000373"),  # international trade
    TopicDefinition("energy", "Energy", "medtop:20000256"),  # energy and resource
    TopicDefinition("agriculture", "Agriculture", "medtop:20000210"),  # agriculture
    TopicDefinition("transport", "Transport", "medtop:20000337"),  # transport
    TopicDefinition("health", "Health", "medtop:07000000"),  # health
    TopicDefinition("environment", "Environment", "medtop:06000000"),  # environment
    TopicDefinition("science_technology", "Science and technology", "medtop:13000000"),  # science and technology
    TopicDefinition("education", "Education", "medtop:05000000"),  # education
    TopicDefinition("labour", "Labour", "medtop:09000000"),  # labour
    TopicDefinition("culture", "Culture and media", "medtop:01000000"),  # arts, culture, entertainment and media
    TopicDefinition("sport", "Sport", "medtop:15000000"),  # sport
    TopicDefinition("religion", "Religion", "medtop:12000000"),  # religion
    TopicDefinition("society", "Society", "medtop:14000000"),  # society
)

TOPICS: Mapping[str, TopicDefinition] = MappingProxyType({topic.id: topic for topic in _DEFINITIONS})
"""Every topic by its id, in the order in which equally strong topics are given."""
