"""`products`, `product show`, `add` and `change`."""

import argparse
import json
from collections.abc import Sequence
from typing import Final

from hub.base.access import EVERYTHING, Scope
from hub.base.commands import CommandError, NotDoneError, add_folder, example, group, opened
from hub.base.engine import Connection
from hub.base.fields import Change, Kept, Refused
from hub.base.ground import Ground
from hub.desk.people.commands.filing import FilesOf, add_file_commands
from hub.desk.people.commands.proving import add_by, prove_user
from hub.desk.products.acts import ProductActs
from hub.desk.products.reads.products import ProductDetail, find_products, read_product

_ALL: Final = 10_000_000
_FIELD: Final = "FIELD=TEXT: active=no stops selling, gtins='8901234567890;8901234567906'"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    listing = commands.add_parser(
        "products",
        help="list products, or those that a text finds",
        epilog=example("products tea --json"),
    )
    listing.add_argument("text", nargs="?", default="", help="of a SKU, name, brand or bar code")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    add_folder(listing)
    listing.set_defaults(run=run_list)
    inner = group(commands, "product", "show one product, add or change it")
    show = inner.add_parser(
        "show", help="tell all that is known of one", epilog=example("product show TEA-250")
    )
    show.add_argument("sku", metavar="SKU")
    add_folder(show)
    show.set_defaults(run=run_show)
    for name, text, said in (
        ("add", "add a product; the terminals hear of it", "name='Tea 250 g' tax_class=gst5"),
        ("change", "change a product, or stop selling it", "active=no replaced_by=TEA-500"),
    ):
        parser = inner.add_parser(
            name, help=text, epilog=example(f"product {name} TEA-250 {said} --by asha")
        )
        parser.add_argument("sku", metavar="SKU")
        parser.add_argument("fields", nargs="+", metavar="FIELD=TEXT", help=_FIELD)
        parser.add_argument("--reason", default="", help="why; it stands in the history")
        add_by(parser)
        add_folder(parser)
        parser.set_defaults(run=run_keep, is_new=name == "add")
    add_file_commands(inner, _FILES)


def is_there(connection: Connection, ground: Ground, sku: str, *, scope: Scope) -> bool:
    """Say whether there is a product of this SKU that somebody sees."""
    del ground
    return read_product(connection, sku, scope=scope) is not None


_FILES: Final = FilesOf("product", "products", "products.change", "TEA-250", see=is_there)


def run_list(arguments: argparse.Namespace) -> int:
    """List products."""
    with opened(arguments) as ground, ground.database.read() as connection:
        for row in find_products(connection, arguments.text, most=_ALL, scope=EVERYTHING):
            if arguments.json:
                print(json.dumps({"sku": row.sku, "name": row.name, "active": row.active}))
            else:
                print(f"{row.sku:<20} {'sold' if row.active else 'stopped':<8} {row.name}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Tell all that is known of one product."""
    with opened(arguments) as ground:
        found = _found(ground, arguments.sku)
    print(f"{found.row.sku}  {found.row.name}")
    for name, text in found.fields.items():
        if text and name != "name":
            print(f"  {name:<12} {text}")
    return 0


def run_keep(arguments: argparse.Namespace) -> int:
    """Add a product, or change one from what it is at this moment."""
    texts = _texts(arguments.fields)
    with opened(arguments) as ground:
        account, _ = prove_user(ground, arguments, "products.change")
        keep = ground.part(ProductActs).keep
        if arguments.is_new:
            done = keep.add(arguments.sku, texts, by=account.name, why=arguments.reason)
        else:
            now = _found(ground, arguments.sku).fields
            changes = {name: Change(now.get(name, ""), text) for name, text in texts.items()}
            done = keep.change(arguments.sku, changes, by=account.name, why=arguments.reason)
    _tell(done)
    return 0


def _tell(done: Kept | Refused) -> None:
    """Say what was changed; raises CommandError with every reason why nothing was."""
    if isinstance(done, Refused):
        raise NotDoneError(done)
    print(f"{done.code}: {', '.join(done.changed)}" if done.changed else "nothing changed")


def _found(ground: Ground, sku: str) -> ProductDetail:
    with ground.database.read() as connection:
        found = read_product(connection, sku, scope=EVERYTHING)
    if found is None:
        raise CommandError(f"there is no product {sku}")
    return found


def _texts(fields: Sequence[str]) -> dict[str, str]:
    """Read FIELD=TEXT; raises CommandError."""
    texts = {}
    for one in fields:
        name, equals, text = one.partition("=")
        if not equals:
            raise CommandError(f"{one!r} is no FIELD=TEXT, such as active=no")
        texts[name] = text
    return texts
