"""The model that speaks: the version last put in service here, else the shipped one. Every process notices a change at
its next transaction, without a restart.

A version that can't be read never fails a filing: the shipped model speaks in its place, and « Exploitation » tells."""

import hashlib
import json
import logging
import zlib
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from router.classify.classifier import Classifier
from router.classify.model import Model
from router.classify.model import packed as as_file
from router.desk.policy import Policy
from router.store import versions

log = logging.getLogger(__name__)
MOST_KEPT = 4  # a model weighs some megabytes once read
MOST_UNPACKED = 64 * 1024**2  # bytes; the shipped model takes some twelve


class Unread:
    """In the place of a model that this process hasn't read yet."""


UNREAD = Unread()


@dataclass(slots=True)
class Voices:
    """The versions this process has read, each once; None for one that couldn't be."""

    _models: dict[str, Model | None] = field(default_factory=dict)
    _classifiers: dict[tuple[str, str], Classifier] = field(default_factory=dict)

    def speaking(self, session: Session, policy: Policy, version: str | None) -> Policy:
        """The policy with the classifier that speaks now."""
        model = self.model(session, version) if version is not None else None
        if model is None:
            return policy
        key = (policy.fingerprint, model.version)
        known = self._classifiers.get(key)
        if known is None:
            known = self._classifiers[key] = with_model(policy.classifier, model)
        return replace(policy, classifier=known)

    def fallen(self, session: Session) -> str | None:
        """The version put in service that can't be read, when the shipped model answers in its place."""
        version = versions.current(session)
        return version if version is not None and self.model(session, version) is None else None

    def model(self, session: Session, version: str) -> Model | None:
        """A version's model; None when it can't be read."""
        known = self._models.get(version, UNREAD)
        if not isinstance(known, Unread):
            return known
        found = versions.weights(session, version)
        model = unpacked(version, *found) if found else None
        if len(self._models) >= MOST_KEPT:  # threads share them: what another one forgets here, it reads again
            self._models.clear()
            self._classifiers.clear()
        self._models[version] = model
        return model


@cache
def shipped_version() -> str:
    """The version of the model that comes with the product."""
    return Model.load().version


def with_model(classifier: Classifier, model: Model) -> Classifier:
    """The same lexicon and products, read by another model."""
    other = copy(classifier)
    other.model = model
    return other


def packed(document: Mapping[str, Any]) -> tuple[bytes, str]:
    """A model's document as it is stored, and its digest."""
    weights = as_file(document)
    return weights, hashlib.sha256(weights).hexdigest()


def _decompressed(weights: bytes) -> bytes:
    """Raises ValueError for what unpacks into more than any model of ours."""
    unpacking = zlib.decompressobj(wbits=31)  # gzip
    found = unpacking.decompress(weights, MOST_UNPACKED)
    if not unpacking.eof:
        raise ValueError("the weights are cut short, or unpack into too much")
    return found


def unpacked(version: str, weights: bytes, digest: str) -> Model | None:
    """The model stored; None when it was altered, or written for another release."""
    if hashlib.sha256(weights).hexdigest() != digest:
        log.error("classifier version %s: its weights are not those that were written", version)
        return None
    try:
        document = json.loads(_decompressed(weights))
        if document["version"] != version:
            raise ValueError("the weights are another version's")
        return Model(document)
    except Exception:  # whatever is wrong with it, people go on filing
        log.exception("classifier version %s can't be read", version)
        return None
