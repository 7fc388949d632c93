"""Ids that sort by the time of their making, and secrets."""

import hashlib
import uuid

from hub.base.ids import new_id, new_secret

NOON = 1_795_242_600_000


def test_an_id_is_a_version_7_uuid_of_the_moment() -> None:
    made = uuid.UUID(new_id(NOON))

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == NOON


def test_ids_of_one_moment_differ_and_later_ones_sort_behind() -> None:
    first, second, later = new_id(NOON), new_id(NOON), new_id(NOON + 1)

    assert first != second
    assert max(first, second) < later


def test_of_a_secret_only_its_hash_is_kept() -> None:
    secret, kept = new_secret()

    assert hashlib.sha256(secret.encode()).hexdigest() == kept
    assert new_secret()[0] != secret
