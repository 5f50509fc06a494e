"""People, keys, offices, bodies and schools: what all else stands on."""
