"""A tree that grows a chunk at a time is the tree of all its leaves."""

import pytest

from ledger.log.levels import Levels
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash

LEAVES = [leaf_hash(b"%d" % n) for n in range(70)]


@pytest.fixture(scope="module")
def tree():
    tree = Tree(MemoryNodes())
    tree.append(LEAVES)
    return tree


@pytest.mark.parametrize("chunk", [1, 3, 8, 70])
def test_every_root_is_the_trees_whatever_the_chunks(tree, chunk):
    levels = Levels()
    for start in range(0, len(LEAVES), chunk):
        levels.extend(LEAVES[start : start + chunk])
    assert levels.size() == len(LEAVES)
    assert [levels.root(size) for size in range(71)] == [tree.root(size) for size in range(71)]


def test_its_nodes_are_those_of_whole_subtrees(tree):
    levels = Levels()
    levels.extend(LEAVES)
    assert levels.nodes(0, 68, 100) == LEAVES[68:]
    assert levels.length(6) == 1
    assert levels.node(6, 0) == tree.root(64)
    assert levels.length(7) == 0
