"""The tools process and its client, on a real process with tools that misbehave."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from desktop.tools.protocol import Called, CallFailed, Progress, ServiceAsked
from plugins.errors import Problem
from tests.desktop.tools.calling import LONG_S, Calls
from tests.desktop.tools.misbehaving import PLUGIN, install

ROOT = Path(__file__).parent.parent.parent.parent


def gone(pid: int) -> bool:
    """Whether a process ends, waited for."""
    try:
        psutil.Process(pid).wait(LONG_S)
    except psutil.NoSuchProcess:
        return True
    return not psutil.pid_exists(pid)


def test_calls_run_beside_each_other_and_each_is_answered(calls: Calls) -> None:
    waiting = calls.begin("wait", PLUGIN)
    calls.heard(Progress, lambda report: report.id == waiting)

    assert calls.text("calculate", expression="6 * 7") == "42"

    calls.client.stop(waiting)
    ended = calls.ended(waiting)
    assert isinstance(ended, CallFailed) and ended.stopped and ended.problem.kind == "stopped"


def test_a_call_that_does_not_stop_is_left_behind(calls: Calls) -> None:
    stubborn = calls.begin("stubborn", PLUGIN)
    calls.heard(Progress, lambda report: report.id == stubborn)

    calls.client.stop(stubborn)

    ended = calls.ended(stubborn)
    assert isinstance(ended, CallFailed) and ended.stopped
    assert calls.text("calculate", expression="1 + 1") == "2"


def test_another_definition_than_the_allowed_one_is_not_called(calls: Calls) -> None:
    id = calls.client.call("medley", "calculate", '{"expression": "1"}', "0" * 64)

    ended = calls.ended(id)

    assert isinstance(ended, CallFailed) and ended.changed
    assert "is another one than was allowed" in str(ended.problem)


def test_an_unknown_tool_and_arguments_that_are_no_object_are_refused(calls: Calls) -> None:
    definition = calls.tool("calculate").definition

    unknown = calls.ended(calls.client.call("medley", "sail", "{}", definition))
    list_given = calls.ended(calls.client.call("medley", "calculate", "[1]", definition))

    assert isinstance(unknown, CallFailed) and "found none" in str(unknown.problem)
    assert isinstance(list_given, CallFailed) and "JSON object" in str(list_given.problem)


def test_a_long_text_is_cut_and_says_so(calls: Calls) -> None:
    text = calls.text("shout", PLUGIN, size=3_000_000)

    assert len(text.encode()) < 1_000_100
    assert text.endswith("[2000001 more bytes are left out]")
    assert text.startswith("?xxx")


def test_a_file_of_the_private_folder_is_given_back_alone(calls: Calls) -> None:
    called = calls.call("give", PLUGIN, kind="file")

    assert isinstance(called, Called)
    (file,) = called.files
    assert (file.name, Path(file.path).read_text()) == ("name.txt", "here")
    assert os.listdir(Path(file.path).parent) == ["one.txt"]
    assert stat.S_IMODE(Path(file.path).parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("kind", ["link", "outside", "linked folder", "pipe"])
def test_nothing_but_files_of_the_private_folder_is_given_back(calls: Calls, kind: str) -> None:
    assert "files of its own folder" in calls.problem("give", PLUGIN, kind=kind)


def test_what_a_tool_says_and_what_it_stumbles_over_are_told(calls: Calls) -> None:
    assert calls.problem("fail", PLUGIN, known=True) == "sea: expected a boat, found none."
    assert "the tool fail failed (ZeroDivisionError: no boats)" in calls.problem("fail", PLUGIN)


def test_a_tool_that_lacks_something_and_one_that_is_not_there_are_not_offered(
    calls: Calls,
) -> None:
    calls.tool("wait", PLUGIN)

    problems = [str(problem) for problem in calls.client.problems]

    assert "expected a boat, found none; buy one." in problems
    assert any("medley_trouble:Absent cannot be imported" in problem for problem in problems)
    names = {tool.name for tool in calls.client.tools}
    assert not names & {"without", "absent"}


def test_services_are_asked_for_while_other_calls_go_on(calls: Calls) -> None:
    asked = [calls.begin("ask", PLUGIN, n=n) for n in range(3)]
    questions = {
        id: calls.heard(ServiceAsked, lambda report, id=id: report.call == id) for id in asked
    }

    assert calls.text("calculate", expression="2 + 2") == "4"
    first, second, third = asked
    calls.client.answer_service(questions[third].id, '{"memories": [3]}')
    calls.client.answer_service(questions[first].id, problem=Problem("Nobody is at home."))
    calls.client.stop(second)

    done, refused, stopped = (calls.ended(id) for id in (third, first, second))
    assert isinstance(done, Called) and done.text == "{'memories': [3]}"
    assert isinstance(refused, CallFailed) and str(refused.problem) == "Nobody is at home."
    assert isinstance(stopped, CallFailed) and stopped.stopped


def test_a_process_that_dies_fails_its_calls_and_comes_again(calls: Calls) -> None:
    before = calls.client.pid
    waiting = calls.begin("wait", PLUGIN)

    dead = calls.call("die", PLUGIN)

    assert isinstance(dead, CallFailed) and "ended with code 3" in str(dead.problem)
    assert isinstance(calls.ended(waiting), CallFailed)
    assert calls.text("calculate", expression="3 * 3") == "9"
    assert calls.client.pid != before


@pytest.mark.parametrize("end", ["close", "kill"])
def test_what_a_tool_started_ends_with_the_process(calls: Calls, end: str) -> None:
    """It began a session of its own, and its starter is gone."""
    own = Calls()
    own.client.configure(plugins=[PLUGIN])
    pid = int(own.text("spawn", PLUGIN))
    process = own.client.pid
    assert process is not None and psutil.pid_exists(pid)

    if end == "kill":
        os.kill(process, signal.SIGKILL)
        assert gone(pid)
        assert own.text("calculate", expression="1") == "1"
    own.client.close()

    assert gone(pid) and gone(process)


def test_nothing_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from tests.desktop.tools.calling import Calls\n"
        "calls = Calls()\n"
        f"calls.client.configure(plugins=[{PLUGIN!r}])\n"
        f"print(calls.text('spawn', {PLUGIN!r}), calls.client.pid, flush=True)\n"
        "time.sleep(1000)\n"
    )
    path = os.pathsep.join([str(install(tmp_path / "site")), str(ROOT)])
    (tmp_path / "private").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path, "TMPDIR": str(tmp_path / "private")},
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        parent.kill()

    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)
    assert os.listdir(tmp_path / "private") == []


def test_closing_fails_what_waits_and_removes_the_private_folder(tmp_path: Path) -> None:
    own = Calls(tmp_path)
    own.tool("calculate")
    asked = own.begin("recall")
    own.heard(ServiceAsked)

    own.client.close()

    assert isinstance(own.ended(asked), CallFailed)
    assert os.listdir(tmp_path) == []
