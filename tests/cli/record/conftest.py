"""Parties that the record of these tests lacks, and how an event is recorded."""

import json

import pytest

RULES = {
    "visits_per_year": 3,
    "distinct_hosts": True,
    "outside_visits": 0,
    "attestation_days": 14,
    "impact_days": 42,
    "ratification_days": 28,
    "handover_days": 28,
    "response_days": 14,
    "brokerage_days": 28,
    "notice_days": 60,
    "external_judge": False,
    "contingency": {
        "on_closure": "northwick",
        "on_dissolution": "northwick",
        "holds_unspent": "northwick",
    },
}


@pytest.fixture
def says(world):
    """Return how an event is recorded by somebody: what it says in the end."""

    def record(by, event, *args, **how):
        key = ("--key", world.key(by))
        return json.loads(world.done("record", event, *args, *key, "-f", "json", **how))

    return record


@pytest.fixture
def estuary(says):
    """Whoever records something, once there is a partnership, without members."""
    formed = {"name": "Estuary", "kind": "peer_review", "ground_rules": RULES}
    args = ("--partnership", "estuary", "--from", "-")
    says("registrar", "PartnershipFormed", *args, input=json.dumps(formed))
    return says


@pytest.fixture
def chaired(estuary, world):
    """The partnership, once its chair is appointed."""
    chair = ("--person", world.people["officer"], "--basis", "substantive")
    office = ("--office", "chair@estuary", "--effective-on", "2024-09-01")
    estuary("registrar", "Appointed", *chair, *office)
    return estuary
