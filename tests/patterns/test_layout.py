"""How patterns are cut into pages."""

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from quantize import QuantizeError
from quantize.patterns.kinds import KINDS
from quantize.patterns.layout import FOOT, HEAD, MARGIN, PAPERS, RULER, make_layout
from quantize.patterns.sheets import find_middle, find_numbers

A4 = PAPERS["a4"]
sizes = st.tuples(st.integers(1, 500), st.integers(1, 500))
boards = st.none() | st.tuples(st.integers(5, 60), st.integers(5, 60))


@given(size=sizes, board=boards, cell=st.floats(1.5, 12), paper=st.sampled_from(list(PAPERS.values())))
def test_every_cell_is_on_one_page_and_every_page_fits(size, board, cell, paper):
    try:
        layout = make_layout(size, paper, cell, board)
    except QuantizeError:  # more than 400 pages
        reject()
    for axis, (spans, length) in enumerate(
        [(layout.columns, paper.width - 2 * MARGIN), (layout.rows, paper.height - 2 * MARGIN - HEAD - FOOT)]
    ):
        assert [number for first, last in spans for number in range(first, last)] == list(range(size[axis]))
        assert all((last - first) * cell <= length - 2 * RULER + 1e-3 for first, last in spans)
        for first, _ in spans[1:]:
            at = first % board[axis] if board else 0
            assert at == 0 or board[axis] * cell > length - 2 * RULER - 1e-3  # only where no board fits
    sheets = layout.sheets(3)
    assert [sheet.number for sheet in sheets] == list(range(3, 3 + len(sheets)))
    assert len(sheets) == len(layout.columns) * len(layout.rows)


def test_boards_are_whole_where_they_fit_and_halved_where_not():
    assert make_layout((60, 29), A4, 5.0, (29, 29)).columns == ((0, 29), (29, 58), (58, 60))
    assert make_layout((60, 29), A4, 2.6, (28, 28)).columns == ((0, 56), (56, 60))
    assert make_layout((40, 9), A4, 8.0, (32, 32)).columns == ((0, 16), (16, 32), (32, 40))
    assert make_layout((130, 9), A4, 2.8, None).columns == ((0, 60), (60, 120), (120, 130))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_each_kinds_own_board_fits_on_either_paper(kind):
    n = kind.board or 60
    for paper in PAPERS.values():
        layout = make_layout((n, n), paper, kind.cell, (n, n))
        assert (layout.columns, layout.rows) == (((0, n),), ((0, n),))


@pytest.mark.parametrize(
    ("cell", "board", "said"),
    [
        (1.4, None, "cell must be 1.5 to 20 mm, got 1.4"),
        (float("nan"), None, "cell must be 1.5 to 20 mm, got nan"),
        (5.0, (29, 4), "board must be at least 5 × 5 cells, got 29 × 4"),
        (20.0, None, "at most 400 pages of cells, got 3,150: choose fewer cells, or a smaller cell"),
    ],
)
def test_what_cannot_be_cut_is_a_sentence(cell, board, said):
    with pytest.raises(QuantizeError, match=said):
        make_layout((500, 500), A4, cell, board)


def test_numbers_stand_at_tens_and_at_ends_that_have_room():
    assert find_numbers((0, 29), 5.0) == [1, 10, 20, 29]
    assert find_numbers((29, 58), 5.0) == [30, 40, 50, 58]
    assert find_numbers((30, 32), 5.0) == [31]
    assert find_numbers((0, 1), 2.0) == [1]
    assert find_numbers((8, 21), 2.0) == [10, 20]


def test_the_middle_is_a_border_or_a_cell():
    assert [find_middle(n) for n in (1, 2, 3, 10)] == [(), (), (1, 2), (5,)]
