"""Keys: what is taken for one, the block of authorized_keys made of them, and what is said of one that was changed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.book import Refused
from console.sshkeys import BEGIN, END, Gate, Key, block, differs, entry, fingerprint, parse_key, rewritten
from tests.console.helpers import Station

ED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1kV0ygsr0bWd+HZQ4D5bsfGeaXR2f1xgB2x0Yk3h3B"
ED2 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP0kV0ygsr0bWd+HZQ4D5bsfGeaXR2f1xgB2x0Yk3h3B"


@pytest.mark.parametrize("text", [ED, f"{ED} li@home\n", f"\n  {ED} any words [here]\r\n\n"])
def test_one_bare_line_is_a_key(text: str) -> None:
    kind, blob = parse_key(text)
    assert f"{kind} {blob}" == ED and fingerprint(blob).startswith("SHA256:")


@pytest.mark.parametrize(
    "text, word",
    [
        ("", "key_lines"),
        (f"{ED}\n{ED2}\n", "key_lines"),
        (f'command="/bin/sh" {ED}', "key_type"),
        (f"restrict,pty {ED}", "key_type"),
        (f"@cert-authority {ED}", "key_type"),
        (ED.replace("ssh-ed25519 ", "ssh-rsa "), "key_broken"),
        (ED[:-4], "key_broken"),
        (ED + "!", "key_broken"),
        ("ssh-dss AAAAB3NzaC1kc3M=", "key_type"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "key_type"),
        ("ssh-ed25519", "key_type"),
        ("ssh-ed25519 ????", "key_broken"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "key_private"),
    ],
)
def test_everything_else_is_refused(text: str, word: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_key(text)
    assert caught.value.word == f"refused.{word}"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        kind, blob = parse_key(text)
    except Refused:
        return
    assert f"{kind} {blob}".isprintable()


@pytest.mark.parametrize("bits, taken", [("1024", False), ("2048", True), ("3072", True)])
def test_real_keys_are_read_as_ssh_keygen_reads_them(tmp_path: Path, bits: str, taken: bool) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not on this machine")
    made = subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-b", bits, "-N", "", "-f", str(tmp_path / "k")], check=False)
    if made.returncode:
        pytest.skip("this ssh-keygen makes no key so short")
    text = (tmp_path / "k.pub").read_text()
    if not taken:
        with pytest.raises(Refused, match=r"key_short"):
            parse_key(text)
        return
    _, blob = parse_key(text)
    out = subprocess.run(["ssh-keygen", "-lf", str(tmp_path / "k.pub")], capture_output=True, text=True, check=True).stdout
    assert out.split()[1] == fingerprint(blob)


def opened(station: Station, *logins: str) -> None:
    station.do("set_gate", who="chen", program="/opt/wanjia/bin/wanjia", address="/srv/wanjia/store")
    for n, login in enumerate(logins or ("li",)):
        station.do("add_key", who="chen", login=login, key=[ED, ED2][n])


def test_a_line_opens_one_program_as_one_person(station: Station) -> None:
    opened(station)
    first, line, last = block(station.desk.book)
    assert line == f'restrict,pty,command="/opt/wanjia/bin/wanjia --store /srv/wanjia/store --as li" {ED} wanjia:li'
    assert (first, last) == (f"{BEGIN} /srv/wanjia/store", f"{END} /srv/wanjia/store")


def test_a_shared_terminal_asks_who_it_is(station: Station) -> None:
    opened(station)
    station.do("add_key", who="chen", terminal="desk-1", key=ED2)
    assert any("--sign-on" in line and line.endswith("wanjia:desk-1") for line in block(station.desk.book))


def test_an_address_with_quotes_and_blanks_stays_one_word() -> None:
    made = entry(Key(login="li", type="t", blob="AAAA", added_at=Station().moment, by="x"),
                 Gate(program="/opt/wan jia", address='/srv/a "b" $(touch x)'))  # fmt: skip
    command = made.split('command="', 1)[1].rsplit('" t AAAA', 1)[0].replace('\\"', '"')
    out = subprocess.run(["sh", "-c", f"printf '%s\\n' {command}"], capture_output=True, text=True, check=True).stdout
    assert out.splitlines() == ["/opt/wan jia", "--store", '/srv/a "b" $(touch x)', "--as", "li"]


def test_a_key_opens_for_one_person_only(station: Station) -> None:
    opened(station)
    assert station.refused("add_key", who="chen", login="zhao", key=ED).word == "refused.key_known"
    assert station.do("add_key", who="chen", login="li", key=ED).touched == ()
    assert station.refused("add_key", who="chen", login="nobody", key=ED2).word.startswith("refused.no_person")
    assert station.refused("add_key", who="chen", login="", key=ED2).word == "refused.key_whose"
    assert station.refused("set_person", who="chen", login="Li Na", role="officer").word == "refused.login"
    assert station.refused("set_person", who="chen", login="-x", role="officer").word == "refused.login"
    assert station.refused("set_person", who="chen", login="system", role="officer").word == "refused.login"
    for name in ("A\x1b[31m", "B\nchief  C  officer", "N" * 61, "\u202ex"):
        assert station.refused("set_person", who="chen", login="x1", role="officer", name=name).word == "refused.name"


def test_a_file_as_recorded_has_nothing_to_tell_and_other_lines_stay(station: Station) -> None:
    opened(station, "li", "zhao")
    text = rewritten(station.desk.book, "# mine\nssh-ed25519 AAAAother admin\n\n", "/srv/wanjia/store")
    assert text.startswith("# mine\nssh-ed25519 AAAAother admin\n# wanjia begin") and differs(station.desk.book, text) == []
    assert rewritten(station.desk.book, text, "/srv/wanjia/store") == text
    station.do("leave", who="chen", login="zhao")
    assert [word for word, _ in differs(station.desk.book, text)] == ["keys.odd"]
    assert "zhao" not in rewritten(station.desk.book, text, "/srv/wanjia/store")


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda t: t.replace("--as li", "--as chen"), {"keys.lacking", "keys.odd"}),
        (lambda t: t.replace("restrict,pty,", ""), {"keys.lacking", "keys.odd"}),
        (lambda t: t.replace("/opt/wanjia/bin/wanjia", "/tmp/x"), {"keys.lacking", "keys.odd"}),
        (lambda t: "\n".join(line for line in t.splitlines() if "restrict" not in line), {"keys.lacking"}),
        (lambda t: t.replace(END, f"{ED2} guest\n{END}"), {"keys.odd"}),
        (lambda t: t.replace(END, "# over"), {"keys.block_broken"}),
        (lambda t: t + t, {"keys.block_broken"}),
        (lambda t: "", {"keys.no_block"}),
        (lambda t: f"{ED} first\n{t}", {"keys.outside"}),
        (lambda t: f"{t}from=\"*\" {ED}\n", {"keys.outside"}),
    ],
)  # fmt: skip
def test_every_change_by_hand_is_found(station: Station, change, words: set[str]) -> None:  # type: ignore[no-untyped-def]
    opened(station)
    text = rewritten(station.desk.book, "", "/srv/wanjia/store")
    assert differs(station.desk.book, text) == []
    assert {word for word, _ in differs(station.desk.book, change(text))} == words
