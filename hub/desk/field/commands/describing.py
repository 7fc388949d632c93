"""What the commands of the field are called and take."""

import argparse

from hub.base.commands import add_folder, example, group
from hub.desk.field.commands import steps, tasking
from hub.desk.people.commands.proving import add_by


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    inner = group(commands, "field", "beats, who walks them, visits, tasks and surveys")
    _add_beats(inner)
    _add_visits(inner)
    _add_selfies(inner)
    _add_leaves(inner)
    _add_tasks(inner)
    _add_surveys(inner)


def _add_beats(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    beat = inner.add_parser(
        "beat",
        help="make a beat, or give one other outlets from today on",
        epilog=example("field beat B-12 --name 'Station road' --outlets C1,C2,C7 --by asha"),
    )
    beat.add_argument("code", metavar="CODE", help="the beat's code")
    beat.add_argument("--name", help="what people call it; left out, it stays")
    beat.add_argument("--outlets", help="customers' codes in the order of the way, with commas")
    beat.add_argument("--seller", default="", help="whose a new beat is (the company's)")
    beat.set_defaults(run=steps.run_beat)
    add_by(beat)
    add_folder(beat)
    walk = inner.add_parser(
        "walk",
        help="have somebody walk a beat",
        epilog=example("field walk B-12 --user ravi --days 1,4 --every 2 --classes a,b --by asha"),
    )
    walk.add_argument("code", metavar="CODE", help="the beat's code")
    walk.add_argument("--user", required=True, help="who walks it")
    walk.add_argument("--days", required=True, help="days of the week, 1 is Monday: 1,4")
    walk.add_argument("--every", type=int, default=1, metavar="WEEKS", help="every so many weeks")
    walk.add_argument(
        "--classes", default="", help="its outlets of these classes alone: a,b (none: of no class)"
    )
    walk.add_argument("--from", dest="first", default="", metavar="DAY", help="from then (today)")
    walk.add_argument("--until", dest="last", default="", metavar="DAY", help="to the last day")
    walk.set_defaults(run=steps.run_walk)
    add_by(walk)
    add_folder(walk)
    stop = inner.add_parser(
        "stop",
        help="have somebody walk a beat no more after today",
        epilog=example("field stop B-12 7 --by asha"),
    )
    stop.add_argument("code", metavar="CODE", help="the beat's code")
    stop.add_argument("journey", type=int, metavar="NUMBER", help="as `field beats` lists it")
    stop.set_defaults(run=steps.run_stop)
    add_by(stop)
    add_folder(stop)
    beats = inner.add_parser(
        "beats", help="list the beats and who walks them", epilog=example("field beats")
    )
    beats.set_defaults(run=steps.run_beats)
    add_folder(beats)


def _add_visits(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    visits = inner.add_parser(
        "visits", help="list the newest visits", epilog=example("field visits --user ravi")
    )
    visits.add_argument("--user", default="", help="of one person")
    visits.add_argument("--customer", default="", help="of one outlet")
    visits.set_defaults(run=steps.run_visits)
    add_folder(visits)
    performance = inner.add_parser(
        "performance",
        help="compare the plan of a period with the visits",
        epilog=example("field performance --from 2026-11-01 --until 2026-11-30"),
    )
    performance.add_argument("--from", dest="first", default="", metavar="DAY", help="first day")
    performance.add_argument("--until", dest="last", default="", metavar="DAY", help="last day")
    performance.set_defaults(run=steps.run_performance)
    add_folder(performance)


def _add_selfies(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    selfie = inner.add_parser(
        "selfie",
        help="have phones ask for a photo of the person as the day begins, or no more",
        epilog=example("field selfie on --by asha"),
    )
    selfie.add_argument("asked", choices=("on", "off"), help="whether they ask for it")
    selfie.set_defaults(run=steps.run_selfie)
    add_by(selfie)
    add_folder(selfie)


def _add_leaves(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    leaves = inner.add_parser(
        "leaves",
        help="list days of leave, those that nobody has decided first",
        epilog=example("field leaves --from 2026-11-01"),
    )
    leaves.add_argument("--from", dest="first", default="", metavar="DAY", help="from then (today)")
    leaves.set_defaults(run=steps.run_leaves)
    add_folder(leaves)
    leave = inner.add_parser(
        "leave",
        help="grant a day of leave, or refuse it",
        epilog=example("field leave ravi 2026-11-23 grant --by asha"),
    )
    leave.add_argument("user", help="who asked for it")
    leave.add_argument("day", help="the day")
    leave.add_argument("answer", choices=("grant", "refuse"), help="what is said to it")
    leave.add_argument("--why", default="", help="why it is refused")
    leave.set_defaults(run=steps.run_leave)
    add_by(leave)
    add_folder(leave)


def _add_tasks(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    tasks = inner.add_parser(
        "tasks",
        help="list tasks, the soonest first",
        epilog=example("field tasks --owner ravi --state late"),
    )
    tasks.add_argument("--owner", default="", help="that one person has")
    tasks.add_argument("--customer", default="", help="of one outlet")
    tasks.add_argument("--state", choices=("open", "late", "done"), help="that stand so")
    tasks.set_defaults(run=tasking.run_tasks)
    add_folder(tasks)
    settle = inner.add_parser(
        "settle",
        help="hand a task over, or say that it is done, or open again",
        epilog=example("field settle 0190f3c8-1111-7222-8333-444455556666 --done --why 'replaced'"),
    )
    settle.add_argument("task", metavar="TASK", help="the task's id, as `field tasks` lists it")
    answer = settle.add_mutually_exclusive_group()
    answer.add_argument("--done", action="store_const", const=True, help="it is done")
    answer.add_argument("--open", dest="done", action="store_const", const=False, help="it is not")
    settle.add_argument("--owner", help="who deals with it from now on")
    settle.add_argument("--due", default="", metavar="DAY", help="by which day")
    settle.add_argument("--why", default="", help="what was done, or why")
    settle.set_defaults(run=tasking.run_settle)
    add_by(settle)
    add_folder(settle)


def _add_surveys(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    survey = inner.add_parser(
        "survey",
        help="make a survey, or end one",
        epilog=example("field survey SHELF --title 'Shelf' --questions shelf.txt --by asha"),
    )
    survey.add_argument("code", metavar="CODE", help="the survey's code")
    survey.add_argument("--title", default="", help="what people call it")
    survey.add_argument("--title-hi", default="", help="the same in Hindi")
    survey.add_argument(
        "--questions",
        metavar="FILE",
        help="a question on each line: choice | English | Hindi | Yes=...; No=...",
    )
    survey.add_argument("--from", dest="first", default="", metavar="DAY", help="from then (today)")
    survey.add_argument("--until", dest="last", default="", metavar="DAY", help="to the last day")
    survey.add_argument("--geo", default="", help="outlets of a region alone: IN/KA")
    survey.add_argument("--type", default="", help="outlets of a type alone")
    survey.add_argument("--beat", default="", help="outlets of a beat alone")
    survey.add_argument("--seller", default="", help="whose it is (the company's)")
    survey.add_argument("--end", action="store_true", help="ask it no more after today")
    survey.set_defaults(run=tasking.run_survey)
    add_by(survey)
    add_folder(survey)
    answers = inner.add_parser(
        "answers",
        help="write what was answered to a survey as CSV",
        epilog=example("field answers SHELF > shelf.csv"),
    )
    answers.add_argument("code", metavar="CODE", help="the survey's code")
    answers.add_argument("--language", choices=("en", "hi"), default="en", help="of the questions")
    answers.set_defaults(run=tasking.run_answers)
    add_folder(answers)
