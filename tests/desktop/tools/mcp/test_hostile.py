"""Servers that do what none should: each call ends with the right word, no pipe is stopped up, and
no process is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop.tools.mcp.elicitation import MOST_QUESTIONS
from desktop.tools.mcp.results import MOST_TEXT
from desktop.tools.protocol import Called, CallFailed, ElicitAsked
from tests.desktop.tools.mcp.conftest import Hands, family, gone, hostile

pytestmark = pytest.mark.slow


@pytest.fixture
def bad(hands: Hands) -> Iterator[Hands]:
    """The hostile server, connected."""
    hands.use(hostile())
    assert hands.state().state == "ready", hands.state()
    yield hands


def test_all_pages_of_tools_are_read_and_a_call_is_answered(bad: Hands) -> None:
    assert len(bad.client.tools) > 10

    assert bad.call("hello", name="Ada").text == "hello Ada"
    assert bad.state().title == "hostile"
    assert psutil.Process(bad.state().pid).is_running()


def test_a_tool_that_changes_after_it_was_allowed_is_not_called(bad: Hands) -> None:
    allowed = bad.tool("hello")
    bad.call("change")
    bad.wait(lambda: bad.tool("hello").definition != allowed.definition)

    number = bad.client.call("bad", "hello", "{}", allowed.definition)

    ended = bad.end(number)
    assert isinstance(ended, CallFailed)
    assert ended.changed
    assert "sends all files away" in bad.tool("hello").description


def test_a_result_of_ten_megabytes_is_cut_with_a_note(bad: Hands) -> None:
    text = bad.call("big").text

    assert len(text) < MOST_TEXT + 100
    assert f"{10_000_000 - MOST_TEXT} more characters are left out" in text


def test_a_server_that_never_answers_is_given_up_and_goes_on(hands: Hands) -> None:
    hands.use(hostile(timeout_s=3.0))

    ended = hands.end(hands.begin("never"))

    assert isinstance(ended, CallFailed)
    assert "within 3 s" in str(ended.problem)
    assert hands.call("hello").text == "hello you"


def test_a_call_is_stopped(bad: Hands) -> None:
    number = bad.begin("never")

    bad.client.stop(number)

    ended = bad.end(number)
    assert isinstance(ended, CallFailed)
    assert ended.stopped


def test_a_server_that_dies_in_a_call_is_started_again_at_the_next_one(bad: Hands) -> None:
    first = bad.call("pid").text

    ended = bad.end(bad.begin("die"))

    assert isinstance(ended, CallFailed)
    assert "I die now" in str(ended.problem)
    bad.wait(lambda: bad.state().state == "ended")
    assert "code 3" in str(bad.state().problem)
    assert bad.call("pid").text != first
    assert bad.state().state == "ready"


def test_a_server_that_dies_time_and_again_is_given_up(bad: Hands) -> None:
    for _ in range(10):
        if bad.state().state == "failed":
            break
        assert isinstance(bad.end(bad.begin("die")), CallFailed)
        bad.wait(lambda: bad.state().state in ("ended", "failed"))

    assert bad.state().state == "failed"
    assert "time and again" in str(bad.state().problem)
    assert not [tool for tool in bad.client.tools if tool.server == "bad"]
    bad.use()  # Switched off and on, it is tried again.
    bad.use(hostile())
    assert bad.call("hello").text == "hello you"


def test_what_floods_stderr_stops_nothing_up(bad: Hands) -> None:
    assert bad.call("flood").text == "flooded"


def test_rubbish_on_stdout_is_passed_over(bad: Hands) -> None:
    assert bad.call("rubbish").text == "after rubbish"
    assert bad.state().state == "ready"


def test_a_line_without_end_ends_its_server(bad: Hands) -> None:
    ended = bad.end(bad.begin("endless"))

    assert isinstance(ended, CallFailed)
    bad.wait(lambda: bad.state().state == "ended")
    assert "without an end" in str(bad.state().problem)
    assert bad.call("hello").text == "hello you"


def test_hidden_characters_are_taken_out_and_told_of(hands: Hands) -> None:
    hands.use(hostile("hidden"))

    shy = hands.tool("shy")

    assert shy.description == "Reads a file. gnp.exe"
    assert "hidden characters" in str(shy.notice)
    assert hands.tool("emoji").notice is None
    assert hands.tool("emoji").description == "Likes 👨‍👩‍👧 families, ❤️ and क्‍ष."


def test_schemas_that_reach_out_or_explode_and_names_that_are_none_are_left_out(
    hands: Hands,
) -> None:
    hands.use(hostile("schemas"))

    offered = {tool.name: tool for tool in hands.client.tools if tool.server == "bad"}
    problems = " ".join(str(problem) for problem in hands.client.problems)

    assert {"tree", "slow", "hello"} <= offered.keys()
    assert not {"far", "bomb", "bad name!"} & offered.keys()
    assert "pattern" not in offered["slow"].parameters
    assert offered["hello"].description == "Says hello."
    for why in ("another document", "larger than", "bad name!", "another one of its tools"):
        assert why in problems


def test_of_fifty_questions_a_person_sees_a_few(bad: Hands) -> None:
    before = len(bad.asked())
    bad.answer = lambda asked: bad.client.answer_elicit(asked.id, "accept", '{"name": "Ada"}')

    actions = json.loads(bad.call("elicit").text)

    assert len(bad.asked()) - before == MOST_QUESTIONS
    assert actions == {"accept": MOST_QUESTIONS, "decline": 50 - MOST_QUESTIONS}


def test_the_pipes_are_read_while_a_question_waits_and_its_time_does_not_count(
    hands: Hands,
) -> None:
    hands.use(hostile(timeout_s=3.0), hostile(name="calm"))
    waiting: list[ElicitAsked] = []
    hands.answer = waiting.append
    number = hands.begin("elicit_once")
    hands.wait(lambda: waiting)

    # Another call outlives its limit meanwhile: more time has passed than the first one has.
    late = hands.end(hands.begin("never"))
    assert hands.call("hello", "calm").text == "hello you"
    assert isinstance(late, CallFailed)
    hands.client.answer_elicit(waiting[0].id, "accept", '{"name": "Ada"}')

    ended = hands.end(number)
    assert isinstance(ended, Called), ended
    assert json.loads(ended.text) == {"action": "accept", "content": {"name": "Ada"}}
    assert waiting[0].call == number
    assert waiting[0].server == "bad"


def test_what_a_tool_says_of_its_own_failure_is_told_as_such(bad: Hands) -> None:
    ended = bad.call("failing")

    assert ended.failed
    assert ended.text == "the disk is on fire"


def test_structured_content_alone_is_given_as_json(bad: Hands) -> None:
    assert json.loads(bad.call("structured").text) == {"degrees": 21}


def test_media_are_named_by_what_they_are_and_what_is_none_is_left_out(bad: Hands) -> None:
    ended = bad.call("wrong_mime")

    assert [file.name for file in ended.files] == ["image.png"]
    assert Path(ended.files[0].path).read_bytes().startswith(b"\x89PNG")
    assert "called image/png, found unknown content" in ended.text
    assert "not valid base64" in ended.text
    assert "called audio/wav, found image PNG content" in ended.text


def test_a_server_gets_few_variables_beside_its_own(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET", "hunter2")
    hands.use(hostile(env={"KEY": "own"}))

    found = json.loads(hands.call("environment").text)

    assert found["KEY"] == "own"
    assert found["PATH"] == os.environ["PATH"]
    assert not {"AWS_SECRET", "PYTHONPATH", "VIRTUAL_ENV"} & found.keys()


def test_a_server_that_does_not_start_says_why(hands: Hands) -> None:
    hands.use(hostile("broken"))

    assert hands.state().state == "failed"
    assert "no license file" in str(hands.state().problem)


@pytest.mark.parametrize("mode", ["plain", "deaf"])
def test_switched_off_a_server_ends_with_all_that_left_its_session(hands: Hands, mode: str) -> None:
    hands.use(hostile(mode))
    pids = [hands.state().pid, *(int(word) for word in hands.call("grandchildren").text.split())]
    pids += family(hands.state().pid)

    hands.use()

    gone(pids)


@pytest.mark.parametrize("who", ["guard", "server"])
def test_whoever_is_killed_nobody_is_left_behind(hands: Hands, who: str) -> None:
    hands.use(hostile("deaf"))
    server = hands.state().pid
    pids = [
        server,
        *family(server),
        *(int(one) for one in hands.call("grandchildren").text.split()),
    ]
    guard = psutil.Process(server).ppid()

    os.kill(guard if who == "guard" else server, signal.SIGKILL)

    gone([guard, server] if who == "guard" else pids)
    hands.wait(lambda: hands.state().state == "ended")
    assert hands.call("hello").text == "hello you"


def test_when_the_tools_process_is_killed_its_servers_end(tmp_path: Path) -> None:
    made = Hands(tmp_path)
    made.use(hostile("deaf"))
    pids = [int(one) for one in made.call("grandchildren").text.split()]
    assert made.client.pid is not None
    pids += family(made.client.pid)

    os.kill(made.client.pid, signal.SIGKILL)

    gone(pids)
    made.wait(lambda: made.client.pid is not None)
    made.client.close()


_APP = """
import sys
from pathlib import Path
from tests.desktop.tools.mcp.conftest import Hands, family, hostile
hands = Hands(Path(sys.argv[1]))
hands.use(hostile("deaf"))
print(hands.client.pid, *family(hands.client.pid), hands.call("grandchildren").text, flush=True)
sys.stdin.read()
"""


def test_when_the_app_and_the_tools_process_are_killed_at_once_their_servers_end(
    tmp_path: Path,
) -> None:
    app = subprocess.Popen(
        [sys.executable, "-c", _APP, str(tmp_path)],
        cwd=Path(__file__).parents[4],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert app.stdout is not None
    pids = [int(word) for word in app.stdout.readline().split()]
    assert len(pids) >= 5

    os.kill(app.pid, signal.SIGKILL)
    os.kill(pids[0], signal.SIGKILL)
    app.communicate()

    gone(pids)
