"""Does work grow as the record does, where hostile or careless records used to make it explode.

Chains of officers who appoint and vouch for one another; compromised keys, one to twenty entries;
one agreement that every visit is made under. Each is measured at two sizes: what one entry costs
must not grow with the record. It is the
processor's time that counts, which others at work on the machine change less than the wall's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from _appending import recorded
from _events import DAYS, FIRST_DAY, ORIGIN, Head, Northwick
from _timing import compare, in_turn, verdict, work_seconds

from ledger.audit.check import StoreSource, VaultTexts, inspect_plainly
from ledger.audit.in_order import Judge
from ledger.audit.source import paired
from ledger.format.statement import write_time
from ledger.recording.application import Ledger
from ledger.recording.founding import Founding, Registrar, founding, key_members, new_log_key
from ledger.store import open_store
from ledger.values import REGISTRAR
from ledger.verification.verify import verify_store
from projections.reports.keyholders import key_holders, look_at
from projections.reports.marks import doubtful, unvouched
from projections.tables import catalogue, history, journal, registers
from projections.tables.fold import fold_with
from projections.tables.views import Views, moment

COUNCIL = "body:northwick"
OFFICER = f"officer@{COUNCIL}"
ROUNDS = 3
MOST_GROWTH = 1.5
PER_OFFICER = 4
PER_SCHOOL = 20
MOST_DAYS = "999999.5"


class Chain(Northwick):
    """A council whose officers each appoint the next, and vouch for the next one's key."""

    def begin(self) -> list[bytes]:
        """Return what founds the ledger with two registrars, and registers the council."""
        self._other = Registrar(self._person(), self._key())
        log_key = new_log_key(ORIGIN, self._random.randbytes(32))
        both = (self._registrar, self._other)
        said = Founding(ORIGIN, "Northwick", both, log_key.verifier)
        return [self._log(founding(said, self.now.replace(year=2024), self._random.randbytes))]

    def officers(self, count: int) -> Iterator[bytes]:
        """Go through the entries of so many officers."""
        self._seen.clear()
        self._seen.append(self._head())
        yield from self._rules()
        before = Head("", self._registrar.person, self._registrar.signer)
        other = Head("", self._other.person, self._other.signer)
        office = REGISTRAR
        for _ in range(count):
            next_one = Head(COUNCIL, self._person(), self._key())
            whose = {"person": next_one.person}
            sealed = {**whose, "name": {"sealed": "A" * 43}}
            yield self._register("PersonEnrolled", sealed, {"/data/name": "An officer"})
            enrolled = key_members(ORIGIN, next_one.person, next_one.signer)
            enrolment = self._id()
            yield self._named(enrolment, "KeyEnrolled", {**whose, **enrolled}, self._founder)
            post = {"basis": "substantive", "effective_on": FIRST_DAY.isoformat()}
            appointment = self._id()
            said = {**whose, "office": OFFICER, **post}
            yield self._named(appointment, "Appointed", said, (before, office))
            voucher = (other, REGISTRAR) if office == REGISTRAR else (before, office)
            key = {**whose, "key": enrolled["key"]}
            yield self._vouched(f"enrolment:{enrolment}", key, voucher)
            if office == REGISTRAR:
                held = {**whose, "office": OFFICER}
                yield self._vouched(f"appointment:{appointment}", held, voucher)
            before, office = next_one, OFFICER

    @property
    def _founder(self) -> tuple[Head, str]:
        return Head("", self._registrar.person, self._registrar.signer), REGISTRAR

    def _vouched(self, subject: str, about: dict[str, Any], by: tuple[Head, str]) -> bytes:
        return self._named(self._id(), "Vouched", {"subject": subject, **about}, by)

    def _named(self, event: str, name: str, data: dict[str, Any], by: tuple[Head, str]) -> bytes:
        return self._say(event, name, data, {}, by[0], FIRST_DAY, by[1])


class Compromised(Northwick):
    """An authority of which every head's key turns out to have been in other hands."""

    def compromises(self) -> list[bytes]:
        """Return what says so of each."""
        said = []
        for head in self.heads:
            key = key_members(ORIGIN, head.person, head.signer)["key"]
            data = {"person": head.person, "key": key, "since": write_time(self.now)}
            said.append(self._register("KeyCompromised", data, {}))
        return said


class OneAgreement(Northwick):
    """An authority in which one school supports another for years, under one agreement."""

    def begin(self) -> list[bytes]:
        """Return the offer, and that it was taken up for as many days as may be."""
        provider, receiver = self.heads
        offer, self._event = self._id(), self._id()
        sides = {"provider": provider.school, "receiver": receiver.school}
        ends = (FIRST_DAY + timedelta(days=DAYS)).isoformat()
        terms = {**sides, "route": "local_authority", "days": MOST_DAYS, "valid_until": ends}
        taken = {**sides, "offer": f"offer:{offer}", "days": MOST_DAYS, "ends": ends}
        taken["starts"] = FIRST_DAY.isoformat()
        return [
            self._say(offer, "SupportOffered", terms, {}, provider, FIRST_DAY),
            self._say(self._event, "SupportAgreed", taken, {}, receiver, FIRST_DAY),
        ]

    def visits(self, count: int) -> Iterator[bytes]:
        """Go through so many visits and their confirmations, over all its days in any order."""
        for _ in range(count):
            day = FIRST_DAY + timedelta(days=self._random.randrange(DAYS - 60))
            line, visit = self._visit(*self.heads, f"agreement:{self._event}", day)
            self._visits.append(visit)
            yield line
            answer = self._attest(day)
            assert answer is not None
            yield answer


def vouching(folder: Path, sizes: tuple[int, int]) -> None:
    """Compare what an entry costs in a short and in a long chain of officers."""

    def made(path: Path, size: int) -> float:
        chain = Chain(schools=0)
        first = chain.begin()
        rest = list(chain.officers(size // PER_OFFICER))
        with Ledger.open(str(path), create=True, clock=chain.clock) as ledger:
            recorded(ledger, first)
            return work_seconds(lambda: recorded(ledger, rest)) / len(rest)

    def asked(path: Path, folder: Path) -> dict[str, Callable[[], object]]:
        def keys() -> None:
            with open_store(str(path), read_only=True) as store:
                holders = list(key_holders(look_at(store, store.head()), [OFFICER]))
            assert all(holder.standings == ("vouched",) for holder in holders)

        def marks() -> None:
            with (
                open_store(str(path), read_only=True) as store,
                catalogue.views(store, folder).open() as connection,
            ):
                rows = connection.execute("SELECT subject FROM grounds").fetchall()
                assert not unvouched(connection, moment(connection), [row[0] for row in rows])

        return {"keys of the office": keys, "marks of all appointments": marks}

    _compare("Officers who appoint each other in a chain", folder, sizes, made, asked)


def compromises(folder: Path, sizes: tuple[int, int]) -> None:
    """Compare what an entry costs with few and with many compromised keys."""

    def made(path: Path, size: int) -> float:
        northwick = Compromised(schools=size // PER_SCHOOL)
        registers = northwick.registers()
        lines = northwick.support(size - len(registers) - len(northwick.heads))
        lines += northwick.compromises()
        with Ledger.open(str(path), create=True, clock=northwick.clock) as ledger:
            recorded(ledger, registers[:1])
            recorded(ledger, registers[1:])
            return work_seconds(lambda: recorded(ledger, lines)) / len(lines)

    def asked(path: Path, folder: Path) -> dict[str, Callable[[], object]]:
        def marks() -> None:
            with (
                open_store(str(path), read_only=True) as store,
                catalogue.views(store, folder).open() as connection,
            ):
                assert doubtful(connection, moment(connection))

        return {"marks of all that is doubtful": marks}

    _compare("Keys in other hands, one in twenty entries", folder, sizes, made, asked)


def agreement(folder: Path, sizes: tuple[int, int]) -> None:
    """Compare what an entry costs under one agreement with few and with many visits."""

    def made(path: Path, size: int) -> float:
        northwick = OneAgreement(schools=2)
        registers = northwick.registers()
        first, visits = northwick.begin(), list(northwick.visits(size))
        with Ledger.open(str(path), create=True, clock=northwick.clock) as ledger:
            recorded(ledger, registers[:1])
            recorded(ledger, registers[1:])
            recorded(ledger, first)
            return work_seconds(lambda: recorded(ledger, visits)) / size

    def asked(path: Path, folder: Path) -> dict[str, Callable[[], object]]:
        def tables() -> None:
            with open_store(str(path), read_only=True) as store:
                catalogue.views(store, folder).rebuild()

        return {"tables rebuilt": tables}

    title = "Visits under one agreement, claimed and confirmed"
    _compare(title, folder, sizes, made, asked, one=("visit", "visits"))


def rules(folder: Path, sizes: tuple[int, int]) -> None:
    """Compare what judging every rule again adds, to verifying and to the tables."""

    def made(path: Path, size: int) -> float:
        northwick = Northwick(schools=max(20, size // 200))
        registers = northwick.registers()
        support = northwick.support(size - len(registers))
        with Ledger.open(str(path), create=True, clock=northwick.clock) as ledger:
            recorded(ledger, registers[:1])
            recorded(ledger, registers[1:])
            return work_seconds(lambda: recorded(ledger, support)) / size

    def asked(path: Path, folder: Path) -> dict[str, Callable[[], object]]:
        def in_order() -> None:
            with open_store(str(path), read_only=True) as store:
                source = StoreSource(store)
                judge = Judge(source, VaultTexts(store))
                for chunk, told in paired(source.chunks(), inspect_plainly):
                    assert not list(judge.take(chunk, told))

        def tables() -> None:
            with open_store(str(path), read_only=True) as store:
                catalogue.views(store, folder).rebuild()

        def tables_without() -> None:
            chosen = (history.PROJECTION, journal.PROJECTION, registers.PROJECTION)
            layouts = [one.layout for one in chosen]
            with open_store(str(path), read_only=True) as store:
                Views(store, folder, layouts, fold_with(chosen)).rebuild()

        return {
            "the same without the rules": in_order,
            "tables rebuilt": tables,
            "the same without what is irregular": tables_without,
        }

    _compare("Support of many schools, every rule judged again", folder, sizes, made, asked)


def _compare(  # noqa: PLR0913 - what is measured, of what, and its name
    title: str,
    folder: Path,
    sizes: tuple[int, int],
    made: Callable[[Path, int], float],
    asked: Callable[[Path, Path], dict[str, Callable[[], object]]],
    *,
    one: tuple[str, str] = ("entry", "entries"),
) -> None:
    """Print what one entry, or another thing, costs at both sizes, and whether that grew."""
    name, several = one
    costs: dict[str, list[float]] = {}
    for size in sizes:
        path = folder / f"{size}.db"
        recording = made(path, size)
        works = {"verified": lambda path=path: _verified(path)}
        works |= asked(path, folder / f"{size}.views")
        timed = {
            f"{what}, {size:,} {several}": lambda work=work, size=size: work_seconds(work) / size
            for what, work in works.items()
        }
        figures = in_turn(timed, ROUNDS)
        compare(f"{title}: {size:,} {several}, each", figures)
        costs.setdefault("recorded", []).append(recording)
        for what, figure in zip(works, figures.values(), strict=True):
            costs.setdefault(what, []).append(figure.median)
    print(f"\n{title}: from {sizes[0]:,} to {sizes[1]:,}")
    for what, (few, many) in costs.items():
        print(f"  {what}: {few * 1e6:,.1f} µs one {name}, then {many * 1e6:,.1f} µs")
        verdict(f"linear: growth of one {name}, {what}", many / few, MOST_GROWTH, at_least=False)


def _verified(path: Path) -> None:
    with open_store(str(path), read_only=True) as store:
        assert verify_store(store).verified
