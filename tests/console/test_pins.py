"""PINs: kept as hashes among the secrets, guessed at in vain, forgiven by no restart, and asked for at a signature."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console import pins
from console.book import Refused
from console.pins import FREE, LONGEST, NOBODIES, check, give, prove, proved, wait_after
from tests.console.helpers import FileStation, Station

PIN = "482915"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cheapest hash there is: what is tested is what is done with it."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(pins, "_hasher", lambda: hasher)
    pins._nobody.cache_clear()


def wrong(station: Station, login: str, pin: str = "000001") -> Refused:
    with pytest.raises(Refused) as caught:
        prove(station.store.beside, login, pin, station.moment)
    return caught.value


def set_pin(station: Station, login: str = "li", pin: str = PIN) -> None:
    station.desk.who = station.who(login)
    give(station.desk, station.store.beside, "", pin)


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "12ab56", "１２３４５６", "-482915", "4829 15"])
def test_a_pin_is_six_to_twelve_digits(pin: str) -> None:
    with pytest.raises(Refused, match=r"pin_form"):
        check(pin)


@pytest.mark.parametrize("pin", ["000000", "123456", "987654", "890123", "121212", "482482", "112211"])
def test_what_everybody_tries_first_is_no_pin(pin: str) -> None:
    with pytest.raises(Refused, match=r"pin_easy"):
        check(pin)


def test_the_right_pin_proves_and_another_does_not(station: Station) -> None:
    set_pin(station)
    assert prove(station.store.beside, "li", PIN, station.moment) == 0
    assert wrong(station, "li").word == "refused.pin_wrong"
    assert prove(station.store.beside, "li", PIN, station.moment) == 1, "wrong tries are told"


def test_ten_thousand_guesses_get_nowhere_and_lock_out_nobody_else(station: Station) -> None:
    set_pin(station)
    set_pin(station, "zhao", "739164")
    looked = 0
    for n in range(10_000):
        looked += wrong(station, "li", f"{n:06d}").word != "refused.pin_wait"
        station.later(seconds=1)
    assert looked <= 24, "guesses that were looked at in less than three hours"
    assert prove(station.store.beside, "zhao", "739164", station.moment) == 0
    station.later(seconds=LONGEST)
    assert prove(station.store.beside, "li", PIN, station.moment) == looked


def test_delays_grow_and_stop_growing() -> None:
    waits = [wait_after(failed) for failed in range(FREE - 1, 40)]
    assert waits[0] == 0 and waits[1] == 5 and waits == sorted(waits) and waits[-1] == LONGEST


def test_a_restart_forgives_nothing_and_a_clock_put_back_locks_nobody_out(tmp_path: Path) -> None:
    station = FileStation(tmp_path / "store")
    set_pin(station)
    for _ in range(FREE + 2):
        wrong(station, "li")
        station.later(seconds=6)
    station.later(seconds=-6)
    station.store.close()
    station.store = station.session()
    assert wrong(station, "li", PIN).word == "refused.pin_wait"
    station.later(days=-400)
    assert int(wrong(station, "li", PIN).facts["n"]) <= LONGEST
    station.close()


def test_guesses_at_the_same_time_are_counted_before_they_are_looked_at(station: Station) -> None:
    set_pin(station)
    for _ in range(FREE):
        wrong(station, "li")
    assert wrong(station, "li", PIN).word == "refused.pin_wait"


def test_a_name_that_nobody_has_is_told_the_same_and_waits_the_same(tmp_path: Path) -> None:
    station = FileStation(tmp_path / "store")
    assert wrong(station, "nobody").word == "refused.pin_wrong" == wrong(station, "../../etc/passwd").word
    set_pin(station)
    said = [[wrong(station, who) for _ in range(6)] for who in ("nobody", "zhao", "li")]
    told = [[(error.word, error.facts.get("n")) for error in each] for each in said]
    assert told[1] == told[2], "who has a PIN cannot be told from who has none"
    assert {word for word, _ in told[0]} == {"refused.pin_wrong", "refused.pin_wrong.wait", "refused.pin_wait"}
    for n in range(3 * NOBODIES):
        pins._count_nobody(station.store.beside, f"guess-{n}", station.moment)
    [kept] = [f for f in (tmp_path / "store" / "secrets").iterdir() if f.suffix == ".json" and '"guessed"' in f.read_text()]
    assert len(json.loads(kept.read_text())["body"]["guessed"]) <= NOBODIES + 1
    station.close()


def test_where_nothing_was_typed_nothing_was_guessed(station: Station) -> None:
    set_pin(station)
    for _ in range(20):
        with pytest.raises(Refused) as caught:
            prove(station.store.beside, "li", "", station.moment)
        assert caught.value.word == "refused.pin_wrong"
    assert prove(station.store.beside, "li", PIN, station.moment) == 0


def test_neither_pin_nor_hash_is_ever_in_the_journal(tmp_path: Path) -> None:
    station = FileStation(tmp_path / "store")
    set_pin(station)
    prove(station.store.beside, "li", PIN, station.moment)
    for file in (tmp_path / "store").rglob("*"):
        if file.is_file() and file.parent.name != "secrets":
            data = file.read_bytes()
            assert PIN.encode() not in data and b"argon2" not in data, file
    kept = [f for f in (tmp_path / "store" / "secrets").iterdir() if f.suffix == ".json"]
    assert [oct(f.stat().st_mode & 0o777) for f in kept] == ["0o600"]
    assert PIN not in kept[0].read_text() and json.loads(kept[0].read_text())["body"]["hash"].startswith("$argon2id$")
    station.close()


def test_where_there_is_a_pin_a_signature_asks_for_the_signer_s_own(station: Station) -> None:
    station.do("sign_on")
    set_pin(station)
    set_pin(station, "zhao", "739164")
    assert station.refused("hand_over").word == "refused.pin_needed"
    with pytest.raises(Refused):
        prove(station.store.beside, "li", "739164", station.moment)  # a colleague's is not one's own
    from console import door

    station.desk.who = proved(station.who("li"))
    station.desk.do(door.act("hand_over", {}))
    assert station.refused("take_over", who="zhao").word == "refused.pin_needed"
    station.do("take_over", who="chen")  # who has none signs as before


def test_whoever_has_a_pin_gives_it_before_another_is_set(station: Station) -> None:
    set_pin(station)
    with pytest.raises(Refused, match=r"pin_needed"):
        set_pin(station, pin="739164")
    station.desk.who = station.who("zhao")
    with pytest.raises(Refused, match=r"no_right"):
        give(station.desk, station.store.beside, "li", "739164")
    station.desk.who = station.who("chen")
    give(station.desk, station.store.beside, "li", "")
    station.do("sign_on")
    station.do("hand_over")


def test_a_secret_that_was_lost_signs_nothing(tmp_path: Path) -> None:
    station = FileStation(tmp_path / "store")
    station.do("sign_on")
    set_pin(station)
    for file in (tmp_path / "store" / "secrets").iterdir():
        file.unlink()
    assert wrong(station, "li", PIN).word == "refused.pin_wrong"
    assert station.refused("hand_over").word == "refused.pin_needed"
    station.close()
