"""The names of everything that copydesk keeps in Redis, all under one prefix."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """Key names under a prefix; a prefix that holds a hash tag puts them all in one cluster slot."""

    prefix: str

    @property
    def articles(self) -> str:
        """The stream of records."""
        return f"{self.prefix}:articles"

    @property
    def rejected(self) -> str:
        """The stream of rejections: the dead letters."""
        return f"{self.prefix}:rejected"

    def of_topic(self, topic: str) -> str:
        """The stream of the records that concern one topic."""
        return f"{self.articles}:{topic}"

    @property
    def streams(self) -> str:
        """A hash: the streams that the watchers trim, but for those of dead letters, and the days they are kept."""
        return f"{self.prefix}:streams"

    @property
    def trimmed(self) -> str:
        """A hash: of each stream that was ever trimmed the last entry that was removed."""
        return f"{self.prefix}:trimmed"

    @property
    def overruns(self) -> str:
        """A hash: of each stream and group what was lately trimmed before the group was done with it."""
        return f"{self.prefix}:overruns"

    @property
    def broker(self) -> str:
        """The prefix of Celery's own keys."""
        return f"{self.prefix}:celery:"

    def ledger(self, article_id: str) -> str:
        """A hash: the article's current version, and for each published content its entry and version."""
        return f"{self.prefix}:ledger:{article_id}"

    def marker(self, inbox_id: str) -> str:
        """A time that is lost with the streams: by its absence an inbox's watcher knows that they were lost."""
        return f"{self.prefix}:marker:{inbox_id}"

    def healing(self, inbox_id: str) -> str:
        """Set while an inbox's lost entries are being published again."""
        return f"{self.prefix}:healing:{inbox_id}"

    def webhook(self, name: str) -> str:
        """Which process delivers to a webhook."""
        return f"{self.prefix}:webhook:{name}"

    def blob(self, claim: str) -> str:
        """The bytes of a claimed file (claim check)."""
        return f"{self.prefix}:blob:{claim}"

    def outcome(self, claim: str) -> str:
        """What became of a claim, as JSON."""
        return f"{self.prefix}:outcome:{claim}"

    def parts(self, claim: str) -> str:
        """A hash: what became of the parts of a claim's file, by their number, until all have an outcome."""
        return f"{self.prefix}:parts:{claim}"

    def attempts(self, claim: str) -> str:
        """A hash: how often a worker began on the claim since its last progress, and how the last run alone ended."""
        return f"{self.prefix}:attempts:{claim}"

    @property
    def alive(self) -> str:
        """A hash: what each running watcher and worker last said of itself."""
        return f"{self.prefix}:alive"

    @property
    def progress(self) -> str:
        """A hash: how many batches the workers of each machine have finished."""
        return f"{self.prefix}:progress"
