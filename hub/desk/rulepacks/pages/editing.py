"""The page on which rules are changed: numbers in forms, files as text, checked as one writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.base.words import PageWords
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.acts.check_files import CASE, FilesError
from hub.desk.rulepacks.model.differences import FileChange, changed_files
from hub.desk.rulepacks.model.offers import (
    Figure,
    Offer,
    find_odd,
    find_offers,
    put_figures,
    with_version,
)
from hub.desk.rulepacks.model.packed import Doubt, PackedPack
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.pages.packs import Number
from hub.desk.rulepacks.reads import list_packs, read_files, read_pack_version
from hub.desk.rulepacks.words import why_refused
from hub.web.formats import readable
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Writer = Annotated[Session, Depends(signed_in_for("packs.add"))]
Acts = Annotated[PackActs, Depends(acts_of(PackActs))]
_FILE: Final = "file."
_FIGURE: Final = "figure."
_MOST_BYTES: Final = 512 * 1024
_MOST_FIELDS: Final = 4_000


async def read_sent(request: Request) -> FormData:
    """Read all fields of the form, whatever schemes and files it has."""
    return await request.form(max_fields=_MOST_FIELDS, max_part_size=_MOST_BYTES)


Sent = Annotated[FormData, Depends(read_sent)]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the checks say of files: faults, or the pack with its doubts; and what differs."""

    faults: tuple[str, ...]
    pack: PackedPack | None
    changes: tuple[FileChange, ...]

    @property
    def fails_cases(self) -> bool:
        """Say whether the rules can be read, and come to other figures than the pack's cases."""
        return bool(self.faults) and all(one.startswith(CASE) for one in self.faults)

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Give what the linter doubts."""
        return tuple(self.pack.doubts) if self.pack else ()


@router.get("/packs/{number}/edit")
def edit_pack(
    request: Request, site: SiteOf, session: Writer, *, acts: Acts, number: Number
) -> Response:
    """Show the rules of a version, to be changed into a draft."""
    files, following = _files_of(site, number)
    texts = with_version(_texts(files), following)
    looked = _look(acts, files, texts)
    return _page(request, session, version=number, texts=texts, looked=looked)


@router.post("/packs/{number}/edit")
def take_edits(
    request: Request, site: SiteOf, session: Writer, *, acts: Acts, number: Number, form: Sent
) -> Response:
    """Put the numbers of the forms into the files and check them; `keep` makes them a draft."""
    files, _ = _files_of(site, number)
    sent, figures = _read_texts(form, _texts(files)), _figures(form)
    texts = put_figures(sent, figures)
    why = _field(form, "why")[:LONGEST_REASON]
    looked = _look(acts, files, texts)
    if odd := _odd_figures(sent, figures, words_of(request)):
        looked = Looked((*odd, *looked.faults), None, looked.changes)
    if _field(form, "do") != "keep" or looked.pack is None:
        return _page(request, session, version=number, texts=texts, looked=looked, why=why)
    try:
        added = acts.add(looked.pack, by=session.user, why=why)
    except PackStepError as error:
        told = why_refused(error, language=words_of(request).language)
        refused = Looked((told,), None, looked.changes)
        return _page(request, session, version=number, texts=texts, looked=refused, why=why)
    return RedirectResponse(f"/packs/{added.version}", 303)


def _files_of(site: Site, version: int) -> tuple[Mapping[str, bytes], int]:
    """Read a version's files, and the number that the next version has."""
    with site.ground.database.read() as connection:
        found = read_pack_version(connection, version, site.now_ms())
        if found is None:
            raise HTTPException(404)
        files = read_files(connection, found.row.version)
        rows = list_packs(connection, site.now_ms())
    if not files:
        raise HTTPException(404)
    return files, max(row.version.version for row in rows) + 1


def _texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Give the files that are shown as text: rules; price lists beside them stay as they are."""
    return {
        path: body.decode()
        for path, body in files.items()
        if path.endswith((".yaml", ".yml")) and len(body) <= _MOST_BYTES
    }


def _read_texts(form: FormData, known: Mapping[str, str]) -> dict[str, str]:
    """Read the files as they were sent; a browser ends lines with two signs."""
    return {
        path: (_field(form, f"{_FILE}{path}") or text).replace("\r\n", "\n").rstrip("\n") + "\n"
        for path, text in known.items()
    }


def _figures(form: FormData) -> dict[str, str]:
    """Read the numbers that were changed in the forms; the others stay as the text has them."""
    names = [name.removeprefix(_FIGURE) for name in form if name.startswith(_FIGURE)]
    return {
        name: value
        for name in names
        if (value := _field(form, f"{_FIGURE}{name}").strip()) != _field(form, f"was.{name}")
    }


def _odd_figures(
    texts: Mapping[str, str], figures: Mapping[str, str], words: PageWords
) -> tuple[str, ...]:
    """Tell of each field what was typed there and is no number; the file keeps its number."""
    return tuple(
        words.text(
            "pack.odd_figure",
            scheme=offer.id,
            field=_called(offer, figure, words),
            typed=typed,
            kept=figure.value,
        )
        for offer, figure, typed in find_odd(texts, figures)
    )


def _called(offer: Offer, figure: Figure, words: PageWords) -> str:
    """Give what a number is called: a price by its SKU, all others in the reader's language."""
    if offer.kind == "rates":
        return readable(figure.key)
    return words.named("pack_figure", f"{offer.kind}_{figure.key}")


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _look(acts: PackActs, files: Mapping[str, bytes], texts: Mapping[str, str]) -> Looked:
    """Check files as they are written now; what the linter is sure of is a fault too."""
    written = {**files, **{path: text.encode() for path, text in texts.items()}}
    changes = changed_files(files, written)
    try:
        pack = acts.check(written)
    except FilesError as error:
        return Looked(error.faults, None, changes)
    errors = tuple(map(str, pack.errors))
    return Looked(errors, None if errors else pack, changes)


def _page(
    request: Request,
    session: Session,
    *,
    version: int,
    texts: Mapping[str, str],
    looked: Looked,
    why: str = "",
) -> Response:
    words = words_of(request)
    return draw(
        request,
        "pack_edit.html",
        session=session,
        status=422 if looked.faults else 200,
        version=version,
        offers=find_offers(texts, language=words.language),
        called=partial(_called, words=words),
        texts=texts,
        looked=looked,
        why=why,
    )
