"""Plants small faults, one at a time, and shows that the suite fails for each.

Run it with `python tests/mutants.py` (some minutes), or with words to choose mutants by name;
`--tenth` takes every tenth of those, others each day, so that ten days see them all.
Each fault is a change of a few characters in a copy of the project; the tests that should see it
are run there. A fault that no test sees is named, and the exit code is 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
_LEFT_OUT = (".git", ".venv", ".hypothesis", ".*_cache", "__pycache__")


class Mutant(NamedTuple):
    """A fault: its name, the file, what stands there, what is put instead, which tests see it."""

    name: str
    file: str
    old: str
    new: str
    tests: str


MUTANTS = (
    Mutant(
        "S is not checked to be below L",
        "ledger/format/ed25519.py",
        "_L = 2**252 + 27742317777372353535851937790883648493",
        "_L = 2**256",
        "tests/ledger/format/test_ed25519.py tests/ledger/format/test_sshsig_hostile.py",
    ),
    Mutant(
        "a key of mixed order signs",
        "ledger/format/ed25519.py",
        "    if not _is_of_prime_order(point):",
        "    if False:",
        "tests/ledger/format/test_ed25519.py",
    ),
    Mutant(
        "half of what an appointment rests on is enough",
        "ledger/domain/registers/vouching.py",
        "self._good.issuperset(rests_on)",
        "not self._good.isdisjoint(rests_on)",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "whoever appoints themselves is vouched for",
        "ledger/domain/registers/vouching.py",
        "if signed.office == REGISTRAR or signed.person == tenure.person:",
        "if signed.office == REGISTRAR:",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "what a stolen key enrolled goes on when the theft is known",
        "ledger/audit/authority_cache.py",
        "changed = register.name in _TURNING and self._drop_what_rests_on_others()",
        "changed = False",
        "tests/ledger/verification/test_verify.py",
    ),
    Mutant(
        "doubt is not passed on",
        "ledger/verification/doubt.py",
        "        for event in named:",
        "        for event in ():",
        "tests/ledger/verification/test_doubt.py",
    ),
    Mutant(
        "whoever left last is followed by whoever was there before",
        "ledger/domain/registers/tenures.py",
        "bisect_right(index.firsts, day)",
        "min(1, bisect_right(index.firsts, day))",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "a security key need not be touched",
        "ledger/format/sshsig.py",
        "_USER_PRESENT = 0x01",
        "_USER_PRESENT = 0x00",
        "tests/ledger/format/test_sshsig_security_key.py"
        " tests/ledger/format/test_sshsig_hostile.py",
    ),
    Mutant(
        "statements need not be canonical",
        "ledger/format/statement.py",
        "if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != data:",
        "if False:",
        "tests/ledger/format/test_statement.py tests/ledger/format/test_statement_hostile.py",
    ),
    Mutant(
        "statements may be of any length",
        "ledger/format/statement.py",
        "LONGEST = 60_000",
        "LONGEST = 60_000_000",
        "tests/ledger/format/test_statement.py tests/ledger/format/test_statement_hostile.py",
    ),
    Mutant(
        "a commitment does not cover its pointer",
        "ledger/format/sealed.py",
        'b"\\0".join((event.encode(), pointer.encode(), value.encode()))',
        'b"\\0".join((event.encode(), value.encode()))',
        "tests/ledger/format",
    ),
    Mutant(
        "leaves and nodes are hashed alike",
        "ledger/log/merkle.py",
        'b"\\x00"',
        'b"\\x01"',
        "tests/ledger/log",
    ),
    Mutant(
        "another person's key will do",
        "ledger/domain/registers/authority.py",
        "if standing.person != case.entry.signedby:",
        "if False:",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "a handover leaves debts out",
        "ledger/recording/cited.py",
        "        if obligation not in names:",
        "        if False:",
        "tests/ledger/recording/test_cited.py",
    ),
    Mutant(
        "a handover cites a place that never was",
        "ledger/recording/cited.py",
        "    if at != here:",
        "    if False:",
        "tests/ledger/recording/test_cited.py",
    ),
    Mutant(
        "an office withdraws what was recorded long ago",
        "ledger/domain/correction/rules.py",
        "return is_consent or _shown(case) or case.entry.signedby == own.signedby",
        "return True",
        "tests/ledger/domain/correction",
    ),
    Mutant(
        "an officer records what their own body gains by",
        "ledger/domain/another/recording.py",
        "if own is not None and own != office_party(office):",
        "if False:",
        "tests/ledger/domain/another",
    ),
    Mutant(
        "others speak for an office that has a key",
        "ledger/domain/another/recording.py",
        "if able:",
        "if False:",
        "tests/ledger/domain/another",
    ),
    Mutant(
        "whoever recorded something confirms it as well",
        "ledger/domain/another/rules.py",
        "if one.signedby == case.entry.signedby:",
        "if False:",
        "tests/ledger/domain/another",
    ),
    Mutant(
        "a school answers what the one that merged into it asked",
        "ledger/domain/registers/after_the_end.py",
        "if len(sides) > 1 and len({in_place_of(case, side) for side in sides}) == 1:",
        "if False:",
        "tests/ledger/domain/registers/test_after_the_end.py",
    ),
    Mutant(
        "an office disowns what it went on from itself",
        "ledger/domain/another/rules.py",
        "if _is_its_own(case, later):",
        "if False:",
        "tests/ledger/domain/another",
    ),
    Mutant(
        "a delegation outlives its giver's appointment",
        "ledger/domain/registers/delegations.py",
        "return any(one.appointment in given_in for one in now)",
        "return bool(given_in) or bool(now)",
        "tests/ledger/domain/registers/test_delegation.py",
    ),
    Mutant(
        "a delegate delegates further",
        "ledger/domain/registers/delegations.py",
        "if event in NEVER_DELEGATED:",
        "if False:",
        "tests/ledger/domain/registers/test_delegation.py",
    ),
    Mutant(
        "what is recorded for another passes for the office's own words",
        "ledger/audit/office_shortcut.py",
        "if groups[grammar.members[FOR_OFFICE] - 1] is not None:",
        "if False:",
        "tests/ledger/audit/test_office_shortcut.py",
    ),
    Mutant(
        "one registrar retires another's key",
        "ledger/domain/registers/key_standing.py",
        "if alone or len(others) > 1:",
        "if True:",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "a retired key goes on signing",
        "ledger/domain/registers/authority.py",
        "if offices.retired_at(case.look, standing) is not None:",
        "if False:",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "an office is held for ever",
        "ledger/domain/registers/tenures.py",
        "return self.first <= day and (self.last is None or day <= self.last)",
        "return self.first <= day",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "an office is held from the day of recording",
        "ledger/domain/registers/tenures.py",
        "return self.first <= day and (self.last is None or day <= self.last)",
        "return self.last is None or day <= self.last",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "one person signs both halves",
        "ledger/decision_model/rules.py",
        "if thing is not None and same_hand(thing.hand, case.hand):",
        "if False:",
        "tests/ledger/domain/brokerage tests/ledger/domain/partnership",
    ),
    Mutant(
        "a visit is confirmed for more than was claimed",
        "ledger/domain/visits/rules.py",
        "if case.said.days > claimed:",
        "if False:",
        "tests/ledger/domain/visits",
    ),
    Mutant(
        "an offer is taken up twice",
        "ledger/domain/brokerage/rules.py",
        "if offer.agreement is not None:",
        "if False:",
        "tests/ledger/domain/brokerage",
    ),
    Mutant(
        "days given beyond are forgotten",
        "ledger/decision_model/postings.py",
        "claim, beyond = self.entry.id, amount - taken",
        "claim, beyond = self.entry.id, ZERO",
        "tests/ledger/domain/test_post.py",
    ),
    Mutant(
        "a discharge looks at its own day only",
        "ledger/decision_model/journal.py",
        "least = min(least, owed)",
        "pass",
        "tests/ledger/domain/test_post.py",
    ),
    Mutant(
        "impact need not be told by the receiver",
        "ledger/domain/visits/kinds.py",
        'return (entry.data["provider"], entry.data["receiver"])',
        'return (entry.data["provider"],)',
        "tests/ledger/domain/test_post.py tests/ledger/domain/visits",
    ),
    Mutant(
        "an account at the end answers for the year after it",
        "ledger/domain/visits/kinds.py",
        'with_it and said.stage == "at_the_end"',
        "with_it",
        "tests/ledger/domain/test_post.py",
    ),
    Mutant(
        "a body claims a part in one thing again and again",
        "ledger/domain/visits/impact_rules.py",
        "one[1:] == (said.reporter, said.school, said.stage)",
        "one[1:] == ()",
        "tests/ledger/domain/visits",
    ),
    Mutant(
        "bounds that touch tell two figures apart",
        "projections/reports/figures.py",
        "one.upper < other.lower or",
        "one.upper <= other.lower or",
        "tests/projections/reports/test_figures.py",
    ),
    Mutant(
        "what some consent to is pooled for all",
        "projections/reports/joint.py",
        "if len(consents) < len(members):",
        "if not consents:",
        "tests/projections/reports/test_figures.py",
    ),
    Mutant(
        "a dispute leaves the attestation open",
        "ledger/domain/visits/kinds.py",
        "        VisitDisputed: Answers(),\n",
        "",
        "tests/ledger/domain/test_post.py tests/ledger/domain/visits",
    ),
    Mutant(
        "months served are rounded down",
        "ledger/domain/programmes/kinds.py",
        "-(-max(0, full) * part // whole)",
        "max(0, full) * part // whole",
        "tests/ledger/domain/test_post.py",
    ),
    Mutant(
        "what a signer saw is not compared",
        "ledger/recording/deciding.py",
        "if entry.seen != here:",
        "if False:",
        "tests/ledger/recording/test_application.py",
    ),
    Mutant(
        "a salt may be used again",
        "ledger/recording/deciding.py",
        "            *_salt_faults(admitted, deciding.salts),\n",
        "",
        "tests/ledger/recording/test_application.py",
    ),
    Mutant(
        "the same statement is recorded twice",
        "ledger/recording/deciding.py",
        "        if row is not None:\n            return self._again(row, admitted)\n",
        "",
        "tests/ledger/recording/test_application.py",
    ),
    Mutant(
        "a decision forgets what it looked at",
        "ledger/decision_model/facts.py",
        "        self._facts.add(fact)\n",
        "",
        "tests/ledger/decision_model/test_watched.py",
    ),
    Mutant(
        "a decision forgets what was worked out before",
        "ledger/decision_model/facts.py",
        "        self._types.update(self._book.upsetting)\n",
        "",
        "tests/ledger/decision_model/test_watched.py",
    ),
    Mutant(
        "a lazy writing leaves the next one lazy",
        "ledger/store/sqlite/database.py",
        "self._main.execute(_DURABLY)",
        "pass",
        "tests/ledger/store/sqlite/test_database.py",
    ),
    Mutant(
        "what a doubtful event vouched for counts as vouched for",
        "ledger/verification/verdict.py",
        "entry.id not in in_doubt | withdrawn",
        "entry.id not in withdrawn",
        "tests/ledger/verification/test_verify.py",
    ),
    Mutant(
        "what stands in signed/ of a bundle is nobody's business",
        "ledger/verification/accounting.py",
        "expected = dict(self._signed_files()) if signed else {}",
        "expected = dict[str, str]()",
        "tests/ledger/verification/test_verify.py",
    ),
    Mutant(
        "a bundle's archive may have anything around its files",
        "ledger/bundle/archive.py",
        "        if difference is not None:",
        "        if False:",
        "tests/ledger/bundle/test_packing.py",
    ),
    Mutant(
        "whoever was retired signs for a bundle",
        "ledger/bundle/exporter.py",
        "    if retired_at is not None:",
        "    if False:",
        "tests/ledger/bundle/test_exporter.py",
    ),
    Mutant(
        "a log key that was replaced anchors whatever it signs",
        "ledger/log/terms.py",
        "(term.last is None or size <= term.last)",
        "True",
        "tests/ledger/log/test_terms.py tests/ledger/bundle/test_parts.py",
    ),
    Mutant(
        "a part loses what took an entry back",
        "ledger/bundle/choosing.py",
        "left += withdrawals[entry.id]",
        "pass",
        "tests/ledger/bundle/test_choosing.py tests/projections/reports/test_parts.py",
    ),
    Mutant(
        "erased text that came back goes out again",
        "ledger/bundle/entries_file.py",
        "if Field(said.event, said.pointer) not in erased:",
        "if True:",
        "tests/ledger/bundle/test_entries_file.py",
    ),
    Mutant(
        "a ledger's file may hold triggers",
        "ledger/store/sqlite/opening.py",
        "    if not strange and not missing:",
        "    if not missing:",
        "tests/ledger/store/sqlite/test_opening.py",
    ),
    Mutant(
        "views take other files away",
        "projections/tables/views.py",
        "if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)",
        'if entry.name.endswith(".db") and entry.is_file()',
        "tests/projections/tables/test_views.py",
    ),
    Mutant(
        "what was recorded fails the command",
        "cli/terminal/failures.py",
        "    if done is not None:",
        "    if False:",
        "tests/cli/test_recorded_once.py",
    ),
    Mutant(
        "full-width formulas pass into CSV",
        "projections/exports/csv_table.py",
        'unicodedata.normalize("NFKC", begin[:1])',
        "begin[:1]",
        "tests/projections/exports/test_csv_table.py",
    ),
    Mutant(
        "tables forget what is owed before it is written",
        "ledger/recording/posted.py",
        "            self._rows.flush()\n            self.journal.forget()\n",
        "            self.journal.forget()\n",
        "tests/projections/tables/test_views.py",
    ),
    Mutant(
        "an event that nobody asked about for long is as it began",
        "ledger/decision_model/facts.py",
        "                held = self._read_thread(tag)\n",
        "                pass\n",
        "tests/ledger/decision_model/test_facts.py",
    ),
    Mutant(
        "what was given beyond is never below nothing between two postings",
        "ledger/decision_model/journal.py",
        "        if beyond:\n",
        "        if beyond > 0:\n",
        "tests/ledger/domain/test_post.py",
    ),
    Mutant(
        "a terminal is steered by what is written to it",
        "cli/terminal/screen.py",
        "harmless(text) if self._is_terminal else text",
        "text",
        "tests/cli/terminal/test_screen.py",
    ),
    Mutant(
        "a clock that is behind is believed",
        "ledger/recording/clock.py",
        "    if now < then - _BEHIND:",
        "    if False:",
        "tests/ledger/recording/test_clock.py",
    ),
    Mutant(
        "a departure is told twice",
        "ledger/domain/handover/rules.py",
        "said.holder in case.look(leaving(party)).leaving",
        "False",
        "tests/ledger/domain/handover",
    ),
    Mutant(
        "known at counts a day too few",
        "ledger/days.py",
        "within + timedelta(days=1), time()",
        "within, time()",
        "tests/projections tests/cli",
    ),
    Mutant(
        "a day is a day in UTC",
        "ledger/days.py",
        "moment.astimezone(_london()).date()",
        "moment.date()",
        "tests/ledger/test_days.py tests/ledger/recording/test_application_days.py",
    ),
    Mutant(
        "times recorded may go back",
        "ledger/audit/in_order.py",
        "if time and time < self._latest and not self._partial:",
        "if False:",
        "tests/ledger/recording/test_clock_corrected.py",
    ),
    Mutant(
        "the clock is set back behind what others signed",
        "ledger/recording/clock.py",
        "if others and write_time(read_time(now) + _AHEAD) < others:",
        "if False:",
        "tests/ledger/recording/test_clock_corrected.py",
    ),
    Mutant(
        "a correction counts time anew as often as it is vouched for",
        "ledger/audit/in_order.py",
        "self._corrections.pop(event, None)",
        "self._corrections.get(event)",
        "tests/ledger/recording/test_clock_corrected.py",
    ),
    Mutant(
        "the clock is set back behind what a witness cosigned",
        "ledger/audit/continuity.py",
        "if position > size and time < by_then:",
        "if False:",
        "tests/ledger/audit/test_check_kept.py",
    ),
    Mutant(
        "what the log signed last is not asked",
        "ledger/audit/check.py",
        "for one in kept:",
        "for one in ():",
        "tests/ledger/audit/test_check_kept.py",
    ),
    Mutant(
        "views are read whatever stands in them",
        "projections/tables/sums.py",
        "return all(found == sums.blocks[number]",
        "return True or all(found == sums.blocks[number]",
        "tests/projections/test_damage.py",
    ),
    Mutant(
        "sums of changed blocks are left as they were",
        "projections/tables/sums.py",
        "stale = set(dirty) | {",
        "stale = {",
        "tests/projections/test_damage.py",
    ),
    Mutant(
        "money is spent twice",
        "ledger/domain/money/facts.py",
        "return self.received - self.returned - self.spent - self.sent(returns=True)",
        "return self.received - self.returned - self.sent(returns=True)",
        "tests/ledger/domain/money",
    ),
    Mutant(
        "a certificate shows more than was spent",
        "ledger/domain/money/facts.py",
        "return self.spent - self.accounted",
        "return self.received - self.accounted",
        "tests/ledger/domain/fulfilment",
    ),
    Mutant(
        "who sent a payment confirms it",
        "ledger/domain/money/rules.py",
        'other_person_than=("payment",)',
        "other_person_than=()",
        "tests/ledger/domain/money",
    ),
    Mutant(
        "a provider offers more than it declared",
        "ledger/domain/brokerage/capacity.py",
        "if asked.days > left:",
        "if asked.days > left + 1:",
        "tests/ledger/domain/brokerage",
    ),
    Mutant(
        "what was given beyond fills no rise",
        "ledger/decision_model/rows.py",
        "filled = min(by, self.beyond)",
        "filled = min(by, ZERO)",
        "tests/ledger/domain/brokerage",
    ),
    Mutant(
        "other terms count before the payer has accepted",
        "ledger/domain/brokerage/course_rules.py",
        "return accepted.issuperset(_must_accept(case)) or None",
        "return bool(accepted) or None",
        "tests/ledger/domain/brokerage",
    ),
    Mutant(
        "a pause puts nothing off",
        "ledger/domain/brokerage/kinds.py",
        "standing.put_off(due_on) > due_on",
        "standing.put_off(due_on) < due_on",
        "tests/ledger/domain/brokerage",
    ),
    Mutant(
        "an end voids what was due before it",
        "ledger/domain/review/kinds.py",
        "return _put_off(item, below) > entry.event.effective_on",
        "return True",
        "tests/ledger/domain/brokerage",
    ),
    Mutant(
        "a receipt is withdrawn on which spending rests",
        "ledger/domain/correction/dependents.py",
        "        _Told(FUNDING, covered),\n",
        "",
        "tests/ledger/domain/money",
    ),
    Mutant(
        "a provider decides on its own conflict of interest",
        "ledger/domain/needs/deciding.py",
        'for one in ("party", "provider") if one in terms',
        'for one in ("party",) if one in terms',
        "tests/ledger/domain/needs",
    ),
    Mutant(
        "a level is passed by without a reason",
        "ledger/domain/needs/rules.py",
        "if passed and (said.skips is None or not by_officer):",
        "if passed and said.skips is None and not by_officer:",
        "tests/ledger/domain/needs",
    ),
    Mutant(
        "a body owes twice that help is found",
        "ledger/domain/needs/rules.py",
        "for one in found.brokers if one not in owing",
        "for one in found.brokers",
        "tests/ledger/domain/needs",
    ),
    Mutant(
        "a target that is not met closes before its day",
        "ledger/domain/targets/kinds.py",
        'answer == "not_met" and due and due < entry.occurred_on',
        'answer == "not_met"',
        "tests/ledger/domain/targets",
    ),
    Mutant(
        "anybody sets a target",
        "ledger/domain/targets/rules.py",
        "if published or is_near(case, said.about, said.setter):",
        "if said.about:",
        "tests/ledger/domain/targets",
    ),
    Mutant(
        "a target is replaced by whom it was not set by",
        "ledger/domain/targets/rules.py",
        'if said.setter not in _and_now(case, former, "setter"):',
        "if False:",
        "tests/ledger/domain/targets",
    ),
    Mutant(
        "a payment stays as it was where the price changes",
        "ledger/domain/money/kinds.py",
        'Changes("agreement", by=_pounds_more, due=end_as_varied)',
        'Changes("agreement", due=end_as_varied)',
        "tests/ledger/domain/money",
    ),
    Mutant(
        "a conflict of targets is told though one of them is done",
        "projections/reports/targets.py",
        "if len(told) > 1:",
        "if told:",
        "tests/projections/reports/test_support_map.py",
    ),
    Mutant(
        "a gap ends with the last visit",
        "projections/reports/balance.py",
        "return max(longest, (last - free).days + 1)",
        "return longest",
        "tests/projections/reports/test_balance.py",
    ),
    Mutant(
        "whom a concern is about resolves it in another office",
        "ledger/domain/concerns/rules.py",
        "if office_party(one) == about)",
        "if office_party(one) == '')",
        "tests/ledger/domain/concerns",
    ),
    Mutant(
        "a conversion puts an account of spending off",
        "ledger/domain/money/postings.py",
        "now is not None and due < now:",
        "now is not None:",
        "tests/ledger/domain/money",
    ),
    Mutant(
        "overdue is told a day early",
        "projections/reports/owes.py",
        "({LAST_DUE_ON} < :as_of AND outstanding > claimed)",
        "({LAST_DUE_ON} <= :as_of AND outstanding > claimed)",
        "tests/projections tests/cli",
    ),
    Mutant(
        "a proof of the wrong length is taken",
        "ledger/log/merkle.py",
        "if not isinstance(proof, (list, tuple)) or len(proof) != length:",
        "if not isinstance(proof, (list, tuple)):",
        "tests/ledger/log",
    ),
    Mutant(
        "a witness cosigns a fork",
        "ledger/transparency/witness.py",
        "            _check_advance(held, checkpoint, prove(held, checkpoint))\n",
        "",
        "tests/ledger/transparency/test_witness.py",
    ),
    Mutant(
        "a compromised key goes on signing",
        "ledger/domain/registers/authority.py",
        "    if since is not None:",
        "    if False:",
        "tests/ledger/domain/registers",
    ),
    Mutant(
        "erased text stays in the vault",
        "ledger/recording/writing.py",
        "        self._erase(item.entry for item in accepted)\n",
        "",
        "tests/ledger/recording/test_erasure.py",
    ),
    Mutant(
        "a restored backup brings erased text back",
        "ledger/recording/application.py",
        "if not self.read_only:",
        "if False:",
        "tests/ledger/recording/test_erasure.py",
    ),
    Mutant(
        "one id is recorded for two entries",
        "ledger/store/sqlite/store.py",
        "if len(set(ids)) != len(events) or self.named(ids):",
        "if False:",
        "tests/ledger/store",
    ),
    Mutant(
        "a view of another record is believed",
        "projections/tables/views.py",
        "return progress.leaf == self._leaf(progress.position)",
        "return True",
        "tests/projections/tables/test_views.py",
    ),
    Mutant(
        "a newer ratification leaves the older one owed",
        "ledger/decision_model/items.py",
        "sheet.void(item.obligation, day=_since(opens, entry, below))",
        "pass",
        "tests/ledger/domain/test_post.py",
    ),
    Mutant(
        "a school applies again before it is answered",
        "ledger/domain/partnership/rules.py",
        "            for one in open_ones:",
        "            for one in ():",
        "tests/ledger/domain/test_always.py",
    ),
    Mutant(
        "who has left again rests on nothing of before when it applies",
        "ledger/domain/correction/dependents.py",
        "frozenset({MembershipSought.__name__, SchoolAdmitted.__name__})",
        "frozenset({SchoolAdmitted.__name__})",
        "tests/ledger/domain/correction",
    ),
    Mutant(
        "a council hosts a visit of the year",
        "ledger/domain/visits/rules.py",
        'if party_kind(host) != "school":',
        "if False:",
        "tests/ledger/domain/test_always.py",
    ),
    Mutant(
        "nobody keeps the rules of their day",
        "ledger/decision_model/stricter.py",
        "return since if since is not None and recorded_on < since.day else None",
        "return None",
        "tests/ledger/audit/test_regularity.py",
    ),
    Mutant(
        "the rules of any day are the rules of its day",
        "ledger/decision_model/stricter.py",
        "return since if since is not None and recorded_on < since.day else None",
        "return since",
        "tests/ledger/audit/test_regularity.py",
    ),
    Mutant(
        "moves count in the order in which they are recorded",
        "ledger/decision_model/journal.py",
        "return {place: amount for place, amount in found.items() if amount}",
        "return {}",
        "tests/ledger/decision_model/test_postings.py",
    ),
    Mutant(
        "a visit takes as long as anybody says",
        "ledger/domain/visits/rules.py",
        "if days > MOST_DAYS_EACH:",
        "if False:",
        "tests/ledger/domain/test_always.py",
    ),
    Mutant(
        "who has left owes for ever",
        "ledger/domain/visits/under.py",
        "(day >= year.starts and still_owes(look, between, year))",
        "False",
        "tests/ledger/domain/test_always.py",
    ),
    Mutant(
        "whoever leaves twice leaves the first time twice",
        "ledger/domain/partnership/kinds.py",
        'line.reason == "opened" and _is_of(member, line.debtor, line.effective_on, sheet)',
        'line.reason == "opened"',
        "tests/ledger/domain/test_always.py",
    ),
    Mutant(
        "a bundle's part tells what others owe one another",
        "projections/tables/extract.py",
        '        if told.kind == "part":',
        "        if False:",
        "tests/projections/reports/test_bundled.py",
    ),
    Mutant(
        "a bundle that was changed since it was verified is answered from",
        "ledger/bundle/restoring.py",
        "    if any(archive.digests[name] != manifest.files.get(name) for name in read):",
        "    if False:",
        "tests/projections/reports/test_bundled.py",
    ),
    Mutant(
        "an answer of a pack is what its bundle says, because somebody signed it",
        "projections/pack/verifying.py",
        "        if said is not None:",
        "        if False:",
        "tests/projections/pack",
    ),
    Mutant(
        "whoever has a key lists the files of a pack",
        "projections/pack/verifying.py",
        "    if key != manifest.exporter.key:",
        "    if False:",
        "tests/projections/pack",
    ),
    Mutant(
        "the exporter of a pack need not be that of its bundle",
        "projections/pack/verifying.py",
        '        ("exporter", _exporter(manifest), _exporter(bundle)),',
        "",
        "tests/projections/pack",
    ),
    Mutant(
        "a judge of the same trust is from outside",
        "projections/reports/reciprocity.py",
        "or self._near.within_group(*sides, day)",
        "or False",
        "tests/projections/reports/test_reciprocity.py",
    ),
    Mutant(
        "an inspection on the same day comes after",
        "projections/reports/reciprocity.py",
        'bisect_right(told, (row["inspected_on"], _AFTER_ALL))',
        'bisect_right(told, (row["inspected_on"], ""))',
        "tests/projections/reports/test_reciprocity.py",
    ),
    Mutant(
        "what was withdrawn still stands in reports",
        "projections/reports/standing.py",
        "AND NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = x.event",
        "AND NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = ''",
        "tests/projections/reports",
    ),
    Mutant(
        "a school belongs to a partnership on no last day",
        "projections/reports/standing.py",
        "self.last is None or day <= self.last",
        "self.last is None or day < self.last",
        "tests/projections/reports/test_standing.py",
    ),
    Mutant(
        "a head who left answers on",
        "projections/reports/standing.py",
        'held["first"] <= ended["last"] < self._at.as_of',
        'held["first"] <= ended["last"] < ""',
        "tests/projections/reports/test_orphans.py",
    ),
    Mutant(
        "a category passes to a new URN",
        "projections/reports/in_category.py",
        'elif row["urn"] in (None, urn):',
        "else:",
        "tests/projections/reports/test_islands.py tests/projections/reports/test_in_category.py",
    ),
    Mutant(
        "support is ended with days left",
        "projections/reports/schools.py",
        'or agreement["event"] in self._left',
        "or False",
        "tests/projections/reports/test_schools.py",
    ),
    Mutant(
        "a withdrawn visit lowers what is owed",
        "projections/reports/partnerships.py",
        "(reason = 'reversed' AND claim = event)",
        "reason = 'reversed'",
        "tests/projections/reports/test_partnerships.py",
    ),
    Mutant(
        "a visit of a year counts for every programme",
        "ledger/domain/programmes/facts.py",
        "if one is not None and one.said.counts_years",
        "if one is not None",
        "tests/ledger/domain/visits",
    ),
    Mutant(
        "who leaves a programme owes all of its visits",
        "ledger/domain/programmes/kinds.py",
        "            sheet.reduce(obligation, less, day=last)",
        "            pass",
        "tests/ledger/domain/programmes",
    ),
    Mutant(
        "what a partnership pledged is owed by every judgement",
        "ledger/domain/judgements/pledges.py",
        "return any(first <= one.since <= last for one in opened)",
        "return False",
        "tests/ledger/domain/judgements",
    ),
    Mutant(
        "an office goes on when its party has ended",
        "ledger/domain/registers/after_the_end.py",
        "if party is None or last is None or case.day <= last or entry.name in SPEAKING_OF:",
        "if True:",
        "tests/ledger/domain/registers/test_after_the_end.py",
    ),
    Mutant(
        "a side moderates its own quarrel",
        "ledger/domain/moderation/rules.py",
        "if moderator == side:",
        "if moderator == '':",
        "tests/ledger/domain/moderation",
    ),
    Mutant(
        "whoever moderates has an office at a side",
        "ledger/domain/moderation/rules.py",
        "if holds and office_party(office) in sides:",
        "if holds and office_party(office) == case.said.moderator in sides:",
        "tests/ledger/domain/moderation",
    ),
    Mutant(
        "days that a moderator finds fill no agreement",
        "ledger/domain/brokerage/kinds.py",
        "        JudgementModerated: _GIVES,\n",
        "",
        "tests/ledger/domain/moderation",
    ),
    Mutant(
        "the inspection that was recorded last tells the category",
        "ledger/domain/judgements/facts.py",
        "return max(reversed(own), key=lambda one: one.published_on, default=None)",
        "return own[-1] if own else None",
        "tests/ledger/domain/judgements",
    ),
    Mutant(
        "a statement of action is due by when its judgement was recorded",
        "ledger/domain/judgements/kinds.py",
        "working_days_from(sheet, published_on(entry), days)",
        "working_days_from(sheet, entry.recorded_on, days)",
        "tests/ledger/domain/judgements",
    ),
    Mutant(
        "compliance keeps its day when a school changes hands",
        "ledger/domain/handover/postings.py",
        "if first.due_on is None:",
        "if first.due_on is None or days is None:",
        "tests/ledger/domain/judgements",
    ),
    Mutant(
        "a school may be visited before it opens",
        "ledger/domain/visits/rules.py",
        'not_open_yet(case, "visitor", "host")',
        'not_open_yet(case, "visitor")',
        "tests/ledger/domain/visits",
    ),
    Mutant(
        "a year counts from the day on which it is opened",
        "ledger/events/partnership.py",
        'creates = "year"\n    counts_from = "starts"',
        'creates = "year"',
        "tests/ledger/domain/visits",
    ),
    Mutant(
        "who is excluded goes on owing a ratification",
        "ledger/domain/partnership/postings.py",
        "    MemberExcluded: left,\n",
        "",
        "tests/ledger/domain/partnership",
    ),
    Mutant(
        "a membership that was excluded goes along in a succession",
        "ledger/domain/partnership/rules.py",
        "return line.shut and member.last == line.closed_on",
        "return member.last is not None",
        "tests/ledger/domain/partnership",
    ),
    Mutant(
        "a conflict of interest passes from a body that decides as commissioner",
        "ledger/domain/handover/postings.py",
        "!= former and new not in sides",
        "!= new and new not in sides",
        "tests/ledger/domain/needs",
    ),
)


def _copied(folder: Path) -> Path:
    project = folder / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    shared = ROOT.parent / "shared"
    if shared.is_dir():
        (folder / "shared").symlink_to(shared)
    return project


def _fails(project: Path, tests: str) -> bool:
    # In one process: shared out, a run that stops at a failure ends as one that was interrupted.
    how = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--every-case")
    how += ("--hypothesis-profile=unshortened",)
    command = [sys.executable, "-m", "pytest", *how, *tests.split()]
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, check=False, timeout=600
    )
    return done.returncode == 1


def seen(mutant: Mutant, project: Path) -> str:
    """Plant a fault, run its tests, take it out again; return what came of it in a word."""
    path = project / mutant.file
    text = path.read_text(encoding="utf-8")
    gone = [one for one in mutant.tests.split() if not (project / one).exists()]
    if mutant.old not in text or gone:
        return "STALE"
    path.write_text(text.replace(mutant.old, mutant.new, 1), encoding="utf-8")
    try:
        return "seen" if _fails(project, mutant.tests) else "NOT SEEN"
    finally:
        path.write_text(text, encoding="utf-8")


def of_today(mutants: Sequence[Mutant], today: date) -> Sequence[Mutant]:
    """Return every tenth mutant, others each day."""
    return mutants[today.toordinal() % 10 :: 10]


def main(words: list[str]) -> int:
    """Plant the mutants whose names hold all the words; return 1 if a test saw one not."""
    named = [word for word in words if word != "--tenth"]
    chosen: Sequence[Mutant] = [m for m in MUTANTS if all(word in m.name for word in named)]
    if "--tenth" in words:
        chosen = of_today(chosen, datetime.now(UTC).date())
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        project = _copied(Path(folder))
        for mutant in chosen:
            outcome = seen(mutant, project)
            missed += outcome != "seen"
            print(f"{outcome:8}  {mutant.name}", flush=True)  # noqa: T201 - a report
    print(f"{len(chosen) - missed} of {len(chosen)} faults seen")  # noqa: T201 - a report
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
