"""Versions and shadows in words, for people at a command line."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from hub.desk.rulepacks.model.packed import Doubt
from hub.desk.rulepacks.reads import PackDetail, PackRow, ShadowReport
from hub.desk.rulepacks.words import tell_why
from rules import shown


def list_in_words(rows: Sequence[PackRow], zone: tzinfo) -> Iterator[str]:
    """Write one line for each version."""
    for row in rows:
        one = row.version
        parts = [f"{one.version:>5} {row.state:<10} {one.name}, added by {one.added_by}"]
        if one.published_by:
            parts.append(f"published by {one.published_by}")
        if one.starts_at is not None:
            parts.append(f"from {_moment(one.starts_at, zone)} on")
        if one.fault:
            parts.append(f"NOT LOADED: {one.fault}")
        yield ", ".join(parts)


def version_in_words(found: PackDetail, zone: tzinfo) -> Iterator[str]:
    """Write what is known of one version: its line, what was told of it, its history."""
    yield from list_in_words([found.row], zone)
    yield f"hash {found.row.version.hash}, {found.cases} cases, files: {', '.join(found.files)}"
    yield from doubts_in_words(found.doubts)
    for event in reversed(found.events):
        why = tell_why(event.text, event.told)
        text = f": {why}" if why else ""
        yield f"{_moment(event.at, zone)} {event.kind.replace('_', ' ')}, {event.actor}{text}"


def doubts_in_words(doubts: Sequence[Doubt]) -> Iterator[str]:
    """Write one line for each doubt of the linter."""
    yield from map(str, doubts)


def shadow_in_words(number: int, report: ShadowReport | None) -> Iterator[str]:
    """Write what a draft in shadow would have done."""
    if report is None:
        yield f"version {number} has decided no order in shadow"
        return
    scale, currency = report.scale, report.currency
    before, after = shown(report.payable_before, scale), shown(report.payable_after, scale)
    yield f"version {number} would have changed {report.changed} of {report.orders} orders"
    yield f"to pay {before} -> {after} {currency}"
    if report.held:
        worth = shown(report.held_payable, scale)
        yield f"{report.held} accepted orders of {worth} {currency} would be held or rejected"
    if report.released:
        worth = shown(report.released_payable, scale)
        yield f"{report.released} held or rejected orders of {worth} {currency} would be accepted"
    if report.failed:
        yield f"it could not decide {report.failed} orders"
    for rule in report.rules:
        yield (
            f"  {rule.text or rule.rule}: {shown(rule.before, scale)} -> {shown(rule.after, scale)}"
            + (
                f", free {rule.free_before} -> {rule.free_after}, worth "
                f"{shown(rule.worth_before, scale)} -> {shown(rule.worth_after, scale)}"
                if rule.free_before != rule.free_after
                else ""
            )
        )
    for one in report.biggest:
        paid = f"{shown(one.payable_before, scale)} -> {shown(one.payable_after, scale)}"
        yield f"order {one.called or one.order}: {one.outcome_before} {paid} {one.outcome_after}"


def _moment(at_ms: int, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(zone):%Y-%m-%d %H:%M}"
