"""SSH keys: whose they are stands in the records; the block of ``authorized_keys`` is made of them and compared with them.

The pattern is gitolite's: one account of the system, and the key that opens the line decides who somebody is. A line forces
the command, so what the other side asks to run is not even looked at.
"""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from console.act import Act, Actor, Decision, Put
from console.book import Book, Refused
from console.config import ONLY
from console.keys import key_id
from console.record import Record
from console.staff import LOGIN, Person, person, somebody

TYPES = frozenset(
    "ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 ssh-rsa sk-ssh-ed25519@openssh.com "
    "sk-ecdsa-sha2-nistp256@openssh.com".split()
)
"""Kinds of keys that are taken."""

RSA_BITS = 2048
"""Bits that an RSA key has at least."""

BEGIN, END = "# wanjia begin", "# wanjia end"
"""How the lines around a block begin; the address of the store follows, so that two stations can share an account."""

_WORD = re.compile(r"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Record):
    """One public key."""

    kind: ClassVar[str] = "keys"

    login: str = ""
    """Whose it is; empty for a terminal that several people share, where each signs on with their PIN."""

    terminal: str = ""
    """Name of that terminal."""

    type: str
    """Kind of the key, as in ``ssh-ed25519``."""

    blob: str
    """The key itself, in base64."""

    added_at: datetime
    """When it was added."""

    by: str
    """Who added it."""

    @property
    def fingerprint(self) -> str:
        """Short name of the key, as ``ssh-keygen -l`` prints it."""
        return fingerprint(self.blob)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Record):
    """What a key opens: the program and the store, as they stand in ``authorized_keys``."""

    kind: ClassVar[str] = "gate"

    program: str
    """Absolute path of the command."""

    address: str
    """Address of the store."""


def fingerprint(blob: str) -> str:
    """Short name of a key, as ``ssh-keygen -l`` prints it."""
    return "SHA256:" + base64.b64encode(sha256(base64.b64decode(blob)).digest()).decode().rstrip("=")


def parse_key(text: str) -> tuple[str, str]:
    """Kind and blob of a public key: one bare line, without options. Raises ``Refused``."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 1 or len(text) > 20_000:
        raise Refused("refused.key_lines", n=len(lines))
    if "PRIVATE KEY" in text:
        raise Refused("refused.key_private")
    words = lines[0].split()
    if len(words) < 2 or words[0] not in TYPES:
        raise Refused("refused.key_type", said=words[0][:40], types=sorted(TYPES))
    kind, blob = words[0], words[1]
    try:
        raw = base64.b64decode(blob, validate=True) if _WORD.fullmatch(blob) else b""
        parts = _parts(raw)
    except (binascii.Error, ValueError) as error:
        raise Refused("refused.key_broken") from error
    if len(parts) < 2 or parts[0] != kind.encode():
        raise Refused("refused.key_broken")
    if kind == "ssh-rsa" and int.from_bytes(parts[2] if len(parts) > 2 else b"").bit_length() < RSA_BITS:
        raise Refused("refused.key_short", n=RSA_BITS)
    return kind, base64.b64encode(raw).decode()


def _parts(raw: bytes) -> list[bytes]:
    """The strings that a key consists of. Source: RFC 4253, section 6.6. Raises ``ValueError``."""
    found: list[bytes] = []
    while raw:
        size = int.from_bytes(raw[:4])
        if len(raw) < 4 + size or (size == 0 and len(raw) < 4):
            raise ValueError("cut off")
        found.append(raw[4 : 4 + size])
        raw = raw[4 + size :]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AddKey(Act):
    """Let a key in: somebody's own, or that of a terminal which several people share."""

    verb: ClassVar[str] = "add_key"
    right: ClassVar[str] = "staff"

    key: str
    """The line of the public key."""

    login: str = ""
    """Whose it is."""

    terminal: str = ""
    """Or the name of the terminal."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it; one key opens for one person."""
        if bool(self.login) == bool(self.terminal):
            raise Refused("refused.key_whose")
        if not LOGIN.fullmatch(self.login or self.terminal):
            raise Refused("refused.login", said=self.login or self.terminal)
        if self.login:
            found = somebody(book, self.login)
            if found.left is not None:
                raise Refused("refused.left", who=found.name or found.login)
        kind, blob = parse_key(self.key)
        before = book.get(Key, key_id(blob))
        if before is not None:
            if (before.login, before.terminal) == (self.login, self.terminal):
                return Decision()
            raise Refused("refused.key_known", who=before.login or before.terminal)
        fresh = Key(login=self.login, terminal=self.terminal, type=kind, blob=blob, added_at=now, by=who.id)
        return Decision((Put(Key.kind, key_id(blob), fresh),), fingerprint(blob))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveKey(Act):
    """Let a key in no longer."""

    verb: ClassVar[str] = "remove_key"
    right: ClassVar[str] = "staff"

    fingerprint: str
    """Its fingerprint, or the beginning of it."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Take it away; the story keeps it."""
        said = self.fingerprint.strip()
        found = [(id, key) for id, key in book.all(Key) if key.fingerprint.startswith((said, f"SHA256:{said}"))]
        if len(found) != 1 or not said:
            raise Refused("refused.no_key_here", said=said, n=len(found))
        return Decision((Put(Key.kind, found[0][0], None),), found[0][1].fingerprint)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGate(Act):
    """Say which program and which store the keys open."""

    verb: ClassVar[str] = "set_gate"
    right: ClassVar[str] = "staff"

    program: str
    """Absolute path of the command."""

    address: str
    """Address of the store."""

    def decide(self, book: Book, now: datetime, who: Actor) -> Decision:
        """Keep it."""
        if not self.program.startswith("/") or not (self.program + self.address).isprintable():
            raise Refused("refused.gate", said=self.program)
        fresh = Gate(program=self.program, address=self.address)
        return Decision() if book.get(Gate, ONLY) == fresh else Decision((Put(Gate.kind, ONLY, fresh),))


def entry(key: Key, gate: Gate) -> str:
    """The line of a key: it opens one program as one person, on a terminal, and nothing else."""
    who = f"--as {key.login}" if key.login else "--sign-on"
    command = f"{shlex.quote(gate.program)} --store {shlex.quote(gate.address)} {who}"
    quoted = command.replace('"', '\\"')
    return f'restrict,pty,command="{quoted}" {key.type} {key.blob} wanjia:{key.login or key.terminal}'


def block(book: Book) -> list[str]:
    """The lines that stand in ``authorized_keys``, with those around them; none where there is no key."""
    gate = book.get(Gate, ONLY)
    keys = [key for _, key in book.all(Key) if not key.login or _here(person(book, key.login))]
    if gate is None or not keys:
        return []
    lines = sorted(entry(key, gate) for key in keys)
    return [f"{BEGIN} {gate.address}", *lines, f"{END} {gate.address}"]


def _here(found: Person | None) -> bool:
    """Whether somebody is on the list and has not left."""
    return found is not None and found.left is None


Finding = tuple[str, dict[str, object]]
"""Key of a sentence, with its facts."""


def split(text: str, address: str) -> tuple[list[str], list[str], list[str]]:
    """What stands before, in and after the block of a store; nothing in it where there is none.

    Raises ``Refused`` where the block has no end, no beginning, or is there twice.
    """
    lines = text.splitlines()
    begins = [n for n, line in enumerate(lines) if line.strip() == f"{BEGIN} {address}"]
    ends = [n for n, line in enumerate(lines) if line.strip() == f"{END} {address}"]
    if not begins and not ends:
        return lines, [], []
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise Refused("keys.block_broken", address=address)
    return lines[: begins[0]], lines[begins[0] : ends[0] + 1], lines[ends[0] + 1 :]


def differs(book: Book, text: str) -> list[Finding]:
    """What is otherwise in a file than the records say: lines that are lacking, changed or nobody's; keys that open more."""
    gate, wanted = book.get(Gate, ONLY), block(book)
    if gate is None:
        return []
    try:
        before, found, after = split(text, gate.address)
    except Refused as error:
        return [(error.word, dict(error.facts))]
    told: list[Finding] = []
    if wanted and not found:
        return [("keys.no_block", {"address": gate.address})]
    told += [("keys.lacking", {"line": line}) for line in wanted if line not in found]
    told += [("keys.odd", {"line": line}) for line in found if line not in wanted]
    if not told and found != wanted:
        told.append(("keys.order", {}))
    known = {key.blob: key for _, key in book.all(Key)}
    for line in (*before, *after):
        for word in line.split():
            if word in known and not line.lstrip().startswith("#"):
                key = known[word]
                told.append(("keys.outside", {"who": key.login or key.terminal, "line": line}))
    return told


def rewritten(book: Book, text: str, address: str) -> str:
    """A file with the block as the records say, what else stands in it as it is. ``address``: whose block it was."""
    before, _, after = split(text, address)
    while before and not before[-1].strip():
        before.pop()
    return "".join(f"{line}\n" for line in (*before, *block(book), *after))
