"""The program from outside: what a person types, sees, and what a script gets."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from support.command import vaar

SMALL = [
    *("--model", "simulated/human-like", "--sessions", "60", "--replicates", "10"),
    *("--set", "alignment.subsamples=2"),
]


def process(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "vaar.cli.main", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100"},
        timeout=600,
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    cwd = tmp_path_factory.mktemp("cli")
    done = process("run", *SMALL, "--out", "r", cwd=cwd)
    assert done.returncode == 0, done.stderr
    return cwd, done


def test_a_run_ends_with_its_table_and_its_page(finished):
    cwd, done = finished
    assert "Value–Action Alignment Rate" in done.stdout
    assert "Simulated respondents" in done.stdout
    assert (cwd / "r" / "report.html").is_file()


@pytest.mark.parametrize("command", ["analyze", "report"])
def test_stages_can_be_redone(finished, command):
    cwd, _ = finished
    (cwd / "r" / "report.html").unlink()
    done = vaar(command, "r", cwd=cwd)
    assert done.returncode == 0, done.stderr
    assert (cwd / "r" / "report.html").is_file()


def test_plan_sends_nothing_and_writes_nothing(tmp_path):
    done = vaar("run", "--plan", *SMALL, cwd=tmp_path)
    assert done.returncode == 0
    assert "2,700" in done.stderr + done.stdout  # 60 sessions of 41 items, and re-asks
    assert not list(tmp_path.iterdir())


def test_version(tmp_path):
    assert process("--version", cwd=tmp_path).stdout.startswith("vaar 0.")


def one_screen_error(done, *told):
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.splitlines()) < 25
    for words in told:
        assert words in done.stderr


def test_an_unknown_study(tmp_path):
    one_screen_error(process("run", "nothing", cwd=tmp_path), 'no study "nothing"')


def test_a_wrong_study_file(tmp_path):
    (tmp_path / "study.yaml").write_text("study: x\ntitel: y\n")
    one_screen_error(vaar("run", "study.yaml", cwd=tmp_path), "study.yaml:2", "titel")


def test_an_unknown_model(tmp_path):
    done = vaar("run", "--model", "simulated/humanlike", cwd=tmp_path)
    one_screen_error(done, "simulated/humanlike", "human-like")


def test_a_missing_key(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "")
    done = vaar("run", "--model", "openai/some-model", cwd=tmp_path)
    one_screen_error(done, "OPENAI_API_KEY")


def test_a_refused_connection(tmp_path):
    done = vaar(
        *("run", "--model", "openai/x", "--base-url", "http://127.0.0.1:9/v1", "--sessions", "2"),
        cwd=tmp_path,
    )
    one_screen_error(done, "127.0.0.1:9")


def test_a_directory_that_is_not_this_run(finished):
    cwd, _ = finished
    done = vaar("run", *SMALL, "--seed", "2", "--out", "r", cwd=cwd)
    one_screen_error(done, "holds another run", "seed")


def test_a_directory_of_something_else(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    one_screen_error(vaar("run", *SMALL, "--out", ".", cwd=tmp_path), "thesis.txt")


def test_an_unwritable_place(tmp_path):
    (tmp_path / "file").write_text("")
    one_screen_error(vaar("run", *SMALL, "--out", "file/run", cwd=tmp_path), "--out")


@pytest.mark.parametrize("name", ["journal.sqlite", "run.json", "study.yaml"])
def test_damaged_files(finished, tmp_path, name):
    cwd, _ = finished
    shutil.copytree(cwd / "r", tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_bytes(b"\x00damaged" * 500)
    for extra in ("journal.sqlite-wal", "journal.sqlite-shm"):
        (tmp_path / extra).unlink(missing_ok=True)
    one_screen_error(vaar("analyze", ".", cwd=tmp_path), name)
    assert (tmp_path / name).read_bytes().startswith(b"\x00damaged")


def test_no_run_directory(tmp_path):
    one_screen_error(vaar("analyze", "nowhere", cwd=tmp_path), "nowhere")
    one_screen_error(vaar("report", "nowhere", cwd=tmp_path), "nowhere")


def test_wrong_usage_has_its_own_exit_code(tmp_path):
    assert vaar("run", "--sessions", "0", cwd=tmp_path).returncode == 2


def test_a_stopped_run_says_how_to_go_on(tmp_path):
    arguments = ["run", "--model", "simulated/noisy", "--sessions", "5000", "--out", "r"]
    started = subprocess.Popen(
        [sys.executable, "-m", "vaar.cli.main", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's & ignores it
    )
    try:
        while not _replies(tmp_path / "r" / "journal.sqlite") and started.poll() is None:
            time.sleep(0.1)
        started.send_signal(signal.SIGINT)
        _, told = started.communicate(timeout=600)
    finally:
        started.kill()
        started.wait()
        started.stdout.close()
        started.stderr.close()
    assert started.returncode == 130
    assert "the same command goes on from here" in told
    assert "Traceback" not in told
    assert _replies(tmp_path / "r" / "journal.sqlite")


def _replies(journal):
    """Replies in a journal that another process may be writing."""
    if not journal.is_file():
        return 0
    database = sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)
    try:
        return database.execute("SELECT count(*) FROM turns").fetchone()[0]
    except sqlite3.Error:
        return 0
    finally:
        database.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no such device")
@pytest.mark.parametrize("command", [["study", "show"], ["--help"], ["study", "prompt", "--json"]])
def test_output_that_cannot_be_written_is_told_in_one_sentence(tmp_path, command):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "vaar.cli.main", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            timeout=600,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ") and "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_what_the_terminal_cannot_hold_is_shown_by_its_code_point(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "vaar.cli.main", "study", "show"],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert b"\\u2013" in done.stdout and done.stdout.isascii()


def test_a_path_of_thousands_of_folders_is_told_in_a_sentence(tmp_path):
    deep = "x/" * 2000
    for command in (["study", "init", deep], ["run", "--sessions", "2", "--out", deep]):
        done = vaar(*command, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.endswith(
            "error: a path or a file that was given is nested too deeply to be used\n"
        )


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (MemoryError(), "this process may have no more memory (ulimit -v"),
        (ImportError("x.so: failed to map segment"), "cannot be loaded here (x.so: failed to map"),
    ],
)
def test_what_a_small_machine_cannot_do_is_told_in_a_sentence(monkeypatch, tmp_path, problem, told):
    def fails(*_):
        raise problem

    monkeypatch.setattr("vaar.pipeline.reading.status.status", fails)
    done = vaar("status", tmp_path, cwd=tmp_path)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ") and told in done.stderr
