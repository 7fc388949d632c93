"""The wire as bytes: kept messages decode and encode to themselves, kept faults are refused."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from broker.contract import Refusal, decode_down, decode_up, encode, parse_up, up
from broker.contract.asyncapi import CHANNELS, MESSAGES, document, files, schemas, tag_of

HERE = Path(__file__).parent
REFUSED: dict[str, dict[str, str]] = json.loads((HERE / "refused/index.json").read_text("utf-8"))
TOPICS = {
    tag_of(message): channel.name
    for channel in CHANNELS
    if not channel.from_hub
    for message in channel.messages
}
TYPES = sorted(tag_of(message) for message in MESSAGES)
KEPT = sorted(path.stem for path in HERE.glob("*.json"))
"""By message type; where a type has several, the others say after a `-` what they are for."""


def decode(tag: str, payload: bytes) -> msgspec.Struct:
    if tag not in TOPICS:
        return decode_down(payload)
    address = parse_up(f"ow/v1/12/t/anand-stores/up/{TOPICS[tag]}")
    assert address is not None
    return decode_up(payload, address)


def test_every_type_of_message_is_kept() -> None:
    assert {name.partition("-")[0] for name in KEPT} == set(TYPES)


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_message_decodes_and_encodes_to_the_same_bytes(name: str) -> None:
    kept = (HERE / f"{name}.json").read_bytes()

    assert encode(decode(name.partition("-")[0], kept)) == kept


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_message_is_valid_by_its_schema(name: str) -> None:
    kept = json.loads((HERE / f"{name}.json").read_bytes())
    schema = schemas()[name.partition("-")[0]]

    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(kept)

    assert [error.message for error in found] == []


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_kept_fault_is_refused_for_its_reason(name: str) -> None:
    payload = (HERE / "refused" / f"{name}.bin").read_bytes()
    address = parse_up(REFUSED[name]["topic"])
    assert address is not None

    with pytest.raises(Refusal) as caught:
        decode_up(payload, address)

    assert caught.value.code == REFUSED[name]["code"]


@pytest.mark.parametrize(
    "name", sorted(name for name, kept in REFUSED.items() if kept["code"] == "invalid")
)
def test_a_kept_fault_of_contents_is_invalid_by_the_schema_too(name: str) -> None:
    content = json.loads((HERE / "refused" / f"{name}.bin").read_bytes())

    errors = list(jsonschema.Draft202012Validator(schemas()["order"]).iter_errors(content))

    assert errors


def test_every_kept_fault_has_its_file_and_every_file_its_reason() -> None:
    assert {path.stem for path in HERE.glob("refused/*.bin")} == set(REFUSED)


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.name)
def test_a_committed_description_is_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == files()[path], (
        "run `python -m broker asyncapi --write`"
    )


def test_every_schema_file_belongs_to_a_message() -> None:
    kept = {path for path in files() if path.parent.name == "schemas"}

    assert set(next(iter(kept)).parent.glob("*.json")) == kept


def test_every_reference_in_the_document_leads_somewhere() -> None:
    whole = document()

    for reference in references(whole):
        place: Any = whole
        for step in reference.removeprefix("#/").split("/"):
            assert step in place, reference
            place = place[step]


def test_the_document_names_the_topics_the_code_makes() -> None:
    addresses = {channel["address"] for channel in document()["channels"].values()}

    for kind in ("order", "ack", "status", "log", "kept", "ask"):
        made = up("anand-stores", kind)
        shaped = made.replace("/12/", "/{shard}/").replace("anand-stores", "{terminal}")
        assert shaped in addresses


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for inner in node.values() for found in references(inner)]
    if isinstance(node, list):
        return [found for inner in node for found in references(inner)]
    return []
