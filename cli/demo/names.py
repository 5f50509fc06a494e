"""Who and what there is in Northwick: made up, every one; URNs from 900001 are nobody's."""

from __future__ import annotations

ORIGIN = "northwick.example/support"
ESTUARY = "partnership:estuary"
COUNCIL = "body:northwick"
TRUST = "body:harbour-trust"
INSPECTORATE = "body:inspectorate"
HUB = "body:saltmarsh-hub"
RISE = "body:rise-north"
#: A county beside Northwick, the two councils that it is split into, and a trust of one of them.
COUNTY = "body:fellmoor"
EAST_FELLMOOR = "body:east-fellmoor"
WEST_FELLMOOR = "body:west-fellmoor"
FELL_TRUST = "body:fellside-trust"
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
#: A school of Gorse Lane's valley, the partnership of the two, and a network of the hub.
LINDEN = "school:900012"
VALLEY = "partnership:valley"
NETWORK = "partnership:early-reading"
#: Schools of the county.
BEYOND = {
    "school:900010": "Juniper Hill School",
    "school:900011": "Kiln Lane Primary School",
}
JUNIPER, KILN = BEYOND
#: Where each stands on the national grid, in metres: easting and northing.
PLACES = {
    ALDER: (429_400, 571_200),
    BIRCH: (431_850, 569_300),
    CEDAR: (426_100, 573_900),
    DALE: (433_200, 574_450),
    ELM: (428_750, 567_600),
    FERN: (434_900, 570_750),
    GORSE: (421_300, 565_100),
    HEATH: (438_600, 563_200),
    IVY: (436_050, 577_800),
    LINDEN: (421_850, 564_550),
    JUNIPER: (423_700, 561_400),
    KILN: (439_300, 560_900),
}
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
