"""Documents as files over HTTP: of which size, in which language, under which name."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Annotated, Final, Protocol, TypedDict, TypeVar, Unpack

from fastapi import Depends, HTTPException, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from hub.base.access import Scope, Session
from hub.base.papers import SIZES, PaperFile, Size, pack_papers
from hub.base.words import PageWords
from hub.web.noun import Action, Router
from hub.web.pages import words_of
from hub.web.programs import token_for
from hub.web.site import acts_of
from rules import LANGUAGES

Acts = TypeVar("Acts")
PaperSize = Annotated[Size, Query()]


class Spoken(TypedDict):
    """The language that a document is asked for in, empty for its customer's own.

    `otherwise` is that of customers of whom nobody has said one.
    """

    language: str
    otherwise: str


async def page_language(
    request: Request, *, language: Annotated[str, Query(max_length=8)] = ""
) -> str:
    """Give the language of what is for the reader alone: the page's, where nobody says."""
    return language if language in LANGUAGES else words_of(request).language


async def paper_language(
    request: Request, *, language: Annotated[str, Query(max_length=8)] = ""
) -> Spoken:
    """Give the language that a document is asked for in on a page."""
    asked = language if language in LANGUAGES else ""
    return Spoken(language=asked, otherwise=words_of(request).language)


async def program_language(*, language: Annotated[str, Query(max_length=8)] = "") -> Spoken:
    """Give the language that a program asks for a document in."""
    asked = language if language in LANGUAGES else ""
    return Spoken(language=asked, otherwise=PageWords().language)


PageLanguage = Annotated[str, Depends(page_language)]
PaperLanguage = Annotated[Spoken, Depends(paper_language)]
ProgramLanguage = Annotated[Spoken, Depends(program_language)]


def paper_actions(address: str, words: PageWords) -> list[Action]:
    """Offer the file of a record's document, for each size of paper and in each language.

    Where no language is chosen, it is the customer's.
    """
    sizes = [
        Action(
            words.named("paper_size", size),
            "download",
            address=f"{address}/paper.pdf?size={size}",
        )
        for size in SIZES
    ]
    return sizes + [
        Action(
            words.named("paper_language", one),
            "download",
            address=f"{address}/paper.pdf?language={one}",
        )
        for one in LANGUAGES
    ]


def send_paper(paper: PaperFile | None) -> Response:
    """Send a document to be looked at, with the name that it is saved under; 404 where none is."""
    if paper is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'inline; filename="{paper.name}"'}
    return Response(paper.content, media_type="application/pdf", headers=headers)


def send_packed(papers: Iterator[PaperFile] | None, name: str) -> Response:
    """Send documents in one ZIP of a name, read while it is sent; 404 where there are none."""
    if papers is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pack_papers(papers), media_type="application/zip", headers=headers)


_KEPT_HEADERS: Final = {
    # What somebody sent is only ever drawn or kept, whatever a browser makes of it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # A browser asks each time whether it may show what it has: somebody else may sit at it by now.
    "Cache-Control": "private, no-cache",
}


def send_kept(
    request: Request, content: bytes, *, kind: str, disposition: str = "inline"
) -> Response:
    """Send what somebody kept, of a media type; a browser that has just these bytes is told so."""
    mark = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {**_KEPT_HEADERS, "Content-Disposition": disposition, "ETag": mark}
    if mark in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


def send_photo(request: Request, content: bytes | None) -> Response:
    """Send a photo as it is kept; 404 where it is none, or its file is gone."""
    if content is None:
        raise HTTPException(404)
    return send_kept(request, content, kind="image/jpeg")


class GivesPaper(Protocol):
    """Gives the file of a document by its id; None where nobody sees one of this id."""

    def __call__(
        self, key: int, /, *, size: Size, scope: Scope, **language: Unpack[Spoken]
    ) -> PaperFile | None:
        """Give the file."""


def offer_paper(
    router: Router,
    path: str,
    *,
    may: str,
    acts: type[Acts],
    give: Callable[[Acts], GivesPaper],
    usual: Size = "a4",
) -> None:
    """Have programs read a document as its file: below `/{invoice}` it is `/12/paper.pdf`."""
    named = Path(alias=path.rpartition("{")[2].removesuffix("}"))
    reader, acts_there = Depends(token_for(may)), Depends(acts_of(acts))

    def paper(
        session: Annotated[Session, reader],
        acts: Annotated[Acts, acts_there],
        *,
        language: ProgramLanguage,
        key: Annotated[int, named],
        size: PaperSize = usual,
    ) -> Response:
        """Give a document as the file that is sent."""
        return send_paper(give(acts)(key, size=size, **language, scope=session.scope))

    router.get(f"{path}/paper.pdf")(paper)
