"""Facts: what the record says about one tag, folded from its entries.

A fact is a start value and a fold per event, given the whole entry; it holds no rule and never
refuses history. Decisions and obligations ask for facts; the book answers::

    >>> book.look(offices.office("head@school:900001"))
    (Tenure(person='person:…', basis='substantive', …),)
"""
