"""Who and what there is in Northwick: made up, every one; URNs from 900001 are nobody's."""

from __future__ import annotations

ORIGIN = "northwick.example/support"
ESTUARY = "partnership:estuary"
COUNCIL = "body:northwick"
TRUST = "body:harbour-trust"
INSPECTORATE = "body:inspectorate"
HUB = "body:saltmarsh-hub"
SCHOOLS = {
    "school:900001": "Alder Primary School",
    "school:900002": "Birch Lane Primary School",
    "school:900003": "Cedar Bank School",
    "school:900004": "Dale End School",
    "school:900005": "Elm Park Infant School",
    "school:900006": "Fern Hill Junior School",
}
ALDER, BIRCH, CEDAR, DALE, ELM, FERN = SCHOOLS
#: Schools that do not found the partnership: one joins it late and leaves, two never join.
OTHERS = {
    "school:900007": "Gorse Lane Primary School",
    "school:900008": "Heath View Primary School",
    "school:900009": "Ivy House School",
}
GORSE, HEATH, IVY = OTHERS
FIRST_HEADS = dict(zip(SCHOOLS, ("alder", "birch", "cedar", "dale", "elm", "fern"), strict=True))
CHAIR = f"chair@{ESTUARY}"
CEDAR_HEAD = f"head@{CEDAR}"
OFFICER = f"officer@{COUNCIL}"
HUB_OFFICER = f"officer@{HUB}"

#: What each school says came of its visits: an evaluation area, and the claim.
CLAIMS = {
    ALDER: ("attendance-and-behaviour", "Lunchtimes are calmer since both schools share a rota."),
    BIRCH: ("curriculum-and-teaching", "Reading is taught in one sequence from Reception on."),
    CEDAR: ("curriculum-and-teaching", "Phonics is taught in one way in every class."),
    DALE: ("inclusion", "Plans for pupils with needs are now written with the class teacher."),
    ELM: ("achievement", "Number facts are practised every day, and it shows."),
    GORSE: ("inclusion", "Every class now has a quiet corner, as at Birch Lane."),
    FERN: ("leadership-and-governance", "Governors now see the same figures as the head."),
}
