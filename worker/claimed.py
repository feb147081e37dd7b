"""The claims on disk: a folder for each, by its id, with the file at its own path below."""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime

from worker.claim import CLAIM_ID, Claim, new_claim_id
from worker.folder import made_folder, opened_folder, prune, rename_new
from worker.walking import Waiting, Walk

CLAIMED = "_claimed"
MAX_SPARE = 500  # folders of settled claims that are kept: each look at the claims looks at them too


class Claimed:
    """The folder of an inbox's claims; each method is given a descriptor of the inbox.

    Args:
        walk: Knows which names are left alone.
    """

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._spare: list[str] = []  # folders of settled claims; making and removing one costs more than all else

    def take(self, root: int, found: Waiting, claim: Claim) -> bool:
        """Put a file under a claim by renaming it; False when somebody else was faster or it is gone.

        Raises:
            OSError: It cannot be renamed: its folder is not ours to change, or a mount.
        """
        parents = found.path.split("/")[:-1]
        with made_folder(root, [CLAIMED]) as claimed:
            try:
                self._reuse_folder(claimed, claim.id)
                with made_folder(claimed, [claim.id, *parents]) as target:
                    return rename_new(found.folder, found.name, target, found.name)
            except OSError as error:
                prune(claimed, [claim.id, *parents], keep=0)
                if isinstance(error, FileNotFoundError):
                    return False
                raise

    def _reuse_folder(self, claimed: int, claim_id: str) -> None:
        """Give the folder of a settled claim to another, if there is an empty one left; else it will be made.

        A file in it, as one that was put back under its claim, must not get the outcome of another: it stays there.
        """
        while self._spare:
            spare = self._spare.pop()
            if self._listed(claimed, [spare]) == []:
                with contextlib.suppress(FileNotFoundError):  # another watcher has removed it
                    os.rename(spare, claim_id, src_dir_fd=claimed, dst_dir_fd=claimed)
                    return

    def leave(self, root: int, claim: Claim) -> None:
        """Keep the folder of a settled claim for the next one, unless there are enough."""
        spare = len(self._spare) < MAX_SPARE
        prune(root, [CLAIMED, claim.id, *claim.path.split("/")[:-1]], keep=2 if spare else 1)
        if spare:
            self._spare.append(claim.id)

    def tidy(self, root: int) -> None:
        """Remove the folders that are kept for the next claims."""
        while self._spare:
            prune(root, [CLAIMED, self._spare.pop()], keep=1)

    def claims(self, root: int) -> Iterator[Claim]:
        """Every claim that is not settled, whoever made it; folders of claims that hold no file are removed."""
        with made_folder(root, [CLAIMED]) as folder:
            ids = sorted(os.listdir(folder))
            for claim_id in ids:
                if not CLAIM_ID.fullmatch(claim_id):
                    if not claim_id.startswith("."):
                        self._walk.tell("not_a_claim", f"{CLAIMED}/{claim_id}", "not ours; it is left alone")
                    continue
                ids += self._part(folder, claim_id)
                path = self._file_below(folder, claim_id)
                if path is None and claim_id not in self._spare:
                    prune(folder, [claim_id], keep=0)
                elif path is not None:
                    yield Claim(claim_id, path)

    def _listed(self, folder: int, parts: list[str]) -> list[str] | None:
        """The names in a folder of a claim, in order; None where it is no folder or gone."""
        try:
            with opened_folder(folder, parts) as here:
                return sorted(name for name in os.listdir(here) if not self._walk.ignores(name))
        except (NotADirectoryError, FileNotFoundError):
            return None

    def _file_below(self, folder: int, claim_id: str) -> str | None:
        """The path of a claim's file below its folder; None where there is none."""
        parts = [claim_id]
        while names := self._listed(folder, parts):
            parts.append(names[0])
        if names is None:
            return "/".join(parts[1:]) or None
        prune(folder, parts, keep=1)
        return None

    def _part(self, folder: int, claim_id: str) -> list[str]:
        """Give what somebody else put beside a claimed file claims of their own."""
        parts, made = [claim_id], []
        while names := self._listed(folder, parts):
            for extra in names[1:]:
                made.append(new_claim_id(datetime.now(UTC)))
                with opened_folder(folder, parts) as here, made_folder(folder, [made[-1], *parts[1:]]) as there:
                    rename_new(here, extra, there, extra)
            parts.append(names[0])
        return made
