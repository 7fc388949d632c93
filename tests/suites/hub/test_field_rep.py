"""What a rep sees: interactions and their tasks, photos, new outlets, facts of outlets, rows."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hub.base.access import EVERYTHING, Session
from hub.base.fields import Refused
from hub.base.listing import Wanted
from hub.desk.field.acts.settle_task import TaskFields
from hub.desk.field.model.entries import Kept, code_of_new
from hub.desk.field.model.surveys import read_survey_fields
from hub.desk.field.reads.interactions import (
    SOONEST,
    InteractionRow,
    list_interactions,
    read_interaction,
    read_own_tasks,
    read_photo_digest,
)
from hub.desk.field.reads.snapshot import read_outlets, read_owners
from hub.desk.field.reads.surveys import export_answers, read_open_surveys, read_survey
from hub.desk.field.reads.visits import read_visit
from hub.desk.parties.acts import CustomerActs
from tests.builders.field_team import (
    AT_C2,
    REP,
    TODAY,
    entry,
    field_of,
    keep,
    send_rep,
    session_of,
)
from tests.builders.hub_records import Shelves
from tests.builders.market import Market, new_uuid
from tests.builders.photos import jpeg

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DUE = date(2026, 11, 23)


@pytest.fixture
def rep(market: Market) -> Session:
    """Give the session of a rep on a beat with two shops."""
    return send_rep(market)


def seen_by(market: Market, session: Session, **chosen: str) -> list[InteractionRow]:
    """List the interactions that somebody sees, the soonest task first."""
    wanted = Wanted(SOONEST, "", {name: (value,) for name, value in chosen.items()})
    with market.database.read() as connection:
        page = list_interactions(connection, wanted, day=TODAY, scope=session.scope)
    return list(page.rows)


def code_of(done: object) -> str:
    """Give the code of why nothing was done."""
    return done.reasons[0].code if isinstance(done, Refused) else "done"


def complain(market: Market, session: Session, **said: Any) -> str:
    """Have a rep keep a complaint of C2; gives its id."""
    written = entry("complained", outlet="C2", text="broken seal", due=DUE.isoformat(), **said)
    assert code_of(keep(market, session, written)) == "done"
    return str(written["id"])


def test_each_kind_of_interaction_is_kept_once_with_what_it_is_about(
    market: Market, rep: Session
) -> None:
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    lines = [{"sku": "TEA", "pieces": 4}, {"sku": "SOAP", "pieces": 0}]
    work = [
        begun,
        entry("noted", outlet="C2", about="call", text="asks for rice", visit=begun["id"]),
        entry("stock_seen", outlet="C2", lines=lines, visit=begun["id"]),
        entry("price_seen", outlet="C2", text="Leaf 250 g", price=12_345),
        entry("complained", outlet="C2", text="broken seal", due=DUE.isoformat()),
        entry("noted", outlet="C2", about="complaint", text="of an older phone"),
    ]

    for one in (*work, *work):
        assert code_of(keep(market, rep, one)) == "done"

    found = {one.text or one.about: one for one in seen_by(market, rep)}
    assert found["stock_seen"].shelf == (("SOAP", 0), ("TEA", 4))
    assert found["Leaf 250 g"].price == 12_345
    assert (found["broken seal"].owner, found["broken seal"].due_day) == (REP, DUE)
    assert (found["of an older phone"].owner, found["of an older phone"].due_day) == (REP, TODAY)
    assert len(found) == 5
    with market.database.read() as connection:
        visit = read_visit(connection, begun["id"], scope=rep.scope)
    assert visit is not None
    assert {one.kind for one in visit.entries} == {"visit_begun", "noted", "stock_seen"}
    assert market.broken() == set()


@SQLITE
@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        ("complained", {"text": "x", "due": "2028-11-21"}, "task_day"),
        ("complained", {"text": "x", "due": "2026-11-21", "owner": "nobody"}, "task_owner"),
        ("stock_seen", {"lines": [{"sku": "GONE", "pieces": 1}]}, "shelf_product"),
        ("task_done", {"task": new_uuid(), "why": "x"}, "task_unknown"),
    ],
)
def test_what_is_not_there_is_refused_alone(
    market: Market, rep: Session, kind: str, said: dict[str, Any], code: str
) -> None:
    outlet = {} if kind == "task_done" else {"outlet": "C2"}

    assert code_of(keep(market, rep, entry(kind, **outlet, **said))) == code
    assert market.rows("SELECT count(*) FROM field_entry") == [(0,)]


def test_a_task_goes_from_hand_to_hand_and_is_done_with_its_history(
    market: Market, rep: Session
) -> None:
    Shelves(market.database).user("meena", "manager")
    settle, uuid = field_of(market).settle, complain(market, rep)
    meena = session_of(market, "meena")

    handed = TaskFields(owner="meena", due=date(2026, 11, 22))
    settle(uuid, handed, why="needs a credit note", by="meena", scope=meena.scope)
    silent = settle(uuid, TaskFields(done=True), why=" ", by="meena", scope=meena.scope)
    nobody = settle(uuid, TaskFields(owner="nobody"), why="", by="meena", scope=meena.scope)
    settle(uuid, TaskFields(done=True), why="credited", by="meena", scope=meena.scope)
    settle(uuid, TaskFields(done=True), why="credited", by="meena", scope=meena.scope)
    settle(uuid, TaskFields(done=False), why="came again", by="meena", scope=meena.scope)

    assert (code_of(silent), code_of(nobody)) == ("task_why", "task_owner")
    with market.database.read() as connection:
        found = read_interaction(connection, uuid, scope=meena.scope)
        tasks = read_own_tasks(connection, user=meena.user_id, scope=meena.scope)
    assert found is not None
    assert [(one.field, one.new, one.why) for one in found.history[3:]] == [
        ("owner", "meena", "needs a credit note"),
        ("due", "2026-11-22", "needs a credit note"),
        ("done", True, "credited"),
        ("done", False, "came again"),
    ]
    assert [one.uuid for one in tasks] == [uuid]
    assert [one.state(date(2026, 11, 23)) for one in tasks] == ["late"]


def test_a_task_that_was_done_at_the_desk_meanwhile_stays_as_it_was(
    market: Market, rep: Session
) -> None:
    uuid = complain(market, rep)
    settle = field_of(market).settle
    settle(uuid, TaskFields(done=True), why="at the desk", by="asha", scope=EVERYTHING)

    done = keep(market, rep, entry("task_done", task=uuid, why="at the shop"))

    assert code_of(done) == "done"
    with market.database.read() as connection:
        found = read_interaction(connection, uuid, scope=rep.scope)
    assert found is not None
    assert found.history[-1].why == "at the desk"


@SQLITE
def test_others_rows_are_seen_by_whoever_has_the_task_or_the_outlet_alone(
    market: Market, rep: Session
) -> None:
    Shelves(market.database).user("sita", "field_rep")
    sita = session_of(market, "sita")
    uuid = complain(market, rep)
    act = field_of(market).photos
    photo = new_uuid()
    act(photo, jpeg(), entry=uuid, by=rep)

    stranger = field_of(market).settle(
        uuid, TaskFields(done=True), why="x", by="sita", scope=sita.scope
    )
    foreign = act(new_uuid(), jpeg(), entry=uuid, by=sita)

    assert (code_of(stranger), code_of(foreign)) == ("task_unknown", "photo_entry")
    assert seen_by(market, sita) == []
    with market.database.read() as connection:
        assert read_photo_digest(connection, photo, scope=sita.scope) is None
        assert read_photo_digest(connection, photo, scope=rep.scope) is not None


def test_a_photo_is_kept_once_as_a_file_by_its_hash(market: Market, rep: Session) -> None:
    uuid, act, photo = complain(market, rep), field_of(market).photos, new_uuid()

    answers = [act(photo, jpeg(), entry=uuid, by=rep) for _ in range(2)]
    twin = act(new_uuid(), jpeg(), entry=uuid, by=rep)
    other = act(photo, jpeg(width=100), entry=uuid, by=rep)

    assert [one.again for one in (*answers, twin) if isinstance(one, Kept)] == [False, True, False]
    assert code_of(other) == "entry_used"
    files = [*act.files.folder.rglob("*")]
    (path,) = [one for one in files if one.is_file()]
    assert path.read_bytes() == jpeg()
    for _ in range(20):
        last = act(new_uuid(), jpeg(), entry=uuid, by=rep)
    assert code_of(last) == "photo_many"
    assert market.broken() == set()


def test_a_new_outlet_is_served_by_its_finder_and_waits_for_a_second_person(
    market: Market, rep: Session
) -> None:
    fields = {"name": "Lotus Stores", "phone": "98450 12345", "place": "12.9800, 77.6000"}
    added = entry("outlet_added", fields=fields)
    code = code_of_new(added["id"])

    first, second = (keep(market, rep, added) for _ in range(2))
    visit = keep(market, rep, entry("visit_begun", outlet=code))

    assert isinstance(first, Kept)
    assert (first.document, first.waiting) == (code, ("new",))
    assert isinstance(second, Kept)
    assert (second.document, second.again) == (code, True)
    assert code_of(visit) == "done"
    later = session_of(market, REP)
    with market.database.read() as connection:
        found = {one.code: one for one in read_outlets(connection, scope=later.scope)}
    assert (found[code].pending, found[code].credit_state) == (True, "cash_only")
    customers = market.hub.ground.part(CustomerActs)
    ((request,),) = market.rows("SELECT id FROM party_request")
    own = customers.decide(request, grant=True, by=REP, scope=EVERYTHING)
    other = customers.decide(request, grant=True, by="asha", scope=EVERYTHING)
    assert (code_of(own), code_of(other)) == ("request_own", "done")
    assert market.broken() == set()


@SQLITE
@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"name": "Anything", "phone": "9845012345"}, "phone"),
        ({"name": "SECOND-SHOP!", "city": ""}, "name"),
        ({"name": "Second Shops", "city": "Elsewhere", "place": "12.9717, 77.5947"}, "near"),
    ],
)
def test_an_outlet_that_may_be_there_is_offered_and_taken_when_it_is_another(
    market: Market, rep: Session, fields: dict[str, str], by: str
) -> None:
    edit = {"phone": {"seen": "", "wanted": "98450 12345"}}
    assert code_of(keep(market, rep, entry("outlet_changed", outlet="C2", changes=edit))) == "done"
    added = entry("outlet_added", fields=fields)

    offered = keep(market, rep, added)
    kept = keep(market, rep, {**added, "anyway": True})

    assert isinstance(offered, Refused)
    assert [(one.code, one.by) for one in offered.duplicates] == [("C2", by)]
    assert code_of(kept) == "done"
    assert market.rows("SELECT why FROM party_request") == [(f"C2 Second Shop ({by})",)]


@SQLITE
def test_whoever_lets_an_outlet_pass_is_told_of_those_that_its_finder_does_not_see(
    market: Market, rep: Session
) -> None:
    act = market.hub.ground.part(CustomerActs).add
    act("C9", {"name": "Lotus Stores", "phone": "9845012345"}, by="asha", scope=EVERYTHING)

    kept = keep(market, rep, entry("outlet_added", fields={"name": "Lotus", "phone": "9845012345"}))

    assert code_of(kept) == "done"
    assert ("C9 Lotus Stores (phone)",) in market.rows("SELECT why FROM party_request")


@SQLITE
def test_a_rep_without_an_outlet_adds_the_first_one(market: Market) -> None:
    Shelves(market.database).user("sita", "field_rep")
    sita = session_of(market, "sita")

    kept = keep(market, sita, entry("outlet_added", fields={"name": "First of mine"}))

    assert code_of(kept) == "done"
    assert len(session_of(market, "sita").scope.parties) == 1


@SQLITE
def test_facts_of_an_outlet_cross_nobody_s_and_far_moves_wait(market: Market, rep: Session) -> None:
    place = {"seen": "12.971600, 77.594600", "wanted": "12.990000, 77.600000"}
    changes = {"contact": {"seen": "", "wanted": "Mr Rao"}, "place": place}

    kept = keep(market, rep, entry("outlet_changed", outlet="C2", changes=changes))
    crossed = keep(
        market,
        rep,
        entry(
            "outlet_changed", outlet="C2", changes={"contact": {"seen": "", "wanted": "Mrs Rao"}}
        ),
    )

    assert isinstance(kept, Kept)
    assert kept.waiting == ("place",)
    assert code_of(crossed) == "field_crossed"
    assert market.rows("SELECT contact, latitude FROM customer_profile WHERE contact > ''") == [
        ("Mr Rao", 12_971_600)
    ]


@SQLITE
def test_a_missed_visit_says_why_and_the_last_word_counts(market: Market, rep: Session) -> None:
    for reason in ("no_time", "weather"):
        keep(market, rep, entry("visit_missed", outlet="C1", reason=reason, text="rain"))

    assert market.rows("SELECT reason, text FROM visit_missed") == [("weather", "rain")]


@SQLITE
def test_a_rep_may_give_a_complaint_to_the_rep_s_manager(market: Market, rep: Session) -> None:
    Shelves(market.database).user("meena", "manager")
    meena = session_of(market, "meena")
    market.change(
        "INSERT INTO reporting_line (user_id, manager_id, since) VALUES (:u, :m, '2026-01-01')",
        u=rep.user_id,
        m=meena.user_id,
    )

    with market.database.read() as connection:
        owners = read_owners(connection, TODAY, user=rep.user_id, scope=rep.scope)

    assert list(owners) == [REP, "meena"]


@SQLITE
def test_the_audit_names_what_a_rep_saw_without_the_entry_that_told_of_it(
    market: Market, rep: Session
) -> None:
    uuid = complain(market, rep)
    field_of(market).photos(new_uuid(), jpeg(), entry=uuid, by=rep)
    Shelves(market.database).user("sita", "field_rep")
    sita = session_of(market, "sita").user_id
    market.change("UPDATE field_entry SET user_id = :u", u=sita)

    assert market.broken() >= {"interaction_told", "photo_told"}


@SQLITE
def test_a_photo_whose_file_cannot_be_written_leaves_no_row(
    market: Market, rep: Session, tmp_path: Path
) -> None:
    uuid, act = complain(market, rep), field_of(market).photos
    act.files.folder.parent.mkdir(parents=True, exist_ok=True)
    act.files.folder.write_text("a file stands where the folder should be")

    with pytest.raises(OSError, match="photos"):
        act(new_uuid(), jpeg(), entry=uuid, by=rep)

    assert tmp_path.exists()
    assert market.rows("SELECT count(*) FROM field_photo") == [(0,)]


QUESTIONS = """choice | Is the shelf full? | क्या शेल्फ़ भरी है? | Yes=हाँ; No=नहीं
number | How many fridges? | कितने फ़्रिज?
text | What is missing?"""


def ask(market: Market, code: str = "SHELF", **said: str) -> object:
    """Make a survey of three questions."""
    texts = {"title": "Shelf", "title_hi": "शेल्फ़", "from_day": "2026-11-01"}
    fields = read_survey_fields({"code": code, **texts, "questions": QUESTIONS, **said})
    if isinstance(fields, Refused):
        return fields
    return field_of(market).surveys.add(fields, by="asha", scope=EVERYTHING)


def answer(market: Market, session: Session, outlet: str, **answers: str) -> object:
    """Answer the survey at an outlet."""
    return keep(market, session, entry("surveyed", outlet=outlet, survey="SHELF", answers=answers))


def test_a_survey_is_asked_answered_counted_and_written_as_rows(
    market: Market, rep: Session
) -> None:
    assert code_of(ask(market)) == "done"
    done = [
        answer(market, rep, "C1", q1="a", q2="2", q3="Leaf tea"),
        answer(market, rep, "C2", q1="b", q2="-1", q3=" "),
        answer(market, rep, "C3", q1="a", q2="5"),
    ]

    assert [code_of(one) for one in done] == ["done"] * 3
    with market.database.read() as connection:
        found = read_survey(connection, "SHELF", scope=rep.scope)
        rows = [*export_answers(connection, "SHELF", scope=rep.scope, language="hi")]
    assert found is not None
    choice, number, text = found.results
    assert (found.row.outlets, dict(choice.counts)) == (3, {"a": 2, "b": 1})
    assert (number.least, number.most, number.total) == (-1, 5, 6)
    assert text.texts == (("Leaf tea", "First Shop"),)
    assert rows[0][4:] == ("क्या शेल्फ़ भरी है?", "कितने फ़्रिज?", "What is missing?")
    assert ("2026-11-21", REP, "C1", "First Shop", "हाँ", "2", "Leaf tea") in rows
    assert market.broken() == set()


@SQLITE
@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"q1": "a"}, "survey_answer"),
        ({"q1": "c", "q2": "1"}, "survey_answer"),
        ({"q1": "a", "q2": "1.5"}, "survey_answer"),
        ({"q1": "a", "q2": "1", "q9": "x"}, "survey_answer"),
        ({"q1": "a", "q2": "1"}, "done"),
    ],
)
def test_answers_fit_their_questions(
    market: Market, rep: Session, answers: dict[str, str], code: str
) -> None:
    ask(market)

    assert code_of(answer(market, rep, "C2", **answers)) == code


@SQLITE
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"code": "no code"}, "survey_code"),
        ({"title": ""}, "survey_title"),
        ({"until_day": "2026-10-01"}, "survey_days"),
        ({"from_day": "soon"}, "cell_not_day"),
        ({"beat": "B-9"}, "beat_unknown"),
        ({"questions": ""}, "survey_question"),
        ({"questions": "choice | Which? | | One"}, "survey_question"),
        ({"questions": "choice | Which? | | One; One"}, "survey_question"),
        ({"questions": "number | How many? | | One; Two"}, "survey_question"),
        ({"questions": "song | Which?"}, "survey_question"),
        ({"questions": "\n".join(["text | Why?"] * 13)}, "survey_question"),
    ],
)
def test_a_survey_that_cannot_be_asked_is_refused_at_its_field(
    market: Market, rep: Session, said: dict[str, str], code: str
) -> None:
    del rep

    assert code_of(ask(market, **{"code": "SHELF", **said})) == code


@SQLITE
def test_a_survey_is_asked_of_its_outlets_on_its_days_alone(market: Market, rep: Session) -> None:
    ask(market)
    ask(market, "OF-BEAT", beat="B-1")
    ask(market, "ELSEWHERE", geo="IN/MH")
    ask(market, "OVER", until_day="2026-11-20")
    again = ask(market)
    surveys = field_of(market).surveys

    with market.database.read() as connection:
        asked = read_open_surveys(connection, TODAY, scope=rep.scope, language="hi")
    surveys.end("SHELF", day=date(2026, 11, 20), by="asha", scope=EVERYTHING)
    ended = answer(market, rep, "C2", q1="a", q2="1")

    assert {one.code: one.outlets for one in asked} == {
        "SHELF": None,
        "OF-BEAT": ("C1", "C2"),
        "ELSEWHERE": (),
    }
    assert asked[0].title == "शेल्फ़"
    assert (code_of(again), code_of(ended)) == ("survey_there", "survey_over")


@SQLITE
def test_answers_of_others_outlets_are_counted_for_nobody_else(
    market: Market, rep: Session
) -> None:
    Shelves(market.database).user("sita", "field_rep")
    keep(market, session_of(market, "sita"), entry("outlet_added", fields={"name": "Hers"}))
    sita = session_of(market, "sita")
    ask(market)
    answer(market, rep, "C2", q1="a", q2="1")

    with market.database.read() as connection:
        hers = read_survey(connection, "SHELF", scope=sita.scope)
        rows = [*export_answers(connection, "SHELF", scope=sita.scope, language="en")]

    assert hers is not None
    assert (hers.row.outlets, len(rows)) == (0, 1)
