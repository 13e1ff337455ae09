"""The indexes of one corpus: the one that an alias lets be searched, and one build at most, with its own alias."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from retrieval.engines.elastic.layout import CREATED, LOADING, MAPPINGS, SERVING, SETTINGS

Tuning = dict[str, dict[str, Any]]

EXISTS = "resource_already_exists_exception"


def lowered(slug: str) -> str:
    """Return a slug in the lower case that names of indexes must have, still another for each slug."""
    return "".join(f"+{letter.lower()}" if letter.isupper() else letter for letter in slug)


def settings_behind(client: Elasticsearch, alias: str) -> dict[str, Any]:
    """Return what the index behind an alias was built with. Raises ``NotFoundError``."""
    (found,) = client.indices.get_mapping(index=alias).body.values()
    meta: dict[str, Any] = found["mappings"].get("_meta", {})
    return dict(meta.get("settings", {}))


class Builds:
    """The indexes ``PREFIX.1.SLUG``, ``PREFIX.2.SLUG`` …; searches go to the one that ``PREFIX.live.SLUG`` names."""

    def __init__(self, client: Elasticsearch, prefix: str, slug: str) -> None:
        self.client = client
        self.prefix, self.slug = prefix, lowered(slug)
        self.live, self.building = self.named("live"), self.named("building")

    def named(self, middle: str) -> str:
        return f"{self.prefix}.{middle}.{self.slug}"

    def behind(self, alias: str) -> str | None:
        """Return the index that an alias stands for, None where there is no such alias."""
        try:
            return next(iter(self.client.indices.get_alias(name=alias).body), None)
        except NotFoundError:
            return None

    def all(self) -> list[str]:
        """Return the names of all indexes of the corpus, whatever alias they have."""
        return list(self.client.indices.get_alias(index=self.named("*")).body)

    def begin(self) -> None:
        """Have a build: the one that an earlier run left half done, else a new one."""
        if self.behind(self.building) and settings_behind(self.client, self.building) != SETTINGS:
            self.discard()
        if not self.behind(self.building):
            self.create(self.building, LOADING)

    def create(self, alias: str, tuning: Tuning) -> None:
        """Make the next index and its alias at a stroke."""
        number = 1 + max((int(name.split(".")[1]) for name in self.all()), default=0)
        meta = {"corpus": self.slug, "settings": SETTINGS}
        try:
            self.client.indices.create(
                index=self.named(str(number)),
                settings={**CREATED, "index": CREATED["index"] | tuning["index"]},
                mappings={**MAPPINGS, "_meta": meta},
                aliases={alias: {}},
            )
        except BadRequestError as error:
            if error.error != EXISTS:  # another process was first: both write to the same one
                raise

    def discard(self) -> None:
        """Delete the build."""
        self.client.indices.delete(index=self.behind(self.building) or self.building, ignore_unavailable=True)

    def renew(self) -> None:
        """Begin the build anew."""
        self.discard()
        self.create(self.building, LOADING)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Let a build neither refresh nor copy itself meanwhile; whatever happens, it does so afterwards."""
        self.client.indices.put_settings(index=self.building, settings=LOADING)
        try:
            yield
        finally:
            self.client.indices.put_settings(index=self.building, settings=SERVING)

    def publish(self) -> None:
        """Let searches go to the build from one moment to the next, then delete what they went to before."""
        build = self.behind(self.building)
        if build is None:  # another process that filled the same build was first
            return
        moves: list[dict[str, Any]] = [
            {"remove": {"index": self.named("*"), "alias": self.live, "must_exist": False}},
            {"remove": {"index": build, "alias": self.building}},
            {"add": {"index": build, "alias": self.live}},
        ]
        self.client.indices.update_aliases(actions=moves)
        others = set(self.all()) - {build}
        # In this order: a build that another process begins now is not among them, or has its alias.
        for old in others - {self.behind(self.building)}:
            self.client.indices.delete(index=old, ignore_unavailable=True)
