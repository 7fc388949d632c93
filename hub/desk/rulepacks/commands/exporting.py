"""`pack export`: the versions that have served, as files whose chain anybody can check."""

import argparse
from pathlib import Path

from hub.base.commands import CommandError, opened
from hub.desk.products.reads import read_body
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.model.lineage import in_turn, previous_in
from hub.desk.rulepacks.tables import read_versions


def run_export(arguments: argparse.Namespace) -> int:
    """Write each version with its signature beside it, and the key that they are signed with."""
    target: Path = arguments.source
    with opened(arguments) as ground, ground.database.read() as connection:
        signer = ground.part(PackActs).signer
        now_ms = ground.clock.now_ms()
        served = [
            one for one in in_turn(read_versions(connection)) if (one.starts_at or 0) <= now_ms
        ]
        names = {one.hash: f"version-{one.version}.json" for one in served}
        lines = []
        try:
            target.mkdir(parents=True, exist_ok=True)
            for digest, name in names.items():
                body = read_body(connection, digest) or b""
                (target / name).write_bytes(body)
                signature = f"{signer.sign(digest)}\n"
                (target / f"{name}.sig").write_text(signature, encoding="ascii")
                before = names.get(previous_in(body) or "")
                lines.append(f"{name}, follows {before}" if before else name)
            (target / "public.txt").write_text(f"{signer.public}\n", encoding="ascii")
        except OSError as error:
            raise CommandError(f"{target}: {error}") from error
    print("\n".join(lines))
    return 0
