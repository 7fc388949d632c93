"""The commands that take a version a step on; each asks who does it."""

import argparse
from collections.abc import Callable
from pathlib import Path

from hub.base.access import Permission
from hub.base.commands import CommandError, opened
from hub.base.words import PageWords
from hub.desk.parties.reads import read_distributor
from hub.desk.people.commands.proving import prove_user
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.acts.check_files import FilesError
from hub.desk.rulepacks.acts.foresee_pack import tell_effect
from hub.desk.rulepacks.commands.reports import effect_in_full, foreseen, tell_shadow
from hub.desk.rulepacks.commands.words import doubts_in_words
from hub.desk.rulepacks.model.first_pack import FirstPackError, read_first_pack
from hub.desk.rulepacks.model.starts import StartError, read_start
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.words import why_refused
from rules import PackLoadError


def run_begin(arguments: argparse.Namespace) -> int:
    """Make the first rules."""
    with opened(arguments) as ground:
        with ground.database.read() as connection:
            zone = str(read_distributor(connection).zone)
        try:
            asked = read_first_pack(
                currency=arguments.currency,
                zone=zone,
                taxes=arguments.taxes,
                home=arguments.home,
                with_tax=not arguments.without_tax,
                below=arguments.below,
            )
        except FirstPackError as error:
            raise CommandError(PageWords().named("setup_fault", error.field)) from error
        by = prove_user(ground, arguments, "packs.publish")[0].name
        if not ground.part(PackActs).begin(asked, by=by):
            raise CommandError("rules serve already: see `pack list`, and add others by `pack add`")
    print("version 1: published, the first rules of this hub")
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Add a draft, and tell what the linter doubts."""
    source: Path = arguments.source
    if not source.is_dir():
        raise CommandError(f"{source} is no folder")
    with opened(arguments) as ground:
        packs = ground.part(PackActs)
        try:
            pack = packs.check.folder(source, not_before=arguments.not_before)
        except FilesError as error:
            raise CommandError("\n".join(error.faults)) from error
        if errors := pack.errors:
            told = "\n".join(doubts_in_words(errors))
            raise CommandError(f"{told}\nerrors: {len(errors)}, nothing was added")
        by = prove_user(ground, arguments, "packs.add")[0].name
        added = _step(lambda: packs.add(pack, by=by, why=arguments.why))
        is_new = added.added_by == by and added.is_draft
    print(f"version {added.version}: {'a draft' if is_new else 'is there already'}, {added.hash}")
    print(f"{len(pack.compiled.cases)} cases passed, the linter has {len(pack.doubts)} doubts")
    print("".join(f"  {line}\n" for line in doubts_in_words(pack.doubts)), end="")
    return 0


def run_shadow(arguments: argparse.Namespace) -> int:
    """Begin or end a shadow, or tell what came of it."""
    if not arguments.begin and not arguments.end:
        return tell_shadow(arguments)
    number: int = arguments.version
    with opened(arguments) as ground:
        by = prove_user(ground, arguments, "packs.add")[0].name
        shadow = ground.part(PackActs).shadow
        turn = shadow.begin if arguments.begin else shadow.end
        _step(lambda: turn(number, by=by))
    print(f"version {number}: shadow {'began' if arguments.begin else 'ended'}")
    return 0


def run_publish(arguments: argparse.Namespace) -> int:
    """Tell the effect, ask, and publish."""
    number: int = arguments.version
    with opened(arguments) as ground:
        with ground.database.read() as connection:
            zone = read_distributor(connection).zone
        try:
            starts_at = read_start(arguments.at, zone) if arguments.at else None
        except StartError as error:
            raise CommandError(why_refused(error)) from error
        comparison = foreseen(ground, arguments)
        print(effect_in_full(comparison))
        by = prove_user(ground, arguments, "packs.publish")[0].name
        if not arguments.yes and not _agree_to_publish():
            raise CommandError("nothing was published")
        effect = tell_effect(comparison)
        publish = ground.part(PackActs).publish
        _step(lambda: publish(number, by=by, why=arguments.why, effect=effect, starts_at=starts_at))
    print(f"version {number}: {f'scheduled for {arguments.at}' if starts_at else 'published'}")
    return 0


def _agree_to_publish() -> bool:
    """Ask whether to publish; nobody there to answer is no."""
    try:
        return input("publish? [y/N] ").strip().lower() == "y"
    except EOFError:
        raise CommandError("nobody answered, so nothing was published: say --yes") from None


def run_call_off(arguments: argparse.Namespace) -> int:
    """Take a schedule back."""
    _taken(arguments, "packs.publish", lambda packs: packs.call_off)
    print(f"version {arguments.version}: a draft again")
    return 0


def run_roll_back(arguments: argparse.Namespace) -> int:
    """Go back to an earlier version."""
    again = _taken(arguments, "packs.publish", lambda packs: packs.roll_back)
    print(f"version {again.version}: published, with the content of version {arguments.version}")
    return 0


def run_drop(arguments: argparse.Namespace) -> int:
    """Give a draft up."""
    _taken(arguments, "packs.add", lambda packs: packs.drop)
    print(f"version {arguments.version}: given up")
    return 0


def _taken(
    arguments: argparse.Namespace,
    needed: Permission,
    use: Callable[[PackActs], Callable[..., Version]],
) -> Version:
    """Have somebody prove who they are, and take a step that asks no more than a reason."""
    with opened(arguments) as ground:
        by = prove_user(ground, arguments, needed)[0].name
        return _step(
            lambda: use(ground.part(PackActs))(arguments.version, by=by, why=arguments.why)
        )


def _step(take: Callable[[], Version]) -> Version:
    """Take a step; raises CommandError where it is refused."""
    try:
        return take()
    except (PackStepError, PackLoadError) as error:
        raise CommandError(why_refused(error)) from error
