"""Keys and PINs from the command line: the block is written, a change by hand is reported and never written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.__main__ import main
from tests.console.test_keys import ED, ED2


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run a verb as the chief of a new station: (exit status, what was printed, what went wrong)."""
    for name in ("WANJIA_STORE", "WANJIA_AS", "WANJIA_CONFIG", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    program = tmp_path / "bin" / "wanjia"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.argv", [str(program)])
    store = str(tmp_path / "store")

    def run(*argv: str) -> tuple[int, str, str]:
        status = main(["--lang", "en", "--store", store, "--as", "boss", *argv])
        out = capsys.readouterr()
        return status, out.out, out.err

    assert main(["--lang", "en", "--store", store, "init", "--chief", "boss"]) == 0
    capsys.readouterr()
    assert run("staff", "add", "li", "role=officer")[0] == 0
    return run


def key_file(tmp_path: Path, text: str = ED) -> str:
    path = tmp_path / "some.pub"
    path.write_text(text + "\n")
    return str(path)


def test_a_key_is_added_listed_and_removed_and_other_lines_stay(said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / ".ssh" / "authorized_keys"
    file.parent.mkdir()
    file.write_text("ssh-ed25519 AAAAadmin admin\n")
    assert said("staff", "key", "add", "li", key_file(tmp_path))[0] == 0
    line = f'restrict,pty,command="{tmp_path}/bin/wanjia --store {tmp_path}/store --as li" {ED} wanjia:li'
    assert file.read_text().splitlines()[0] == "ssh-ed25519 AAAAadmin admin" and line in file.read_text().splitlines()
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    status, out, _ = said("staff", "key", "list")
    assert status == 0 and "SHA256:" in out and "li" in out
    assert said("staff", "key", "check")[0] == 0
    assert said("staff", "key", "remove", out.split()[0])[0] == 0
    assert file.read_text() == "ssh-ed25519 AAAAadmin admin\n"


def test_a_block_that_was_changed_is_reported_and_left(said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / ".ssh" / "authorized_keys"
    said("staff", "key", "add", "li", key_file(tmp_path))
    right = file.read_text()
    file.write_text(right.replace("--as li", "--as boss"))
    wrong = file.read_text()
    status, out, _ = said("staff", "key", "check")
    assert status == 1 and "--as boss" in out
    status, _, err = said("staff", "key", "add", "li", key_file(tmp_path, ED2))
    assert status == 1 and "staff key check" in err and file.read_text() == wrong
    assert "AAAAC3" in said("staff", "key", "list")[1] or len(said("staff", "key", "list")[1].splitlines()) == 1
    status, out, _ = said("staff", "key", "write")
    assert status == 0 and "- restrict" in out and "+ restrict" in out and file.read_text() == right


def test_who_leaves_takes_their_keys_along(said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said("staff", "key", "add", "li", key_file(tmp_path))
    assert said("staff", "leave", "li")[0] == 0
    assert "wanjia:li" not in (tmp_path / ".ssh" / "authorized_keys").read_text()
    assert "no keys" in said("staff", "key", "list")[1]


@pytest.mark.parametrize(
    "argv",
    [
        ("key",),
        ("key", "add"),
        ("key", "add", "li"),
        ("key", "add", "nobody", "F"),
        ("key", "remove", "SHA256:x"),
        ("key", "ad"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(said, tmp_path: Path, argv: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    argv = tuple(key_file(tmp_path) if word == "F" else word for word in argv)
    status, out, err = said("staff", *argv)
    assert status == 1 and out == "" and len(err.splitlines()) == 1


def test_only_who_keeps_the_staff_list_lets_keys_in(said, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    argv = [
        "--lang",
        "en",
        "--store",
        str(tmp_path / "store"),
        "--as",
        "li",
        "staff",
        "key",
        "add",
        "li",
        key_file(tmp_path),
    ]
    assert main(argv) == 1
    assert not (tmp_path / ".ssh").exists()


def test_a_pin_is_set_from_a_pipe_and_a_signature_asks_for_it(said, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("482915\n482915\n"))
    assert said("staff", "pin", "boss")[0] == 0
    assert said("do", "sign_on")[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("482916\n"))
    status, _, err = said("do", "hand_over")
    assert status == 1 and "PIN" in err
    monkeypatch.setattr("sys.stdin", io.StringIO("482915\n"))
    assert said("do", "hand_over")[0] == 0
    assert said("staff", "pin", "boss", "--forgot")[0] == 0
    assert said("do", "take_back")[0] == 0


def test_a_forgotten_pin_is_taken_away_by_who_keeps_the_staff_list_and_it_says_who(
    said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("482915\n482915\n"))
    assert said("staff", "pin", "boss")[0] == 0
    assert main(["--store", str(tmp_path / "store"), "--as", "li", "staff", "pin", "boss", "--forgot"]) == 1
    assert said("staff", "pin", "boss", "--forgot")[0] == 0
    journal = b"".join(file.read_bytes() for file in sorted((tmp_path / "store" / "journal").iterdir()))
    [line] = [each for each in journal.splitlines() if b'"set_pin"' in each][-1:]
    assert b'"from":"boss ' in line or b'"from":"boss"' in line


def test_where_nothing_is_typed_the_pin_stays(said, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("482915\n482915\n"))
    assert said("staff", "pin", "boss")[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("482915\n\n\n"))
    assert said("staff", "pin", "boss")[0] == 1
    assert said("do", "sign_on")[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert said("do", "hand_over")[0] == 1, "a signature still asks for it"
